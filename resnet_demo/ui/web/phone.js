// The page of a phone in a room (phone_page.py): joins, sends images, asks the model, begins a run. Without https a
// phone has no live camera, but its camera app, through a file input.
import {make, make_button} from './dom.js';
import {fill} from './words.js';

const EVERY = 3000;  // ms between two looks at the room
const BETWEEN_IMAGES = 500;  // ms, of a held button and of live answers: within the rate that the room allows
const LOST = 0, BUSY = 429;  // the status of a request that reached nobody, and of one to be repeated later

// Width and height of an image that is brought to at most `side` pixels.
export function scaled(width, height, side) {
  const factor = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}
// How many of the images that were there are gone although this phone has not taken them back.
export function removed(before, now, taken) {
  const left = new Set(now.map(one => one.id));
  return before.filter(one => !left.has(one.id) && !taken.has(one.id)).length;
}
export function counts(pictures) {  // {class: images of this phone}
  const found = {};
  for (const {label} of pictures) found[label] = (found[label] ?? 0) + 1;
  return found;
}
export const percent = value => `${(100 * value).toFixed(0)}%`;

class Refused extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

export function start({room, language, side, text}) {
  const get = id => document.getElementById(id), taken = new Set(), store = `resnet_demo.room.${room}`;
  let key = kept(), state = {version: 0, pictures: []}, stream = null, facing = 'environment', is_held = false;
  let is_live = false, is_over = false, is_lost = false;

  function kept(value) {  // the phone's key, which a reload finds again
    try {
      if (value === undefined) return localStorage.getItem(store);
      if (value) localStorage.setItem(store, value);
      else localStorage.removeItem(store);
    } catch { /* a browser that stores nothing: it joins anew */ }
    return value ?? null;
  }
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const say = words => { get('status').textContent = words; };
  const complain = words => { get('error').textContent = words; };

  async function ask(path, options = {}) {
    const address = new URL(`${room}/${path}`, location.href);
    address.searchParams.set('language', language);
    let response;
    try {
      response = await fetch(address, {...options, headers: key ? {'x-phone': key} : {}});
    } catch {
      throw new Refused(text.lost, LOST);
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(answer.error ?? text.lost, response.status);
    return answer;
  }
  const tell = (path, values) => ask(path, {method: 'POST', body: JSON.stringify(values)});

  async function attempt(action) {  // null, or the status of the refusal, which is said
    try {
      await action();
      complain('');
      return null;
    } catch (error) {
      return refused(error);
    }
  }
  function refused(error) {
    if (!(error instanceof Refused)) throw error;
    complain(error.message);
    if (error.status === 403) leave();
    if (error.status === 404) end();
    return error.status;
  }
  function leave() {
    key = kept('');
    state = {...state, version: 0, pictures: []};
    draw();
  }
  function end() {
    is_over = true;
    kept('');
    stop_camera();
    for (const id of ['join', 'camera', 'train', 'sent']) get(id).hidden = true;
    say('');
  }

  // --- the room

  async function look() {
    const answer = await ask(`state?version=${state.version}`);
    if (answer.version === state.version && !answer.stage) return;
    const gone = removed(state.pictures, answer.pictures ?? [], taken);
    if (gone) say(fill(text.removed, {count: gone}));
    if (state.stage && state.stage !== answer.stage) say('');
    state = {pictures: [], runs: [], ...answer};
    draw();
  }
  async function follow() {
    while (!is_over) {
      if (!document.hidden) await look_again();
      await wait(EVERY);
    }
  }
  async function look_again() {  // what was said of anything else stays
    try {
      await look();
      if (is_lost) complain('');
      is_lost = false;
    } catch (error) {
      is_lost = refused(error) === LOST;
    }
  }
  function draw() {
    if (is_over) return;
    const {stage} = state, is_in = !!key;
    get('join').hidden = is_in;
    get('camera').hidden = !is_in || !(stage === 'collect' || stage === 'try');
    get('classes').hidden = stage !== 'collect';
    get('train').hidden = !is_in || stage !== 'train';
    get('sent').hidden = !is_in || !state.pictures.length;
    if (stage !== 'try') {
      is_live = false;
      get('answers').replaceChildren();
    }
    if (get('camera').hidden) stop_camera();
    draw_classes();
    draw_mine();
    draw_runs();
    draw_camera();
  }
  function draw_classes() {
    const box = get('classes'), of_mine = counts(state.pictures), names = state.classes ?? [];
    if (box.dataset.names !== JSON.stringify(names)) {
      box.dataset.names = JSON.stringify(names);
      box.querySelectorAll('label').forEach(one => one.remove());
      for (const name of names) {
        const radio = Object.assign(make('input'), {type: 'radio', name: 'class', value: name});
        box.append(make('label', '', radio, name, make('b')));
      }
    }
    for (const label of box.querySelectorAll('label')) {
      label.querySelector('b').textContent = of_mine[label.querySelector('input').value] ?? '';
    }
  }
  function draw_mine() {
    const box = get('mine'), nodes = new Map([...box.children].map(one => [one.dataset.id, one]));
    box.replaceChildren(...[...state.pictures].reverse().map(picture => {
      const node = nodes.get(picture.id) ?? thumbnail(picture);
      node.className = picture.accepted ? 'accepted' : '';
      node.querySelector('span').textContent = `${picture.label}: ${picture.accepted ? text.accepted : text.waiting}`;
      return node;
    }));
  }
  function thumbnail({id, label}) {
    const image = Object.assign(make('img'), {src: `${room}/image/${id}`, alt: label});
    const button = make_button('', text.back, () => attempt(async () => {
      taken.add(id);
      await tell('back', {id});
      await look();
    }));
    button.setAttribute('aria-label', `${text.back}: ${label}`);
    const node = make('li', '', image, make('span'), button);
    node.dataset.id = id;
    return node;
  }
  function draw_runs() {
    get('runs').replaceChildren(...(state.runs ?? []).map(({network, state: now, position, accuracy}) => {
      const standing = fill(text[`state.${now}`] ?? now, {position});
      const reached = accuracy === null ? '' : `, ${fill(text.accuracy, {accuracy: percent(accuracy)})}`;
      const title = get('network').querySelector(`option[value=${network}]`)?.textContent ?? network;
      return make('li', '', `${title}: ${standing}${reached}`);
    }));
  }

  // --- images

  async function small(source, width, height) {  // a JPEG of what can be drawn
    const canvas = make('canvas');
    [canvas.width, canvas.height] = scaled(width, height, side);
    canvas.getContext('2d').drawImage(source, 0, 0, canvas.width, canvas.height);
    return new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9));
  }
  async function from_file(file) {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      return file;  // what this browser cannot read the server may, or says why not
    }
    return small(bitmap, bitmap.width, bitmap.height);
  }
  const from_camera = () => small(get('video'), get('video').videoWidth, get('video').videoHeight);

  async function use(image) {
    if (state.stage === 'try') {
      const {answers, sure} = await ask('try', {method: 'POST', body: image});
      get('answers').replaceChildren(...answers.map(([label, probability]) => {
        const bar = make('i');
        bar.style.width = percent(probability);
        return make('li', '', label, make('b', '', percent(probability)), bar);
      }));
      if (!sure) get('answers').prepend(make('li', '', text.unsure));
      return;
    }
    const label = document.querySelector('#classes input:checked')?.value;
    if (!label) throw new Refused(text.choose, 400);
    const {id} = await ask(`send?label=${encodeURIComponent(label)}`, {method: 'POST', body: image});
    state.pictures = [...state.pictures.filter(one => one.id !== id), {id, label, accepted: false}];
    say(fill(text.sent, {count: state.pictures.length}));
    draw();
  }
  async function take_files(input) {
    for (const file of [...input.files]) if (await attempt(async () => use(await from_file(file))) !== null) break;
    input.value = '';
  }
  async function repeat(goes_on) {  // one image at a time: the next one when the last is answered
    while (goes_on() && stream) {
      const begun = performance.now();
      const status = await attempt(async () => use(await from_camera()));
      if (status === BUSY) await wait(EVERY);
      else if (status !== null) break;
      await wait(Math.max(0, BETWEEN_IMAGES - (performance.now() - begun)));
    }
  }
  async function hold() {
    if (is_held) return;
    is_held = true;
    get('hold').classList.add('held');
    await repeat(() => is_held);
    release();
  }
  function release() {
    is_held = false;
    get('hold').classList.remove('held');
  }
  async function live() {
    is_live = !is_live;
    draw_camera();
    if (!is_live) return;
    await repeat(() => is_live);
    is_live = false;
    draw_camera();
  }

  // --- the camera, where the page is secure

  const has_camera = () => isSecureContext && !!navigator.mediaDevices?.getUserMedia;
  async function start_camera() {
    stop_camera();
    try {
      stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: facing}});
      get('video').srcObject = stream;
      await get('video').play();
      complain('');
    } catch (error) {
      stop_camera();
      complain(error.name === 'NotAllowedError' ? text.refused : text.none);
    }
    draw_camera();
  }
  function stop_camera() {
    stream?.getTracks().forEach(track => track.stop());
    stream = null;
    is_held = is_live = false;
  }
  function draw_camera() {
    const is_try = state.stage === 'try';
    get('video').hidden = !stream;
    get('start').hidden = !has_camera() || !!stream;
    get('turn').hidden = !stream;
    get('hold').hidden = !stream || is_try;
    get('live').hidden = !stream || !is_try;
    get('live').textContent = is_live ? text.stop : text.live;
    get('insecure').hidden = has_camera();
  }

  get('join').addEventListener('submit', event => {
    event.preventDefault();
    attempt(async () => {
      key = kept((await tell('join', {name: get('name').value})).key);
      state = {...state, version: 0};
      await look();
    });
  });
  for (const id of ['photo', 'album']) get(id).addEventListener('change', event => take_files(event.target));
  get('start').addEventListener('click', start_camera);
  get('turn').addEventListener('click', () => {
    facing = facing === 'user' ? 'environment' : 'user';
    start_camera();
  });
  get('live').addEventListener('click', live);
  get('hold').addEventListener('pointerdown', event => {
    event.preventDefault();
    hold();
  });
  for (const name of ['pointerup', 'pointercancel', 'blur']) addEventListener(name, release);
  get('hold').addEventListener('contextmenu', event => event.preventDefault());
  get('hold').addEventListener('keydown', event => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    hold();
  });
  get('hold').addEventListener('keyup', release);
  get('begin').addEventListener('click', () => attempt(async () => {
    await tell('train', {network: get('network').value});
    say(text.begun);
    await look();
  }));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      stop_camera();
      draw_camera();
    } else if (!is_over) look_again();
  });
  follow();
}
