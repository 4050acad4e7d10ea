// A Chart with bars below its lines, a legend below its axis, and a threshold across it. Right is grey with a black
// edge, wrong is hatched vermilion: distinct without colour too. It knows neither nodes of the page nor what numbers
// mean.
import {Chart, MARKS, ON_PAGE, ON_PAPER, nodes, put, svg_node} from './chart.js';
import {EACH, FAMILY, sample} from './figure.js';
import {is_known} from './numbers.js';

export const INKS = {page: {...ON_PAGE, accent: 'var(--color-accent)'}, paper: {...ON_PAPER, accent: '#0072B2'}};

function bar_path(kind, left, top, right, bottom, gap) {
  let d = `M${left} ${top}H${right}V${bottom}H${left}z`;
  if (kind === 'right') return d;
  for (let at = Math.ceil((left + top) / gap) * gap; at < right + bottom; at += gap) {  // where x + y is `at`
    const from = Math.max(left, at - bottom), to = Math.min(right, at - top);
    if (from < to) d += `M${from.toFixed(1)} ${(at - from).toFixed(1)}L${to.toFixed(1)} ${(at - to).toFixed(1)}`;
  }
  return d;
}
function bar_look(kind, ink, scale) {
  const color = kind === 'right' ? ink.ink : '#D55E00';
  return {fill: color, 'fill-opacity': '.16', stroke: color, 'stroke-width': 1.2 * scale};
}

export class Panel extends Chart {
  constructor(svg) {
    super(svg);
    this.parts.bars = this.plot.insertBefore(svg_node('g'), this.parts.levels);
    this.parts.legend = this.svg.appendChild(svg_node('g'));
  }

  // view: as Chart has it, with bars: [{kind: 'right' or 'wrong', x: [low, high], y: [low, high]}] and
  // legend: [{words, and a kind or a line}], whose height is added to that of the drawing
  draw(view, width, height, font, ink) {
    super.draw(view, width, height, font, ink);
    const {parts, scale, box} = this, gap = 5 * scale, row = 1.5 * font, long = 2.5 * font;
    nodes(parts.bars, 'path', view.bars, ({kind, x, y}) => {
      const [left, right] = x.map(this.X), [bottom, top] = y.map(this.Y);
      return {...bar_look(kind, ink, scale), d: bar_path(kind, left, top, right, bottom, gap)};
    });
    parts.legend.replaceChildren(...view.legend.flatMap(({words, kind, line}, i) => {
      const y = height + i * row + .2 * font;
      const shown = kind ? svg_node('path', {...bar_look(kind, ink, scale), d: bar_path(kind, 0, 0, long, font, gap)})
        : sample(line, ink, font);
      const x = box.left + long + 8 * scale;
      const said = svg_node('text', {x, y: y + .85 * font, 'font-size': font, fill: ink.ink});
      shown.setAttribute('transform', `translate(${box.left} ${y})`);
      said.textContent = words;
      return [shown, said];
    }));
    const whole = height + view.legend.length * row;
    put(this.svg, {viewBox: `0 0 ${width} ${whole}`, height: whole});
    return whole;
  }

  // at: where the threshold stands, or null; dots: points read there; span: the bin that is read, or null
  mark(at, dots, span) {
    const {ink, scale, X, box: {h, pad}} = this, none = {fill: 'none', opacity: 1, stroke: 'none', 'stroke-width': 1};
    const shapes = [];
    if (span) {
      const [left, right] = span.map(X);
      shapes.push({...none, fill: ink.ink, opacity: .1, d: `M${left} ${pad}H${right}v${h}H${left}z`});
    }
    if (at !== null) shapes.push({...none, stroke: ink.accent, 'stroke-width': 2 * scale, d: `M${X(at)} ${pad}v${h}`});
    for (const dot of dots.filter(([, y]) => is_known(y))) {
      shapes.push({...none, fill: ink.accent, stroke: ink.paper, 'stroke-width': 1.5 * scale,
        d: `M${this.spot(dot)}${MARKS.disc(4.5 * scale)}`});
    }
    nodes(this.parts.over, 'path', shapes, shape => shape);
  }
}

// panels: [{view, mark: what Panel.mark takes}] side by side on white; notes: lines below them
export function panels_figure(title, panels, notes) {
  const {gap, margin, font} = EACH, w = 390, h = 300, top = margin + 34;
  const line = (words, y, values) => {
    const node = svg_node('text', {x: margin, y, fill: ON_PAPER.ink, ...values});
    node.textContent = words;
    return node;
  };
  const heights = [], drawn = panels.map(({view, mark}, i) => {
    const svg = svg_node('svg', {overflow: 'visible', x: margin + i * (w + gap), y: top}), panel = new Panel(svg);
    heights.push(panel.draw(view, w, h, font, INKS.paper));
    panel.mark(...mark);
    return svg;
  });
  const below = top + Math.max(...heights) + 28, width = 2 * margin + panels.length * (w + gap) - gap;
  const height = below + notes.length * 18 + margin - 18;
  return new XMLSerializer().serializeToString(svg_node('svg',
    {width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FAMILY},
    svg_node('rect', {width, height, fill: ON_PAPER.paper}),
    line(title, margin + 14, {'font-size': 16, 'font-weight': 600}), ...drawn,
    ...notes.map((words, i) => line(words, below + i * 18, {'font-size': 12, fill: ON_PAPER.soft})),
  ));
}
