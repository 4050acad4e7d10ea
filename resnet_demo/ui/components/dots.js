// Draws props.value as dots.py says: panels beside each other, each read place by place.
const words = props.text;
let data = {}, panels = [], drawing = 0;

const look_of = ({style, solid}) => {
  const look = LOOKS[style] ?? LOOKS.plain;
  return solid ? {...look, dash: []} : look;
};
const lines_of = panel => panel.lines.map(line => ({...line, look: look_of(line)}));

function limits_of(panel, is_log, count) {
  const known = panel.lines.flatMap(line => line.points.map(([, y]) => y)).filter(y => is_known(y) && !(is_log && y <= 0));
  if (!known.length) return is_log ? [.1, 10] : [0, 1];
  let low = Math.min(...known), high = Math.max(...known);
  if (is_log) return low === high ? [low / 2, high * 2] : [low * (low / high) ** .04, high * (high / low) ** .04];
  if (low === high) [low, high] = [low - .5, high + .5];
  const step = nice_step(high - low, count);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}
function view_of(panel, width, height, font) {
  const rows = Math.max(2, Math.round(height / font / 3.2)), is_log = Boolean(panel.log), y = limits_of(panel, is_log, rows);
  const x_ticks = panel.ticks ? panel.ticks.map(([value, said]) => ({value, words: said}))
    : ticks(panel.x, Math.max(2, Math.round(width / font / 6)));
  return {title: panel.title, unit: panel.unit || '', x: panel.x, y, log: is_log, cut: false, levels: [], lines: lines_of(panel),
    x_ticks, y_ticks: is_log ? log_ticks(y, rows) : ticks(y, rows)};
}

function draw() {
  drawing = 0;
  for (const one of panels) {
    const width = one.figure.clientWidth;
    if (!width) continue;
    const font = parseFloat(getComputedStyle(one.measure).fontSize);
    const height = Math.min(330, Math.max(200, width * .62)) * Math.max(1, font / 16);
    one.chart.draw(view_of(one.panel, width, height, font), width, height, font, ON_PAGE);
    point(one);
  }
}
const redraw = () => { drawing ||= requestAnimationFrame(draw); };
const watcher = new ResizeObserver(redraw);

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
  const nearest = event => {
    const {chart, svg, panel} = one, frame = svg.getBoundingClientRect();
    if (!chart.view || !panel.places.length) return null;
    const x = chart.place((event.clientX - frame.left) / frame.width * chart.box.width);
    const far = place => Math.abs(place[0] - x);
    return panel.places.reduce((best, place, i) => (far(place) < far(panel.places[best]) ? i : best), 0);
  };
  for (const kind of ['pointerdown', 'pointermove']) one.svg.addEventListener(kind, event => aim(one, nearest(event)));
  one.svg.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') aim(one, null); });
  one.svg.addEventListener('blur', () => aim(one, null));
  one.svg.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const last = one.panel.places.length - 1, now = one.at;
    const next = {ArrowRight: now === null ? 0 : Math.min(last, now + 1), ArrowLeft: now === null ? last : Math.max(0, now - 1),
      Home: 0, End: last}[event.key];
    if (next !== undefined && last >= 0) {
      aim(one, next);
      find('.said').textContent = one.readout.textContent;
    } else if (event.key === 'Escape' && now !== null) aim(one, null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function make_panel() {
  const svg = svg_node('svg', {role: 'img', tabindex: 0}), measure = make('span', 'measure', '0'), readout = make('p', 'readout');
  const one = {svg, measure, readout, figure: make('div', 'panel', svg, measure, readout), chart: new Chart(svg), at: null};
  listen(one);
  for (const node of [one.figure, measure]) watcher.observe(node);
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
  if (kind === 'csv') {  // no cell is a formula for a spreadsheet; a negative number is one to reckon with
    const clean = cell => typeof cell === 'number' ? String(cell)
      : String(cell ?? '').replace(/[\t\r\n]+/g, ' ').replace(/^(?=\s*[=+\-@])/, "'");
    const lines = (data.table || []).map(row => row.map(cell => `"${clean(cell).replaceAll('"', '""')}"`).join(','));
    return save(new Blob(['\ufeff', lines.join('\r\n'), '\r\n'], {type: 'text/csv;charset=utf-8'}), `${name}.csv`);
  }
  const views = data.panels.map(panel => view_of(panel, EACH.width, EACH.height, EACH.font));
  (kind === 'svg' ? save_svg : save_png)(figure_of(data.title || words.label, legend(), views, data.note || ''), name);
}

function update() {
  data = plain(props.value) || {};
  const shown = data.panels || [];
  write('.title', data.title);
  write('.note', data.note);
  write('.empty', shown.length ? '' : data.empty);
  find('.drawn').hidden = !shown.length;
  while (panels.length > shown.length) panels.pop().figure.remove();
  shown.forEach((panel, i) => {
    if (!panels[i]) find('.panels').append((panels[i] = make_panel()).figure);
    const one = panels[i];
    one.panel = panel;
    if (one.at >= panel.places.length) one.at = null;
    one.svg.setAttribute('aria-label', [panel.title, panel.said].filter(Boolean).join(': '));
    point(one);
  });
  find('.legend').replaceChildren(...legend().map(({words: said, line}) => make('span', '', sample_picture(line, ON_PAGE), said)));
  redraw();
}

find('.dots').setAttribute('aria-label', words.label);
find('.tools').append(...['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind))));
update();
watch('value', update);
