// Tables: the order of rows, and what of them leaves the page.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {csv_text, quoted, unarmed} from '../../resnet_demo/ui/web/csv.js';
import {is_blank, lines_of, next_order, order_of, shown, written} from '../../resnet_demo/ui/web/table_rows.js';

const ROWS = [
  {name: 'layer10', score: {text: '9 %', sort: 0.09}},
  {name: 'layer2', score: {text: '50 %', sort: 0.5}},
  {name: '', score: 1200},
  {name: 'Layer2', score: null},
  {score: 7},
];

describe('order', () => {
  test('without a column it is the one that came', () => assert.deepEqual(order_of(ROWS, null), [0, 1, 2, 3, 4]));
  test('text goes by its numbers, and empty cells are last both ways', () => {
    assert.deepEqual(order_of(ROWS, {key: 'name', down: false}, 'en'), [1, 3, 0, 2, 4]);
    assert.deepEqual(order_of(ROWS, {key: 'name', down: true}, 'en'), [0, 3, 1, 2, 4]);
  });
  test('a cell with a number to sort by goes by that number', () => {
    assert.deepEqual(order_of(ROWS, {key: 'score', down: false}), [0, 1, 4, 2, 3]);
    assert.deepEqual(order_of(ROWS, {key: 'score', down: true}), [2, 4, 1, 0, 3]);
  });
  test('zero is no empty cell', () => {
    assert.deepEqual(order_of([{n: 1}, {n: 0}, {}], {key: 'n', down: false}), [1, 0, 2]);
    assert.equal(is_blank(0), false);
  });
  test('equal rows stay as they came', () => {
    assert.deepEqual(order_of([{a: 1}, {a: 1}, {a: 0}], {key: 'a', down: true}), [0, 1, 2]);
  });
  test('a heading sorts upwards, downwards, and not at all', () => {
    const up = next_order(null, 'a'), down = next_order(up, 'a');
    assert.deepEqual([up, down, next_order(down, 'a')], [{key: 'a', down: false}, {key: 'a', down: true}, null]);
    assert.deepEqual(next_order(down, 'b'), {key: 'b', down: false});
  });
});

describe('files', () => {
  test('no text is a formula for a spreadsheet', () => {
    for (const text of ['=1+1', '+1', '-2', '@SUM(A1)', '  =x']) assert.equal(unarmed(text), `'${text}`);
    for (const text of ['a=b', '1-2', '']) assert.equal(unarmed(text), text);
  });
  test('a formula on a second line or after a tab is none either', () => {
    assert.equal(unarmed('a\n=1'), 'a =1');
    assert.equal(unarmed('\t=1'), "' =1");
  });
  test('quotes, commas and nothing are quoted', () => {
    assert.equal(quoted('say "a,b"'), '"say ""a,b"""');
    assert.equal(quoted(null), '""');
  });
  test('a file begins with its mark and ends each line as spreadsheets do', () => {
    assert.equal(csv_text([['a', 'b'], [1, 2]]), '\ufeff"a","b"\r\n"1","2"\r\n');
    assert.equal(csv_text([[1, 2]], String), '\ufeff1,2\r\n');
  });
  test('a number leaves the page as one, its words only where the column is of words', () => {
    const share = {text: '50 %', sort: 0.5};
    assert.equal(written(share, {numeric: true}), '0.5');
    assert.equal(written(share, {}), '50 %');
    assert.equal(written(-2, {}), '-2');
    assert.equal(written('-2', {numeric: true}), "'-2");
    assert.equal(shown(1234567.25), '1,234,567.25');
  });
  test('lines are those that are shown, without images', () => {
    const columns = [{key: 'picture', title: 'Picture', image: true}, {key: 'name', title: '=Name'},
      {key: 'score', title: 'Score', numeric: true}];
    assert.deepEqual(lines_of(columns, ROWS, [2, 0]), [["'=Name", 'Score'], ['', '1200'], ['layer10', '0.09']]);
  });
});
