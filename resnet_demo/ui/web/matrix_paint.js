// Colours and cells of a confusion matrix on a canvas. What is right goes to near-black, mistakes to vermilion, changes
// for the better to blue; digits are black or white, whichever is further from their cell: at least 4.5 to 1 on any.
import {make} from './dom.js';
import {digits, kind} from './matrix_counts.js';

const STEPS = 64;
const COLOURS = {
  light: {page: [255, 255, 255], none: [246, 246, 247], ink: '#18181b', right: [24, 24, 27], wrong: [213, 94, 0],
    better: [0, 114, 178], worse: [213, 94, 0]},
  dark: {page: [14, 14, 16], none: [27, 27, 30], ink: '#f4f4f5', right: [236, 236, 240], wrong: [213, 94, 0],
    better: [0, 114, 178], worse: [213, 94, 0]},
};
const css = rgb => `rgb(${rgb.join(' ')})`;
const mixed = (a, b, t) => a.map((from, k) => Math.round(from + (b[k] - from) * t));
const linear = c => c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const ink_on = rgb => 1.05 / (luminance(rgb) + 0.05) > (luminance(rgb) + 0.05) / 0.05 ? '#fff' : '#000';

export function palette(dark) {  // of a kind and a level 0 to 1: the colour of the cell and of its digits
  const colours = COLOURS[dark ? 'dark' : 'light'], steps = {};
  const step = rgb => ({fill: css(rgb), ink: ink_on(rgb)});
  const none = step(colours.none);
  for (const name of ['right', 'wrong', 'better', 'worse']) {
    const at = k => step(mixed(colours.none, colours[name], 0.1 + 0.9 * k / STEPS));
    steps[name] = Array.from({length: STEPS + 1}, (_, k) => at(k));
  }
  return {...colours, none, of: (name, level) => level > 0 ? steps[name][Math.round(level * STEPS)] : none,
    ramp: name => [0, 0.25, 0.5, 0.75, 1].map(t => steps[name][Math.round(t * STEPS)].fill).join(', ')};
}

// The largest type in which all digits fit into a cell, squeezed a little or shortened (1.2k) if they must be; null
// where none could be read.
export function digit_type(m, pen, side, family, largest) {
  pen.font = `10px ${family}`;
  for (const narrow of [false, true]) {
    let longest = '0';
    for (const i of m.order) for (const j of m.order) {
      const words = digits(m, m.counts[i][j], narrow);
      if (words.length > longest.length) longest = words;
    }
    const size = Math.min(largest, 0.45 * side, 1.25 * 10 * (side - 3) / pen.measureText(longest).width);
    if (size >= 8.5) return {narrow, font: `${size}px ${family}`};
  }
  return null;
}

// Rows and columns [from, to) of the shown order onto `pen`, the first at its origin; edges lie between pixels.
export function paint_cells(pen, m, {side, colours, levels, type, ratio = 1}, [top, bottom], [left, right]) {
  const edge = k => Math.round(k * side * ratio) / ratio, gap = side >= 12 ? 1 : 0;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  if (type) pen.font = type.font;
  for (let r = top; r < bottom; r++) {
    const i = m.order[r], y = edge(r) - edge(top), height = edge(r + 1) - edge(r) - gap;
    for (let c = left; c < right; c++) {
      const j = m.order[c], x = edge(c) - edge(left), width = edge(c + 1) - edge(c) - gap;
      const colour = colours.of(kind(m, i, j), levels.level(i, j));
      pen.fillStyle = colour.fill;
      pen.fillRect(x, y, width, height);
      const words = type && !levels.hidden(i, j) ? digits(m, m.counts[i][j], type.narrow) : '';
      if (!words) continue;
      pen.fillStyle = colour.ink;
      pen.fillText(words, x + width / 2, y + height / 2 + 0.5, width - 2);
    }
  }
}

function clipped(pen, words, width) {
  if (pen.measureText(words).width <= width) return words;
  const letters = [...words];
  while (letters.length && pen.measureText(`${letters.join('')}…`).width > width) letters.pop();
  return `${letters.join('')}…`;
}

export function picture(m, levels, colours, family, text) {  // the whole matrix with names, as a canvas to be saved
  const side = m.order.length > 30 ? 24 : 48, size = side > 30 ? 16 : 13, canvas = make('canvas');
  const pen = canvas.getContext('2d'), most = 14 * size, pad = 16;
  const all = side * m.order.length, ratio = all > 1500 ? 1 : 2;
  pen.font = `${size}px ${family}`;
  const longest = Math.max(...m.order.map(i => pen.measureText(clipped(pen, m.names[i], most)).width));
  const across = longest < side - 4, head = longest + size;
  const top = pad + (m.title ? 2.4 * size : 0) + (across ? 2.4 * size : head);
  canvas.width = ratio * Math.max(head + all + 2 * pad, 30 * size);
  canvas.height = ratio * (top + all + pad);
  pen.scale(ratio, ratio);
  pen.fillStyle = css(colours.page);
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colours.ink;
  pen.font = `600 ${1.2 * size}px ${family}`;
  if (m.title) pen.fillText(clipped(pen, m.title, canvas.width / ratio - 2 * pad), pad, pad + size);
  pen.font = `${size}px ${family}`;
  pen.textBaseline = 'middle';
  m.order.forEach((i, k) => {
    const name = clipped(pen, m.names[i], most), middle = (k + 0.5) * side;
    pen.textAlign = 'right';
    pen.fillText(name, pad + head - size / 2, top + middle);
    pen.save();
    pen.translate(pad + head + middle, top - size / 2);
    if (!across) pen.rotate(-Math.PI / 2);
    pen.textAlign = across ? 'center' : 'left';
    pen.fillText(name, 0, across ? -size / 4 : 0);
    pen.restore();
  });
  pen.font = `${0.8 * size}px ${family}`;
  pen.textAlign = 'left';
  pen.fillText(text.predicted, pad, top - 2 * size);
  pen.fillText(text.true, pad, top - 0.8 * size);
  pen.translate(pad + head, top);
  const span = [0, m.order.length];
  paint_cells(pen, m, {side, colours, levels, type: digit_type(m, pen, side, family, size), ratio}, span, span);
  return canvas;
}
