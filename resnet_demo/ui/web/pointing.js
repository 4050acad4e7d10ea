// Reading several charts over one axis and zooming into them. What is pointed at stays where it is on the axis while
// the runs go on. It knows no server, only views (`views.js`, `difference_views.js`).
import {Chart, ON_PAGE} from './chart.js';
import {ChartFrame, walked} from './chart_frame.js';
import {make} from './dom.js';
import {sample_picture} from './figure.js';
import {GROUPED, duration, formatted, is_known} from './numbers.js';
import {fill} from './words.js';

export class Pointing {
  hover = null;  // {key, x, span: two places that are being marked, or null}
  charts = {};  // by key: frames with a `tip`

  constructor(views, words, {say, set_zoom}) {
    Object.assign(this, {views, words, say, set_zoom});
  }

  // A chart of this Kind among those that are read together. below: nodes below it
  add(key, Kind, ...below) {
    const tip = make('div', 'tip'), frame = new ChartFrame(`chart ${key}`, Kind, ...below, tip);
    tip.hidden = true;
    this.charts[key] = Object.assign(frame, {tip});
    frame.on_pointer((x, span) => this.aim(x === null ? null : {key, x, span}), span => this.set_zoom(span));
    frame.on_keys(pressed => this.press(key, pressed));
    frame.svg.addEventListener('dblclick', () => this.set_zoom(null));
    return this.charts[key];
  }

  aim(next) {
    this.hover = next;
    this.point();
  }
  point() {
    const {hover} = this;
    for (const key of this.views.chosen.shown) {
      const {tip, chart} = this.charts[key], is_here = hover?.key === key && !hover.span;
      if (!chart.view) continue;
      chart.point_at(hover?.x ?? null, hover?.span);
      tip.hidden = !is_here;
      if (is_here) this.write_tip(key, tip, chart);
    }
  }

  rows(key, view, read) {  // of the tip
    const {views, words} = this;
    const row = (line, name, ...values) => make('tr', '', make('td', '', sample_picture(line, ON_PAGE)),
      make('td', 'name', name), ...values.map(value => make('td', '', value)));
    if (views.is_one()) {
      return view.lines.filter(line => is_known(read(line))).map(line => {
        const value = formatted(read(line)), raw = line.faint && formatted(read({points: line.faint}));
        return row(line, words[line.kind], raw ? fill(words.unsmoothed, {value, raw}) : value);
      });
    }
    const kinds = [...new Set(view.lines.map(line => line.kind))], has_kinds = views.CHARTS[key].epoch !== undefined;
    const head = make('tr', '', make('th'), make('th'), ...kinds.map(kind => make('th', '', words[kind])));
    const rows = views.shown_runs().flatMap(run => {  // a row each run
      const lines = kinds.map(kind => view.lines.find(line => line.run === run && line.kind === kind));
      const values = lines.map(read);
      return values.some(is_known) ? [row(lines.at(-1), run.title, ...values.map(formatted))] : [];
    });
    return has_kinds ? [head, ...rows] : rows;
  }
  write_tip(key, tip, chart) {
    const {words, hover: {x}} = this, {axis} = this.views.chosen, {view, box} = chart, [x0, x1] = view.x;
    const read = line => line && Chart.read(line, x, (x1 - x0) / 20)?.[1];
    const place = {epoch: x => x.toFixed(2), step: GROUPED.format, seconds: x => duration(x, words)}[axis](x);
    const heading = axis === 'seconds' ? place : `${words[`unit.${axis}`]} ${place}`;
    const table = make('table', '', make('tbody', '', ...this.rows(key, view, read)));
    tip.replaceChildren(make('p', '', heading), table);
    const heights = view.lines.map(read).filter(is_known).map(y => chart.Y(y));  // keep off the lines
    tip.classList.toggle('low', heights.reduce((sum, y) => sum + y, 0) < heights.length * box.h * .45);
    const at = chart.X(x) + box.left - box.near, side = at < box.width / 2 ? at + 14 : at - 14 - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(side, box.width - tip.offsetWidth))}px`;
  }

  press(key, pressed) {
    const {hover, views: {chosen, whole_range}} = this, {chart, tip} = this.charts[key];
    const [x0, x1] = chart.view.x, now = hover?.x ?? x1, first = chart.view.lines.find(line => line.points.length);
    const places = (first?.points || []).map(([x]) => x).filter(x => x >= x0 && x <= x1);
    const around = factor => [now - (now - x0) * factor, now + (x1 - now) * factor];
    const x = walked(pressed, places, now, hover?.x ?? places.at(-1));
    if (x !== undefined) {
      this.aim({key, x});
      this.say(tip.innerText.replaceAll('\n', ', '));
    } else if (pressed === '+') this.set_zoom(around(.5));
    else if (pressed === '-' && chosen.zoom) {
      const [low, high] = whole_range(), [from, to] = around(2), wider = [Math.max(low, from), Math.min(high, to)];
      this.set_zoom(wider[0] <= low && wider[1] >= high ? null : wider);
    } else if (pressed === 'Escape' && (hover || chosen.zoom)) hover ? this.aim(null) : this.set_zoom(null);
    else return false;
    return true;
  }
}
