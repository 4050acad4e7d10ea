// Draws props.value as overlays.py says, or such values as events `live` of its element bring, until one brings null.
import {within, plain, make, make_button, named, refill, save} from './dom.js';
import {draw_over, strength} from './strength.js';

export default function ({element, props, watch}) {
  const {find, write} = within(element);
  const all = selector => [...element.querySelectorAll(selector)];
  let live = null;
  const {fade, share} = strength(element, props.text, () => all('.over img + img'));

  function image(source, words, pixelated) {
    const node = make('img', pixelated ? 'pixelated' : '');
    node.src = source;
    node.alt = words;
    return node;
  }
  function figure({title, label, note, view, map, pixelated}, title_of_all) {
    const words = [title, label].filter(Boolean).join(': ');
    const images = view ? [image(view, map ? '' : words, pixelated)] : [];
    if (map) images.push(image(map, `${title_of_all}: ${words}`, false));
    const caption = make('figcaption', '', ...named(title), label ? make('b', '', label) : null,
      note ? make('small', 'note', note) : null);
    return make('figure', '', make('div', 'over', ...images), caption);
  }
  function draw() {
    const value = live ?? plain(props.value) ?? {}, {items} = value;
    write('.message', value.message);
    find('.drawn').hidden = !items;
    if (!items) return;
    const original = {title: props.text.original, view: value.view, pixelated: value.pixelated};
    write('h2', value.title);
    write('.caption', value.caption);
    for (const tools of all('.tools')) tools.classList.toggle('none', !items.some(item => item.map));
    const shown = value.view ? [original, ...items.map(item => ({...original, ...item}))] : items;
    find('.maps').classList.toggle('single', shown.length === 1);
    const figures = shown.map(item => figure(item, value.title));
    if (live) refill(find('.maps'), ...figures); else find('.maps').replaceChildren(...figures);
    fade();
  }
  async function download() {  // all of them in a row, with their names below
    const figures = all('figure'), side = figures.length > 1 ? 280 : 896, gap = 16, foot = figures.length > 1 ? 34 : 0;
    const canvas = make('canvas'), pen = canvas.getContext('2d');
    canvas.width = figures.length * (side + gap) + gap;
    canvas.height = side + 2 * gap + foot;
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    await Promise.all(all('img').map(node => node.decode()));
    pen.font = '16px sans-serif';
    figures.forEach((node, n) => {
      const left = gap + n * (side + gap), images = node.querySelectorAll('img');
      if (images.length) draw_over(pen, images, share(), left, gap, side);
      pen.fillStyle = '#18181b';
      const name = node.querySelector('figcaption').firstChild?.textContent ?? '';
      if (foot) pen.fillText(name, left, side + gap + 24, side);
    });
    canvas.toBlob(blob => save(blob, 'heat-maps.png'), 'image/png');
  }
  find('summary').textContent = props.text.about;
  find('details').append(make_button('', props.text.download, download));
  element.addEventListener('live', ({detail}) => { live = detail; draw(); });
  draw();
  watch('value', draw);
}
