// What leaves the page: the charts as one figure on white, in its own colours, and all points as a table.
import {Chart, MARKS, ON_PAPER, cap, dashes, svg_node} from './chart.js';
import {csv_blob, unarmed} from './csv.js';
import {make} from './dom.js';

export const FAMILY = "Helvetica, Arial, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
export const EACH = {width: 460, height: 300, gap: 28, margin: 20, font: 13};

// A sample of a line, as wide as 2.5 letters are high.
export function sample({look, bold, marked}, ink, font) {
  const scale = font / 13, color = look.color === 'ink' ? ink.ink : look.color, width = 2.5 * font, middle = font / 2;
  const group = svg_node('g', {}, svg_node('path', {d: `M0 ${middle}h${width}`, fill: 'none', stroke: color,
    'stroke-width': (bold ? 2.6 : 1.6) * scale, 'stroke-dasharray': dashes(look, scale) || 'none',
    'stroke-linecap': cap(look)}));
  if (marked) {
    group.append(svg_node('path', {d: `M${width / 2} ${middle}${MARKS[look.mark](3.2 * scale)}`, fill: ink.paper,
      stroke: color, 'stroke-width': 1.6 * scale}));
  }
  return group;
}
export const sample_picture = (line, ink) => (
  svg_node('svg', {viewBox: '0 0 32.5 13', 'aria-hidden': 'true'}, sample(line, ink, 13)));

// charts: views as Chart draws them, or another `Kind` of it; legend: [{words, line}]; note: a line at the bottom
export function figure_of(title, legend, charts, note, Kind = Chart) {
  const {width: w, height: h, gap, margin, font} = EACH, columns = Math.min(2, charts.length);
  const width = 2 * margin + columns * w + (columns - 1) * gap, pen = make('canvas').getContext('2d');
  const text = (words, x, y, values = {}) => {
    const node = svg_node('text', {x, y, 'font-size': font, fill: ON_PAPER.ink, ...values});
    node.textContent = words;
    return node;
  };
  const drawn = [text(title, margin, margin + 14, {'font-size': 16, 'font-weight': 600})];
  pen.font = `${font}px ${FAMILY}`;
  let x = margin, y = margin + 42;
  for (const {words, line} of legend) {
    const long = 2.5 * font + 7 + pen.measureText(words).width;
    if (x > margin && x + long > width - margin) { x = margin; y += 22; }
    const group = sample(line, ON_PAPER, font);
    group.setAttribute('transform', `translate(${x} ${y - 10})`);
    drawn.push(group, text(words, x + 2.5 * font + 7, y));
    x += long + 22;
  }
  y += 18;
  charts.forEach((view, i) => {
    const [left, top] = [margin + i % 2 * (w + gap), y + Math.floor(i / 2) * (h + gap)];
    const svg = svg_node('svg', {overflow: 'visible', x: left, y: top});
    new Kind(svg).draw(view, w, h, font, ON_PAPER);
    drawn.push(svg);
  });
  y += Math.ceil(charts.length / 2) * (h + gap);
  if (note) drawn.push(text(note, margin, y + 2, {fill: ON_PAPER.soft, 'font-size': 12}));
  const height = y + (note ? margin : 0);
  const figure = svg_node('svg', {width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FAMILY},
    svg_node('rect', {width, height, fill: ON_PAPER.paper}), ...drawn);
  return new XMLSerializer().serializeToString(figure);
}

const COLUMNS = ['run', 'event', 'step', 'epoch', 'progress', 'seconds', 'loss', 'accuracy', 'lr', 'grad_norm',
  'images_per_second', 'train_loss', 'train_accuracy', 'validation_loss', 'validation_accuracy'];
export function table_of(runs) {  // [[title, run]]; the names of columns are those of the log
  const lines = [COLUMNS];
  for (const [title, run] of runs) {
    const name = unarmed(title);
    for (const point of run.points) lines.push([name, 'report', ...point, '', '', '', '']);
    for (const [step, epoch, seconds, ...values] of run.epochs) {
      lines.push([name, 'epoch', step, epoch, '', seconds, '', '', '', '', '', ...values]);
    }
  }
  return csv_blob(lines);
}
