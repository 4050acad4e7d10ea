// Draws props.value as table.py says.
const frame = find('.frame'), body = find('tbody'), tools = find('.tools');
const letters = new Intl.Collator(document.documentElement.lang || undefined, {numeric: true});
const digits = new Intl.NumberFormat('en-US', {maximumFractionDigits: 6});
let columns = [], rows = [], heading = '', sorted = null, current = null, marked = null;

const is_number = cell => typeof cell === 'number';
const is_blank = cell => cell === undefined || cell === null || cell === '';
const shown = cell => is_blank(cell) ? '' : is_number(cell) ? digits.format(cell) : typeof cell === 'object' ? cell.text : cell;
const key_of = cell => cell !== null && typeof cell === 'object' ? cell.sort ?? cell.text : cell;
// what leaves the page: numbers as such; text that a spreadsheet would take for a formula is told to be text
const written = (cell, column) => {
  const key = key_of(cell);
  if (is_number(key) && (column.numeric || is_number(cell))) return String(key);
  return shown(cell).replace(/[\t\r\n]+/g, ' ').replace(/^(?=\s*[=+\-@])/, "'");
};

function compare(a, b) {
  const x = key_of(a), y = key_of(b);
  if (is_blank(x) || is_blank(y)) return (is_blank(x) ? 1 : 0) - (is_blank(y) ? 1 : 0);
  return (sorted.down ? -1 : 1) * (is_number(x) && is_number(y) ? x - y : letters.compare(String(x), String(y)));
}
function ordered() {
  const order = rows.map((_, index) => index);
  return sorted ? order.sort((a, b) => compare(rows[a][sorted.key], rows[b][sorted.key])) : order;
}

function cell_of(cell, column, first) {
  const node = make(first ? 'th' : 'td', [column.numeric && 'numeric', column.wrap && 'wrap'].filter(Boolean).join(' '));
  if (first) node.scope = 'row';
  if (column.image) {
    if (!is_blank(cell)) node.append(Object.assign(make('img'), {src: shown(cell), alt: ''}));
    return node;
  }
  node.textContent = shown(cell);
  if (cell && cell.bar !== undefined) {
    const track = make('span', 'track'), bar = make('i');
    bar.style.width = `${100 * cell.bar}%`;
    track.append(bar);
    node.append(track);
  }
  return node;
}

function draw_head() {
  const line = make('tr');
  for (const column of columns) {
    const head = make('th', column.numeric ? 'numeric' : '');
    head.scope = 'col';
    if (column.image) head.textContent = column.title;
    else {
      const button = make('button', '', column.title);
      button.type = 'button';
      if (sorted?.key === column.key) head.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
      button.addEventListener('click', () => sort(column.key));
      head.append(button);
    }
    line.append(head);
  }
  find('thead').replaceChildren(line);
}

function draw_body() {
  const name = columns.findIndex(column => !column.image);  // the column that names a row
  body.replaceChildren(...ordered().map((index, place) => {
    const line = make('tr');
    line.append(...columns.map((column, i) => cell_of(rows[index][column.key], column, i === name)));
    line.dataset.index = index;
    if (props.selectable) line.tabIndex = index === current || (current === null && place === 0) ? 0 : -1;
    if (index === current) line.setAttribute('aria-current', 'true');
    return line;
  }));
}

function sort(key) {  // upwards, downwards, as it came
  sorted = sorted?.key !== key ? {key, down: false} : sorted.down ? null : {key, down: true};
  const at = columns.findIndex(column => column.key === key);
  draw_head();
  draw_body();
  find(`thead th:nth-child(${at + 1}) button`).focus();
}

function draw() {
  const value = plain(props.value) || {};
  columns = value.columns || [];
  rows = value.rows || [];
  const now = JSON.stringify(columns);
  if (now !== heading) {
    heading = now;
    if (sorted && !columns.some(column => column.key === sorted.key)) sorted = null;
    draw_head();
  }
  if (current !== null && current >= rows.length) current = null;
  const now_marked = JSON.stringify([value.marked, value.turn]);
  const is_marked = now_marked !== marked && rows[value.marked];
  marked = now_marked;
  if (is_marked) current = value.marked;
  draw_body();
  if (is_marked) bring_into_view([...body.rows].find(line => Number(line.dataset.index) === current));
  for (const node of tools.children) node.hidden = !rows.length;
}

function bring_into_view(line) {  // inside the table: the page stays where it is
  const box = line.getBoundingClientRect(), outer = frame.getBoundingClientRect();
  const above = outer.top + find('thead').offsetHeight - box.top, below = box.bottom - outer.bottom;
  if (above > 0) frame.scrollTop -= above;
  else if (below > 0) frame.scrollTop += below;
}

function open(line) {
  current = Number(line.dataset.index);
  for (const other of body.rows) {
    other.tabIndex = other === line ? 0 : -1;
    other.toggleAttribute('aria-current', false);
  }
  line.setAttribute('aria-current', 'true');
  trigger('select', {index: current, value: shown(rows[current][columns.find(column => !column.image)?.key])});
}

function lines() {
  const kept = columns.filter(column => !column.image);
  const content = ordered().map(index => kept.map(column => written(rows[index][column.key], column)));
  return [kept.map(column => written(column.title, {})), ...content];
}
function download() {  // the mark at the start tells spreadsheets that it is UTF-8
  const quoted = lines().map(line => line.map(cell => `"${cell.replaceAll('"', '""')}"`).join(','));
  save(new Blob(['\ufeff', quoted.join('\r\n'), '\r\n'], {type: 'text/csv;charset=utf-8'}), `${props.name}.csv`);
}

if (props.selectable) {
  body.addEventListener('click', event => {
    const line = event.target.closest('tr');
    if (line && getSelection().isCollapsed) open(line);  // who marks text to copy it opens nothing
  });
  body.addEventListener('keydown', event => {
    const line = event.target.closest('tr'), all = [...body.rows], at = all.indexOf(line);
    const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key];
    if (event.key === 'Enter' || event.key === ' ') open(line);
    else if (next === undefined) return;
    else if (all[next]) {
      line.tabIndex = -1;
      all[next].tabIndex = 0;
      all[next].focus();
    }
    event.preventDefault();
  });
} else {
  frame.tabIndex = 0;  // so that the keyboard can scroll it
  frame.setAttribute('role', 'region');
}
for (const node of [find('table'), frame]) if (props.caption) node.setAttribute('aria-label', props.caption);
find('table').classList.toggle('compact', props.compact);
frame.style.maxHeight = `${props.height}px`;
tools.append(
  make_button('copy', props.text.copy, button => copy_lines(lines(), find('table'), button)),
  make_button('csv', props.text.csv, download),
);
if (props.selectable) tools.append(make('span', 'hint', props.text.hint));
draw();
watch('value', draw);
