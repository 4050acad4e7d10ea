// Charts: where the keys lead, what a line says at a place, two runs on the same steps, and the clock of a replay.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {Chart, MARKS, cap, dashes} from '../../resnet_demo/ui/web/chart.js';
import {walked} from '../../resnet_demo/ui/web/chart_frame.js';
import {understood} from '../../resnet_demo/ui/web/confidence_views.js';
import {played, until} from '../../resnet_demo/ui/web/dots.js';
import {with_error} from '../../resnet_demo/ui/web/difference_views.js';
import {averaged, matched, together} from '../../resnet_demo/ui/web/paired.js';
import {Clock} from '../../resnet_demo/ui/web/replay.js';
import {LOSS, Run} from '../../resnet_demo/ui/web/runs.js';
import {curve_views} from '../../resnet_demo/ui/web/views.js';

const answer = (points, epochs, more) => ({state: 'running', after: null, next: 1, points, epochs, ...more});
const point = (step, loss = 1) => [step, step / 10, step / 100, step / 2, loss, .5, .1, 1, 900];  // of 100 steps
function run_with(steps, more = {}) {
  const run = new Run('a');
  run.take(answer(steps.map(step => point(step)), [], more));
  return Object.assign(run, {title: 'a run', look: {color: 'ink', dash: [], mark: 'disc'}});
}
function bare_chart(values = {}) {  // one that has been drawn 100 by 100 pixels, without nodes
  const X = x => x, Y = y => 100 - y, box = {left: 10, w: 100};
  const chart = Object.create(Chart.prototype), view = {x: [0, 50], log: false};
  return Object.assign(chart, {view, X, Y, box, scale: 1, ...values});
}

describe('keys', () => {
  test('arrows lead to the next place, Home and End to the first and last', () => {
    const there = key => walked(key, [1, 3, 5], 3, null);
    assert.deepEqual(['ArrowLeft', 'ArrowRight', 'Home', 'End'].map(there), [1, 5, 1, 5]);
  });
  test('at an end they lead to what was said, and other keys nowhere', () => {
    assert.equal(walked('ArrowRight', [1, 3], 3, 'here'), 'here');
    assert.equal(walked('ArrowLeft', [], 3, undefined), undefined);
    assert.equal(walked('a', [1, 3], 3, 'here'), undefined);
  });
});

describe('a recording that is played', () => {
  const panel = {x: [100, 300]}, line = {style: 'A', points: [[100, 9], [200, 5], [300, null]]};
  test('a share of it is a place on the axis, and all of it is beyond each', () => {
    assert.deepEqual([0, .5, 1].map(at => played(panel, at)), [100, 200, Infinity]);
  });
  test('a line ends where it has been played to, and stays as it is', () => {
    assert.deepEqual(until(line, 200), {style: 'A', points: [[100, 9], [200, 5]]});
    assert.deepEqual(until(line, Infinity), line);
    assert.equal(line.points.length, 3);
  });
});

describe('geometry', () => {
  test('a line is interrupted where nothing is known', () => {
    const points = [[0, 0], [10, 5], [20, NaN], [30, 5], [40, null]];
    assert.equal(bare_chart().path(points), 'M0.0 100.0L10.0 95.0M30.0 95.0');
  });
  test('on a logarithmic axis only what is positive can be drawn', () => {
    const chart = bare_chart({view: {x: [0, 50], log: true}});
    assert.deepEqual([[0, 1], [0, 0], [0, -1]].map(one => chart.drawable(one)), [true, false, false]);
  });
  test('marks keep apart, and the last point has one', () => {
    const points = Array.from({length: 41}, (_, x) => [x, 1]);
    const marks = bare_chart().marks({points, look: {mark: 'plus'}}).split('M').slice(1);
    assert.equal(marks.length, 3);
    assert.ok(marks[0].startsWith('40.0 99.0'));
  });
  test('a pixel is a place on the axis, never one beyond it', () => {
    assert.deepEqual([10, 60, 110, 0, 500].map(pixel => bare_chart().place(pixel)), [0, 25, 50, 0, 50]);
  });
  test('a line says its nearest point, and nothing far from its ends', () => {
    const line = {points: [[0, 1], [10, 2], [20, NaN], [30, 4]]};
    assert.deepEqual([1, 9, 15, 29, 4, 33].map(x => Chart.read(line, x, 2)?.[1]), [1, 2, 2, 4, undefined, undefined]);
  });
  test('dots are dashes without a length', () => {
    assert.equal(cap({dash: [.1, 4]}), 'round');
    assert.equal(dashes({dash: [7, 4]}, 2), '14.0 8.0');
    assert.ok(Object.values(MARKS).every(mark => !mark(3).includes('NaN')));
  });
});

