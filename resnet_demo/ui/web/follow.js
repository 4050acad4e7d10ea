// Draws props.value as follow.py says, and sends what is typed. Fields that somebody types in are left alone.
import {csv_blob} from './csv.js';
import {within, plain, make, make_button, save} from './dom.js';
import {fill} from './words.js';
import {steadily} from './steady.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  const OPTIONS = ['A', 'B', 'C'], PLACES = ['conv', 'identity'];
  const steps = find('.steps');
  let value = null, option = 'A', place = 'conv', seed = 0, form = '', current = 0;
  let turn = 0;  // of what was typed and chosen: an answer to an earlier one must not set it back

  const texts = name => [...element.querySelectorAll(`.${name} input`)].map(field => field.value);
  const rows = (list, width) => (
    Array.from({length: list.length / width}, (_, i) => list.slice(i * width, (i + 1) * width)));
  const tell = weights_by => trigger('edit', {option, place, x: rows(rows(texts('x'), 4), 4),
    weights: value.weights ? rows(texts('weights'), 2) : null, fill: weights_by, seed, turn});
  const ask = weights_by => { turn++; tell(weights_by); };
  const tell_soon = steadily(() => tell(''), 250);
  const send = () => { turn++; tell_soon(); };

  function choice(name, values, now, choose) {
    const parts = values.map(one => {
      const field = make('input');
      Object.assign(field, {type: 'radio', name: `${element.id}-${name}`, value: one, checked: one === now});
      field.addEventListener('change', () => choose(one));
      return make('label', '', field, props.text[`${name}.${one}`]);
    });
    return make('fieldset', name, make('legend', '', props.text[name]), ...parts);
  }
  function field(where, words) {
    const node = make('input');
    Object.assign(node, {type: 'text', inputMode: 'decimal', autocomplete: 'off', spellcheck: false});
    node.dataset.where = JSON.stringify(where);
    node.setAttribute('aria-label', words);
    node.addEventListener('focus', () => node.select());
    node.addEventListener('input', send);
    return node;
  }
  function step(name, channels, cell, tools) {
    const figures = channels.map((channel, c) => {
      const grid = make('div', 'grid');
      grid.style.gridTemplateColumns = `repeat(${channel[0].length}, max-content)`;
      grid.append(...channel.flatMap((line, i) => line.map((_, j) => cell(c, i, j))));
      return make('figure', '', make('figcaption', '', fill(props.text.channel, {number: c + 1})), grid);
    });
    return make('div', `step ${name}`, make('h5'), make('div', 'channels', ...figures), tools);
  }
  function matrix() {
    const grid = make('div', 'matrix grid'), outputs = value.weights.length;
    grid.style.gridTemplateColumns = 'repeat(3, max-content)';
    grid.append(make('span'), ...[1, 2].map(number => make('span', '', fill(props.text.from, {number}))));
    for (let k = 0; k < outputs; k++) {
      grid.append(make('span', '', fill(props.text.to, {number: k + 1})),
        ...[0, 1].map(c => field(['weights', k, c], fill(props.text.weight, {to: k + 1, from: c + 1}))));
    }
    const presets = ['sums', 'same', 'initial'].map(name =>
      make_button('tool', props.text[name === 'same' ? `same.${place}` : name], () => { ask(name); seed++; }));
    return make('div', 'step weights', make('h5'), make('div', 'channels', grid), make('div', 'presets', ...presets));
  }

  // what one number of the result is made of
  function light(at) {
    current = at;
    const cells = [...element.querySelectorAll('.out button')], side = value.out[0].length, area = side * side;
    const k = Math.floor(at / area), i = Math.floor(at % area / side), j = at % side, copied = !value.weights;
    const before = value.zeros.filter(z => z < k).length;
    const from = value.zeros.includes(k) ? [] : copied ? [k - before] : [0, 1];
    element.querySelectorAll('.lit').forEach(node => node.classList.remove('lit'));
    cells.forEach((node, n) => { node.tabIndex = n === at ? 0 : -1; });
    cells[at].classList.add('lit');
    const mark = (...where) => find(`.${where[0]} [data-where='${JSON.stringify(where)}']`)?.classList.add('lit');
    for (const c of from) {
      mark('x', c, i * value.stride, j * value.stride);
      mark('kept', c, i, j);
    }
    if (value.weights) for (const c of from) mark('weights', k, c);
    find('.read').textContent = value.reads[k][i][j];
  }
  function result(c, i, j) {
    const node = make_button('', '', () => light(Number(node.dataset.at)));
    node.dataset.at = (c * value.out[0].length + i) * value.out[0].length + j;
    for (const kind of ['pointerenter', 'focus']) node.addEventListener(kind, () => light(Number(node.dataset.at)));
    return node;
  }

  function build() {
    const arrow = next => make('div', 'stage', make('div', 'arrow', '→'), next);  // they wrap together
    const x = step('x', value.x, (c, i, j) => (
      field(['x', c, i, j], fill(props.text.number, {channel: c + 1, row: i + 1, column: j + 1}))));
    const fixed = name => (c, i, j) => {
      const node = make('div');
      node.dataset.where = JSON.stringify([name, c, i, j]);
      return node;
    };
    const parts = [x];
    if (value.stride > 1) parts.push(arrow(step('kept', value.kept, fixed('kept'))));
    if (value.weights) parts.push(arrow(matrix()));
    parts.push(arrow(step('out', value.out, result)));
    x.append(make('div', 'presets', make_button('tool', props.text.random, () => {
      element.querySelectorAll('.x input').forEach(node => { node.value = Math.floor(19 * Math.random()) - 9; });
      ask('');
    })));
    steps.replaceChildren(...parts);
    steps.querySelector('.out').classList.toggle('wide', value.out[0].length > 2);
    find('.choices').replaceChildren(
      choice('option', OPTIONS, option, one => { option = one; ask(''); }),
      choice('place', PLACES, place, one => { place = one; ask(''); }));
    current = value.zeros.includes(0) ? value.out[0].length ** 2 : 0;  // not a zero first
  }

  function write_all(name, channels) {
    element.querySelectorAll(`.${name} .grid > *`).forEach((node, n) => {
      const words = channels.flat(2)[n];
      if (node.tagName !== 'INPUT') node.textContent = words;
      else if (node !== document.activeElement) node.value = words;
    });
  }
  function draw() {
    const next = plain(props.value);
    if (turn && next?.turn !== turn) return;
    write('.wrong', next?.error);
    steps.classList.toggle('stale', !!next?.error);
    element.querySelectorAll('input').forEach(node => {
      node.toggleAttribute('aria-invalid', false);
      if (next?.error && node.dataset.where === JSON.stringify(next.wrong)) node.setAttribute('aria-invalid', 'true');
    });
    if (!next || next.error) return;
    value = next;
    ({option, place} = value);
    const now = JSON.stringify([!!value.weights, place, value.x.length]);
    const chosen = document.activeElement?.closest('fieldset');
    if (now !== form) {
      const again = chosen && element.contains(chosen) && [chosen.className, document.activeElement.value];
      form = now;
      build();
      if (again) element.querySelector(`.${again[0]} input[value=${again[1]}]`).focus();
    }
    find('.follow').classList.add('filled');
    for (const node of element.querySelectorAll('fieldset input')) node.checked = [option, place].includes(node.value);
    for (const name of ['x', 'kept', 'out']) write_all(name, value[name]);
    if (value.weights) {
      element.querySelectorAll('.weights input').forEach((node, n) => {
        if (node !== document.activeElement) node.value = value.weights.flat()[n];
      });
    }
    element.querySelectorAll('.x input').forEach(node => {
      const [, , i, j] = JSON.parse(node.dataset.where);
      node.classList.toggle('unread', i % value.stride > 0 || j % value.stride > 0);
    });
    element.querySelectorAll('.out figure').forEach((node, k) => {
      node.classList.toggle('zero', value.zeros.includes(k));
      node.firstChild.textContent = fill(props.text[value.zeros.includes(k) ? 'zeros' : 'channel'], {number: k + 1});
    });
    for (const [name, words] of Object.entries(value.titles)) {
      const head = element.querySelector(`.${name} h5`);
      if (head) head.replaceChildren(words[0], make('small', '', words[1]));
    }
    find('.words').replaceChildren(...value.words.map(words => make('p', '', words)));
    find('pre').textContent = value.module;
    light(Math.min(current, element.querySelectorAll('.out button').length - 1));
  }

  function download() {  // every number that is seen, and what it is made of
    const of = (name, channels) => channels.flatMap((channel, c) => channel.flatMap((line, i) => line.map((number, j) =>
      [name, c + 1, i + 1, j + 1, number.replace('−', '-'), name === 'out' ? value.reads[c][i][j] : ''])));
    const weights = (value.weights || []).flatMap((line, k) => line.map((number, c) =>
      ['weight', k + 1, '', '', number.replace('−', '-'), fill(props.text.weight, {to: k + 1, from: c + 1})]));
    const kept = value.stride > 1 ? of('kept', value.kept) : [];
    const lines = [['part', 'channel', 'row', 'column', 'number', 'made of'], ...of('x', value.x), ...kept, ...weights,
      ...of('out', value.out)];
    save(csv_blob(lines), `shortcut-${option}.csv`);
  }
  find('.tools').append(make_button('tool', props.text.csv, download));

  steps.addEventListener('keydown', event => {
    if (!event.target.matches('.out button') || event.ctrlKey || event.altKey || event.metaKey) return;
    const cells = [...element.querySelectorAll('.out button')], side = value.out[0].length;
    const to = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side}[event.key];
    if (to === undefined) return;
    cells[current + to]?.focus();
    event.preventDefault();
  });
  draw();
  watch('value', draw);
}
