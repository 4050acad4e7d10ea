// Draws props.value as difference.py says.
const charts = {}, body = find('.body'), choice = make('select');
let generation = 0, drawing = 0, choices_now = '';

// --- what is drawn

function draw() {
  drawing = 0;
  if (runs.size < 2) return;
  for (const [key, {chart, figure, measure, svg}] of Object.entries(charts)) {
    const width = figure.clientWidth;
    if (!width) continue;
    const font = parseFloat(getComputedStyle(measure).fontSize), height = 190 * Math.max(1, font / 16);
    chart.draw(view_of(key, width, height, font), width, height, font, ON_PAGE);
    svg.setAttribute('aria-label', fill(words['said.chart'], {chart: chart.view.title, values: values_of(key)}));
    write_latest(key);
  }
  point();
}
const changed = () => { drawing ||= requestAnimationFrame(draw); };
const latest = (run, chart) => {
  const [, mean, error] = averages_of(run, chart).at(-1) ?? [], {factor} = CHARTS[chart];
  return with_error(factor * mean, factor * error);
};
const values_of = chart => shown_runs().map(run => fill(words['said.value'], {line: run.title, value: latest(run, chart)}))
  .join(words['said.between']);
function write_latest(key) {  // what the latest window says
  charts[key].said.replaceChildren(...shown_runs().map(run => {
    const node = make('span', '', sample_picture(training_line(run), ON_PAGE), latest(run, key));
    node.title = run.title;
    return node;
  }));
}
const say = sentence => { find('.said').textContent = sentence; };

// --- what is chosen

const reset = make_button('tool reset', words.reset, () => set_zoom(null));
function set_zoom(range) {
  chosen.zoom = range;
  reset.disabled = !range;
  changed();
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
  choice.addEventListener('change', () => { chosen.reference = choice.value; changed(); });
  const size = Object.assign(make('input'), {type: 'range', min: 5, max: 100, step: 5, value: chosen.size});
  size.addEventListener('input', () => { chosen.size = Number(size.value); write_hint(); changed(); });
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
  if (kind === 'csv') return save(differences_table(), `${name}.csv`);
  const legend = shown_runs().map(run => ({words: run.title, line: training_line(run)}));
  const views = Object.keys(CHARTS).map(key => view_of(key, EACH.width, EACH.height, EACH.font));
  const source = figure_of(name, legend, views, fill(words.about, {size: chosen.size}), Bands);
  (kind === 'svg' ? save_svg : save_png)(source, name);
}

// --- what comes in

const watcher = new ResizeObserver(changed);
function make_charts() {
  for (const key of Object.keys(CHARTS)) {
    const svg = svg_node('svg', {role: 'img', tabindex: 0}), tip = make('div', 'tip'), measure = make('span', 'measure', '0');
    const said = make('p', 'latest'), figure = make('div', `chart ${key}`, svg, said, tip, measure);
    charts[key] = {svg, tip, figure, measure, said, chart: new Bands(svg)};
    tip.hidden = true;
    find('.charts').append(figure);
    listen(key, charts[key]);
    for (const node of [figure, measure]) watcher.observe(node);
  }
}
function show() {  // once two runs have something to be compared
  const is_there = [...runs.values()].filter(run => run.points.length).length > 1;
  find('.empty').hidden = is_there;
  body.hidden = !is_there;
  if (is_there) changed();
}
function update() {
  const wanted = (plain(props.value) || {}).runs || [], known = new Map(runs), turn = ++generation;
  runs.clear();
  for (const {id, title, style} of wanted) {
    runs.set(id, Object.assign(known.get(id) || new Run(id), {title, look: LOOKS[style] ?? LOOKS.spare1, is_asked: true}));
  }
  if (wanted.some(({id}) => !known.has(id))) { hover = null; chosen.reference = ''; set_zoom(null); }
  write_choices();
  show();
  if (runs.size > 1) follow(() => turn === generation, runs, show, () => {});
}

find('.difference').setAttribute('aria-label', words.label);
find('.empty').textContent = words.empty;
make_charts();
make_tools();
update();
watch('value', update);
