// Draws props.value: {message, title, network, view, pixelated, map, note, caption}; view and map are data: addresses.
import {within, make, save} from './dom.js';
import {draw_over, strength} from './strength.js';

export default function ({element, props, watch}) {
  const {find, write} = within(element);
  const {fade, share} = strength(element, props.text, () => [find('.over')]);

  function draw() {
    const value = props.value || {};
    write('.message', value.message);
    find('.drawn').hidden = !value.map;
    if (!value.map) return;
    for (const [part, name] of [['h3', 'title'], ['.network', 'network'], ['.note', 'note'], ['.caption', 'caption']]) {
      write(part, value[name]);
    }
    for (const part of ['.original', '.under']) {
      find(part).src = value.view;
      find(part).classList.toggle('pixelated', value.pixelated);
    }
    find('.over').src = value.map;
    find('.over').alt = value.title;
    fade();
  }

  async function download() {
    const side = 896, canvas = make('canvas'), pair = [find('.under'), find('.over')];
    canvas.width = canvas.height = side;
    await Promise.all(pair.map(image => image.decode()));
    draw_over(canvas.getContext('2d'), pair, share(), 0, 0, side);
    canvas.toBlob(blob => save(blob, 'heat-map.png'), 'image/png');
  }

  const captions = element.querySelectorAll('figcaption');
  captions[0].textContent = find('.original').alt = props.text.original;
  captions[1].textContent = props.text.overlay;
  find('.under').alt = '';
  find('button').textContent = props.text.download;
  find('button').addEventListener('click', download);
  draw();
  watch('value', draw);
}
