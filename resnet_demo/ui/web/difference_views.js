// What is drawn of the differences: from the rows of the runs to the views that Chart draws. It knows neither nodes of
// the page nor servers. The names are those of views.js, so that the charts are read and zoomed as the curves are.
import {csv_blob, unarmed} from './csv.js';
import {is_known, nice_step, thinned, ticks} from './numbers.js';
import {averaged, matched, together} from './paired.js';
import {ACCURACY, LOSS, VALIDATION_ACCURACY, VALIDATION_LOSS} from './runs.js';
import {fill} from './words.js';

const CHARTS = {
  loss: {report: LOSS, epoch: VALIDATION_LOSS, factor: 1},
  accuracy: {report: ACCURACY, epoch: VALIDATION_ACCURACY, factor: 100},
};
const ERRORS = 2;  // standard errors to either side
const CELLS = ['run', 'less', 'event', 'step', 'loss', 'accuracy', 'mean_loss', 'error_loss', 'mean_accuracy',
  'error_accuracy'];

// "−0.0123 ± 0.0045", both with the digits that the error has.
export function with_error(mean, error) {
  if (!is_known(mean)) return '–';
  const digits = error > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(ERRORS * error)))) : 3;
  const said = Math.abs(mean).toFixed(digits);
  return `${Number(said) === 0 ? '' : mean < 0 ? '−' : '+'}${said} ± ${(ERRORS * error).toFixed(digits)}`;
}

export function difference_views(words) {
  const runs = new Map();
  const chosen = {axis: 'step', zoom: null, reference: '', size: 20, shown: new Set(Object.keys(CHARTS))};

  const reference = () => runs.get(chosen.reference) ?? [...runs.values()][0];
  const shown_runs = () => [...runs.values()].filter(run => run !== reference());
  const is_one = () => false;
  const training_line = run => ({look: run.look, bold: true, marked: false});
  const validation_line = run => ({look: run.look, bold: false, marked: true});

  const kept = new Map();  // averages by run and chart, as long as nothing has come
  function averages_of(run, chart) {
    const other = reference(), place = `${chart} ${run.id}`, now = [run.next, other.id, other.next, chosen.size].join();
    if (kept.get(place)?.now !== now) {
      kept.set(place, {now, rows: averaged(together(run.points, other.points, CHARTS[chart].report), chosen.size)});
    }
    return kept.get(place).rows;
  }
  function lines_of(chart, range) {
    const {epoch, factor} = CHARTS[chart], lines = [];
    for (const run of shown_runs()) {
      const rows = averages_of(run, chart);
      const at = value_of => thinned(rows, rows.length, 0, row => factor * value_of(rows[row]), range);
      const points = at(([, mean]) => mean), high = at(([, mean, error]) => mean + ERRORS * error);
      const band = at(([, mean, error]) => mean - ERRORS * error).map(([x, low], i) => [x, low, high[i][1]]);
      lines.push({...training_line(run), run, kind: 'training', points, band});
      const ended = matched(run.epochs, reference().epochs, epoch).map(([step, a, b]) => [step, factor * (a - b)]);
      lines.push({...validation_line(run), run, kind: 'validation', points: ended});
    }
    return lines;
  }
  function whole_range() {
    return [0, Math.max(...[...runs.values()].map(run => run.end('step')), 1)];
  }
  function limits_of(lines, [from, to], count) {
    const seen = [0];
    for (const {points, band = []} of lines) {
      for (const [x, ...values] of [...points.map(([x, y]) => [x, y]), ...band]) {
        if (x >= from && x <= to) seen.push(...values.filter(is_known));
      }
    }
    let [low, high] = [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
    if (low === high) [low, high] = [-1, 1];
    const step = nice_step(high - low, count);
    return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  }
  function view_of(chart, width, height, font) {
    const range = chosen.zoom || whole_range(), lines = lines_of(chart, range);
    const rows = Math.max(2, Math.round(height / font / 3.2)), y = limits_of(lines, range, rows);
    return {
      title: fill(words[`less.${chart}`], {run: reference().title}), unit: words['unit.step'], x: range, y, log: false,
      cut: Boolean(chosen.zoom), lines, x_ticks: ticks(range, Math.max(2, Math.round(width / font / 6))),
      y_ticks: ticks(y, rows), levels: [{value: 0, words: '', color: 'ink'}],
    };
  }

  function differences_table() {  // accuracies as shares of 1, as the curves' table has them
    const lines = [CELLS];
    for (const run of shown_runs()) {
      const names = [unarmed(run.title), unarmed(reference().title)];
      const other = reference(), charts = Object.values(CHARTS);
      const [losses, accuracies] = charts.map(({report}) => together(run.points, other.points, report));
      const means = Object.keys(CHARTS).map(chart => (
        new Map(averages_of(run, chart).map(([step, ...values]) => [step, values]))));
      losses.forEach(([step, a, b], i) => lines.push([...names, 'report', step, a - b,
        accuracies[i][1] - accuracies[i][2], ...means.flatMap(found => found.get(step) ?? ['', ''])]));
      const [validation, right] = charts.map(({epoch}) => matched(run.epochs, other.epochs, epoch));
      validation.forEach(([step, a, b], i) => lines.push([...names, 'epoch', step, a - b, right[i][1] - right[i][2],
        '', '', '', '']));
    }
    const number = cell => Number.isNaN(cell) ? '' : typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell;
    return csv_blob(lines.map(line => line.map(number)));
  }
  return {CHARTS, runs, chosen, reference, shown_runs, is_one, averages_of, training_line, whole_range, view_of,
    differences_table};
}
