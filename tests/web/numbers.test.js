// Numbers of charts: what is written at an axis, and what of a long line is drawn.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {Smooth, count_until, duration, formatted, log_ticks, nice_step, percent, thinned, ticks} from
  '../../resnet_demo/ui/web/numbers.js';
import {fill} from '../../resnet_demo/ui/web/words.js';

const words = found => found.map(tick => tick.words);

describe('words', () => {
  test('a place without a value stays, and a value with braces is no place', () => {
    assert.equal(fill('{a} of {b}', {a: 0}), '0 of {b}');
    assert.equal(fill('{a} {b}', {a: '{b}', b: 1}), '{b} 1');
  });
  test('numbers have four digits, what is not known a dash', () => {
    assert.deepEqual([0, 0.5, 2.34567, 12345.6, 0.000012, NaN, undefined].map(formatted),
      ['0.00', '0.500', '2.346', '12,346', '1.2e-5', '–', '–']);
    assert.deepEqual([0.91234, null].map(percent), ['91.23', '–']);
  });
  test('a duration has its two largest units', () => {
    const text = {'time.seconds': '{seconds} s', 'time.minutes': '{minutes} min {seconds} s',
      'time.hours': '{hours} h {minutes} min'};
    assert.deepEqual([-1, 59.4, 61, 3725].map(s => duration(s, text)), ['0 s', '59 s', '1 min 1 s', '1 h 2 min']);
  });
});

describe('ticks', () => {
  test('steps are 1, 2 or 5 times a power of ten', () => {
    assert.deepEqual([[10, 10], [10, 7], [10, 3], [10, 1], [0.3, 3]].map(([span, n]) => nice_step(span, n)),
      [1, 2, 5, 10, 0.1]);
  });
  test('all have the same digits and zero has no sign', () => {
    assert.deepEqual(words(ticks([-0.2, 0.2], 4)), ['-0.2', '-0.1', '0.0', '0.1', '0.2']);
    assert.deepEqual(words(ticks([0, 4000], 4)), ['0', '1,000', '2,000', '3,000', '4,000']);
    assert.ok(Object.is(ticks([-1, 1], 2)[1].value, 0));
  });
  test('very small ones are written as powers', () => {
    assert.deepEqual(words(ticks([0, 2e-6], 2)), ['0', '1e-6', '2e-6']);
  });
  test('a logarithmic axis has powers of ten, and more where there are few', () => {
    assert.deepEqual(words(log_ticks([0.001, 10], 5)), ['0.001', '0.01', '0.1', '1', '10']);
    assert.deepEqual(words(log_ticks([1, 100], 5)), ['1', '3', '10', '30', '100']);
    assert.deepEqual(words(log_ticks([1, 2], 5)), words(ticks([1, 2], 5)));
  });
});

describe('lines', () => {
  const rows = Array.from({length: 10_000}, (_, i) => [i, i % 2]);

  test('rows until a place are counted, that place too', () => {
    assert.deepEqual([-1, 0, 4.5, 5, 1e6].map(at => count_until(rows, 0, at)), [0, 1, 5, 6, 10_000]);
  });
  test('a long line is means of equally many neighbours', () => {
    const points = thinned(rows, rows.length, 0, row => rows[row][1], [0, 9999]);
    assert.ok(points.length <= 400 && points.length > 200);
    assert.ok(points.every(([, value]) => value === 0.5));
  });
  test('what was drawn stays while a run grows', () => {
    const at = count => thinned(rows, count, 0, row => rows[row][1], [0, 1e6]);
    assert.deepEqual(at(9000).slice(0, 100), at(9100).slice(0, 100));
  });
  test('a part is drawn with one point beyond each end', () => {
    assert.deepEqual(thinned(rows, 100, 0, row => rows[row][1], [10, 12]).map(([x]) => x), [10, 11, 12, 13]);
  });
  test('what is not known is left out of a mean and breaks a line', () => {
    const some = [[0, NaN], [1, 1]];
    assert.ok(Number.isNaN(thinned(some, 2, 0, row => some[row][1], [0, 1])[0][1]));
  });
  test('a smoothed constant is that constant from its first point on', () => {
    const smooth = new Smooth(.9), flat = [[3], [3], [NaN], [3]];
    assert.deepEqual([0, 1, 3].map(row => Number(smooth.at(flat, 0, row).toFixed(9))), [3, 3, 3]);
    assert.ok(Number.isNaN(smooth.at(flat, 0, 2)));
  });
});
