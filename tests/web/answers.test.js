// The order of answers: requests are numbered, answers are let in by their number, streams keep the order of the rest.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {in_order, turns} from '../../resnet_demo/ui/web/answers.js';

const numbered = number => JSON.stringify({data: [], answer_number: number});
const later = () => new Promise(done => setTimeout(done, 20));

describe('turns', () => {
  test('an answer that is early waits for the one before', async () => {
    const turn = turns(), seen = [];
    const second = turn(numbered(2)).then(() => seen.push(2));
    await later();
    assert.deepEqual(seen, []);
    await turn(numbered(1)).then(() => seen.push(1));
    await second;
    assert.deepEqual(seen, [1, 2]);
  });
  test('one that never comes is waited for only so long', async () => {
    const turn = turns(30), seen = [];
    await Promise.all([turn(numbered(3)).then(() => seen.push(3)), turn(numbered(2)).then(() => seen.push(2))]);
    assert.deepEqual(seen, [2, 3]);
    await turn(numbered(1));  // too late to be waited for, and not held up
  });
  test('nor for longer where others come meanwhile', async () => {
    const turn = turns(60);
    let first = false;
    turn(numbered(2)).then(() => { first = true; });
    for (let number = 3; number < 12 && !first; number++) {
      turn(numbered(number));
      await later();
    }
    assert.ok(first);
  });
  test('an answer without a number does not wait, nor does one whose number is the text of somebody else', async () => {
    const turn = turns(1e6);
    await turn('{"data": []}');
    await turn(JSON.stringify({data: ['"answer_number":7']}));
  });
});

describe('requests', () => {
  function server() {  // answers when it is told to
    const asked = [];
    const ask = (address, options) => new Promise(answer => asked.push({address, options, answer}));
    return {asked, fetch: in_order(ask, turns(1e6))};
  }
  test('what asks a handler is numbered in the order in which it is made, with its own headers', () => {
    const {asked, fetch} = server();
    fetch('/gradio_api/queue/join?', {headers: {'content-type': 'a/b'}});
    fetch('/theme.css');
    fetch(new URL('http://x/gradio_api/run/predict'), {method: 'POST'});
    const numbers = asked.map(({options}) => options?.headers?.get?.('x-request-number') ?? null);
    assert.deepEqual(numbers, ['1', null, '2']);
    assert.equal(asked[0].options.headers.get('content-type'), 'a/b');
    assert.equal(asked[2].options.method, 'POST');
  });
  test('answers are read in the order in which the server gave them', async () => {
    const {asked, fetch} = server(), seen = [];
    const all = ['a', 'b'].map(name => fetch(`/gradio_api/run/${name}`).then(async answer => {
      seen.push([name, (await answer.json()).answer_number, answer.status]);
    }));
    asked[0].answer(new Response(numbered(2), {status: 201}));
    await later();
    asked[1].answer(new Response(numbered(1)));
    await Promise.all(all);
    assert.deepEqual(seen, [['b', 1, 200], ['a', 2, 201]]);
  });
  test('an answer in a stream waits its turn, and what follows it does not overtake it', async () => {
    const {asked, fetch} = server(), seen = [];
    const stream = fetch('/gradio_api/queue/data?session_hash=x');
    const messages = ['{"msg":"process_starts"}', numbered(2), '{"msg":"close"}'];
    asked[0].answer(new Response(messages.map(message => `data: ${message}\n\n`).join('')));
    const read = stream.then(async answer => {
      for await (const chunk of answer.body) seen.push(new TextDecoder().decode(chunk));
    });
    await later();
    assert.deepEqual(seen.map(part => part.includes('process_starts')), [true]);
    const plain = fetch('/gradio_api/run/a');
    asked[1].answer(new Response(numbered(1)));
    await Promise.all([plain, read]);
    assert.equal(seen.length, 3);
    assert.match(seen[1], /"answer_number":2/);
    assert.match(seen[2], /close/);
  });
});

describe('the queue', () => {
  const completed = id => `data: {"msg":"process_completed","event_id":"${id}","output":{"event_id":"x"}}\n\n`;
  const CLOSED = 'data: {"msg":"close_stream","event_id":null}\n\n';
  const joined = id => new Response(JSON.stringify({event_id: id}));
  function server() {
    const streams = [], joins = [];
    const ask = address => new Promise(answer => (address.includes('join') ? joins : streams).push(answer));
    const fetch = in_order(ask), seen = [];
    const open = () => fetch('/gradio_api/queue/data?session_hash=x').then(async answer => {
      for await (const chunk of answer.body) seen.push(new TextDecoder().decode(chunk));
    });
    const join = id => {  // joins at once where there is an id
      const asked = fetch('/gradio_api/queue/join?');
      if (id) joins.at(-1)(joined(id));
      return asked;
    };
    return {streams, joins, seen, open, join};
  }
  test('a stream ends for the page as it does for the server once all is answered', async () => {
    const {streams, seen, open, join} = server();
    const asked = join('a'), read = open();
    assert.deepEqual(await (await asked).json(), {event_id: 'a'});
    streams[0](new Response(completed('a') + CLOSED));
    await read;
    assert.deepEqual(seen, [completed('a'), CLOSED]);
    assert.equal(streams.length, 1);
  });
  test('what has joined while the stream ended is answered, though the page asks for no other stream', async () => {
    const {streams, joins, seen, open, join} = server();
    const read = open();
    join('a');
    await later();
    join();  // under way while the stream ends
    streams[0](new Response(completed('a') + CLOSED));
    await later();
    assert.equal(streams.length, 1);
    joins[1](joined('b'));
    await later();
    assert.deepEqual(seen, [completed('a')]);
    streams[1](new Response(completed('b') + CLOSED));
    await read;
    assert.deepEqual(seen, [completed('a'), completed('b'), CLOSED]);
  });
  test('an answer may come before it is told that its request has joined', async () => {
    const {streams, joins, seen, open, join} = server();
    const read = open();
    join();
    streams[0](new Response(completed('a') + CLOSED));
    await later();
    joins[0](joined('a'));
    await read;
    assert.deepEqual(seen, [completed('a'), CLOSED]);
    assert.equal(streams.length, 1);
  });
  test('one that is refused is not waited for', async () => {
    const {streams, joins, seen, open, join} = server();
    const read = open();
    join();
    joins[0](new Response('{"detail": "Queue is full"}', {status: 503}));
    streams[0](new Response(CLOSED));
    await read;
    assert.deepEqual(seen, [CLOSED]);
  });
  test('a stream that breaks is broken for the page, and what it left open is no longer waited for', async () => {
    const {streams, seen, open, join} = server();
    const broken = open();
    join('a');
    streams[0](new Response(new ReadableStream({start: body => body.error(new Error('broken'))})));
    await assert.rejects(broken, /broken/);
    const read = open();
    streams[1](new Response(CLOSED));
    await read;
    assert.deepEqual(seen, [CLOSED]);
  });
  test('where there is no stream any more, the page is not kept waiting', async () => {
    const {streams, seen, open, join} = server();
    const read = open();
    join('a');
    streams[0](new Response(CLOSED));
    await later();
    streams[1](new Response('gone', {status: 404}));
    await read;
    assert.deepEqual(seen, [CLOSED]);
  });
});
