// A chart on the page: as large as there is room, drawn again when that changes, read by pointer, finger and keyboard.
// It knows neither what is drawn nor what is said of it.
import {svg_node} from './chart.js';
import {make} from './dom.js';

// `redraw` calls `draw` at the next frame, however often it is called before; so does a frame that is watched when its
// size or that of its type changes.
export function painter(draw) {
  let waiting = 0;
  const redraw = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; draw(); }); };
  const watcher = new ResizeObserver(redraw);
  const watch = frame => { for (const node of [frame.figure, frame.measure]) watcher.observe(node); };
  return {redraw, watch};
}

export class ChartFrame {
  constructor(name, Kind, ...below) {  // below: nodes below the chart
    this.svg = svg_node('svg', {role: 'img'});
    this.measure = make('span', 'measure', '0');  // of the size of the type
    this.figure = make('div', name, this.svg, this.measure, ...below);
    this.chart = new Kind(this.svg);
  }
  // view_of(width, height, font): what to draw; height_of(width): pixels with type of up to 16. False while hidden.
  draw(view_of, height_of, ink) {
    const width = this.figure.clientWidth;
    if (!width) return false;
    const font = parseFloat(getComputedStyle(this.measure).fontSize);
    const height = height_of(width) * Math.max(1, font / 16);
    this.chart.draw(view_of(width, height, font), width, height, font, ink);
    return true;
  }
  x_of(event) {
    const frame = this.svg.getBoundingClientRect();
    return this.chart.place((event.clientX - frame.left) / frame.width * this.chart.box.width);
  }

  // aim(x, span): a place on the axis is read, and with `mark` the span from where a drag began; aim(null): none is.
  // mark(span): a span has been marked by dragging.
  on_pointer(aim, mark) {
    const {svg, chart} = this;
    let from = null, span = null;
    const read = event => {
      const x = this.x_of(event), is_drag = from && Math.abs(event.clientX - from.pixel) > 5;
      span = is_drag ? [Math.min(x, from.x), Math.max(x, from.x)] : null;
      aim(x, span);
    };
    const listen = (kind, act) => svg.addEventListener(kind, event => { if (chart.view) act(event); });
    listen('pointerdown', event => {
      if (event.button) return;
      if (mark) {
        from = {pixel: event.clientX, x: this.x_of(event)};
        svg.setPointerCapture(event.pointerId);
      }
      read(event);
    });
    listen('pointermove', read);
    listen('pointerup', event => {
      if (!from) return;
      const marked = span;
      from = null;
      read(event);
      if (marked) mark(marked);
    });
    listen('pointercancel', () => {
      if (!from) return;
      from = null;
      aim(null);
    });
    listen('pointerleave', event => { if (!from && event.pointerType === 'mouse') aim(null); });
    listen('blur', () => aim(null));
  }
  // act(key) returns whether it did something with the key.
  on_keys(act) {
    this.svg.setAttribute('tabindex', 0);
    this.svg.addEventListener('keydown', event => {
      if (!this.chart.view || event.ctrlKey || event.altKey || event.metaKey || !act(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
}

const WAYS = {
  ArrowRight: (places, now) => places.find(place => place > now + 1e-9),
  ArrowLeft: (places, now) => places.findLast(place => place < now - 1e-9),
  Home: places => places[0],
  End: places => places.at(-1),
};
// Where a key leads from `now` among ascending places, `otherwise` where there is none further on; undefined for any
// other key.
export const walked = (key, places, now, otherwise) => key in WAYS ? WAYS[key](places, now) ?? otherwise : undefined;
