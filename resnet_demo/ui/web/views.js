// What is drawn of which runs: from their rows and from what somebody has chosen to the views that Chart draws. It
// knows neither nodes of the page nor servers.
import {LOSS, ACCURACY, RATE_OF_LEARNING, NORM, IMAGES, VALIDATION_LOSS, VALIDATION_ACCURACY, AXES} from './runs.js';
import {is_known, log_ticks, nice_step, thinned, ticks} from './numbers.js';
import {fill} from './words.js';

const CHARTS = {  // columns of reports and epochs; `limits` where the whole range means something
  loss: {report: LOSS, epoch: VALIDATION_LOSS, log: true},
  accuracy: {report: ACCURACY, epoch: VALIDATION_ACCURACY, factor: 100, limits: [0, 100]},
  lr: {report: RATE_OF_LEARNING, log: true, exact: true},
  norm: {report: NORM, log: true},
  rate: {report: IMAGES},
};

export function curve_views(words) {
  const runs = new Map();
  const chosen = {  // zoom: two places on the axis, or null
    axis: 'step', log: false, weight: .6, zoom: null, training: true, validation: true, paper: true,
    shown: new Set(['loss', 'accuracy']),
  };

  const shown_runs = () => [...runs.values()].filter(run => run.on);
  const is_one = () => runs.size < 2;
  const name_of = (run, kind) => is_one() ? words[kind] : fill(words.line, {run: run.title, kind: words[kind]});
  // One run: training solid, validation dashed. Several: each has its own line, thin in training, bold in validation.
  const training_line = run => ({look: is_one() ? {...run.look, dash: []} : run.look, bold: is_one(), marked: false});
  const validation_line = run => ({look: is_one() ? {...run.look, dash: [6, 4]} : run.look, bold: true, marked: true});

  function lines_of(chart, range) {
    const {report, epoch, factor = 1, exact} = CHARTS[chart], [at, at_epoch] = AXES[chosen.axis], lines = [];
    for (const run of shown_runs()) {
      if (chosen.training || epoch === undefined) {
        const raw = thinned(run.points, run.count, at, row => run.points[row][report] * factor, range);
        const is_smooth = chosen.weight > 0 && !exact;
        const points = is_smooth
          ? thinned(run.points, run.count, at, row => run.smoothed(report, row, chosen.weight) * factor, range) : raw;
        lines.push({...training_line(run), run, kind: 'training', points, faint: is_smooth && is_one() ? raw : null});
      }
      if (chosen.validation && epoch !== undefined) {
        const points = thinned(run.epochs, run.epoch_count, at_epoch, row => run.epochs[row][epoch] * factor, range);
        lines.push({...validation_line(run), run, kind: 'validation', points});
      }
    }
    return lines;
  }
  function levels() {
    const found = new Map();
    for (const run of chosen.paper ? shown_runs() : []) {
      if (!is_known(run.paper)) continue;
      const value = Number((100 * run.paper).toFixed(2));
      const color = found.has(value) ? 'ink' : run.look.color;
      found.set(value, {value, words: fill(words['paper.value'], {value}), color});
    }
    return [...found.values()];
  }
  function whole_range() {
    return [0, Math.max(...shown_runs().map(run => run.end(chosen.axis)), chosen.axis === 'epoch' ? 1e-3 : 1)];
  }
  function limits_of(chart, lines, [from, to], is_log, count) {
    const {limits} = CHARTS[chart];
    if (limits && !chosen.zoom) return limits;
    let low = Infinity, high = -Infinity;
    for (const {points, faint} of lines) {
      for (const [x, y] of faint ? [...points, ...faint] : points) {
        if (x < from || x > to || !is_known(y) || (is_log && y <= 0)) continue;
        low = Math.min(low, y);
        high = Math.max(high, y);
      }
    }
    if (low > high) return limits || (is_log ? [.1, 1] : [0, 1]);
    if (is_log) return low === high ? [low / 2, high * 2] : [low * (low / high) ** .04, high * (high / low) ** .04];
    if (!chosen.zoom) low = Math.min(0, low);
    if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 10, high + (Math.abs(high) || 1) / 10];
    const step = nice_step(high - low, count);
    return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  }
  function view_of(chart, width, height, font) {
    const range = chosen.zoom || whole_range(), lines = lines_of(chart, range);
    const is_log = Boolean(chosen.log && CHARTS[chart].log), rows = Math.max(2, Math.round(height / font / 3.2));
    const y = limits_of(chart, lines, range, is_log, rows), count = Math.max(2, Math.round(width / font / 6));
    const [unit, size] = chosen.axis !== 'seconds' ? [chosen.axis, 1]
      : range[1] > 10800 ? ['hours', 3600] : range[1] > 300 ? ['minutes', 60] : ['seconds', 1];
    const title = words[`chart.${chart}`];
    return {
      title: chart === 'accuracy' ? fill(words.percent, {title}) : title, unit: words[`unit.${unit}`], x: range, y,
      log: is_log, cut: Boolean(chosen.zoom), lines,
      x_ticks: ticks(range.map(end => end / size), count).map(tick => ({...tick, value: tick.value * size})),
      y_ticks: is_log ? log_ticks(y, rows) : ticks(y, rows), levels: chart === 'accuracy' ? levels() : [],
    };
  }
  return {CHARTS, runs, chosen, shown_runs, is_one, name_of, training_line, validation_line, whole_range, view_of};
}
