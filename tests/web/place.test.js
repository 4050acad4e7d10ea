// What the page's address says of a tab.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {with_parameters} from '../../resnet_demo/ui/web/place.js';

describe('the address', () => {
  const address = 'http://localhost/zh?tab=confusion&run=one&cell=3%2C5';
  const said = values => Object.fromEntries(with_parameters(address, values).searchParams);

  test('gets what is shown and keeps what others say', () => {
    assert.deepEqual(said({cell: '1,2', set: 'test'}), {tab: 'confusion', run: 'one', cell: '1,2', set: 'test'});
  });
  test('loses what has no value', () => {
    for (const cell of [null, undefined, '']) assert.deepEqual(said({cell}), {tab: 'confusion', run: 'one'});
  });
  test('has words of people as they are', () => {
    assert.equal(said({groups: 'a & b: c\nd=e'}).groups, 'a & b: c\nd=e');
  });
});
