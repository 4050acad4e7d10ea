// Sends what a camera sees, as camera.py says: a frame is taken when the last answer is there, so none ever queues.
import {make, plain, within} from './dom.js';
import {cameras, question, rate, reason, square} from './camera_parts.js';
import {fill} from './words.js';

const SIDE = 256, QUALITY = .85;  // of a frame
const SPOKEN_EVERY = 4000;  // ms: who hears the answers is not to hear all of them
const SHOWN_EVERY = 500;
const pause = ms => new Promise(done => setTimeout(done, ms));

export default function ({element, props, trigger, watch}) {
  const {find} = within(element), words = props.text, video = find('video'), choice = find('select');
  const numbers = new Intl.NumberFormat(document.documentElement.lang || 'en', {maximumFractionDigits: 1,
    minimumFractionDigits: 1});
  const is_phone = () => matchMedia('(pointer: coarse)').matches;
  let session = null;  // of the camera that is on or about to be: {page, stop: AbortController, stream, classes}

  function tell(sentence, is_error = false) {
    const told = find('.told');
    if (told.textContent !== (sentence || '')) told.textContent = sentence || '';
    told.classList.toggle('error', is_error);
  }
  function draw(answer) {
    for (const [part, id] of Object.entries(props.draws)) {
      const detail = answer && (answer[part] ?? {});
      document.querySelector(`#${id} .html-container > *`)?.dispatchEvent(new CustomEvent('live', {detail}));
    }
  }
  const release = stream => stream?.getTracks().forEach(track => track.stop());

  function stop(sentence = '', is_quiet = false) {
    if (!session) return;
    const {stream, began} = session;
    session.stop.abort();
    session = null;
    release(stream);
    video.srcObject = null;
    find('.on').hidden = true;
    find('.idle').hidden = false;
    find('.spoken').textContent = '';
    tell(sentence, Boolean(sentence));
    if (!began) return;
    draw(null);
    if (!is_quiet) trigger('end', {});
  }

  async function open(mine, constraints) {  // the camera of a session; another one in place of the one it has
    release(mine.stream);
    mine.stream = null;
    const size = {width: {ideal: 640}, height: {ideal: 480}};
    const stream = await navigator.mediaDevices.getUserMedia({video: {...size, ...constraints}, audio: false});
    if (session !== mine) { release(stream); return false; }
    mine.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => { if (mine.stream === stream && session === mine) stop(words.ended); });
    video.classList.toggle('mirrored', track.getSettings().facingMode === 'user');
    video.srcObject = stream;
    await video.play();
    return session === mine;
  }
  async function list() {
    const found = cameras(await navigator.mediaDevices.enumerateDevices(), is_phone(), words);
    find('.which').hidden = !found.length;
    choice.replaceChildren(...found.map(([name, constraints]) => {
      const option = make('option', '', name);
      option.value = JSON.stringify(constraints);
      return option;
    }));
    const now = session?.stream?.getVideoTracks()[0].getSettings() ?? {};
    const at = found.findIndex(([, {deviceId, facingMode}]) => (
      deviceId ? deviceId.exact === now.deviceId : facingMode === now.facingMode));
    choice.selectedIndex = Math.max(0, at);
  }

  async function start() {
    if (session) return;
    if (!navigator.mediaDevices?.getUserMedia) {
      tell(isSecureContext ? words.unsupported : words.insecure, true);
      return;
    }
    const mine = session = {page: crypto.randomUUID(), stop: new AbortController(), stream: null, classes: {},
      began: false};
    find('.idle').hidden = true;
    find('.on').hidden = false;
    find('.rate').textContent = '';
    tell(words.starting);
    find('.stop').focus();
    try {
      if (!await open(mine, is_phone() ? {facingMode: 'environment'} : {})) return;
      await list();
    } catch (error) {
      if (session === mine) { stop(words[reason(error)]); find('.start').focus(); }
      return;
    }
    if (session !== mine) return;
    tell('');
    mine.began = true;
    trigger('start', {});
    await run(mine);
  }

  const canvas = make('canvas'), pen = canvas.getContext('2d');
  canvas.width = canvas.height = SIDE;
  function frame() {
    const [left, top, side] = square(video.videoWidth, video.videoHeight);
    pen.drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
    return new Promise(done => canvas.toBlob(done, 'image/jpeg', QUALITY));
  }
  function next_frame() {  // or soon, where a browser does not tell of it
    return new Promise(done => {
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(done);
      setTimeout(done, 100);
    });
  }

  async function ask(mine) {  // {answer}, {wait: ms, words}, or {refused: words}
    const url = question(document.baseURI, props, plain(props.value), mine.page, find('.heat input').checked,
      mine.classes);
    const options = {method: 'POST', headers: {'content-type': 'image/jpeg'}, signal: mine.stop.signal};
    const response = await fetch(url, {...options, body: await frame()});
    const answer = await response.json();
    if (response.ok) return {answer};
    if (response.status !== 429) return {refused: answer.error};
    return {wait: 1000 * (Number(response.headers.get('retry-after')) || 1), words: answer.error};
  }
  async function run(mine) {
    let times = [], shown = 0, spoken = 0;
    while (session === mine) {
      if (!props.value?.models?.length) {
        tell(words.unanswered);
        await pause(300);
        continue;
      }
      if (!mine.stream || video.readyState < 2 || !video.videoWidth) { await pause(50); continue; }  // another camera
      let result;
      try { result = await ask(mine); } catch { result = {refused: words.lost}; }
      if (session !== mine) return;
      if (result.refused) { stop(result.refused); return; }
      tell(result.wait ? result.words : '');
      if (result.wait) { await pause(result.wait); continue; }
      draw(result.answer);
      const now = performance.now();
      times = [...times.slice(-60), now];
      if (now - shown > SHOWN_EVERY) {
        shown = now;
        const answers = rate(times, now);
        find('.rate').textContent = answers === null ? '' : fill(words.rate, {rate: numbers.format(answers)});
      }
      if (now - spoken > SPOKEN_EVERY) {
        spoken = now;
        find('.spoken').textContent = result.answer.figure.cards.filter(card => card.rows.length)
          .map(({title, rows}) => fill(words.best, {model: title.split(' · ')[0], label: rows[0].label})).join(', ');
      }
      await next_frame();
    }
  }

  find('.camera').setAttribute('aria-label', words.label);
  find('.start').textContent = words.start;
  find('.stop').textContent = words.stop;
  find('.heat span').textContent = words.heat;
  find('.which span').textContent = words.which;
  for (const node of element.querySelectorAll('.kept')) node.textContent = words.kept;
  video.setAttribute('aria-label', words.video);
  find('.start').addEventListener('click', start);
  find('.stop').addEventListener('click', () => { stop(); find('.start').focus(); });
  choice.addEventListener('change', async () => {
    const mine = session;
    try {
      await open(mine, JSON.parse(choice.value));
    } catch (error) {
      if (session === mine) stop(words[reason(error)]);
    }
  });
  // a class that is clicked while it runs: its evidence is shown from then on, of the best one when clicked again
  document.addEventListener('live:select', ({detail: {index, card}}) => {
    if (!session) return;
    const models = card ? [card] : plain(props.value).models, again = session.classes[models[0]] === index;
    for (const model of models) session.classes[model] = again ? undefined : index;
  });
  document.addEventListener('camera:stop', () => stop('', true));
  document.addEventListener('tab', ({detail}) => { if (detail !== props.tab) stop(); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
  addEventListener('pagehide', () => stop('', true));
  watch('value', () => {  // other models or options: what else answers to that gives way again
    if (!session?.began) return;
    session.classes = {};
    trigger('start', {});
  });
}
