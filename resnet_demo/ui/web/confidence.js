// Draws props.value as confidence.py says: three panels over one axis, read by pointer and keyboard, and the threshold.
import {ChartFrame, painter, walked} from './chart_frame.js';
import {
  accuracy_at, bin_count, confidence_views, share_at, table_of_all, understood,
} from './confidence_views.js';
import {make, make_button, plain, save, within} from './dom.js';
import {save_png, save_svg} from './drawing.js';
import {EACH} from './figure.js';
import {INKS, Panel, panels_figure} from './panel.js';
import {steadily} from './steady.js';
import {fill} from './words.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element), words = props.text;
  const {keys, view_of, sentence, threshold_sentence} = confidence_views(words);
  const panels = {};
  let data = null, is_log = false, place = 0, chosen = 0, given;
  let pointed = null;  // {key, bin}

  const slider = Object.assign(make('input'), {type: 'range', min: 0, step: 1});
  const tell = steadily(() => data && trigger('threshold', {value: data.coverage.threshold[place]}));

  // --- what is drawn

  const height_of = width => Math.min(340, Math.max(210, width * .72));
  function draw() {
    if (!data) return;
    for (const [key, frame] of Object.entries(panels)) {
      if (!frame.draw((...size) => view_of(key, data, is_log, ...size), height_of, INKS.page)) return;
    }
    const {left, w} = panels.coverage.chart.box;
    Object.assign(slider.style, {marginLeft: `${left}px`, width: `${w}px`});  // below the axis it moves on
    point();
  }
  const {redraw, watch: watch_size} = painter(draw);

  function marks_of(key) {
    const {coverage} = data, at = 100 * coverage.threshold[place];
    const dots = key === 'coverage' ? [accuracy_at, share_at].map(of => [at, 100 * of(coverage, place)]) : [];
    const bin = pointed?.key === key ? pointed.bin : null;
    return [at, dots, bin === null ? null : data[key].edges.slice(bin, bin + 2).map(edge => 100 * edge)];
  }
  const readout = key => key === 'coverage' ? threshold_sentence(data, place)
    : sentence(key, data, pointed?.key === key ? pointed.bin : null);
  function point() {
    if (!data) return;
    for (const [key, {chart, svg, said}] of Object.entries(panels)) {
      if (chart.view) chart.mark(...marks_of(key));
      said.textContent = readout(key).replaceAll(' %', '\u00a0%');  // no line ends between them
      const whole = key === 'coverage' ? readout(key) : sentence(key, data, null);
      svg.setAttribute('aria-label', fill(words.chart, {title: words[key], values: whole}));
    }
    slider.setAttribute('aria-valuetext', readout('coverage'));
  }

  // --- what is read and set

  function aim(key, bin) {
    pointed = bin === null ? null : {key, bin};
    point();
  }
  function set_threshold(next) {
    slider.value = next;
    if (next === place) return;
    place = next;
    chosen = data.coverage.threshold[place];
    point();
    tell();
  }
  const nearest = (values, wanted) => values.reduce((best, value, i) => (
    Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);

  function listen_to_bins(key, frame) {
    const bin_at = x => data[key].edges.slice(1, -1).filter(edge => 100 * edge < x).length;
    frame.on_pointer(x => aim(key, x === null ? null : bin_at(x)));
    frame.on_keys(pressed => {
      const filled = data[key].edges.slice(1).map((_, i) => i).filter(i => bin_count(data, key, i));
      const now = pointed?.key === key ? pointed.bin : -1;
      const bin = walked(pressed, filled, now, now < 0 ? filled[0] : now);
      if (bin !== undefined) {
        aim(key, bin);
        find('.said').textContent = readout(key);
      } else if (pressed === 'Escape' && pointed) aim(key, null);
      else return false;
      return true;
    });
  }
  function listen_to_threshold(frame) {
    const {svg} = frame, set = event => set_threshold(nearest(data.coverage.threshold, frame.x_of(event) / 100));
    let is_held = false;
    svg.addEventListener('pointerdown', event => {
      if (event.button) return;
      is_held = true;
      svg.setPointerCapture(event.pointerId);
      set(event);
    });
    svg.addEventListener('pointermove', event => { if (is_held) set(event); });
    for (const kind of ['pointerup', 'pointercancel']) svg.addEventListener(kind, () => { is_held = false; });
  }

  function make_panels() {
    for (const key of keys) {
      const said = make('p', 'readout'), is_set = key === 'coverage';
      const below = is_set ? [make('label', 'threshold', make('span', '', words.slider), slider), said] : [said];
      const frame = panels[key] = Object.assign(new ChartFrame(`panel ${key}`, Panel, ...below), {said});
      if (is_set) listen_to_threshold(frame);
      else listen_to_bins(key, frame);
      find('.panels').append(frame.figure);
      watch_size(frame);
    }
  }
  function make_tools() {
    const log = make_button('tool log', words.log, () => {
      is_log = !is_log;
      log.setAttribute('aria-pressed', is_log);
      redraw();
    });
    log.setAttribute('aria-pressed', is_log);
    const files = ['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind)));
    find('.tools').append(log, ...files);
    find('.hint').textContent = words.hint;
  }
  function download(kind) {
    const title = data.title || words.label, name = `${title}-confidence`;
    if (kind === 'csv') return save(table_of_all(data), `${name}.csv`);
    const drawn = keys.map(key => ({view: view_of(key, data, is_log, 390, 300, EACH.font), mark: marks_of(key)}));
    const notes = [data.note, sentence('reliability', data, null), readout('coverage')].filter(Boolean);
    (kind === 'svg' ? save_svg : save_png)(panels_figure(title, drawn, notes), name);
  }

  // --- what comes in

  function update() {
    const value = plain(props.value) || {};
    data = understood(value);
    write('.title', value.title);
    write('.note', value.note);
    write('.empty', data || value.note ? '' : words.empty);
    find('.drawn').hidden = !data;
    pointed = null;
    if (!data) return;
    const wanted = value.threshold ?? null;
    if (wanted !== null && wanted !== given) chosen = wanted;  // else what the visitor chose
    given = wanted;
    place = nearest(data.coverage.threshold, chosen);
    slider.max = data.coverage.threshold.length - 1;
    slider.value = place;
    point();
    redraw();
  }

  find('.confidence').setAttribute('aria-label', words.label);
  slider.addEventListener('input', () => set_threshold(Number(slider.value)));
  make_panels();
  make_tools();
  update();
  watch('value', update);
}
