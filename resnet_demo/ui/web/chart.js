// One chart as SVG: axes, lines, marks and what the pointer reads. Nodes stay and are only changed, so that nothing
// flickers, and whatever is drawn here can also be drawn into a file. It knows neither runs nor servers.
import {is_known} from './numbers.js';

const SVG = 'http://www.w3.org/2000/svg';
export const ON_PAGE = {ink: 'var(--body-text-color)', soft: 'var(--body-text-color-subdued)',
  paper: 'var(--body-background-fill)', rule: 'var(--border-color-primary)', axis: 'var(--body-text-color-subdued)'};
export const ON_PAPER = {ink: '#18181b', soft: '#52525b', paper: '#ffffff', rule: '#e4e4e7', axis: '#6b7280'};

// Line and mark by what is compared, as everywhere on the page; runs beyond those take the next one that is free.
export const LOOKS = {
  A: {color: '#0072B2', dash: [], mark: 'disc'},
  B: {color: '#E69F00', dash: [7, 4], mark: 'square'},
  C: {color: '#009E73', dash: [0.1, 4.5], mark: 'triangle'},
  plain: {color: '#6B7280', dash: [9, 4, 0.1, 4], mark: 'diamond'},
  spare1: {color: '#CC79A7', dash: [14, 5], mark: 'wedge'},
  spare2: {color: '#56B4E9', dash: [4, 4], mark: 'plus'},
  spare3: {color: 'ink', dash: [12, 4, 0.1, 4, 0.1, 4], mark: 'star'},
  spare4: {color: '#8C6D1F', dash: [2, 7], mark: 'cross'},
};
export const MARKS = {
  disc: r => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  square: r => `m${-.9 * r} ${-.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`,
  triangle: r => `m0 ${-1.2 * r}l${1.1 * r} ${2 * r}h${-2.2 * r}z`,
  diamond: r => `m0 ${-1.3 * r}l${1.2 * r} ${1.3 * r}l${-1.2 * r} ${1.3 * r}l${-1.2 * r} ${-1.3 * r}z`,
  wedge: r => `m0 ${1.2 * r}l${1.1 * r} ${-2 * r}h${-2.2 * r}z`,
  plus: r => `m${-1.2 * r} 0h${2.4 * r}m${-1.2 * r} ${-1.2 * r}v${2.4 * r}`,
  cross: r => `m${-r} ${-r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`,
  star: r => `m${-1.2 * r} 0h${2.4 * r}m${-1.8 * r} ${-r}l${1.2 * r} ${2 * r}m0 ${-2 * r}l${-1.2 * r} ${2 * r}`,
};

export function svg_node(tag, values = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  put(node, values);
  node.append(...children);
  return node;
}
export function put(node, values) {  // only what changed is touched
  for (const [name, value] of Object.entries(values)) {
    const words = typeof value === 'number' ? String(Math.round(value * 10) / 10) : String(value);
    if (node.getAttribute(name) !== words) node.setAttribute(name, words);
  }
}
export function nodes(group, tag, items, values) {  // one node an item, those that are there first
  while (group.children.length > items.length) group.lastChild.remove();
  items.forEach((item, i) => {
    const node = group.children[i] || group.appendChild(svg_node(tag));
    put(node, values(item));
    if (tag === 'text' && node.textContent !== item.words) node.textContent = item.words;
  });
}
export const cap = look => look.dash.some(length => length < 1) ? 'round' : 'butt';  // dots are dashes without a length
export const dashes = (look, scale) => look.dash.map(length => (length * scale).toFixed(1)).join(' ');

export class Chart {
  constructor(svg) {
    this.svg = svg;
    this.parts = {};
    this.plot = svg_node('svg', {overflow: 'hidden'});
    for (const part of ['grid', 'levels', 'faint', 'lines', 'marks', 'over']) {
      this.parts[part] = this.plot.appendChild(svg_node('g', {fill: 'none', 'stroke-linejoin': 'round'}));
    }
    this.parts.axis = svg_node('g');
    this.parts.words = svg_node('g');
    this.svg.append(this.plot, this.parts.axis, this.parts.words);
  }

