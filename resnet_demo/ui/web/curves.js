// Draws props.value as curves.py says: what the runs say, their charts, and what is chosen to be seen of them.
import {Chart, LOOKS, ON_PAGE} from './chart.js';
import {painter} from './chart_frame.js';
import {make, make_button, plain, save, within} from './dom.js';
import {save_png, save_svg} from './drawing.js';
import {EACH, figure_of, sample_picture, table_of} from './figure.js';
import {GROUPED, duration, formatted, is_known, percent} from './numbers.js';
import {Pointing} from './pointing.js';
import {Replay} from './replay.js';
import {
  ACCURACY, AXES, EPOCH, IMAGES, LOSS, NORM, PROGRESS, RATE_OF_LEARNING, Run, SECONDS, STEP, VALIDATION_ACCURACY,
  VALIDATION_LOSS, follow,
} from './runs.js';
import {curve_views} from './views.js';
import {fill} from './words.js';

export default function ({element, props, trigger, server, watch}) {
  const {find} = within(element), words = props.text, views = curve_views(words);
  const {CHARTS, runs, chosen, shown_runs, is_one, name_of, training_line, validation_line, view_of} = views;
  const SIGNS = {queued: '…', running: '●', finished: '✓', stopped: '■', failed: '✗', interrupted: '‖', damaged: '✗',
    gone: '✗'};
  const QUIET = 15_000;  // ms between two epochs that are read out
  const body = find('.body'), state_line = find('.state'), numbers = {};
  let main = null, is_lost = false, generation = 0, read_at = -QUIET, said_state = '', legend_now = '';
  const pointing = new Pointing(views, words, {say, set_zoom}), {charts} = pointing;
  const replay = new Replay(find('.replay'), words, changed);

  // --- what is drawn

  function height_of(width) {
    const is_presented = document.documentElement.classList.contains('presenting');  // all on one screen of 1280 x 720
    const steepness = is_presented ? Math.min(0.27, props.steepness) : props.steepness;
    return Math.min(420, Math.max(is_presented ? 150 : 210, width * steepness));
  }
  function draw() {
    for (const key of chosen.shown) {
      const is_drawn = charts[key].draw((...size) => view_of(key, ...size), height_of, ON_PAGE);
      if (is_drawn) charts[key].svg.setAttribute('aria-label', summary(key));
    }
    pointing.point();
  }
  const {redraw, watch: watch_size} = painter(draw);
  function changed() {
    write_state();
    write_numbers();
    tell_epoch();
    redraw();
  }
  function summary(key) {
    const {view} = charts[key].chart, found = [];
    for (const line of view.lines) {
      const last = line.points.findLast(([, y]) => is_known(y));
      if (last) found.push(fill(words['said.value'], {line: line_name(key, line), value: formatted(last[1])}));
    }
    const values = found.join(words['said.between']) || words['said.none'];
    return fill(words['said.chart'], {chart: view.title, values});
  }
  const line_name = (key, {run, kind}) => CHARTS[key].epoch === undefined ? run.title : name_of(run, kind);

  // --- what is said

  function write_state() {
    if (!main) return;
    const {state, point: last, left, position, wait} = main, is_replay = replay.run === main;
    const key = state === 'queued' && is_known(wait) ? 'state.queued.wait'
      : state === 'running' && !last ? 'state.starting' : state ? `state.${state}` : 'state.starting';
    const sentence = is_lost ? words.reconnecting : is_replay ? words.replay
      : fill(words[key], {position, time: duration(wait ?? 0, words)});
    state_line.className = `state ${is_lost || is_replay ? '' : state}`;
    find('.sign').textContent = is_lost ? '…' : is_replay ? (replay.playing ? '▶' : '❚❚') : SIGNS[state] ?? '…';
    find('.state b').textContent = sentence;
    find('.at').textContent = !last ? ''
      : fill(words.at, {step: GROUPED.format(last[STEP]), epoch: last[EPOCH].toFixed(last[EPOCH] < 10 ? 2 : 1)});
    find('.left').textContent = left !== null && !is_replay ? fill(words.left, {time: duration(left, words)})
      : last ? fill(words.took, {time: duration(last[SECONDS], words)}) : '';
    find('.recorded').hidden = !is_replay;
    find('.reason').textContent = is_replay ? '' : main.reason;
    const done = Math.round(1000 * (last?.[PROGRESS] ?? 0)) / 10, bar = find('.bar');
    bar.setAttribute('aria-valuenow', done);
    find('.bar i').style.width = `${done}%`;
    const said = fill(words['said.state'], {run: main.title, state: sentence});
    if (said !== said_state && (is_lost || !said_state || main.told !== state)) say(said_state = said);
  }
  const in_percent = share => is_known(share) ? fill(words['number.percent'], {value: percent(share)}) : '–';
  function write_numbers() {
    const {point: last, epoch} = main || {};
    const values = {
      'number.loss': formatted(last?.[LOSS]), 'number.validation_loss': formatted(epoch?.[VALIDATION_LOSS]),
      'number.accuracy': in_percent(last?.[ACCURACY]),
      'number.validation_accuracy': in_percent(epoch?.[VALIDATION_ACCURACY]),
      'chart.lr': formatted(last?.[RATE_OF_LEARNING]), 'chart.norm': formatted(last?.[NORM]),
      'chart.rate': formatted(last?.[IMAGES]),
    };
    for (const [key, value] of Object.entries(values)) {
      if (!numbers[key]) {
        numbers[key] = make('dd');
        find('.numbers').append(make('div', '', make('dt', '', words[key]), numbers[key]));
      }
      numbers[key].textContent = value;
    }
  }
  function say(sentence) { find('.said').textContent = sentence; }
  function tell_epoch() {
    const step = main?.epoch?.[STEP];
    if (step === undefined || step === main.told_step) return;
    main.told_step = step;
    trigger('epoch', {run: main.id, step});
    if (performance.now() - read_at < QUIET || replay.run) return;
    read_at = performance.now();
    const epoch = Number(main.epoch[EPOCH].toFixed(1)), value = percent(main.epoch[VALIDATION_ACCURACY]);
    say(fill(words['said.epoch'], {epoch, value}));
  }
  function tell_states() {
    for (const run of runs.values()) {
      if (!run.state || run.state === run.told) continue;
      run.told = run.state;
      trigger('state', {run: run.id, state: run.state});
    }
  }

  // --- what is chosen

  function chip(line, text, on, toggle) {
    const button = make_button('', '', () => { button.setAttribute('aria-pressed', toggle()); changed(); });
    button.append(sample_picture(line, ON_PAGE), text);
    button.setAttribute('aria-pressed', on);
    return button;
  }
  function group(name, label, ...children) {
    const node = make('div', `group ${name}`, make('span', '', label), ...children);
    node.setAttribute('role', 'group');
    node.setAttribute('aria-label', label);
    return node;
  }
  const plain_look = (dash = []) => ({color: 'ink', dash, mark: 'disc'});
  function kinds() {  // [key, a line to show]
    const found = is_one() && main ? [['training', training_line(main)], ['validation', validation_line(main)]]
      : [['training', {look: plain_look()}], ['validation', {look: plain_look(), bold: true, marked: true}]];
    if ([...runs.values()].some(run => is_known(run.paper))) found.push(['paper', {look: {...plain_look([6, 3])}}]);
    return found;
  }
  function draw_legend() {  // only when it says something else: somebody may be at one of its buttons
    const now = JSON.stringify([...runs.values()].map(({id, title, style, paper}) => [id, title, style, paper]));
    if (now === legend_now) return;
    legend_now = now;
    const toggle = key => () => (chosen[key] = !chosen[key]);
    const kind = ([key, line]) => chip(line, words[key], chosen[key], toggle(key));
    const lines = group('kinds', words.kinds, ...kinds().map(kind));
    const several = group('runs', words.runs, ...[...runs.values()].map(run => (
      chip(validation_line(run), run.title, run.on, () => (run.on = !run.on)))));
    find('.legend').replaceChildren(...(is_one() ? [lines] : [several, lines]));
  }
  function pressable(text, key_on, act) {
    const button = make_button('tool', text, () => {
      act();
      button.setAttribute('aria-pressed', key_on());
      changed();
    });
    button.setAttribute('aria-pressed', key_on());
    return button;
  }
  function show_chart(key, on) {
    chosen.shown[on ? 'add' : 'delete'](key);
    charts[key].figure.hidden = !on;
  }
  const reset = make_button('tool reset', words.reset, () => set_zoom(null));
  function set_zoom(range) {
    chosen.zoom = range;
    reset.disabled = !range;
    changed();
  }
  function make_tools() {
    const axis = make('select', '', ...Object.keys(AXES).map(key => new Option(words[`axis.${key}`], key)));
    axis.addEventListener('change', () => { chosen.axis = axis.value; pointing.hover = null; set_zoom(null); });
    const weight = Object.assign(make('input'), {type: 'range', min: 0, max: .98, step: .02, value: chosen.weight});
    weight.addEventListener('input', () => { chosen.weight = Number(weight.value); changed(); });
    const smoothing = make('label', 'smoothing', words.smoothing, weight);
    smoothing.title = words['smoothing.about'];
    const more = ['lr', 'norm', 'rate'].map(key => (
      pressable(words[`chart.${key}`], () => chosen.shown.has(key), () => show_chart(key, !chosen.shown.has(key)))));
    const files = ['png', 'svg', 'csv'].map(kind => make_button('tool', words[kind], () => download(kind)));
    reset.disabled = true;
    find('.tools').append(
      make('label', 'axis', words.axis, axis),
      pressable(words.log, () => chosen.log, () => { chosen.log = !chosen.log; }),
      smoothing, reset,
      group('more', words.more, ...more),
      group('save', words.save, ...files),
    );
    find('.hint').textContent = words.hint;
  }

  function download(kind) {
    const name = `${main.title}-curves`;
    if (kind === 'csv') return save(table_of([...runs.values()].map(run => [run.title, run])), `${name}.csv`);
    const legend = [...(is_one() ? [] : shown_runs().map(run => ({words: run.title, line: validation_line(run)}))),
      ...kinds().filter(([key]) => chosen[key]).map(([key, line]) => ({words: words[key], line}))];
    const drawn = Object.keys(CHARTS).filter(key => chosen.shown.has(key))
      .map(key => view_of(key, EACH.width, EACH.height, EACH.font));
    const source = figure_of(is_one() ? main.title : words.label, legend, drawn, replay.run ? words.recorded : '');
    (kind === 'svg' ? save_svg : save_png)(source, name);
  }

  // --- what comes in

  function make_charts() {
    for (const key of Object.keys(CHARTS)) {
      const {figure} = pointing.add(key, Chart);
      figure.hidden = !chosen.shown.has(key);
      find('.charts').append(figure);
      watch_size(charts[key]);
    }
  }

  function give_looks() {  // every run its own, the preferred one where it is free
    const free = new Set(Object.keys(LOOKS));
    const take = wish => {
      const spare = () => [...free].find(other => other.startsWith('spare')) ?? [...free][0];
      const key = free.has(wish) ? wish : spare();
      free.delete(key);
      return LOOKS[key] ?? LOOKS.A;
    };
    for (const run of runs.values()) run.look = take(run.style);
  }
  function update() {
    const value = plain(props.value) || {}, wanted = value.runs || [], before = main;
    const known = new Map(runs);
    runs.clear();
    for (const {id, title, style, paper} of wanted) {
      const run = known.get(id) || new Run(id);
      runs.set(id, Object.assign(run, {title, style, paper: paper ?? NaN, is_asked: true}));
    }
    give_looks();
    replay.open(runs.get(value.replay) || null);
    main = replay.run || [...runs.values()][0] || null;
    find('.empty').hidden = Boolean(main);
    body.hidden = !main;
    is_lost = false;
    if (main !== before) { pointing.hover = null; said_state = ''; set_zoom(null); }
    body.dataset.run = main?.id ?? '';
    draw_legend();
    if (!main) { generation++; return; }
    changed();
    const turn = ++generation;
    follow({element, server}, () => turn === generation, runs, () => {
      is_lost = false;
      replay.start();
      changed();
      tell_states();
    }, () => { is_lost = true; changed(); });
  }

  find('.curves').setAttribute('aria-label', words.label);
  find('.empty').textContent = words.empty;
  find('.recorded').textContent = words.recorded;
  find('.bar').setAttribute('aria-label', words.progress);
  make_charts();
  make_tools();
  update();
  watch('value', update);
  trigger('mount', Object.fromEntries(new URLSearchParams(location.search)));
}
