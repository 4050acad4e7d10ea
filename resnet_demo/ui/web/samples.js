// A strip for each group, a button for each picture.
import {make, make_button} from './dom.js';

export default function ({element, props, trigger}) {
  let count = 0;
  for (const group of props.groups) {
    const strip = make('div', 'strip');
    strip.style.setProperty('--columns', group.pictures.length);
    for (const picture of group.pictures) {
      const image = make('img'), index = count++;
      const button = make_button('', image, () => trigger('select', {index, value: picture.name}));
      button.title = image.alt = picture.name;
      image.src = picture.source;
      image.className = image.src.startsWith('data:image/png') ? 'pixelated' : '';
      strip.append(button);
    }
    element.firstElementChild.append(make('p', 'caption', group.caption), strip);
  }
}
