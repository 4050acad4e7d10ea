// Draws props.value as confidence.py says: three panels over one axis, read by pointer and keyboard, and the threshold.
const panels = {};
let data = null, is_log = false, place = 0, chosen = 0, given, drawing = 0;
let pointed = null;  // {key, bin}

const slider = Object.assign(make('input'), {type: 'range', min: 0, step: 1});
const tell = steadily(() => data && trigger('threshold', {value: data.coverage.threshold[place]}));

// --- what is drawn

function draw() {
  drawing = 0;
  if (!data) return;
  for (const [key, {figure, panel, measure}] of Object.entries(panels)) {
    const width = figure.clientWidth;
    if (!width) return;
    const font = parseFloat(getComputedStyle(measure).fontSize);
    const height = Math.min(340, Math.max(210, width * .72)) * Math.max(1, font / 16);
    panel.draw(view_of(key, data, is_log, width, height, font), width, height, font, INKS.page);
  }
  const {left, w} = panels.coverage.panel.box;
  Object.assign(slider.style, {marginLeft: `${left}px`, width: `${w}px`});  // below the axis it moves on
  point();
}
const redraw = () => { drawing ||= requestAnimationFrame(draw); };

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
  for (const [key, {panel, svg, said}] of Object.entries(panels)) {
    if (panel.view) panel.mark(...marks_of(key));
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

function listen_to_bins(key, {svg, x_of}) {
  const bin_at = x => data[key].edges.slice(1, -1).filter(edge => edge < x).length;
  for (const kind of ['pointerdown', 'pointermove']) svg.addEventListener(kind, event => aim(key, bin_at(x_of(event))));
  svg.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') aim(key, null); });
  svg.addEventListener('blur', () => aim(key, null));
  svg.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const filled = data[key].edges.slice(1).map((_, i) => i).filter(i => bin_count(data, key, i));
    const now = pointed?.key === key ? pointed.bin : -1;
    const moves = {ArrowRight: () => filled.find(i => i > now), ArrowLeft: () => filled.findLast(i => i < now),
      Home: () => filled[0], End: () => filled.at(-1)};
    if (moves[event.key]) {
      aim(key, moves[event.key]() ?? (now < 0 ? filled[0] : now));
      find('.said').textContent = readout(key);
    } else if (event.key === 'Escape' && pointed) aim(key, null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
function listen_to_threshold({svg, x_of}) {
  let is_held = false;
  const set = event => set_threshold(nearest(data.coverage.threshold, x_of(event)));
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
  for (const key of Object.keys(VIEWS)) {
    const svg = svg_node('svg', {role: 'img'}), measure = make('span', 'measure', '0'), said = make('p', 'readout');
    const figure = make('div', `panel ${key}`, svg, measure), panel = new Panel(svg);
    const x_of = event => {
      const frame = svg.getBoundingClientRect();
      return panel.place((event.clientX - frame.left) / frame.width * panel.box.width) / 100;
    };
    panels[key] = {svg, figure, measure, said, panel, x_of};
    if (key === 'coverage') {
      figure.append(make('label', 'threshold', make('span', '', words.slider), slider));
      listen_to_threshold(panels[key]);
    } else {
      svg.setAttribute('tabindex', 0);
      listen_to_bins(key, panels[key]);
    }
    figure.append(said);
    find('.panels').append(figure);
    for (const node of [figure, measure]) watcher.observe(node);
  }
}
function make_tools() {
  const log = make_button('tool log', words.log, () => {
    is_log = !is_log;
    log.setAttribute('aria-pressed', is_log);
    redraw();
  });
  log.setAttribute('aria-pressed', is_log);
  find('.tools').append(log, ...['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind))));
  find('.hint').textContent = words.hint;
}
function download(kind) {
  const title = data.title || words.label, name = `${title}-confidence`;
  if (kind === 'csv') return save(table_of_all(data), `${name}.csv`);
  const drawn = Object.keys(VIEWS).map(key => ({view: view_of(key, data, is_log, 390, 300, EACH.font), mark: marks_of(key)}));
  const notes = [data.note, sentence('reliability', data, null), readout('coverage')].filter(Boolean);
  (kind === 'svg' ? save_svg : save_png)(panels_figure(title, drawn, notes), name);
}

// --- what comes in

const watcher = new ResizeObserver(redraw);
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
