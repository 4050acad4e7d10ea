// Maps over images: a slider sets how strongly they are seen, on the page and in the file that is saved.

// Writes the words of a component that has such a slider. maps(): the images of the maps. Returns fade(), to be called
// for new ones, and share(), the strength from 0 to 1.
export function strength(element, words, maps) {
  const slider = element.querySelector('input[type=range]'), share = () => slider.value / 100;
  const fade = () => maps().forEach(node => { node.style.opacity = share(); });
  for (const [part, name] of [['label span', 'strength'], ['.low', 'low'], ['.high', 'high']]) {
    element.querySelector(part).textContent = words[name];
  }
  slider.addEventListener('input', fade);
  return {fade, share};
}

// An image, and over it its map at that strength, as a square of `side` pixels; an image of the class `pixelated` keeps
// its pixels.
export function draw_over(pen, [image, map], share, x, y, side) {
  pen.imageSmoothingQuality = 'high';
  pen.imageSmoothingEnabled = !image.classList.contains('pixelated');
  pen.drawImage(image, x, y, side, side);
  if (!map) return;
  pen.imageSmoothingEnabled = true;
  pen.globalAlpha = share;
  pen.drawImage(map, x, y, side, side);
  pen.globalAlpha = 1;
}
