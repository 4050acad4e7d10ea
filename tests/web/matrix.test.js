// Confusion matrices: counts, shares and their colours, what is said of them, and where their names stand.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {digits, kind, matrix_words, percent, scale, understood} from '../../resnet_demo/ui/web/matrix_counts.js';
import {layout, stacks} from '../../resnet_demo/ui/web/matrix_layout.js';
import {palette} from '../../resnet_demo/ui/web/matrix_paint.js';

const VALUE = {classes: ['cat', 'dog'], counts: [[8, 2], [0, 0]]};
const by = (how, more = {}) => scale(understood({...VALUE, ...more}), {by: how, hide: false});

describe('counts', () => {
  test('rows, columns and all are added up, from lists or from text', () => {
    const m = understood(VALUE);
    assert.deepEqual([m.rows, m.columns, m.total, m.order], [[10, 0], [8, 2], 10, [0, 1]]);
    assert.deepEqual(understood({...VALUE, counts: '8 2\n0 0'}).counts, VALUE.counts);
  });
  test('given totals count where the matrix is a part of a larger one', () => {
    const m = understood({...VALUE, totals: {rows: [20, 5], columns: [9, 9], all: 99}});
    assert.deepEqual([m.rows, m.total], [[20, 5], 99]);
  });
  test('classes without counts are nothing to be drawn', () => {
    assert.equal(understood({classes: ['a'], counts: []}), null);
    assert.equal(understood({}), null);
  });
  test('an order of classes that do not exist leaves them out', () => {
    assert.deepEqual(understood({...VALUE, order: [1, 7, -1, 0]}).order, [1, 0]);
  });
});

describe('normalisation', () => {
  test('by row it is the recall, by column the precision, as square roots', () => {
    assert.equal(by('row').level(0, 0), Math.sqrt(.8));
    assert.equal(by('column').level(0, 1), 1);
  });
  test('a class without rows has no share at all', () => {
    assert.equal(by('row').level(1, 0), 0);
    assert.equal(percent(0, 0), '–');
    assert.equal(percent(1, 3), '33.3 %');
  });
  test('counts are measured by the largest one that is shown', () => {
    assert.equal(by('none').top, 8);
    assert.equal(scale(understood(VALUE), {by: 'none', hide: true}).top, 2);
    assert.equal(scale(understood(VALUE), {by: 'none', hide: true}).level(0, 0), 0);
  });
  test('of differences their size counts, and better is more on the diagonal', () => {
    const m = understood({...VALUE, counts: [[3, -6], [0, 0]], signed: true});
    assert.equal(scale(m, {by: 'row', hide: false}).level(0, 1), 1);
    assert.deepEqual([kind(m, 0, 0), kind(m, 0, 1)], ['better', 'better']);
    assert.deepEqual([digits(m, 3), digits(m, -6), digits(m, 0)], ['+3', '−6', '']);
  });
  test('many digits are shortened where there is little room', () => {
    assert.equal(digits(understood(VALUE), 12_345, true), '12.3K');
    assert.equal(digits(understood(VALUE), 12_345, false), '12345');
  });
});

describe('words', () => {
  const text = {cell: '{true} as {predicted}: {count}', recall: 'recall {share}', precision: 'precision {share}',
    of_row: '{share} of {rows}', of_column: '{share} of {columns}', true: 'True', predicted: 'Predicted'};
  const {cell_words, table_lines} = matrix_words(text);

  test('a cell says its count and what share that is', () => {
    const m = understood(VALUE);
    assert.deepEqual(cell_words(m, 0, 0), ['cat as cat: 8', 'recall 80.0 %', 'precision 100.0 %']);
    assert.deepEqual(cell_words(m, 0, 1), ['cat as dog: 2', '20.0 % of 10', '100.0 % of 2']);
    assert.equal(cell_words(m, 1, 1)[1], 'recall –');
  });
  test('a name with braces is a name', () => {
    assert.equal(cell_words(understood({...VALUE, classes: ['{count}', 'b']}), 0, 1)[0], '{count} as b: 2');
  });
  test('a file has the classes in the order shown, and no formula among them', () => {
    const m = understood({...VALUE, classes: ['=cat', 'dog'], order: [1, 0]});
    assert.deepEqual(table_lines(m), [['True Predicted', 'dog', "'=cat"], ['dog', '0', '0'], ["'=cat", '2', '8']]);
  });
});

test('digits can be read on every colour: contrasts of at least 4.5 to 1 (WCAG 2.1, 1.4.3)', () => {
  const luminance = fill => fill.match(/\d+/g).map(part => part / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const fills = new Set();
  for (const dark of [false, true]) for (const name of ['right', 'wrong', 'better', 'worse']) {
    for (let k = 0; k < 200; k++) {
      const {fill, ink} = palette(dark).of(name, k / 199), light = luminance(fill) + 0.05;
      fills.add(fill);
      assert.ok((ink === '#fff' ? 1.05 / light : light / 0.05) >= 4.5, `${ink} on ${fill}`);
    }
  }
  assert.ok(fills.size > 300);
});

describe('layout', () => {
  const room = {width: 800, height: 900, type: 16, family: 'serif'}, wide = (words, font) => words.length * font / 2;
  function of(n, more = {}, enlarged = false) {
    const order = [...Array(n).keys()], names = order.map(i => `class ${i}`);
    return layout({names, order}, {...room, ...more}, wide, 'Predicted', enlarged);
  }

  test('the matrix is never wider than its place', () => {
    for (const n of [2, 10, 100]) for (const width of [320, 800]) {
      const {left, all} = of(n, {width});
      assert.ok(left + all <= width + 1, `${n} classes in ${width}`);
    }
  });
  test('many classes are small until they are enlarged, and then scroll', () => {
    assert.deepEqual([of(100).fine, of(100).high], [true, null]);
    const {side, high} = of(100, {}, true);
    assert.equal(side, 32);
    assert.ok(high <= 560);
    assert.equal(of(10).fine, false);
  });
  test('only names of Chinese letters stand upright', () => {
    assert.deepEqual(['猫', '飞机', 'cat', '猫 cat'].map(stacks), [true, true, false, false]);
  });
});

describe('layout', () => {
  const wide = (words, pixels) => 0.6 * pixels * words.length;
  const classes = n => understood({classes: Array.from({length: n}, (_, i) => `class ${i}`),
    counts: Array.from({length: n}, () => Array(n).fill(1))});
  const room_of = room => ({width: 700, type: 12, family: 'x', tight: false, ...room});
  const of = (n, room) => layout(classes(n), room_of(room), wide, 'x', false);

  test('where it is seen without scrolling the window shows all of it', () => {
    for (const [height, above, type] of [[900, 430, 12], [720, 230, 20]]) {
      const size = of(10, {height, above, type, tight: type > 12});
      assert.ok(above + size.top + size.all <= height, `${above} + ${size.top} + ${size.all}`);
      assert.ok(size.side >= 1.2 * type);
    }
  });
  test('cells stay large enough to be read', () => {
    assert.ok(of(10, {height: 400, above: 200}).side >= 2.1 * 12);
    assert.ok(of(2, {height: 900, above: 300}).side <= 3.5 * 12);
  });
  test('further down it is as high as a part of the window', () => {
    const size = of(20, {height: 900, above: 2000});
    assert.ok(size.top + size.all <= 900 - 14 * 12);
  });
});
