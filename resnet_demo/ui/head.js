// Runs as the first thing in the body, before Gradio draws. Its element says the page's language.
(() => {
  const here = document.currentScript.dataset, root = document.documentElement;
  const config = window.gradio_config || {}, parts = config.components || [];
  const asked = new URLSearchParams(location.search);
  const kept = (storage, key) => {
    try { return window[storage].getItem(`resnet_demo.${key}`); } catch { return null; }  // some frames have no storage
  };

  // Without a language in the address the page opens in the one that was chosen here, else in the browser's.
  const wanted = kept('localStorage', 'language') || (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
  if (here.language === 'en' && wanted === 'zh') location.replace(`zh${location.search}${location.hash}`);

  // Gradio asks the browser for its language and the configuration for the title: both are the page's.
  Object.defineProperty(navigator, 'language', {get: () => here.locale, configurable: true});
  config.title = document.title;

  // A link may name a tab; one that does not exist is as good as none.
  const tabs = parts.find(part => part.props.elem_id === 'tabs');
  const known = parts.some(part => part.type === 'tabitem' && part.props.id === asked.get('tab'));
  if (tabs && known) tabs.props.selected = asked.get('tab');

  // Light or dark once chosen stays: Gradio follows the system and sets the class anew now and then.
  const theme = kept('localStorage', 'theme');
  if (theme) root.dataset.theme = theme;
  const paint = () => {
    if (root.dataset.theme) document.body.classList.toggle('dark', root.dataset.theme === 'dark');
  };
  paint();
  const watcher = new MutationObserver(paint);
  watcher.observe(document.body, {attributeFilter: ['class']});
  watcher.observe(root, {attributeFilter: ['data-theme']});

  // Requests are numbered in the order in which they are made, and answers are let in in the order in which the server
  // gave them (`latest.py`): either may arrive in another. One that does not come is waited for a while.
  const ask = window.fetch, patience = 3000, waiting = new Map();
  let requests = 0, next = 1, timer, missing;
  const open = () => {
    waiting.get(next)();
    waiting.delete(next++);
    letIn();
  };
  const giveUp = () => { next = Math.min(...waiting.keys()); open(); };
  const letIn = () => {
    const ready = waiting.has(next);
    if (!waiting.size || (!ready && missing === next)) return;  // it is being waited for
    missing = ready ? undefined : next;
    clearTimeout(timer);
    timer = setTimeout(ready ? open : giveUp, ready ? 0 : patience);  // each is shown before the next one is let in
  };
  const turn = text => {
    const number = Number(/(?<!\\)"answer_number":(\d+)/.exec(text)?.[1]);
    if (!(number >= next)) return Promise.resolve();  // without a number, or no longer waited for
    return new Promise(go => { waiting.set(number, go); letIn(); });
  };
  const answered = async asked => {
    const answer = await asked, text = await answer.text();
    await turn(text);
    return new Response(text, answer);
  };
  const streamed = async asked => {
    const answer = await asked;
    if (!answer.body) return answer;
    let rest = '', before = Promise.resolve();
    const messages = new TransformStream({
      transform(chunk, to) {
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop();
        for (const part of parts) {
          const own = turn(part), mayPass = part.includes('"answer_number":') ? own : before;
          before = Promise.all([before, mayPass.then(() => to.enqueue(`${part}\n\n`))]);
        }
      },
      flush: () => before,
    });
    const body = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(messages);
    return new Response(body.pipeThrough(new TextEncoderStream()), answer);
  };
  window.fetch = (address, options) => {
    const url = String(address?.url ?? address), kind = /\/gradio_api\/(run|queue\/join|queue\/data)\b/.exec(url)?.[1];
    if (!kind) return ask(address, options);
    if (kind === 'queue/data') return streamed(ask(address, options));
    const headers = new Headers(options?.headers ?? address?.headers);
    headers.set('x-request-number', ++requests);
    const asked = ask(address, {...options, headers});
    return kind === 'run' ? answered(asked) : asked;
  };

  root.classList.toggle('presenting', kept('sessionStorage', 'presenting') === 'yes');
})();
