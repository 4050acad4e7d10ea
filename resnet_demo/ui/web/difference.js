// Draws props.value as difference.py says.
import {Bands} from './bands.js';
import {LOOKS, ON_PAGE} from './chart.js';
import {painter} from './chart_frame.js';
import {difference_views, with_error} from './difference_views.js';
import {make, make_button, plain, save, within} from './dom.js';
import {save_png, save_svg} from './drawing.js';
import {EACH, figure_of, sample_picture} from './figure.js';
import {Pointing} from './pointing.js';
import {Run, follow} from './runs.js';
import {fill} from './words.js';

export default function ({element, props, server, watch}) {
  const {find} = within(element), words = props.text, views = difference_views(words);
  const {CHARTS, runs, chosen, reference, shown_runs, training_line, view_of} = views;
  const pointing = new Pointing(views, words, {say, set_zoom}), {charts} = pointing;
  const body = find('.body'), choice = make('select');
  let generation = 0, choices_now = '';

  // --- what is drawn

  function draw() {
    if (runs.size < 2) return;
    for (const [key, frame] of Object.entries(charts)) {
      if (!frame.draw((...size) => view_of(key, ...size), () => 190, ON_PAGE)) continue;
      const sentence = fill(words['said.chart'], {chart: frame.chart.view.title, values: values_of(key)});
      frame.svg.setAttribute('aria-label', sentence);
      write_latest(key);
    }
    pointing.point();
  }
  const {redraw, watch: watch_size} = painter(draw);
  const latest = (run, chart) => {
    const [, mean, error] = views.averages_of(run, chart).at(-1) ?? [], {factor} = CHARTS[chart];
    return with_error(factor * mean, factor * error);
  };
  const values_of = chart => shown_runs()
    .map(run => fill(words['said.value'], {line: run.title, value: latest(run, chart)})).join(words['said.between']);
  function write_latest(key) {  // what the latest window says
    charts[key].said.replaceChildren(...shown_runs().map(run => {
      const node = make('span', '', sample_picture(training_line(run), ON_PAGE), latest(run, key));
      node.title = run.title;
      return node;
    }));
  }
  function say(sentence) { find('.said').textContent = sentence; }

  // --- what is chosen

  const reset = make_button('tool reset', words.reset, () => set_zoom(null));
  function set_zoom(range) {
    chosen.zoom = range;
    reset.disabled = !range;
    redraw();
  }
  function write_choices() {  // only when they are others: somebody may be choosing
    const now = JSON.stringify([...runs.values()].map(({id, title}) => [id, title]));
    if (now === choices_now) return;
    choices_now = now;
    choice.replaceChildren(...[...runs.values()].map(run => new Option(run.title, run.id)));
    choice.value = reference()?.id ?? '';
  }
  function write_hint() {
    find('.hint').textContent = fill(words.about, {size: chosen.size});
  }
  function make_tools() {
    choice.addEventListener('change', () => { chosen.reference = choice.value; redraw(); });
    const size = Object.assign(make('input'), {type: 'range', min: 5, max: 100, step: 5, value: chosen.size});
    size.addEventListener('input', () => { chosen.size = Number(size.value); write_hint(); redraw(); });
    const group = make('div', 'group save', make('span', '', words.save),
      ...['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind))));
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', words.save);
    reset.disabled = true;
    find('.tools').append(
      make('label', 'less', words.less, choice), make('label', 'size', words.size, size), reset, group);
    write_hint();
  }
  function download(kind) {
    const name = fill(words.title, {run: reference().title});
    if (kind === 'csv') return save(views.differences_table(), `${name}.csv`);
    const legend = shown_runs().map(run => ({words: run.title, line: training_line(run)}));
    const drawn = Object.keys(CHARTS).map(key => view_of(key, EACH.width, EACH.height, EACH.font));
    const source = figure_of(name, legend, drawn, fill(words.about, {size: chosen.size}), Bands);
    (kind === 'svg' ? save_svg : save_png)(source, name);
  }

  // --- what comes in

  function make_charts() {
    for (const key of Object.keys(CHARTS)) {
      const said = make('p', 'latest'), frame = Object.assign(pointing.add(key, Bands, said), {said});
      find('.charts').append(frame.figure);
      watch_size(frame);
    }
  }
  function show() {  // once two runs have something to be compared
    const is_there = [...runs.values()].filter(run => run.points.length).length > 1;
    find('.empty').hidden = is_there;
    body.hidden = !is_there;
    if (is_there) redraw();
  }
  function update() {
    const wanted = (plain(props.value) || {}).runs || [], known = new Map(runs), turn = ++generation;
    runs.clear();
    for (const {id, title, style} of wanted) {
      const run = known.get(id) || new Run(id);
      runs.set(id, Object.assign(run, {title, look: LOOKS[style] ?? LOOKS.spare1, is_asked: true}));
    }
    if (wanted.some(({id}) => !known.has(id))) { pointing.hover = null; chosen.reference = ''; set_zoom(null); }
    write_choices();
    show();
    if (runs.size > 1) follow({element, server}, () => turn === generation, runs, show, () => {});
  }

  find('.difference').setAttribute('aria-label', words.label);
  find('.empty').textContent = words.empty;
  make_charts();
  make_tools();
  update();
  watch('value', update);
}
