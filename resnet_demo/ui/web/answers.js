// Requests are numbered in the order in which they are made, and answers are let in in the order in which the server
// gave them (`ui/latest.py`): either may arrive in another. None is lost. It knows no page.
const PATIENCE = 3000;  // ms for an answer that does not come

// A function of an answer's text, whose promise is kept once it is that answer's turn.
export function turns(patience = PATIENCE) {
  const waiting = new Map();
  let next = 1, missing, timer;
  const open = () => {
    waiting.get(next)();
    waiting.delete(next++);
    let_in();
  };
  const give_up = () => { next = Math.min(...waiting.keys()); open(); };
  const let_in = () => {
    const ready = waiting.has(next);
    if (!waiting.size || (!ready && missing === next)) return;  // it is being waited for
    missing = ready ? undefined : next;
    clearTimeout(timer);
    timer = setTimeout(ready ? open : give_up, ready ? 0 : patience);  // each is shown before the next one is let in
  };
  return text => {
    const number = Number(/(?<!\\)"answer_number":(\d+)/.exec(text)?.[1]);
    if (!(number >= next)) return Promise.resolve();  // without a number, or no longer waited for
    return new Promise(go => { waiting.set(number, go); let_in(); });
  };
}

async function answered(asked, turn) {
  const answer = await asked, text = await answer.text();
  await turn(text);
  return new Response(text, answer);
}

// What has joined the server's queue and has not been answered.
function queue() {
  const joining = new Set(), open = new Set(), early = new Set();  // early: answered before its joining was told
  const join = async asked => {
    const {event_id: id} = await asked.then(answer => answer.clone().json()).catch(() => ({}));  // or it is refused
    if (id && !early.delete(id)) open.add(id);
  };
  return {
    join(asked) {
      const joined = join(asked).then(() => joining.delete(joined));
      joining.add(joined);
    },
    hear(message) {
      const id = /"msg":"process_completed".*?(?<!\\)"event_id":"(\w+)"/.exec(message)?.[1];
      if (id && !open.delete(id)) early.add(id);
    },
    async waits() {
      await Promise.all(joining);
      return open.size > 0;
    },
    forget() { open.clear(); },
  };
}

const CLOSE = '"msg":"close_stream"';

// The messages of a stream, each in its turn; that it ends, its server's `CLOSE`, is passed on with its end.
function messages(turn, waiting) {
  let rest = '', before = Promise.resolve(), end = '';
  return new TransformStream({
    transform(chunk, to) {
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        if (part.includes(CLOSE)) end = `${part}\n\n`;
        else {
          waiting.hear(part);
          const own = turn(part), may_pass = part.includes('"answer_number":') ? own : before;
          before = Promise.all([before, may_pass.then(() => to.enqueue(`${part}\n\n`))]);
        }
      }
    },
    async flush(to) {
      await before;
      if (end) to.enqueue(end);
    },
  });
}

// The stream of the queue's answers. The server ends it once all are given, and Gradio's page, which hears of that when
// it has just sent another request, would wait for that answer in a stream that has ended: here it is asked for anew.
async function streamed(ask, turn, waiting) {
  const first = await ask();
  if (!first.ok) return first;
  const {readable, writable} = messages(turn, waiting);
  const read = async () => {
    for (let part = first; part.ok; part = await ask()) {
      await part.body.pipeThrough(new TextDecoderStream()).pipeTo(writable, {preventClose: true});
      if (!await waiting.waits()) break;
    }
    await writable.close();
  };
  read().catch(error => {
    waiting.forget();
    return writable.abort(error).catch(() => {});
  });
  return new Response(readable.pipeThrough(new TextEncoderStream()), first);
}

// `fetch` as Gradio is to have it: what asks its handlers is numbered, what answers has its turn.
export function in_order(fetch, turn = turns()) {
  const waiting = queue();
  let requests = 0;
  return (address, options) => {
    const url = String(address?.url ?? address), kind = /\/gradio_api\/(run|queue\/join|queue\/data)\b/.exec(url)?.[1];
    if (!kind) return fetch(address, options);
    if (kind === 'queue/data') return streamed(() => fetch(address, options), turn, waiting);
    const headers = new Headers(options?.headers ?? address?.headers);
    headers.set('x-request-number', ++requests);
    const asked = fetch(address, {...options, headers});
    if (kind === 'run') return answered(asked, turn);
    waiting.join(asked);
    return asked;
  };
}
