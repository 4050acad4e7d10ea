// Draws props.value as overlays.py says.
import {within, plain, make, make_button, save} from './dom.js';
import {draw_over, strength} from './strength.js';

export default function ({element, props, watch}) {
  const {find, write} = within(element);
  const all = selector => [...element.querySelectorAll(selector)];
  const {fade, share} = strength(element, props.text, () => all('.over img + img'));

  function figure(title, note, ...images) {
    const caption = make('figcaption', '', title, note ? make('small', '', note) : null);
    return make('figure', '', make('div', 'over', ...images), caption);
  }
  function image(source, words, pixelated) {
    const node = make('img', pixelated ? 'pixelated' : '');
    node.src = source;
    node.alt = words;
    return node;
  }
  function draw() {
    const value = plain(props.value) || {};
    write('.message', value.message);
    find('.drawn').hidden = !value.items;
    if (!value.items) return;
    find('h4').textContent = value.title;
    find('.caption').textContent = value.caption;
    find('.maps').replaceChildren(
      figure(props.text.original, '', image(value.view, props.text.original, value.pixelated)),
      ...value.items.map(({title, map, note}) =>
        figure(title, note, image(value.view, '', value.pixelated), image(map, `${value.title}: ${title}`, false))));
    fade();
  }
  async function download() {  // all of them in a row, with their names below
    const side = 280, gap = 16, foot = 34, figures = all('figure');
    const canvas = make('canvas'), pen = canvas.getContext('2d');
    canvas.width = figures.length * (side + gap) + gap;
    canvas.height = side + 2 * gap + foot;
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    await Promise.all(all('img').map(node => node.decode()));
    pen.font = '16px sans-serif';
    figures.forEach((node, n) => {
      const left = gap + n * (side + gap), name = node.querySelector('figcaption').firstChild.textContent;
      draw_over(pen, node.querySelectorAll('img'), share(), left, gap, side);
      pen.fillStyle = '#18181b';
      pen.fillText(name, left, side + gap + 24, side);
    });
    canvas.toBlob(blob => save(blob, 'heat-maps.png'), 'image/png');
  }
  find('.tools').append(make_button('', props.text.download, download));
  draw();
  watch('value', draw);
}
