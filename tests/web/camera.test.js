// What the camera computes, without a page.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {cameras, question, rate, reason, square} from '../../resnet_demo/ui/web/camera_parts.js';

const words = {back: 'back', front: 'front', unnamed: 'camera {number}'};
const device = (deviceId, label, kind = 'videoinput') => ({deviceId, label, kind});

describe('a camera', () => {
  test('sends the largest centred square', () => {
    assert.deepEqual(square(640, 480), [80, 0, 480]);
    assert.deepEqual(square(480, 640), [0, 80, 480]);
  });
  test('counts the answers of the last seconds', () => {
    assert.equal(rate([0, 100, 200, 300], 300), 10);
    assert.equal(rate([0, 9000, 9500], 10000), 2);
    assert.equal(rate([0, 9500], 10000), null);
    assert.equal(rate([], 0), null);
  });
  test('says why there is none', () => {
    assert.equal(reason({name: 'NotAllowedError'}), 'refused');
    assert.equal(reason({name: 'NotFoundError'}), 'none');
    assert.equal(reason({name: 'NotReadableError'}), 'in_use');
    assert.equal(reason(new TypeError()), 'failed');
    assert.equal(reason(undefined), 'failed');
  });
});
describe('a choice of cameras', () => {
  const two = [device('a', 'Desk'), device('m', 'Microphone', 'audioinput'), device('b', '')];
  test('is none where there is one camera', () => {
    assert.deepEqual(cameras(two.slice(0, 2), true, words), []);
  });
  test('is between back and front on a phone, however many lenses it has', () => {
    const found = cameras([...two, device('c', 'wide')], true, words);
    assert.deepEqual(found, [['back', {facingMode: 'environment'}], ['front', {facingMode: 'user'}]]);
  });
  test('is between all that are connected elsewhere', () => {
    assert.deepEqual(cameras(two, false, words), [
      ['Desk', {deviceId: {exact: 'a'}}], ['camera 2', {deviceId: {exact: 'b'}}]]);
  });
});
describe('the address for a frame', () => {
  const props = {address: 'live', language: 'zh'};
  const value = {models: ['imagenet/resnet50', 'b & c'], top_k: 5, temperature: 1, crop: 'centre'};
  test('is below that of the page, and names models, options and the classes that are explained', () => {
    const {pathname, searchParams} = question('https://here/proxy/zh', props, value, 'p', true, {'b & c': 0});
    assert.equal(pathname, '/proxy/live');
    assert.deepEqual(searchParams.getAll('model'), value.models);
    assert.deepEqual(searchParams.getAll('class'), ['', '0']);
    const rest = ['top_k', 'temperature', 'crop', 'page', 'language', 'heat'].map(name => searchParams.get(name));
    assert.deepEqual(rest, ['5', '1', 'centre', 'p', 'zh', '1']);
  });
  test('says so where no heat map is wanted', () => {
    assert.equal(question('http://here/', props, value, 'p', false, {}).searchParams.get('heat'), '0');
  });
});
