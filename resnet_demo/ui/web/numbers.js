// Numbers of charts: ticks, formats, and long columns brought down to what a screen can show. It knows no chart.
import {fill} from './words.js';

export const MOST = 400;  // points drawn of a line, however long the run
export const GROUPED = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

export const is_known = value => Number.isFinite(value);

export function formatted(value) {  // to be read: four digits
  if (!is_known(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return GROUPED.format(value);
  if (size && size < 1e-3) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return value.toPrecision(size < 1 ? 3 : 4);
}
export const percent = value => is_known(value) ? (100 * value).toFixed(2) : '–';

// "93.4 %", in Chinese "93.4%"
export const with_percent = (digits, language = globalThis.document?.documentElement.lang ?? '') => (
  language.startsWith('zh') ? `${digits}%` : `${digits} %`);

export function duration(seconds, words) {
  const whole = Math.max(0, Math.round(seconds)), minutes = Math.floor(whole / 60), hours = Math.floor(minutes / 60);
  const unit = hours ? 'hours' : minutes ? 'minutes' : 'seconds';
  const values = {hours, minutes: hours ? minutes % 60 : minutes, seconds: whole % 60};
  return fill(words[`time.${unit}`], values);
}

// Round values between two ends, about `count` of them.
export function nice_step(span, count) {
  const rough = span / Math.max(1, count), power = 10 ** Math.floor(Math.log10(rough)), lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}
export function ticks([low, high], count) {
  const step = nice_step(high - low, count), found = [];
  for (let i = Math.ceil(low / step - 1e-6); i <= high / step + 1e-6; i++) found.push(i * step || 0);  // no -0
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const say = value => digits > 4 ? (value ? value.toExponential(0) : '0')
    : step >= 1 ? GROUPED.format(value) : value.toFixed(digits);
  return found.map(value => ({value, words: say(value)}));
}
export function log_ticks([low, high], count) {
  const found = [], decades = Math.log10(high / low);
  if (decades < .7) return ticks([low, high], count);  // too little for powers of ten
  const every = Math.ceil(decades / Math.max(1, count));
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const lead of decades > 2.5 ? [1] : decades > 1.4 ? [1, 3] : [1, 2, 5]) {
      const value = lead * 10 ** power;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9) || power % every) continue;
      const words = power < -4 || power > 5 ? `${lead}e${power}`
        : power < 0 ? value.toFixed(-power) : GROUPED.format(value);
      found.push({value, words});
    }
  }
  return found;
}

// How many of the first rows lie at or before a place in an ascending column.
export function count_until(rows, column, place) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][column] <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The points of a line between two places, and one beyond each: at most MOST means over equally many neighbours.
// Buckets begin at fixed rows, so that what was drawn stays as it is while a run grows.
export function thinned(rows, count, column, value_at, [from, to]) {
  const first = Math.max(0, count_until(rows, column, from) - 1);
  const last = Math.min(count, count_until(rows, column, to) + 1);
  let size = 1;
  while (Math.ceil(last / size) - Math.floor(first / size) > MOST) size *= 2;
  const points = [];
  for (let begin = Math.floor(first / size) * size; begin < last; begin += size) {
    let place = 0, sum = 0, known = 0;
    const end = Math.min(begin + size, count);
    for (let row = begin; row < end; row++) {
      const value = value_at(row);
      place += rows[row][column];
      if (is_known(value)) { sum += value; known++; }
    }
    points.push([place / (end - begin), known ? sum / known : NaN, end - 1]);
  }
  return points;
}

// An exponential moving average without the pull of its start, one for each column, that goes on where it ended.
export class Smooth {
  constructor(weight) { this.weight = weight; this.values = []; this.mean = this.total = 0; }
  at(rows, column, row) {
    for (let next = this.values.length; next <= row; next++) {
      const value = rows[next][column];
      if (is_known(value)) {
        this.mean = this.weight * this.mean + (1 - this.weight) * value;
        this.total = this.weight * this.total + 1 - this.weight;
      }
      this.values.push(is_known(value) ? this.mean / this.total : NaN);
    }
    return this.values[row];
  }
}
