// Requests are numbered in the order in which they are made, and answers are let in in the order in which the server
// gave them (`ui/latest.py`): either may arrive in another. It knows no page.
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
async function streamed(asked, turn) {
  const answer = await asked;
  if (!answer.body) return answer;
  let rest = '', before = Promise.resolve();
  const messages = new TransformStream({
    transform(chunk, to) {
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const own = turn(part), may_pass = part.includes('"answer_number":') ? own : before;
        before = Promise.all([before, may_pass.then(() => to.enqueue(`${part}\n\n`))]);
      }
    },
    flush: () => before,
  });
  const body = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(messages);
  return new Response(body.pipeThrough(new TextEncoderStream()), answer);
}

// `fetch` as Gradio is to have it: what asks its handlers is numbered, what answers has its turn.
export function in_order(fetch, turn = turns()) {
  let requests = 0;
  return (address, options) => {
    const url = String(address?.url ?? address), kind = /\/gradio_api\/(run|queue\/join|queue\/data)\b/.exec(url)?.[1];
    if (!kind) return fetch(address, options);
    if (kind === 'queue/data') return streamed(fetch(address, options), turn);
    const headers = new Headers(options?.headers ?? address?.headers);
    headers.set('x-request-number', ++requests);
    const asked = fetch(address, {...options, headers});
    return kind === 'run' ? answered(asked, turn) : asked;
  };
}
