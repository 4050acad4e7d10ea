// Takes images of classes and sends them, then shows what a model answers about the camera's frames: see teacher.py.
import {cameras, question, reason, square} from './camera_parts.js';
import {make, make_button, plain, refill, within} from './dom.js';
import {files_of, fresh_name, is_sure, missing} from './teacher_parts.js';
import {fill} from './words.js';
import {zip_of} from './zip.js';

const EVERY = 200;  // ms between two images while a button is held
const QUALITY = .9, FRAME_QUALITY = .85;
const SPOKEN_EVERY = 4000;  // ms: who hears the answers is not to hear all of them
const pause = ms => new Promise(done => setTimeout(done, ms));

export default function ({element, props, trigger, upload, watch}) {
  const {find} = within(element), words = props.text, limits = props.limits, video = find('video');
  const choice = find('select'), is_phone = () => matchMedia('(pointer: coarse)').matches;
  const classes = [];  // {name, images: [{blob, url}], node, fresh: draws what has changed of it}
  let stream = null, turn = 0;  // of the camera; whoever waits for one of another turn gives up
  let taking = null, busy = false;  // the class whose button is held; whether images are being sent or learned

  function tell(node, sentence, is_error = false) {
    if (node.textContent !== sentence) node.textContent = sentence;
    node.classList.toggle('error', is_error && Boolean(sentence));
  }

  // -- the camera
  function stop(sentence = '') {
    turn++;
    taking = null;
    stream?.getTracks().forEach(track => track.stop());
    stream = video.srcObject = null;
    find('.on').hidden = find('.answer').hidden = true;
    find('.idle').hidden = false;
    find('.spoken').textContent = '';
    tell(find('.told'), sentence, true);
  }
  async function start(constraints = is_phone() ? {facingMode: 'environment'} : {}) {
    if (!navigator.mediaDevices?.getUserMedia) {
      tell(find('.told'), `${props.camera[isSecureContext ? 'unsupported' : 'insecure']} ${words.files_work}`, true);
      return;
    }
    stop();
    const mine = turn;
    tell(find('.told'), props.camera.starting);
    try {
      const size = {width: {ideal: 640}, height: {ideal: 480}};
      const opened = await navigator.mediaDevices.getUserMedia({video: {...size, ...constraints}, audio: false});
      if (mine !== turn) { opened.getTracks().forEach(track => track.stop()); return; }
      stream = opened;
      const [track] = stream.getVideoTracks();
      track.addEventListener('ended', () => { if (stream === opened) stop(props.camera.ended); });
      video.classList.toggle('mirrored', track.getSettings().facingMode === 'user');
      video.srcObject = stream;
      find('.idle').hidden = true;
      find('.on').hidden = false;
      await video.play();
      await list();
    } catch (error) {
      if (mine === turn) stop(`${props.camera[reason(error)]} ${words.files_work}`);
      return;
    }
    if (mine !== turn) return;
    tell(find('.told'), '');
    await answer(mine);
  }
  async function list() {
    const found = cameras(await navigator.mediaDevices.enumerateDevices(), is_phone(), props.camera);
    find('.which').hidden = !found.length;
    choice.replaceChildren(...found.map(([name, constraints]) => {
      const option = make('option', '', name);
      option.value = JSON.stringify(constraints);
      return option;
    }));
    const now = stream?.getVideoTracks()[0].getSettings() ?? {};
    choice.selectedIndex = Math.max(0, found.findIndex(([, {deviceId, facingMode}]) => (
      deviceId ? deviceId.exact === now.deviceId : facingMode === now.facingMode)));
  }
  const is_seeing = () => stream && video.readyState >= 2 && video.videoWidth > 0;

  const canvas = make('canvas'), pen = canvas.getContext('2d');
  canvas.width = canvas.height = limits.side;
  function picture(source, width, height, quality) {  // the largest square in the middle, as a small JPEG
    const [left, top, side] = square(width, height);
    pen.fillStyle = '#FFFFFF';
    pen.fillRect(0, 0, limits.side, limits.side);
    pen.drawImage(source, left, top, side, side, 0, 0, limits.side, limits.side);
    return new Promise(done => canvas.toBlob(done, 'image/jpeg', quality));
  }

  // -- classes and their images
  function keep(one, blob) {
    if (!classes.includes(one) || one.images.length >= limits.images) return false;
    one.images.push({blob, url: URL.createObjectURL(blob)});
    one.fresh();
    return true;
  }
  function forget(one, image) {
    const at = one.images.indexOf(image);
    if (at < 0) return;
    URL.revokeObjectURL(image.url);
    one.images.splice(at, 1);
    one.fresh();
    const thumbs = one.node.querySelectorAll('.thumbs button');
    (thumbs[Math.min(at, thumbs.length - 1)] ?? one.node.querySelector('.hold')).focus();
  }
  async function hold(one) {
    if (taking || busy) return;
    if (!stream) { await start(); return; }  // the next press takes images
    taking = one;
    const button = one.node.querySelector('.hold');
    button.classList.add('taking');
    while (taking === one && stream && classes.includes(one)) {
      const began = performance.now();
      if (is_seeing() && !keep(one, await picture(video, video.videoWidth, video.videoHeight, QUALITY))) break;
      await pause(Math.max(20, EVERY - (performance.now() - began)));
    }
    if (taking === one) taking = null;
    button.classList.remove('taking');
  }
  const release = () => { taking = null; };
  async function take_files(one, files) {
    const unread = [];
    for (const file of files) {
      try {
        const bitmap = await createImageBitmap(file);
        if (!keep(one, await picture(bitmap, bitmap.width, bitmap.height, QUALITY))) break;
      } catch { unread.push(file.name); }
    }
    if (unread.length) tell(find('.sent'), fill(words.unread, {names: unread.slice(0, 5).join(', ')}), true);
  }

  function add() {
    if (classes.length >= limits.most) return;
    const one = {name: fresh_name(classes, words.class), images: []}, shown = new Map();  // thumbnails by image
    const name = make('input', 'name'), count = make('span', 'count'), thumbs = make('div', 'thumbs');
    Object.assign(name, {type: 'text', value: one.name, maxLength: limits.name, autocomplete: 'off'});
    name.addEventListener('input', () => { one.name = name.value; one.fresh(); });
    name.addEventListener('focus', () => name.select());
    const remove = make_button('remove', words.remove, () => {
      one.images.forEach(({url}) => URL.revokeObjectURL(url));
      classes.splice(classes.indexOf(one), 1);
      one.node.remove();
      for (const other of classes) other.fresh();
      refresh();
      find('.add').focus();
    });
    const button = make_button('hold', words.hold, () => {});
    button.addEventListener('pointerdown', event => { button.setPointerCapture(event.pointerId); hold(one); });
    const ends = ['pointerup', 'pointercancel', 'lostpointercapture', 'blur', 'keyup'];
    for (const end of ends) button.addEventListener(end, release);
    button.addEventListener('contextmenu', event => event.preventDefault());  // of a long press on a phone
    button.addEventListener('keydown', event => {
      if (![' ', 'Enter'].includes(event.key)) return;
      event.preventDefault();
      if (!event.repeat) hold(one);
    });
    const input = make('input'), files = make('label', 'files', words.files, input);
    Object.assign(input, {type: 'file', accept: 'image/*', multiple: true});
    input.addEventListener('change', async () => {
      const chosen = [...input.files];
      input.value = '';  // so that the same files can be chosen again
      await take_files(one, chosen);
    });
    one.node = make('li', 'one', make('div', 'top', name, count, remove), make('div', 'take', button, files), thumbs);
    one.fresh = () => {
      const {images} = one;
      count.textContent = fill(words.count, {count: images.length});
      name.setAttribute('aria-label', fill(words.name, {number: classes.indexOf(one) + 1}));
      for (const [node, key] of [[remove, 'remove_of'], [button, 'hold_of'], [input, 'files_of']]) {
        node.setAttribute('aria-label', fill(words[key], {name: one.name}));
      }
      button.disabled = input.disabled = busy || images.length >= limits.images;
      for (const [image, node] of shown) if (!images.includes(image)) { node.remove(); shown.delete(image); }
      images.forEach((image, at) => {
        if (!shown.has(image)) {
          const node = make_button('', '', () => forget(one, image)), look = make('img');
          Object.assign(look, {src: image.url, alt: '', loading: 'lazy'});
          node.append(look);
          thumbs.append(node);
          shown.set(image, node);
        }
        shown.get(image).setAttribute('aria-label', fill(words.delete, {number: at + 1, name: one.name}));
      });
      refresh();
    };
    classes.push(one);
    find('.classes').append(one.node);
    one.fresh();
    return one;
  }
  function refresh() {
    const lacks = missing(classes, limits), enough = classes.every(({images}) => images.length >= limits.enough);
    const said = lacks ? fill(words[`missing.${lacks[0]}`], lacks[1]) : enough ? '' : fill(words.enough, limits);
    tell(find('.need'), said);
    find('.train').disabled = Boolean(lacks) || busy;
    find('.add').disabled = classes.length >= limits.most || busy;
    element.querySelectorAll('.remove').forEach(node => { node.disabled = busy || classes.length <= limits.least; });
  }
  function set_busy(now) {
    busy = now;
    find('.teacher').setAttribute('aria-busy', now);
    for (const one of classes) one.fresh();
  }

  // -- sending, and answers
  async function send() {
    if (busy || missing(classes, limits)) return;
    set_busy(true);
    tell(find('.sent'), words.sending);
    try {
      const zip = await zip_of(files_of(classes), () => {});
      const {path} = await upload(new File([zip], 'images.zip', {type: zip.type}));
      props.value = {path, orig_name: 'images.zip', meta: {_type: 'gradio.FileData'}};
      trigger('teach');
    } catch (error) {
      const refusal = /HTTP 413: (.+)/s.exec(error);  // a sentence of the server, in the language of the page
      set_busy(false);
      tell(find('.sent'), refusal ? refusal[1] : words.lost, true);
    }
  }
  async function answer(mine) {  // as long as the camera of this turn is on: a frame when the last answer is there
    const page = crypto.randomUUID?.() ?? String(Math.random());
    let spoken = 0;
    while (mine === turn) {
      const live = plain(props.value)?.live;
      if (!live || !is_seeing()) {
        find('.answer').hidden = true;
        await pause(150);
        continue;
      }
      const options = {models: [live.model], top_k: limits.most, temperature: 1, crop: 'centre'};
      let response, result;
      try {
        response = await fetch(question(document.baseURI, props, options, page, false, {}), {method: 'POST',
          headers: {'content-type': 'image/jpeg'},
          body: await picture(video, video.videoWidth, video.videoHeight, FRAME_QUALITY)});
        result = await response.json();
      } catch { result = {error: props.camera.lost}; }
      if (mine !== turn) return;
      if (response?.status === 429) {
        await pause(1000 * (Number(response.headers.get('retry-after')) || 1));
        continue;
      }
      const card = result.figure?.cards[0], refused = result.error ?? card?.message;
      if (refused || !card?.rows.length) { stop(refused ?? props.camera.lost); return; }
      draw(card.rows, live.threshold);
      if (performance.now() - spoken > SPOKEN_EVERY) {
        spoken = performance.now();
        find('.spoken').textContent = find('.verdict').textContent;
      }
      await pause(30);
    }
  }
  function draw(rows, threshold) {
    find('.answer').hidden = false;
    tell(find('.verdict'), is_sure(rows, threshold) ? rows[0].label : words.unsure);
    refill(find('.bars'), ...rows.map(({label, percent, probability}) => {
      const line = make('li', '', make('span', '', label), make('span', '', percent));
      line.style.setProperty('--share', `${100 * probability}%`);
      return line;
    }));
  }
  function follow() {
    const value = plain(props.value);
    if (!value || value.path) return;  // images that are on their way
    set_busy(value.training);
    tell(find('.sent'), value.training ? words.learning : value.live && !stream ? words.look : '');
    find('.train').textContent = value.live ? words.again : words.train;
  }

  for (const name of ['start', 'stop', 'add', 'train', 'kept']) find(`.${name}`).textContent = words[name];
  find('.which span').textContent = props.camera.which;
  video.setAttribute('aria-label', props.camera.video);
  find('.start').addEventListener('click', () => start());
  find('.stop').addEventListener('click', () => { stop(); find('.start').focus(); });
  find('.add').addEventListener('click', () => add()?.node.querySelector('.name').focus());
  find('.train').addEventListener('click', send);
  choice.addEventListener('change', () => start(JSON.parse(choice.value)));
  document.addEventListener('tab', ({detail}) => { if (detail !== props.tab) stop(); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
  addEventListener('pagehide', () => stop());
  for (let n = 0; n < limits.least; n++) add();
  follow();
  watch('value', follow);
}
