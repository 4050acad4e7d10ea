// Tiles of one image, and what is painted on one.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {packed, stamp} from '../../resnet_demo/ui/web/bits.js';
import {tile_style, toggled} from '../../resnet_demo/ui/web/tiles.js';

describe('tiles', () => {
  test('show one of those on top of each other', () => {
    assert.equal(tile_style(0, 5), 'background-position: 0 0%; background-size: 100% 500%');
    assert.equal(tile_style(4, 5), 'background-position: 0 100%; background-size: 100% 500%');
    assert.equal(tile_style(0, 1), 'background-position: 0 0%; background-size: 100% 100%');
  });
  test('a name comes and goes', () => {
    assert.deepEqual(toggled(toggled(['a'], 'b'), 'a'), ['b']);
    assert.deepEqual(toggled([], 'a'), ['a']);
  });
});
describe('painting', () => {
  test('covers a disc, and tells whether anything is new', () => {
    const mask = new Uint8Array(25);
    assert.ok(stamp(mask, 5, 5, [2.5, 2.5], 1.2));
    assert.deepEqual([...mask].map((bit, n) => bit ? n : -1).filter(n => n >= 0), [7, 11, 12, 13, 17]);
    assert.ok(!stamp(mask, 5, 5, [2.5, 2.5], 1.2));
  });
  test('covers at least the pixel below, and none outside', () => {
    const mask = new Uint8Array(6);
    assert.ok(stamp(mask, 3, 2, [2.9, 1.9], .01));
    assert.deepEqual([...mask], [0, 0, 0, 0, 0, 1]);
    assert.ok(stamp(mask, 3, 2, [-1, 0], 2));
    assert.equal(mask.length, 6);
  });
  test('is packed eight to a byte, the first one highest', () => {
    assert.equal(packed(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 1, 1])), btoa('\u0081\u0080'));
  });
});
