// Draws props.value as brush.py says: what is painted is kept here, a number for each pixel of the image.
import {make, plain, within} from './dom.js';
import {packed, stamp} from './bits.js';

const WAYS = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1]};
const PAUSE = 120;  // milliseconds between two events while somebody paints

export default function ({element, props, trigger, watch}) {
  const {find} = within(element), words = props.text, canvas = find('canvas');
  let value = {}, mask = new Uint8Array(0), at = null, waiting = 0;

  const radius = () => find('input').value / 100 * value.width / 2;
  function draw() {  // the brush; what it has covered is in the image
    const pen = canvas.getContext('2d'), scale = canvas.width / value.width;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!at) return;
    pen.lineWidth = 2;
    for (const [color, more] of [['#000000', 1], ['#ffffff', -1]]) {
      pen.strokeStyle = color;
      pen.beginPath();
      pen.arc(at[0] * scale, at[1] * scale, Math.max(2, radius() * scale + more), 0, 7);
      pen.stroke();
    }
  }
  function tell() {
    waiting ||= setTimeout(() => {
      waiting = 0;
      trigger('paint', {bits: packed(mask), cover: find('select').value});
    }, PAUSE);
  }
  function paint() {
    if (stamp(mask, value.width, value.height, at, radius())) tell();
    draw();
  }
  function aim(event) {
    const {left, top, width, height} = canvas.getBoundingClientRect();
    at = [(event.clientX - left) / width * value.width, (event.clientY - top) / height * value.height];
  }
  function update() {
    const next = plain(props.value) || {}, is_other = next.view !== value.view;
    value = next;
    find('.brush').hidden = !value.view;
    if (!value.view) return;
    const image = find('.view');
    image.src = value.painted || value.view;
    image.classList.toggle('pixelated', value.pixelated);
    if (!is_other) return;
    mask = new Uint8Array(value.width * value.height);
    [canvas.width, canvas.height] = [320, Math.round(320 * value.height / value.width)];
    at = null;
    draw();
  }

  find('.size').textContent = words.size;
  find('.with').textContent = words.cover;
  find('button').textContent = words.clear;
  find('.view').alt = words.view;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', words.canvas);
  find('select').append(...props.covers.map(([said, name]) => {
    const option = make('option', '', said);
    option.value = name;
    return option;
  }));
  find('select').addEventListener('change', tell);
  find('button').addEventListener('click', () => { mask.fill(0); tell(); });
  canvas.addEventListener('pointerdown', event => { canvas.setPointerCapture(event.pointerId); aim(event); paint(); });
  canvas.addEventListener('pointermove', event => { aim(event); if (event.buttons) paint(); else draw(); });
  canvas.addEventListener('pointerleave', event => { if (!event.buttons) { at = null; draw(); } });
  canvas.addEventListener('keydown', event => {
    const way = WAYS[event.key];
    if (!way && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    at ??= [value.width / 2, value.height / 2];
    if (!way) return paint();
    const step = Math.max(1, radius());
    const moved = (from, by, most) => Math.min(most, Math.max(0, from + by * step));
    at = [moved(at[0], way[0], value.width), moved(at[1], way[1], value.height)];
    draw();
  });
  update();
  watch('value', update);
}
