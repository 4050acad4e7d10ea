// Draws props.value as table.py says.
import {csv_blob} from './csv.js';
import {copy_lines, make, make_button, plain, save, within} from './dom.js';
import {is_blank, lines_of, next_order, order_of, shown} from './table_rows.js';

export default function ({element, props, trigger, watch}) {
  const {find} = within(element);
  const frame = find('.frame'), body = find('tbody'), tools = find('.tools');
  let columns = [], rows = [], heading = '', sorted = null, current = null, marked = null;

  const ordered = () => order_of(rows, sorted, document.documentElement.lang);

  function cell_of(cell, column, first) {
    const names = ['numeric', 'wrap', 'wide', 'spare'].filter(name => column[name]);
    const node = make(first ? 'th' : 'td', names.join(' '));
    if (first) node.scope = 'row';
    if (column.image) {
      if (!is_blank(cell)) node.append(Object.assign(make('img'), {src: shown(cell), alt: ''}));
      return node;
    }
    node.textContent = shown(cell);
    if (cell?.detail) node.append(make('small', '', cell.detail));
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
      const head = make('th', ['numeric', 'wide', 'spare'].filter(kind => column[kind]).join(' '));
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
      const left_out = columns.filter(column => column.wide && !is_blank(rows[index][column.key]))
        .map(({key, title, numeric}) => `${numeric ? `${title} ` : ''}${shown(rows[index][key])}`);
      if (left_out.length) line.children[name].append(make('small', 'narrow', left_out.join(' · ')));
      line.dataset.index = index;
      if (props.selectable) line.tabIndex = index === current || (current === null && place === 0) ? 0 : -1;
      if (index === current) line.setAttribute('aria-current', 'true');
      return line;
    }));
  }

  function sort(key) {
    sorted = next_order(sorted, key);
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

  const lines = () => lines_of(columns, rows, ordered());

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
    make_button('copy', props.text.copy, button => copy_lines(lines(), find('table'), button, props.text)),
    make_button('csv', props.text.csv, () => save(csv_blob(lines()), `${props.name}.csv`)),
  );
  if (props.selectable) tools.append(make('span', 'hint', props.text.hint));
  draw();
  watch('value', draw);
}
