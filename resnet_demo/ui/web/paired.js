// Two runs on the same steps: what one measured less what the other did, and the noise of that. It knows no drawing.
import {is_known} from './numbers.js';
import {STEP} from './runs.js';

// [[step, a, b]] wherever both have reported: means over the steps since the place before, in which a report weighs as
// much as the steps that it covers. The reports may lie differently: in a long history, or when one run had to catch
// up.
export function together(a, b, column) {
  const found = [], sides = [a, b].map(rows => ({rows, at: 0, step: 0, sum: 0, steps: 0}));
  const [one, other] = sides, next = side => side.rows[side.at][STEP];
  const take = side => {
    const row = side.rows[side.at++], steps = row[STEP] - side.step;
    side.sum += steps * (row[column] ?? NaN);
    side.steps += steps;
    side.step = row[STEP];
  };
  while (one.at < a.length && other.at < b.length) {
    const places = [next(one), next(other)];
    if (places[0] <= places[1]) take(one);
    if (places[1] <= places[0]) take(other);
    if (places[0] !== places[1]) continue;
    found.push([places[0], ...sides.map(({sum, steps}) => sum / steps)]);
    for (const side of sides) side.sum = side.steps = 0;
  }
  return found;
}

// [[step, a, b]] for the epochs that both have ended.
export function matched(a, b, column) {
  const others = new Map(b.map(row => [row[STEP], row[column]]));
  const both = a.filter(([step]) => others.has(step));
  return both.map(row => [row[STEP], row[column] ?? NaN, others.get(row[STEP]) ?? NaN]);
}

// [[step, mean, standard error of the mean]] of the latest `size` differences, from the LEAST-th on.
const LEAST = 3;
export function averaged(pairs, size) {
  const found = [], known = pairs.map(([step, a, b]) => [step, a - b]).filter(([, value]) => is_known(value));
  for (let end = LEAST; end <= known.length; end++) {
    const window = known.slice(Math.max(0, end - size), end), n = window.length;
    const mean = window.reduce((sum, [, value]) => sum + value, 0) / n;
    const squares = window.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0);
    found.push([known[end - 1][0], mean, Math.sqrt(squares / (n - 1) / n)]);
  }
  return found;
}
