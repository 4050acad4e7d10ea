// Drawings come as SVG text that our own server made of numbers; they are parsed as XML, in which nothing runs.
import {make, save} from './dom.js';

// The drawing for the page: its colours and its title are the page's, and it is as wide as there is room.
export function drawn(source) {
  const svg = document.importNode(new DOMParser().parseFromString(source, 'image/svg+xml').documentElement, true);
  svg.querySelectorAll(':scope > style, :scope > title, :scope > .paper').forEach(node => node.remove());
  const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
  const cut = Number(svg.querySelector('.headline')?.dataset.height || 0);
  svg.querySelector('.headline')?.remove();
  svg.setAttribute('viewBox', `0 ${cut} ${width} ${height - cut}`);
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  return svg;
}

export const save_svg = (source, name) => save(new Blob([source], {type: 'image/svg+xml'}), `${name}.svg`);

const LONGEST = 16_000;  // pixels a side that every browser's canvas has
export function save_png(source, name) {
  const address = URL.createObjectURL(new Blob([source], {type: 'image/svg+xml'})), image = new Image();
  image.onload = () => {
    const canvas = make('canvas'), scale = Math.min(2, LONGEST / image.naturalWidth, LONGEST / image.naturalHeight);
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob(blob => save(blob, `${name}.png`), 'image/png');
  };
  image.src = address;
}
