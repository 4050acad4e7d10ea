// Reading the charts and zooming into them, by pointer, by finger and by keyboard. What is pointed at stays where it is
// on the axis while the runs go on.
let hover = null;  // {chart, x, span: two places that are being marked, or null}

function point() {
  for (const key of chosen.shown) {
    if (!charts[key].chart.view) continue;
    charts[key].chart.point_at(hover?.x ?? null, hover?.span);
    const {tip, chart} = charts[key], is_here = hover?.chart === key && !hover.span;
    tip.hidden = !is_here;
    if (is_here) write_tip(key, tip, chart);
  }
}
function write_tip(key, tip, chart) {
  const {view, box} = chart, [x0, x1] = view.x, has_kinds = CHARTS[key].epoch !== undefined;
  const read = line => line && Chart.read(line, hover.x, (x1 - x0) / 20)?.[1];
  const row = (line, name, ...values) => make('tr', '', make('td', '', sample_picture(line, ON_PAGE)),
    make('td', 'name', name), ...values.map(value => make('td', '', value)));
  const rows = [];
  if (is_one()) {
    for (const line of view.lines.filter(line => is_known(read(line)))) {
      const value = formatted(read(line)), raw = line.faint && formatted(read({points: line.faint}));
      rows.push(row(line, words[line.kind], raw ? fill(words.unsmoothed, {value, raw}) : value));
    }
  } else {  // a row each run
    const kinds = [...new Set(view.lines.map(line => line.kind))];
    if (has_kinds) rows.push(make('tr', '', make('th'), make('th'), ...kinds.map(kind => make('th', '', words[kind]))));
    for (const run of shown_runs()) {
      const lines = kinds.map(kind => view.lines.find(line => line.run === run && line.kind === kind));
      const values = lines.map(read);
      if (values.some(is_known)) rows.push(row(lines.at(-1), run.title, ...values.map(formatted)));
    }
  }
  const place = {epoch: x => x.toFixed(2), step: GROUPED.format, seconds: duration}[chosen.axis](hover.x);
  const heading = chosen.axis === 'seconds' ? place : `${words[`unit.${chosen.axis}`]} ${place}`;
  tip.replaceChildren(make('p', '', heading), make('table', '', make('tbody', '', ...rows)));
  const heights = view.lines.filter(line => is_known(read(line))).map(line => chart.Y(read(line)));  // keep off the lines
  tip.classList.toggle('low', heights.reduce((sum, y) => sum + y, 0) < heights.length * box.h * .45);
  const at = chart.X(hover.x) + box.left - box.near, side = at < box.width / 2 ? at + 14 : at - 14 - tip.offsetWidth;
  tip.style.left = `${Math.max(0, Math.min(side, box.width - tip.offsetWidth))}px`;
}
function aim(next) {
  hover = next;
  point();
}
function listen(key, {chart, svg}) {
  let from = null;
  const x_of = event => {
    const frame = svg.getBoundingClientRect();
    return chart.place((event.clientX - frame.left) / frame.width * chart.box.width);
  };
  svg.addEventListener('pointerdown', event => {
    if (event.button || !chart.view) return;
    from = {pixel: event.clientX, x: x_of(event)};
    svg.setPointerCapture(event.pointerId);
    aim({chart: key, x: from.x});
  });
  svg.addEventListener('pointermove', event => {
    if (!chart.view) return;
    const x = x_of(event), is_drag = from && Math.abs(event.clientX - from.pixel) > 5;
    aim({chart: key, x, span: is_drag ? [Math.min(x, from.x), Math.max(x, from.x)] : null});
  });
  svg.addEventListener('pointerup', event => {
    const span = hover?.span;
    from = null;
    aim({chart: key, x: x_of(event)});
    if (span) set_zoom(span);
  });
  svg.addEventListener('pointercancel', () => { from = null; aim(null); });
  svg.addEventListener('pointerleave', event => { if (!from && event.pointerType === 'mouse') aim(null); });
  svg.addEventListener('blur', () => aim(null));
  svg.addEventListener('dblclick', () => set_zoom(null));
  svg.addEventListener('keydown', event => {
    if (!chart.view || event.ctrlKey || event.altKey || event.metaKey) return;
    const [x0, x1] = chart.view.x, now = hover?.x ?? x1, first = chart.view.lines.find(line => line.points.length);
    const places = (first?.points || []).map(([x]) => x).filter(x => x >= x0 && x <= x1);
    const around = factor => [now - (now - x0) * factor, now + (x1 - now) * factor];
    const moves = {ArrowRight: () => places.find(x => x > now + 1e-9), ArrowLeft: () => places.findLast(x => x < now - 1e-9),
      Home: () => places[0], End: () => places.at(-1)};
    if (moves[event.key]) {
      const x = moves[event.key]() ?? hover?.x ?? places.at(-1);
      if (x !== undefined) aim({chart: key, x});
      say(charts[key].tip.innerText.replaceAll('\n', ', '));
    } else if (event.key === '+') set_zoom(around(.5));
    else if (event.key === '-' && chosen.zoom) {
      const [low, high] = whole_range(), [from_, to] = around(2), wider = [Math.max(low, from_), Math.min(high, to)];
      set_zoom(wider[0] <= low && wider[1] >= high ? null : wider);
    } else if (event.key === 'Escape' && (hover || chosen.zoom)) hover ? aim(null) : set_zoom(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
