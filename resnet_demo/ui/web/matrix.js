// Draws props.value as matrix.py says: cells on a canvas, names and frames as elements above it, and of the grid that
// screen readers walk through the one cell where they are. A cell is a pair of class indices, `place` where it stands.
import {make, plain, within} from './dom.js';
import {with_percent} from './numbers.js';
import {place as place_in} from './place.js';
import {add_controls, add_tools} from './matrix_controls.js';
import {kind, matrix_words, scale, understood, whole} from './matrix_counts.js';
import {label_of, layout} from './matrix_layout.js';
import {digit_type, paint_cells, palette, picture} from './matrix_paint.js';

// The visitor's colours and order in the page's address: takes over what it says, and returns what writes it.
function locator(view, tab, is_connected) {
  const asked = new URLSearchParams(location.search), write = place_in(tab, is_connected);
  if (['row', 'column', 'all', 'none'].includes(asked.get('colour'))) view.by = asked.get('colour');
  view.order = asked.get('order') ?? '';
  view.hide = asked.get('diagonal') === 'hidden';
  const locate = () => write({colour: view.by === 'row' ? null : view.by, order: view.order,
    diagonal: view.hide ? 'hidden' : null});
  locate();
  return locate;
}

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  const {cell_words, class_words, description, table_lines} = matrix_words(props.text);
  const root = find('.matrix'), frame = find('.frame'), cells = find('.cells'), canvas = find('canvas');
  const heads = find('.heads'), names = find('.names');
  const view = {by: 'row', hide: false, order: '', enlarged: false};  // what the visitor chose, or the page
  let m = null, asked = {}, place = [], size = {}, levels = null, covered = null, drawn_as = '';
  let aimed = null;  // {cell: [i, j]} or {class: i}
  let selected = null, found = null, current = [0, 0], live = null;

  const is_dark = () => document.body.classList.contains('dark');
  const shown = cell => cell?.every(i => place[i] !== undefined);
  const holds_focus = () => !!live && live.contains(document.activeElement);
  const spot = ([i, j]) => [place[j] * size.side, place[i] * size.side];

  const above = () => frame.getBoundingClientRect().top + scrollY;  // how much of the page
  function measure() {  // what fits where; false while the page hides it
    const width = Math.floor(root.getBoundingClientRect().width), style = getComputedStyle(frame);
    if (!width) return false;
    const pen = canvas.getContext('2d'), type = parseFloat(style.fontSize);
    const room = {width, height: innerHeight, above: above(), type, tight: root.closest('.presenting') !== null};
    const wide = (words, font) => {
      pen.font = `700 ${font}px ${style.fontFamily}`;
      return pen.measureText(words).width;
    };
    size = layout(m, {...room, family: style.fontFamily}, wide, props.text.predicted, view.enlarged);
    size.above = room.above;
    return true;
  }

  function named(i, axis, name = '') {
    const node = label_of(m.names[i], place[i], size, axis === heads);
    node.dataset.class = i;
    if (name) node.classList.add(name);
    node.classList.toggle('marked', i === marked());
    return node;
  }
  const marked = () => found ?? m.highlight ?? null;
  function draw_names() {
    // as many as can be read
    const kept = m.order.filter((i, k) => k % size.step === size.step >> 1 || i === marked());
    for (const axis of [names, heads]) axis.replaceChildren(...kept.map(i => named(i, axis)));
  }

  function arrange() {  // sizes and names
    if (!measure()) return;
    root.classList.toggle('narrow', root.clientWidth < 480);
    const template = `${size.top}px ${size.all}px / ${size.left}px ${size.all}px`;
    Object.assign(find('.space').style, {gridTemplate: template, width: `${size.left + size.all}px`});
    Object.assign(find('.corner').style, {width: `${size.left}px`, height: `${size.top}px`});
    Object.assign(heads.style, {height: `${size.top}px`, width: `${size.all}px`});
    Object.assign(names.style, {width: `${size.left}px`, height: `${size.all}px`});
    frame.style.maxHeight = size.high ? `${size.high}px` : '';
    frame.classList.toggle('scrolls', !!size.high);
    draw_names();
    controls?.size(size.fine);
  }

  // The canvas covers what is seen and half as much on every side; scrolling redraws it only beyond that.
  function paint(only_if_needed) {
    if (!m || !size.side) return;
    const width = frame.clientWidth, height = frame.clientHeight, x = frame.scrollLeft, y = frame.scrollTop;
    const seen = [x, Math.min(x + width - size.left, size.all), y, Math.min(y + height - size.top, size.all)];
    if (only_if_needed && covered?.every((edge, k) => k % 2 ? seen[k] <= edge : seen[k] >= edge)) return;
    const first = (from, by) => Math.max(0, Math.floor((from - by / 2) / size.side)), n = m.order.length;
    const last = (to, by) => Math.min(n, Math.ceil((to + by / 2) / size.side));
    const across = size.high ? [first(x, width), last(x + width, width)] : [0, n];
    const down = size.high ? [first(y, height), last(y + height, height)] : [0, n];
    covered = [across[0], across[1], down[0], down[1]].map(k => k * size.side);
    const ratio = Math.min(devicePixelRatio || 1, 3), wide = covered[1] - covered[0], tall = covered[3] - covered[2];
    canvas.width = Math.round(wide * ratio);
    canvas.height = Math.round(tall * ratio);
    const [left, , top] = covered;
    Object.assign(canvas.style, {left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${tall}px`});
    const pen = canvas.getContext('2d');
    pen.scale(ratio, ratio);
    paint_cells(pen, m, {side: size.side, colours: palette(is_dark()), levels, type: size.digits, ratio}, down, across);
  }

  function put(node, cell, [wide, tall] = [size.side, size.side]) {
    node.hidden = !cell;
    if (!cell) return;
    const [x, y] = spot(cell);
    Object.assign(node.style, {left: `${x}px`, top: `${y}px`, width: `${wide}px`, height: `${tall}px`});
  }
  function point() {  // frames, bold names and the words of what is pointed at
    const cell = shown(aimed?.cell) ? aimed.cell : null, focused = holds_focus() ? current : null, mark = marked();
    for (const old of frame.querySelectorAll('.label.now')) old.remove();
    const bold = cell || focused || (aimed?.class !== undefined ? [aimed.class, aimed.class] : null);
    if (bold) [names, heads].forEach((axis, k) => axis.append(named(bold[k], axis, 'now')));
    put(find('.aim'), cell);
    put(find('.chosen'), shown(selected) ? selected : null);
    const lined = shown([mark]) ? [mark, mark] : size.side < 14 && cell ? cell : null;
    for (const name of ['.down', '.across']) {
      const band = find(name);
      band.hidden = !lined;
      if (!lined) continue;
      const [x, y] = spot(lined), thick = `${size.side + 4}px`;
      const box = name === '.down' ? {left: `${x - 2}px`, width: thick} : {top: `${y - 2}px`, height: thick};
      Object.assign(band.style, box);
    }
    const of_class = aimed?.class ?? mark;
    say(cell || focused || (of_class === null && shown(selected) ? selected : null), of_class);
  }
  function say(cell, of_class) {
    const node = find('.readout');
    const lines = cell ? cell_words(m, ...cell) : shown([of_class]) ? class_words(m, of_class) : null;
    node.classList.toggle('hint', !lines);
    if (!lines) return node.replaceChildren(props.text[props.selectable ? 'hint.select' : 'hint']);
    const tone = cell && !m.signed && m.counts[cell[0]][cell[1]] ? kind(m, ...cell) : '';
    node.replaceChildren(make('b', tone, lines[0]), ...lines.slice(1).map(words => make('span', '', words)));
  }

  // The grid as screen readers know it: rows and columns by number, and of its cells the current one.
  function stand(cell, fresh) {
    current = cell;
    const before = live;
    if (fresh || !live) {  // a new element takes the focus, so that it is read out
      const header = make('span', 'unseen'), node = make('span', 'cell');
      header.setAttribute('role', 'rowheader');
      header.setAttribute('aria-colindex', 1);
      node.setAttribute('role', 'gridcell');
      node.tabIndex = 0;
      live = make('div', '', header, node);
      live.setAttribute('role', 'row');
      cells.append(live);
    }
    const [header, node] = live.children, [i, j] = cell, [x, y] = spot(cell);
    header.textContent = m.names[i];
    live.setAttribute('aria-rowindex', place[i] + 2);
    node.setAttribute('aria-colindex', place[j] + 2);
    node.setAttribute('aria-label', cell_words(m, i, j).join('. '));
    if (props.selectable) node.setAttribute('aria-selected', selected?.[0] === i && selected?.[1] === j);
    Object.assign(node.style, {left: `${x}px`, top: `${y}px`, width: `${size.side}px`, height: `${size.side}px`,
      scrollMargin: `${size.top + 8}px 8px 8px ${size.left + 8}px`});
    if (fresh) {
      node.focus({preventScroll: true});
      node.scrollIntoView({block: 'nearest', inline: 'nearest'});
      if (before && before !== live) before.remove();
    }
  }
  function centre(cell) {
    const [x, y] = spot(cell), half = size.side / 2;
    frame.scrollTo(x + half - (frame.clientWidth - size.left) / 2, y + half - (frame.clientHeight - size.top) / 2);
  }
  function open(cell) {
    if (!props.selectable) return;
    selected = cell;
    stand(current);
    point();
    trigger('select', {index: cell, value: m.counts[cell[0]][cell[1]]});
  }
  function enlarge(on, cell) {
    view.enlarged = on;
    show();
    if (on) centre(cell || (found !== null ? [found, found] : shown(selected) ? selected : current));
  }

  function draw_key() {
    const colours = palette(is_dark()), top = levels.top, counted = m.signed ? !m.shares : view.by === 'none';
    const end = counted ? whole.format(top) : with_percent(Number((100 * top).toPrecision(2)));
    const kinds = (m.signed ? ['better', 'worse'] : ['right', 'wrong']).filter(name => name !== 'right' || !view.hide);
    find('.key').replaceChildren(...kinds.map(name => {
      const bar = make('i');
      bar.style.background = `linear-gradient(to right, ${colours.ramp(name)})`;
      return make('span', '', props.text[name], ' 0', bar, end);
    }));
    if (!m.signed) find('.key').append(make('span', '', props.text[`by.${view.by}`]));
  }

  function show() {  // everything, from m and view
    const base = understood(asked);
    const chosen = base?.orders?.find(one => one.name === view.order);
    m = base && chosen ? understood({...asked, order: chosen.order}) : base;
    write('.title', asked.title ?? (m ? props.text.title : ''));
    write('.note', asked.note);
    write('.empty', m || asked.note !== undefined ? '' : props.text.empty);
    find('.drawn').hidden = !m;
    if (!m) return;
    place = [];
    m.order.forEach((i, k) => { place[i] = k; });
    levels = scale(m, view);
    const known = JSON.stringify([m.names, m.order]);
    if (known !== drawn_as) forget(known);
    if (!shown([marked()])) found = null;
    controls?.offer();
    arrange();
    if (!size.side) return;
    size.digits = size.side < 18 ? null : digit_type(m, canvas.getContext('2d'), size.side, size.family, size.type);
    paint();
    draw_key();
    frame.setAttribute('aria-label', asked.title || props.text.title);
    frame.setAttribute('aria-rowcount', m.order.length + 1);
    frame.setAttribute('aria-colcount', m.order.length + 1);
    find('.about').textContent = description(m);
    stand(shown(current) ? current : [m.order[0], m.order[0]]);
    point();
  }
  function forget(known) {  // other classes or another order: what was pointed at may be gone
    drawn_as = known;
    covered = null;
    if (!shown(aimed?.cell)) aimed = null;
    if (!shown(selected)) selected = null;
  }

  function update() {  // what the page said last holds until the visitor chooses otherwise
    const before = asked, value = plain(props.value) || {};
    const said = key => value[key] !== undefined && JSON.stringify(value[key]) !== JSON.stringify(before[key]);
    asked = value;
    if (JSON.stringify(value.classes) !== JSON.stringify(before.classes)) aimed = selected = found = null;
    if (said('normalise')) view.by = value.normalise;
    if (said('hide_diagonal')) view.hide = value.hide_diagonal;
    if (value.selected !== undefined) selected = value.selected;
    show();
  }

  function under(event) {  // the cell below a pointer; clicks of screen readers have no place
    if (event.type === 'click' && event.detail === 0) return current;
    const box = cells.getBoundingClientRect(), n = m.order.length;
    const at = [event.clientY - box.top, event.clientX - box.left].map(far => Math.floor(far / size.side));
    return at.every(k => k >= 0 && k < n) ? at.map(k => m.order[k]) : null;
  }
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  function aim(target) {
    if (same(target, aimed)) return;
    aimed = target;
    point();
  }
  cells.addEventListener('pointermove', event => { const cell = under(event); aim(cell && {cell}); });
  frame.addEventListener('pointerover', event => {
    const label = event.target.closest('.label');
    if (label) aim({class: Number(label.dataset.class)});
    else if (!event.target.closest('.cells')) aim(null);
  });
  frame.addEventListener('click', event => {
    const label = event.target.closest('.label');
    if (!label || !props.selectable) return;
    found = Number(label.dataset.class);
    draw_names();
    point();
    trigger('mark', {index: found});
  });
  frame.addEventListener('pointerleave', event => { if (event.pointerType !== 'touch') aim(null); });
  cells.addEventListener('click', event => {
    const cell = under(event);
    if (!cell) return;
    const too_small = event.pointerType === 'touch' && size.side < 14;  // for a finger
    if (too_small && props.controls) return enlarge(true, cell);
    stand(cell, true);
    aim({cell});
    open(cell);
  });
  cells.addEventListener('focusin', () => { if (!frame.matches(':hover')) aimed = null; point(); });
  cells.addEventListener('focusout', () => setTimeout(() => { if (m && !holds_focus()) point(); }));
  cells.addEventListener('keydown', event => {
    const [row, column] = current.map(i => place[i]), end = m.order.length - 1;
    const far = event.ctrlKey || event.metaKey;
    const to = {ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [far ? 0 : row, 0], End: [far ? end : row, end]}[event.key];
    if (event.key === 'Enter' || event.key === ' ') open(current);
    else if (!to || event.altKey) return;
    else if (to.every(k => k >= 0 && k <= end)) {
      aimed = null;
      stand(to.map(k => m.order[k]), true);
    }
    event.preventDefault();
  });
  frame.addEventListener('scroll', () => paint(true), {passive: true});

  const locate = props.located ? locator(view, props.located, () => element.isConnected) : () => {};
  const grid = {  // what the controls and tools see of it
    view,
    get m() { return m; },
    get asked() { return asked; },
    get found() { return found; },
    change(part) { Object.assign(view, part); locate(); show(); },
    mark(i) {
      found = i;
      aimed = null;
      draw_names();
      point();
      if (i === null) return;
      centre([i, i]);
      if (props.selectable) trigger('mark', {index: i});
    },
    go_to: i => stand([i, i], true),
    enlarge,
    lines: () => table_lines(m),
    picture: () => picture(m, levels, palette(is_dark()), size.family, props.text),
  };
  const controls = props.controls
    ? add_controls(find('.controls'), props.text, find('.said'), grid, class_words) : null;
  add_tools(find('.tools'), props.text, find('.lines'), grid);
  find('.predicted').textContent = props.text.predicted;
  find('.true').textContent = props.text.true;
  find('.about').id = `${props.about}-about`;
  frame.setAttribute('aria-describedby', find('.about').id);
  root.classList.toggle('can-open', !!props.selectable);
  update();
  watch('value', update);
  let width = 0;  // what is drawn for a tab that is not open has no size yet
  const sizes = new ResizeObserver(() => {
    if (!element.isConnected) return sizes.disconnect();
    if (root.clientWidth === width && (!width || !size.above || Math.abs(above() - size.above) < 2)) return;
    width = root.clientWidth;
    if (width && m) show();
  });
  sizes.observe(root);
  sizes.observe(document.body);  // where it stands may change with what is above it
  const looks = new MutationObserver(() => {
    if (!element.isConnected) looks.disconnect();
    else if (m && root.clientWidth) show();
  });
  looks.observe(document.body, {attributeFilter: ['class']});  // dark or light
  looks.observe(document.documentElement, {attributeFilter: ['class']});  // the presenter's page has larger type
}
