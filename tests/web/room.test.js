// A class of phones: the pure parts of the board and of a phone's page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {by_class} from '../../resnet_demo/ui/web/board.js';
import {in_place} from '../../resnet_demo/ui/web/in_place.js';
import {counts, removed, scaled} from '../../resnet_demo/ui/web/phone.js';

const image = (id, label, accepted = false) => ({id, label, accepted});

test('the images of each class come newest first, with their counts', () => {
  const [cat, dog, empty] = by_class(['cat', 'dog', 'pen'], [image('a', 'cat', true), image('b', 'dog'),
    image('c', 'cat')]);
  assert.deepEqual(cat.images.map(one => one.id), ['c', 'a']);
  assert.deepEqual([cat.accepted, cat.pending, dog.accepted, dog.pending], [1, 1, 0, 1]);
  assert.deepEqual([empty.images, empty.accepted, empty.pending], [[], 0, 0]);
});
test('what somebody is about to click stays in its place, whatever comes and goes', () => {
  assert.deepEqual(in_place(['c', 'b', 'a'], ['a', 'b']), ['a', 'b', 'c']);
  assert.deepEqual(in_place(['d', 'c', 'b', 'a'], ['a', 'x', 'b']), ['a', 'd', 'b', 'c']);
  assert.deepEqual(in_place(['b'], ['a', 'b']), ['b']);
  assert.deepEqual(in_place([{id: 2}, {id: 1}], [1, 2], one => one.id), [{id: 1}, {id: 2}]);
  assert.deepEqual(in_place(['b', 'a'], []), ['b', 'a']);
});
test('an image is made small in its proportions, and never larger', () => {
  assert.deepEqual(scaled(4000, 3000, 256), [256, 192]);
  assert.deepEqual(scaled(300, 4000, 256), [19, 256]);
  assert.deepEqual(scaled(100, 50, 256), [100, 50]);
  assert.deepEqual(scaled(10_000, 1, 256), [256, 1]);
});
test('what the teacher removed is told from what the phone took back', () => {
  const before = [image('a', 'cat'), image('b', 'cat'), image('c', 'cat')];
  assert.equal(removed(before, [image('c', 'cat', true), image('d', 'cat')], new Set(['a'])), 1);
  assert.equal(removed(before, before, new Set()), 0);
});
test('a phone counts its own images by class', () => {
  assert.deepEqual(counts([image('a', 'cat'), image('b', 'cat'), image('c', 'dog')]), {cat: 2, dog: 1});
});
