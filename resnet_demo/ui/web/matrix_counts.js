// What the numbers of a confusion matrix say, in words and as levels of colour. It draws nothing.
// A matrix m: {names, counts, order (shown classes), rows, columns, total, signed, shares, selected, highlight, …}.
import {unarmed} from './csv.js';
import {with_percent} from './numbers.js';
import {fill} from './words.js';

const sum = numbers => numbers.reduce((a, b) => a + b, 0);
const locale = globalThis.document?.documentElement.lang || 'en';
export const whole = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});
export const percent = (part, all) => all ? with_percent((100 * part / all).toFixed(1)) : '–';
const with_sign = (number, words) => number > 0 ? `+${words}` : number < 0 ? `−${words}` : words;

export function understood(value) {  // null where there is nothing to show
  const names = value?.classes || [], size = names.length;
  const counts = typeof value?.counts === 'string' ? value.counts.split('\n').map(row => row.split(' ').map(Number))
    : value?.counts || [];
  if (!size || counts.length !== size) return null;
  const order = (value.order || names.map((_, i) => i)).filter(i => i >= 0 && i < size);
  const given = value.totals || {};
  const rows = given.rows || counts.map(sum);
  const columns = given.columns || names.map((_, j) => sum(counts.map(row => row[j])));
  return {...value, names: names.map(String), counts, order, rows, columns, total: given.all ?? sum(rows)};
}

export function digits(m, count, narrow) {  // as it stands in a cell; nothing where there is none
  if (!count) return '';
  const size = Math.abs(count), words = m.shares ? (100 * size).toFixed(1) : narrow ? short.format(size) : String(size);
  return m.signed ? with_sign(count, words) : words;
}

// How strong a cell's colour is: the square root of its share (of `top`), so that rare mistakes are seen too.
export function scale(m, view) {
  const hidden = (i, j) => view.hide && i === j;
  const share = (i, j) => {
    if (m.signed || view.by === 'none') return Math.abs(m.counts[i][j]);
    const all = view.by === 'row' ? m.rows[i] : view.by === 'column' ? m.columns[j] : m.total;
    return all ? m.counts[i][j] / all : 0;
  };
  let top = 1;
  if (m.signed || view.hide || view.by === 'none' || view.by === 'all') {
    top = 0;
    for (const i of m.order) for (const j of m.order) if (!hidden(i, j)) top = Math.max(top, share(i, j));
  }
  const level = (i, j) => hidden(i, j) || !top ? 0 : Math.sqrt(Math.min(1, share(i, j) / top));
  return {top, level, hidden};
}
export const kind = (m, i, j) => m.signed
  ? (m.counts[i][j] > 0 === (i === j) ? 'better' : 'worse') : i === j ? 'right' : 'wrong';

// What cells, classes and the whole say in the words of the page.
export function matrix_words(text) {
  function number(m, count) {  // as it is said
    if (!m.signed) return whole.format(count);
    const size = Math.abs(count);
    return with_sign(count, m.shares ? fill(text.points, {number: (100 * size).toFixed(1)}) : whole.format(size));
  }
  function cell_words(m, i, j) {  // the first line says the number, the others what part of what it is
    const count = m.counts[i][j], right = i === j;
    const values = {true: m.names[i], predicted: m.names[j], count: number(m, count), rows: whole.format(m.rows[i]),
      columns: whole.format(m.columns[j])};
    const lines = [fill(text.cell, values)];
    if (m.signed) lines.push(!count ? text.same : text[`${count > 0 ? 'more' : 'fewer'}_${right ? 'right' : 'wrong'}`]);
    else lines.push(
      fill(right ? text.recall : text.of_row, {...values, share: percent(count, m.rows[i])}),
      fill(right ? text.precision : text.of_column, {...values, share: percent(count, m.columns[j])}),
    );
    return lines;
  }
  function class_words(m, c) {
    const row = m.counts[c];
    if (m.signed) return [fill(text.change, {name: m.names[c], change: number(m, row[c])})];
    const most = row.reduce((best, count, j) => j !== c && count > (best < 0 ? 0 : row[best]) ? j : best, -1);
    return [
      fill(text.class, {name: m.names[c], rows: whole.format(m.rows[c]), columns: whole.format(m.columns[c])}),
      fill(text.ratios, {recall: percent(row[c], m.rows[c])}),
      fill(text.ratio, {precision: percent(row[c], m.columns[c])}),
      ...(most < 0 ? [] : [fill(text.taken, {other: m.names[most], count: whole.format(row[most])})]),
    ];
  }

  function description(m) {  // the whole figure for those who do not see it
    const pairs = [];
    for (const i of m.order) for (const j of m.order) if (m.counts[i][j] && (m.signed || i !== j)) pairs.push([i, j]);
    pairs.sort(([a, b], [c, d]) => Math.abs(m.counts[c][d]) - Math.abs(m.counts[a][b]));
    const first = (list, words) => list.slice(0, 3).map(words).join('; ');
    const told = first(pairs, ([i, j]) => m.signed ? cell_words(m, i, j)[0]
      : fill(text.pair, {true: m.names[i], predicted: m.names[j], count: whole.format(m.counts[i][j])}));
    const size = {classes: m.order.length, count: whole.format(m.total)};
    const about = fill(m.signed ? text.about_signed : text.about, size);
    if (m.signed) return [about, told && fill(text.changes, {list: told})].filter(Boolean).join(' ');
    const recall = i => m.counts[i][i] / m.rows[i], percentage = i => percent(m.counts[i][i], m.rows[i]);
    const lowest = m.order.filter(i => m.rows[i]).sort((a, b) => recall(a) - recall(b));
    return [
      about,
      !m.totals && fill(text.accuracy, {share: percent(sum(m.counts.map((row, i) => row[i])), m.total)}),
      lowest.length && fill(text.lowest, {list: first(lowest, i => `${m.names[i]} ${percentage(i)}`)}),
      told && fill(text.pairs, {list: told}),
    ].filter(Boolean).join(' ');
  }

  function table_lines(m) {
    const names = m.order.map(i => unarmed(m.names[i]));
    return [[`${text.true} ${text.predicted}`, ...names],
      ...m.order.map((i, at) => [names[at], ...m.order.map(j => String(m.counts[i][j]))])];
  }
  return {cell_words, class_words, description, table_lines};
}
