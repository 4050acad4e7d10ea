// Draws the room of props.value as board.py says: asks what is in it while it is seen, and tells what the teacher does.
import {copy_lines, make, make_button, plain, refill, within} from './dom.js';
import {in_place, is_aimed_at} from './in_place.js';
import {fill} from './words.js';

const EVERY = 1200;  // ms between two looks
const STAGES = ['collect', 'train', 'try'];
const SURE = 5000;  // ms in which closing has to be confirmed

// The images of each class, the newest first, and how many of them are accepted and wait.
export function by_class(classes, pictures) {
  return classes.map(label => {
    const images = pictures.filter(one => one.label === label).reverse();
    const accepted = images.filter(one => one.accepted).length;
    return {label, images, accepted, pending: images.length - accepted};
  });
}

export default function ({element, props, server, trigger, watch}) {
  const {find} = within(element), words = props.text, nodes = new Map();
  let room = {}, state = null, runs = '', generation = 0, sure = 0;

  const address_of = path => new URL(`room/${room.room}${path}`, document.baseURI).href;
  const key = () => ({room: room.room, key: room.key});
  const is_seen = () => !document.hidden && element.offsetParent !== null;
  const wait = ms => new Promise(done => setTimeout(done, ms));

  async function follow(turn) {
    while (turn === generation && element.isConnected) {
      if (is_seen()) {
        try {
          const answer = await server.look({...key(), version: state?.version ?? 0});
          if (turn === generation) take(answer);
        } catch {
          find('.said').textContent = words.lost;
        }
      }
      await wait(EVERY);
    }
  }
  function take(answer) {
    if (answer.gone) return shut();
    if (find('.said').textContent === words.lost) find('.said').textContent = '';
    find('.left').textContent = fill(words.left, {minutes: answer.minutes});
    if (answer.stage && answer.version >= (state?.version ?? 0)) {
      state = answer;
      draw_state();
    }
    if (answer.runs !== runs) {
      runs = answer.runs;
      trigger('runs', {});
    }
  }
  function shut() {
    generation++;
    room = {};
    state = null;
    nodes.clear();
    find('.board').hidden = true;
    find('.classes').replaceChildren();
    find('.gone').textContent = words.gone;
    find('.gone').hidden = false;
    trigger('shut', {});
  }
  async function act(action, values = {}) {
    const turn = generation;
    try {
      const answer = await server.moderate({...key(), action, ...values});
      if (turn === generation) take(answer);
    } catch {
      find('.said').textContent = words.lost;
    }
  }

  // --- what is drawn

  function draw_state() {
    const groups = by_class(state.classes, state.pictures);
    const pending = groups.reduce((sum, one) => sum + one.pending, 0);
    find('.accept_all').textContent = `${words.accept_all} (${pending})`;
    find('.accept_all').disabled = !pending;
    for (const input of element.querySelectorAll('.stage input')) input.checked = input.value === state.stage;
    const known = new Set(state.pictures.map(one => one.id));
    for (const id of [...nodes.keys()]) if (!known.has(id)) nodes.delete(id);
    draw_classes(groups);
    draw_phones();
  }
  function draw_classes(groups) {
    const box = find('.classes');
    if (box.dataset.names !== JSON.stringify(state.classes) || !box.children.length) {
      box.dataset.names = JSON.stringify(state.classes);
      const section = ({label}) => make('section', '', make('h4', '', label), make('p'), make('ul'));
      box.replaceChildren(...groups.map(section));
    }
    groups.forEach((group, at) => {
      const section = box.children[at], list = section.querySelector('ul');
      section.querySelector('p').textContent = fill(words.count, group);
      const shown = [...list.children], images = group.images.map(draw_image);
      const next = is_aimed_at(list) ? in_place(images, shown) : images;
      const has_focus = list.contains(document.activeElement);
      const place = has_focus ? shown.indexOf(document.activeElement.closest('li')) : -1;
      if (next.length !== shown.length || next.some((node, i) => node !== shown[i])) {
        list.replaceChildren(...next);
      }
      if (has_focus && !list.contains(document.activeElement)) {  // the keyboard goes on with the image beside it
        list.children[Math.min(place, next.length - 1)]?.querySelector('.remove').focus();
      }
    });
  }
  function draw_image(picture) {
    if (!nodes.has(picture.id)) nodes.set(picture.id, make_image(picture));
    const node = nodes.get(picture.id), kind = picture.accepted ? 'accepted' : 'pending';
    const name = fill(words.picture, {...picture, state: words[kind]});
    node.className = kind;
    node.querySelector('img').alt = name;
    for (const action of ['accept', 'remove']) {
      node.querySelector(`.${action}`).setAttribute('aria-label', `${words[action]}: ${name}`);
    }
    return node;
  }
  function make_image({id, name}) {
    const image = Object.assign(make('img'), {src: address_of(`/image/${id}`), loading: 'lazy'});
    const buttons = make('div', '',
      make_button('accept', '✓', () => act('accept', {ids: [id]})),
      make_button('remove', '✕', () => act('remove', {ids: [id]})));
    return make('li', '', image, make('span', '', name), buttons);
  }
  function draw_phones() {
    find('.who summary').textContent = fill(words.phones, {count: state.phones.length});
    refill(find('.who ul'), ...state.phones.map(({id, name}) => {
      const button = make('button', '', '✕');
      Object.assign(button, {type: 'button', value: id, title: words.away});
      button.setAttribute('aria-label', `${words.away}: ${name}`);
      return make('li', '', name, button);
    }));
  }
  async function draw_door() {
    const turn = generation, address = address_of('');
    find('.local').hidden = !/^(localhost|127\.|\[::1\])/.test(location.host);
    const {address: shown, code} = await server.share({address});
    if (turn !== generation) return;
    find('.link input').value = shown;
    find('.code').src = code;
  }
  function draw() {
    const next = plain(props.value) || {};
    if (next.room === room.room) return;
    room = next;
    state = null;
    runs = '';
    generation++;
    nodes.clear();
    find('.classes').replaceChildren();
    find('.board').hidden = !room.room;
    if (!room.room) return;
    find('.gone').hidden = true;
    draw_door();
    follow(generation);
  }

  for (const name of ['join', 'local', 'accept_all', 'close', 'copy']) find(`.${name}`).textContent = words[name];
  find('.code').alt = words.code;
  find('.link input').setAttribute('aria-label', words.address);
  find('.stage legend').textContent = words.stage;
  find('.stage').append(...STAGES.map(stage => {
    const input = Object.assign(make('input'), {type: 'radio', name: `${element.id}-stage`, value: stage});
    input.addEventListener('change', () => act('stage', {stage}));
    return make('label', '', input, words[stage]);
  }));
  find('.accept_all').addEventListener('click', () => act('accept_all'));
  find('.who ul').addEventListener('click', ({target}) => { if (target.value) act('away', {ids: [target.value]}); });
  find('.copy').addEventListener('click', () => {
    const box = find('.link input');
    box.select();
    copy_lines([[box.value]], box, find('.copy'), words);
  });
  find('.close').addEventListener('click', ({target}) => {
    clearTimeout(sure);
    const is_sure = target.classList.toggle('sure');
    target.textContent = is_sure ? words.sure : words.close;
    if (!is_sure) return act('close');
    sure = setTimeout(() => {
      target.classList.remove('sure');
      target.textContent = words.close;
    }, SURE);
  });
  draw();
  watch('value', draw);
}
