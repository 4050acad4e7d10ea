// What the tab Teach computes, without a page.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {files_of, folder_name, fresh_name, is_sure, missing} from '../../resnet_demo/ui/web/teacher_parts.js';

const limits = {least: 2, begin: 5};
const one = (name, count = 5) => ({name, images: Array.from({length: count}, (_, n) => ({blob: `${name} ${n}`}))});

describe('classes', () => {
  test('have names that are no paths', () => {
    assert.equal(folder_name('a/b\\c\u0000d'), 'a b c d');
    assert.equal(folder_name(' ../.hidden. '), 'hidden');
    assert.equal(folder_name('猫  1'), '猫 1');
    assert.equal(folder_name('./\\'), '');
  });
  test('get a name that is free', () => {
    assert.equal(fresh_name([], 'class {number}'), 'class 1');
    assert.equal(fresh_name([one('class 2'), one('class 1'), one('cat')], 'class {number}'), 'class 3');
  });
  test('say what they lack', () => {
    assert.equal(missing([one('cat'), one('dog')], limits), null);
    assert.deepEqual(missing([one('cat')], limits), ['few', {least: 2}]);
    assert.deepEqual(missing([one('cat'), one(' . ')], limits), ['unnamed', {number: 2}]);
    assert.deepEqual(missing([one('cat'), one('cat ')], limits), ['twice', {name: 'cat'}]);
    assert.deepEqual(missing([one('cat'), one('dog', 4)], limits), ['short', {name: 'dog', count: 4, begin: 5}]);
  });
  test('are the folders of a zip', () => {
    const files = files_of([one('a/b', 1), one('dog', 2)]);
    assert.deepEqual(files, [['a b/001.jpg', 'a/b 0'], ['dog/001.jpg', 'dog 0'], ['dog/002.jpg', 'dog 1']]);
  });
});

test('an answer counts from the threshold on', () => {
  assert.equal(is_sure([{probability: .8}, {probability: .2}], .8), true);
  assert.equal(is_sure([{probability: .79}], .8), false);
  assert.equal(is_sure([], 0), false);
});
