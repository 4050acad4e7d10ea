// Draws props.value as dots.py says: panels beside each other, each read place by place.
import {Chart, LOOKS, ON_PAGE} from './chart.js';
import {ChartFrame, painter, walked} from './chart_frame.js';
import {csv_blob, unarmed} from './csv.js';
import {make, make_button, plain, save, within} from './dom.js';
import {save_png, save_svg} from './drawing.js';
import {EACH, figure_of, sample_picture} from './figure.js';
import {is_known, log_ticks, nice_step, ticks} from './numbers.js';
import {Player} from './player.js';

const look_of = ({style, solid}) => {
  const look = LOOKS[style] ?? LOOKS.plain;
  return solid ? {...look, dash: []} : look;
};
const lines_of = panel => panel.lines.map(line => ({...line, look: look_of(line)}));

function limits_of(panel, is_log, count) {
  const values = panel.lines.flatMap(line => line.points.map(([, y]) => y));
  const known = values.filter(y => is_known(y) && !(is_log && y <= 0));
  if (!known.length) return is_log ? [.1, 10] : [0, 1];
  let low = Math.min(...known), high = Math.max(...known);
  if (is_log) return low === high ? [low / 2, high * 2] : [low * (low / high) ** .04, high * (high / low) ** .04];
  if (low === high) [low, high] = [low - .5, high + .5];
  const step = nice_step(high - low, count);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}
// The share of a panel's width that has been played, as a value of its axis; all of it is more than any.
export const played = (panel, at) => at < 1 ? panel.x[0] + at * (panel.x[1] - panel.x[0]) : Infinity;
export const until = (line, x) => ({...line, points: line.points.filter(([at]) => at <= x)});
function view_of(panel, width, height, font, x = Infinity) {
  const rows = Math.max(2, Math.round(height / font / 3.2)), is_log = Boolean(panel.log);
  const y = limits_of(panel, is_log, rows);
  const x_ticks = panel.ticks ? panel.ticks.map(([value, said]) => ({value, words: said}))
    : ticks(panel.x, Math.max(2, Math.round(width / font / 6)));
  return {title: panel.title, unit: panel.unit || '', x: panel.x, y, log: is_log, cut: false, levels: [],
    lines: lines_of(panel).map(line => until(line, x)), x_ticks, y_ticks: is_log ? log_ticks(y, rows) : ticks(y, rows)};
}

export default function ({element, props, watch}) {
  const {find, write} = within(element), words = props.text;
  let data = {}, panels = [];

  function height_of(width) {
    const most = document.documentElement.classList.contains('presenting') ? 190 : 330;
    return Math.min(most, Math.max(180, width * .62));
  }
  const {redraw, watch: watch_size} = painter(() => {
    for (const one of panels) {
      const view = (...size) => view_of(one.panel, ...size, played(one.panel, player.at));
      if (one.draw(view, height_of, ON_PAGE)) point(one);
    }
  });
  const player = new Player(find('.player'), words, at => {
    for (const one of panels) {
      const place = one.panel.places.findLastIndex(([x]) => x <= played(one.panel, at));
      aim(one, at < 1 && place >= 0 ? place : null);
    }
    redraw();
  });

  function point(one) {
    const place = one.panel.places[one.at];
    if (one.chart.view) one.chart.point_at(place ? place[0] : null, null);
    one.readout.textContent = place ? place[1] : one.panel.said || '';
  }
  function aim(one, at) {
    one.at = at;
    point(one);
  }

  function listen(one) {
    const nearest = x => {
      const {places} = one.panel, far = place => Math.abs(place[0] - x);
      return places.length ? places.reduce((best, place, i) => (far(place) < far(places[best]) ? i : best), 0) : null;
    };
    one.on_pointer(x => aim(one, x === null ? null : nearest(x)));
    one.on_keys(pressed => {
      const from = one.at ?? (pressed === 'ArrowLeft' ? Infinity : -1);
      const next = walked(pressed, [...one.panel.places.keys()], from, one.at ?? undefined);
      if (next !== undefined) {
        aim(one, next);
        find('.said').textContent = one.readout.textContent;
      } else if (pressed === 'Escape' && one.at !== null) aim(one, null);
      else return false;
      return true;
    });
  }

  function make_panel() {
    const readout = make('p', 'readout');
    const one = Object.assign(new ChartFrame('panel', Chart, readout), {readout, at: null});
    listen(one);
    watch_size(one);
    return one;
  }
  function legend() {  // each name once, however many panels have its line
    const named = new Map();
    for (const line of (data.panels || []).flatMap(lines_of)) {
      if (line.name && !named.has(line.name)) named.set(line.name, line);
    }
    return [...named].map(([said, line]) => ({words: said, line}));
  }

  function download(kind) {
    const name = data.title || words.label;
    if (kind === 'csv') {  // a negative number is one to calculate with, no formula
      const safe = cell => typeof cell === 'number' ? cell : unarmed(String(cell ?? ''));
      return save(csv_blob((data.table || []).map(row => row.map(safe))), `${name}.csv`);
    }
    const views = data.panels.map(panel => view_of(panel, EACH.width, EACH.height, EACH.font));
    (kind === 'svg' ? save_svg : save_png)(figure_of(name, legend(), views, data.note || ''), name);
  }

  function update() {
    data = plain(props.value) || {};
    const shown = data.panels || [];
    write('.title', data.title);
    write('.note', data.note);
    write('.empty', shown.length ? '' : data.empty);
    find('.drawn').hidden = !shown.length;
    find('.player').hidden = !data.seconds;
    player.seconds = data.seconds;
    while (panels.length > shown.length) panels.pop().figure.remove();
    shown.forEach((panel, i) => {
      if (!panels[i]) find('.panels').append((panels[i] = make_panel()).figure);
      const one = panels[i];
      one.panel = panel;
      if (one.at >= panel.places.length) one.at = null;
      one.svg.setAttribute('aria-label', [panel.title, panel.said].filter(Boolean).join(': '));
      point(one);
    });
    const named = ({words: said, line}) => make('span', '', sample_picture(line, ON_PAGE), said);
    find('.legend').replaceChildren(...legend().map(named));
    redraw();
  }

  find('.dots').setAttribute('aria-label', words.label);
  find('.tools').append(...['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind))));
  update();
  watch('value', update);
}
