// What the confidence of a network's answers says: as views that Panel draws, as sentences, and as a table. Shares go
// from 0 to 1 in the data and are drawn in percent. It knows neither nodes of the page nor servers.
import {csv_blob} from './csv.js';
import {GROUPED, is_known, log_ticks, nice_step, ticks, with_percent} from './numbers.js';
import {fill} from './words.js';

const share = value => is_known(value) ? with_percent((100 * value).toFixed(1)) : '–';
const total = numbers => numbers.reduce((sum, number) => sum + number, 0);
const pairs = (low_to_high, act) => low_to_high.slice(1).map((high, i) => act(low_to_high[i], high, i));

export function understood(value) {  // null where there is nothing to show
  const {reliability, histogram, coverage} = value || {};
  if (!reliability || !histogram || !coverage?.threshold.length) return null;
  const right = total(histogram.right), wrong = total(histogram.wrong), count = total(reliability.count);
  if (!(right + wrong)) return null;
  const sure = total(reliability.count.map((n, i) => n ? n * reliability.confidence[i] : 0)) / count;
  return {...value, right, wrong, sure};
}

// of those answered, and of all; NaN where there are none
export const accuracy_at = ({answered, right}, i) => right[i] / answered[i];
export const share_at = ({answered, rows}, i) => answered[i] / rows;

const line_of = (dash, bold, points = []) => ({look: {color: 'ink', dash}, bold, marked: false, points});
export const bin_count = ({reliability: {count}, histogram: {right, wrong}}, key, bin) => (
  key === 'reliability' ? count[bin] : right[bin] + wrong[bin]);

export function table_of_all({reliability, histogram, coverage}) {  // a line a bin and a line a threshold
  const names = ['chart', 'from', 'to', 'count', 'confidence', 'accuracy', 'right', 'wrong', 'threshold', 'answered',
    'rows'];
  const rows = [
    ...pairs(reliability.edges, (from, to, i) => ({chart: 'reliability', from, to, count: reliability.count[i],
      confidence: reliability.confidence[i], accuracy: reliability.accuracy[i]})),
    ...pairs(histogram.edges, (from, to, i) => ({chart: 'histogram', from, to, right: histogram.right[i],
      wrong: histogram.wrong[i]})),
    ...coverage.threshold.map((threshold, i) => ({chart: 'coverage', threshold, accuracy: accuracy_at(coverage, i),
      right: coverage.right[i], answered: coverage.answered[i], rows: coverage.rows})),
  ];
  const cell = value => Number.isNaN(value) ? '' : value;
  return csv_blob([names, ...rows.map(row => names.map(name => cell(row[name])))], cell => cell ?? '');
}

export function confidence_views(words) {
  const VIEWS = {
    reliability({reliability: {edges, count, confidence, accuracy}}) {
      const filled = pairs(edges, (low, high, i) => ({x: [100 * low, 100 * high], i})).filter(({i}) => count[i]);
      const gaps = filled.map(({x, i}) => {
        const ends = [100 * accuracy[i], 100 * confidence[i]];
        return {kind: 'wrong', x, y: [Math.min(...ends), Math.max(...ends)]};
      });
      const ideal = line_of([6, 4], false, [[0, 0], [100, 100]]);
      return {
        unit: words.by, y: [0, 100], lines: [ideal],
        bars: [...filled.map(({x, i}) => ({kind: 'right', x, y: [0, 100 * accuracy[i]]})), ...gaps],
        legend: [
          {kind: 'right', words: words.share}, {kind: 'wrong', words: words.gap}, {line: ideal, words: words.ideal},
        ],
      };
    },
    histogram({histogram: {edges, right, wrong}}, is_log) {
      const most = Math.max(...right, ...wrong), step = Math.max(1, nice_step(most, 4));
      const y = is_log ? [.7, 1.4 * most] : [0, Math.ceil(most / step) * step];
      const bars = (kind, counts) => pairs(edges, (low, high, i) => (
        {kind, x: [100 * low, 100 * high], y: [y[0], counts[i]]})).filter((_, i) => counts[i]);
      return {
        unit: words.by, y, log: is_log, lines: [], bars: [...bars('right', right), ...bars('wrong', wrong)],
        legend: [{kind: 'right', words: words.right}, {kind: 'wrong', words: words.wrong}],
      };
    },
    coverage({coverage}) {
      const points = of => coverage.threshold.map((at, i) => [100 * at, 100 * of(coverage, i)]);
      const lines = [line_of([], true, points(accuracy_at)), line_of([6, 4], true, points(share_at))];
      return {
        unit: words.at_least, y: [0, 100], lines, bars: [],
        legend: [{line: lines[0], words: words.accuracy}, {line: lines[1], words: words.answered}],
      };
    },
  };
  function view_of(key, data, is_log, width, height, font) {
    const view = VIEWS[key](data, is_log), x = [0, 100], rows = Math.max(2, Math.round(height / font / 3.2));
    const y_ticks = (view.log ? log_ticks([1, Math.max(2, view.y[1])], rows) : ticks(view.y, rows))
      .filter(({value}) => Number.isInteger(value) && value <= view.y[1]);
    const x_ticks = ticks(x, Math.max(2, Math.round(width / font / 5)));
    return {title: words[key], x, x_ticks, y_ticks, log: false, cut: false, levels: [], ...view};
  }

  function sentence(key, data, bin) {  // of a bin, or of all of them where it is null
    const {reliability, histogram, right, wrong, sure} = data, n = GROUPED.format;
    if (bin === null) {
      return key === 'histogram' ? fill(words['all.histogram'], {right: n(right), wrong: n(wrong)})
        : fill(words['all.reliability'],
          {ece: share(reliability.ece), confidence: share(sure), accuracy: share(right / (right + wrong))});
    }
    const [low, high] = [0, 1].map(end => Number((100 * data[key].edges[bin + end]).toFixed(1)));
    if (!bin_count(data, key, bin)) return fill(words['bin.none'], {low, high});
    return key === 'histogram'
      ? fill(words['bin.histogram'], {low, high, right: n(histogram.right[bin]), wrong: n(histogram.wrong[bin])})
      : fill(words['bin.reliability'], {low, high, count: n(reliability.count[bin]),
        confidence: share(reliability.confidence[bin]), accuracy: share(reliability.accuracy[bin])});
  }
  function threshold_sentence({coverage}, place) {
    const {threshold, answered, rows} = coverage, n = GROUPED.format;
    return fill(words.said, {threshold: share(threshold[place]), answered: n(answered[place]), rows: n(rows),
      share: share(share_at(coverage, place)), accuracy: share(accuracy_at(coverage, place))});
  }
  return {keys: Object.keys(VIEWS), view_of, sentence, threshold_sentence};
}
