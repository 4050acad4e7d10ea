// Draws props.value as channels.py says.
import {make, make_button, plain, reveal, within} from './dom.js';
import {tile_style} from './tiles.js';
import {fill} from './words.js';

const WAYS = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]};

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element), words = props.text;
  let value = {}, chosen = 0, unit = null;

  function choose(n) {
    const count = value.channels.length;
    chosen = Math.min(n, count - 1);
    [...find('.all').children].forEach((button, at) => button.setAttribute('aria-pressed', at === chosen));
    const large = find('.large');
    large.style.cssText = tile_style(chosen, count);
    find('.which').textContent = fill(words.channel, {number: value.channels[chosen], count});
    large.setAttribute('aria-label', `${find('.which').textContent} ${words.unit}`);
  }
  function point(row, column) {
    unit = [Math.min(value.height - 1, Math.max(0, row)), Math.min(value.width - 1, Math.max(0, column))];
    const mark = make('i');
    mark.style.cssText = `top: ${100 * unit[0] / value.height}%; left: ${100 * unit[1] / value.width}%; `
      + `height: ${100 / value.height}%; width: ${100 / value.width}%`;
    find('.large').replaceChildren(mark);
    trigger('unit', {name: value.name, channel: value.channels[chosen], row: unit[0], column: unit[1]});
  }
  function draw_field(field) {
    const [left, top, width, height] = (field?.box || [0, 0, 0, 0]).map(share => `${100 * share}%`);
    find('.box').style.cssText = `left: ${left}; top: ${top}; width: ${width}; height: ${height}`;
    find('.box').hidden = !field;
    find('.field').hidden = !field?.map;
    if (field?.map) find('.field').src = field.map;
    find('.words').textContent = field?.words || words.seen;
  }
  function draw() {
    const last = value, next = plain(props.value) || {};
    value = next;
    const is_open = Boolean(value.name);
    find('.channels').hidden = !is_open;
    document.dispatchEvent(new CustomEvent('flow:open', {detail: value.name ?? null}));
    if (!is_open) return;
    const same = last.strip === value.strip;
    write('h3', value.title);
    write('.note', value.note);
    find('.view').src = value.view;
    find('.view').alt = words.view;
    find('.view').classList.toggle('pixelated', value.pixelated);
    draw_field(value.field);
    if (same) return;
    const part = find('.channels'), count = value.channels.length;
    part.style.setProperty('--strip', `url(${value.strip})`);
    part.style.setProperty('--aspect', `${value.width} / ${value.height}`);
    find('.all').replaceChildren(...value.channels.map((number, n) => {
      const button = make_button('', '', () => { choose(n); if (unit) point(...unit); });
      button.style.cssText = tile_style(n, count);
      button.title = fill(words.channel, {number, count});
      button.setAttribute('aria-label', button.title);
      return button;
    }));
    if (last.name !== value.name) {
      unit = null;
      find('.large').replaceChildren();
      chosen = 0;
    }
    choose(chosen);
    if (last.name !== value.name) reveal(part);
  }

  find('.shut').textContent = words.shut;
  find('.shut').addEventListener('click', () => trigger('shut', {}));
  find('.field').alt = '';
  find('.large').addEventListener('click', event => {
    const {left, top, width, height} = find('.large').getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    point(Math.floor(y * value.height), Math.floor(x * value.width));
  });
  find('.large').addEventListener('keydown', event => {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const [row, column] = unit ?? [value.height >> 1, value.width >> 1];
    point(row + way[0], column + way[1]);
  });
  draw();
  watch('value', draw);
}