  // view: {title, unit, x: [low, high], y: [low, high], x_ticks, y_ticks, log, cut: whether lines go on beyond x,
  // lines: [{look, bold, marked, points: [[x, y]], faint: points or nothing}], levels: [{value, words, color}]};
  // width, height and font in pixels; ink: one of the palettes above
  draw(view, width, height, font, ink) {
    const scale = font / 13, {parts} = this;
    const widest = Math.max(...view.y_ticks.map(tick => tick.words.length), 3);
    const left = Math.round(widest * font * .58 + 10 * scale), right = 10 * scale;
    const top = Math.round(font * 2), bottom = Math.round(font * 3);
    const w = width - left - right, h = height - top - bottom;
    const pad = 6 * scale, near = 1.5 * scale, far = view.cut ? near : pad;  // room for marks at the ends
    const level = view.log ? Math.log : value => value;
    const [y0, y1] = view.y.map(level), [x0, x1] = view.x;
    const X = x => near + (x - x0) / (x1 - x0) * w, Y = y => pad + (1 - (level(y) - y0) / (y1 - y0)) * h;
    Object.assign(this, {view, box: {left, top, w, h, near, pad, width}, X, Y, scale, ink, font});
    put(this.svg, {viewBox: `0 0 ${width} ${height}`, width, height});
    put(this.plot, {x: left - near, y: top - pad, width: w + near + far, height: h + 2 * pad});
    nodes(parts.grid, 'line', view.y_ticks, tick => (
      {x1: near, x2: near + w, y1: Y(tick.value), y2: Y(tick.value), stroke: ink.rule, 'stroke-width': 1}));
    nodes(parts.axis, 'path', [0, ...view.x_ticks], tick => ({fill: 'none', stroke: ink.axis, 'stroke-width': 1, d: tick
      ? `M${left - near + X(tick.value)} ${top + h}v${4 * scale}` : `M${left} ${top}v${h}h${w}`}));
    const said = view.levels.filter(({value}) => value >= view.y[0] && value <= view.y[1]);
    nodes(parts.levels, 'line', said, ({value, color}) => ({x1: near, x2: near + w, y1: Y(value), y2: Y(value),
      stroke: color === 'ink' ? ink.ink : color, 'stroke-width': 1.5 * scale,
      'stroke-dasharray': `${6 * scale} ${3 * scale}`}));
    const clear = value => !said.some(other => other.value > value && Y(value) - Y(other.value) < font * 1.2);
    nodes(parts.words, 'text', [
      {words: view.title, x: 0, y: font, 'font-weight': 600, fill: ink.ink},
      {words: view.unit, x: left + w, y: height - font * .35, 'text-anchor': 'end', fill: ink.soft},
      ...view.y_ticks.map(tick => ({words: tick.words, x: left - 6 * scale, y: top - pad + Y(tick.value) + font * .35,
        'text-anchor': 'end', fill: ink.soft})),
      ...view.x_ticks.map(tick => ({words: tick.words, x: left - near + X(tick.value), y: top + h + font * 1.45,
        'text-anchor': 'middle', fill: ink.soft})),
      ...said.map(({value, words}) => ({words, x: left + w,
        y: top - pad + Y(value) + (clear(value) ? -font * .4 : font * 1.1), 'text-anchor': 'end', fill: ink.ink,
        stroke: ink.paper, 'stroke-width': 3, 'paint-order': 'stroke'})),
    ], ({words: _, ...values}) => (
      {'text-anchor': 'start', 'font-weight': 400, stroke: 'none', 'font-size': font, ...values}));
    this.draw_lines(view.lines);
  }

  draw_lines(lines) {
    const {parts, ink, scale} = this;
    const color = ({look}) => look.color === 'ink' ? ink.ink : look.color;
    const stroke = line => ({stroke: color(line), 'stroke-linecap': cap(line.look)});
    nodes(parts.faint, 'path', lines.filter(line => line.faint), line => ({...stroke(line), d: this.path(line.faint),
      opacity: .28, 'stroke-width': 1.2 * scale, 'stroke-linecap': 'round'}));
    nodes(parts.lines, 'path', lines, line => ({...stroke(line), d: this.path(line.points),
      'stroke-width': (line.bold ? 2.6 : 1.6) * scale, 'stroke-dasharray': dashes(line.look, scale) || 'none'}));
    nodes(parts.marks, 'path', lines.filter(line => line.marked), line => ({stroke: color(line),
      'stroke-width': 1.6 * scale, fill: ink.paper, d: this.marks(line)}));
  }
  spot([x, y]) { return `${this.X(x).toFixed(1)} ${this.Y(y).toFixed(1)}`; }
  drawable([, y]) { return is_known(y) && !(this.view.log && y <= 0); }
  path(points) {
    let d = '', pen = false;
    for (const point of points) {
      if (!this.drawable(point)) pen = false;
      else { d += `${pen ? 'L' : 'M'}${this.spot(point)}`; pen = true; }
    }
    return d;
  }
  marks({points, look}) {  // not so many that they hide the line
    const room = 16 * this.scale, drawn = [];
    let last = Infinity;
    for (const point of [...points].reverse()) {
      if (!this.drawable(point) || last - this.X(point[0]) < room) continue;
      last = this.X(point[0]);
      drawn.push(`M${this.spot(point)}${MARKS[look.mark](3.2 * this.scale)}`);
    }
    return drawn.join('');
  }

  place(pixel) {  // the x value below a pixel of the drawing
    const {left, w} = this.box, [x0, x1] = this.view.x;
    return x0 + Math.min(1, Math.max(0, (pixel - left) / w)) * (x1 - x0);
  }
  // What a line says at x: its nearest point, or nothing where the line is not.
  static read({points}, x, slack) {
    let near = null;
    for (const point of points) {
      if (is_known(point[1]) && (!near || Math.abs(point[0] - x) <= Math.abs(near[0] - x))) near = point;
    }
    const ends = near && (near === points[0] || near === points.at(-1));
    return near && (!ends || Math.abs(near[0] - x) <= slack) ? near : null;
  }
  point_at(x, span) {  // the line below the pointer, and the part that is being marked for zooming
    const {parts, ink, scale, box: {h, pad}} = this, shapes = [], [x0, x1] = this.view.x;
    if (span) {
      const [left, right] = span.map(this.X);
      shapes.push({fill: ink.ink, opacity: .1, stroke: 'none', d: `M${left} ${pad}H${right}v${h}H${left}z`});
    }
    if (x !== null && x >= x0 && x <= x1) {
      shapes.push({fill: 'none', opacity: 1, stroke: ink.axis, d: `M${this.X(x)} ${pad}v${h}`});
      for (const line of this.view.lines) {
        const point = Chart.read(line, x, (x1 - x0) / 20);
        if (point && this.drawable(point)) {
          shapes.push({fill: line.look.color === 'ink' ? ink.ink : line.look.color, opacity: 1, stroke: ink.paper,
            d: `M${this.spot(point)}${MARKS.disc(4 * scale)}`});
        }
      }
    }
    nodes(parts.over, 'path', shapes, shape => shape);
  }
}
