// The rows of a table: their order, and what of them leaves the page. It knows no node. A cell is as table.py says.
import {unarmed} from './csv.js';

const DIGITS = new Intl.NumberFormat('en-US', {maximumFractionDigits: 6});
const is_number = cell => typeof cell === 'number';
export const is_blank = cell => cell === undefined || cell === null || cell === '';
export const shown = cell => (
  is_blank(cell) ? '' : is_number(cell) ? DIGITS.format(cell) : typeof cell === 'object' ? cell.text : cell);
const key_of = cell => cell !== null && typeof cell === 'object' ? cell.sort ?? cell.text : cell;

// numbers as such, text as `unarmed`
export function written(cell, column) {
  const key = key_of(cell);
  return is_number(key) && (column.numeric || is_number(cell)) ? String(key) : unarmed(shown(cell));
}

// Indices of rows in the order shown; sorted: {key, down} or null for as they came. Empty cells are always last.
export function order_of(rows, sorted, language) {
  const order = rows.map((_, index) => index);
  if (!sorted) return order;
  const letters = new Intl.Collator(language || undefined, {numeric: true}), way = sorted.down ? -1 : 1;
  const compare = (a, b) => {
    const x = key_of(a), y = key_of(b);
    if (is_blank(x) || is_blank(y)) return (is_blank(x) ? 1 : 0) - (is_blank(y) ? 1 : 0);
    return way * (is_number(x) && is_number(y) ? x - y : letters.compare(String(x), String(y)));
  };
  return order.sort((a, b) => compare(rows[a][sorted.key], rows[b][sorted.key]));
}
// upwards, downwards, as it came
export const next_order = (sorted, key) => (
  sorted?.key !== key ? {key, down: false} : sorted.down ? null : {key, down: true});

// The head and the rows in that order as lines of text, without columns of images.
export function lines_of(columns, rows, order) {
  const kept = columns.filter(column => !column.image);
  const content = order.map(index => kept.map(column => written(rows[index][column.key], column)));
  return [kept.map(column => written(column.title, {})), ...content];
}