describe('runs', () => {
  test('what came after the checkpoint of a resumed run is gone', () => {
    const run = run_with([10, 20, 30]);
    run.take(answer([point(25)], [], {after: 20}));
    assert.deepEqual(run.points.map(([step]) => step), [10, 20, 25]);
  });
  test('a run is asked for as long as it grows', () => {
    const run = run_with([10]);
    assert.equal(run.is_due, true);
    run.take(answer([], [], {state: 'finished'}));
    assert.equal(run.is_due, false);
  });
  test('the time that is left goes by the latest pace', () => {
    assert.ok(Math.abs(run_with([10, 20]).left - 40) < 1e-9);
    assert.equal(run_with([10, 20], {state: 'finished'}).left, null);
  });
  test('an axis ends where the run will, or where it has ended', () => {
    assert.ok(Math.abs(run_with([90]).end('step') - 100) < 1e-9);
    assert.equal(run_with([90], {state: 'stopped'}).end('step'), 90);
  });
  test('several lines are named by run and kind, a single one by its kind', () => {
    const views = curve_views({training: 'training', line: '{run}: {kind}'}), run = run_with([10]);
    views.runs.set('a', run);
    assert.equal(views.name_of(run, 'training'), 'training');
    views.runs.set('b', run_with([10]));
    assert.equal(views.name_of(run, 'training'), 'a run: training');
  });
});

describe('two runs', () => {
  test('reports that lie differently are compared over the same steps', () => {
    const a = [point(10, 1), point(20, 3)], b = [point(20, 1)];
    assert.deepEqual(together(a, b, LOSS), [[20, 2, 1]]);
  });
  test('epochs are compared that both have ended', () => {
    assert.deepEqual(matched([[1, 5], [2, 6]], [[2, 4], [3, 4]], 1), [[2, 6, 4]]);
  });
  test('a mean has its standard error from the third difference on', () => {
    const [[step, mean, error], ...more] = averaged([[1, 1, 0], [2, 2, 0], [3, 3, 0]], 20);
    assert.deepEqual([step, mean, more.length], [3, 2, 0]);
    assert.ok(Math.abs(error - Math.sqrt(1 / 3)) < 1e-12);
  });
  test('a difference is written with the digits that its error has', () => {
    assert.equal(with_error(-0.01234, 0.0021), '−0.0123 ± 0.0042');
    assert.equal(with_error(12.34, 1), '+12.3 ± 2.0');
    assert.equal(with_error(0, 0), '0.000 ± 0.000');
    assert.equal(with_error(NaN, 1), '–');
  });
});

describe('the clock of a replay', () => {
  test('a run has happened up to it, and all of it once it is closed', () => {
    const run = run_with([10, 20, 30, 40]), clock = new Clock(run);
    assert.equal(run.count, 0);
    clock.seek(10);
    assert.deepEqual([run.count, run.point[0]], [2, 20]);
    clock.close();
    assert.equal(run.count, 4);
  });
  test('it stays between the ends', () => {
    const clock = new Clock(run_with([10, 20]));
    clock.seek(-5);
    assert.deepEqual([clock.time, clock.is_over], [0, false]);
    clock.seek(1e9);
    assert.deepEqual([clock.time, clock.is_over], [10, true]);
  });
  test('the speed is the least with which nobody waits longer than a minute', () => {
    const speed = seconds => new Clock(Object.assign(new Run('a'), {points: [[0, 0, 0, seconds]]})).fitting_speed;
    assert.deepEqual([10, 60, 61, 600, 86_400].map(speed), [1, 1, 2, 10, 20]);
  });
});

test('confidence without answers is nothing to be drawn', () => {
  const none = {reliability: {count: [0], confidence: [null]}, histogram: {right: [0], wrong: [0]},
    coverage: {threshold: [0]}};
  assert.equal(understood(none), null);
  assert.equal(understood({}), null);
  const some = understood({...none, reliability: {count: [0, 4], confidence: [null, .75]},
    histogram: {right: [0, 3], wrong: [0, 1]}});
  assert.deepEqual([some.right, some.wrong, some.sure], [3, 1, .75]);
});
