// What stands around a confusion matrix: its colouring and order, the search for a class, what can be taken away. Every
// choice is kept in the browser, so that it outlives a new value each epoch.
import {csv_blob} from './csv.js';
import {copy_lines, make, make_button, save} from './dom.js';
import {fill} from './words.js';

function set_options(node, options) {  // [[key, words]]
  node.replaceChildren(...options.map(([key, words]) => Object.assign(make('option', '', words), {value: key})));
}

// place: the node that they are put into; text: the component's words; said: the node that is read out
// grid: {m, asked, view, found, change(part of the view), mark(class or null), go_to(class), enlarge(on)}
// Returns offer(), by which the controls say what holds, and size(is_fine), whether cells are too small to be read.
export function add_controls(place, text, said, grid, class_words) {
  const search = Object.assign(make('input'), {type: 'search', placeholder: text.search, ariaLabel: text.search});
  const count = make('span', 'count'), hide = Object.assign(make('input'), {type: 'checkbox'});

  function choice(words, options, action) {
    const node = Object.assign(make('select'), {ariaLabel: words});
    node.addEventListener('change', () => action(node.value));
    set_options(node, options);
    place.append(make('label', '', words, node));
    return node;
  }
  function seek(step) {  // the next class (or the one before) whose name holds what was typed
    const {m} = grid, asked_for = search.value.trim().toLowerCase();
    const all = asked_for ? m.order.filter(i => m.names[i].toLowerCase().includes(asked_for)) : [];
    const at = all.indexOf(grid.found), exact = all.findIndex(i => m.names[i].toLowerCase() === asked_for);
    const found = !all.length ? null : step ? all[(at + step + all.length) % all.length] : all[Math.max(0, exact)];
    count.textContent = found === null ? (asked_for ? text.missing : '')
      : fill(text.found, {number: all.indexOf(found) + 1, count: all.length});
    said.textContent = [count.textContent, ...(found === null ? [] : class_words(m, found))].join('. ');
    grid.mark(found);
  }

  place.append(make('label', '', search, count));
  search.addEventListener('input', () => seek(0));
  search.addEventListener('keydown', event => {
    if (event.key === 'Enter') seek(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown' && grid.found !== null) grid.go_to(grid.found);
    else if (event.key === 'Escape' && search.value) {
      search.value = '';
      seek(0);
    } else return;
    event.preventDefault();
  });
  const ways = ['row', 'column', 'all', 'none'].map(by => [by, text[`by.${by}`]]);
  const colour_by = choice(text.colour, ways, by => grid.change({by}));
  hide.addEventListener('change', () => grid.change({hide: hide.checked}));
  place.append(make('label', '', hide, text.hide));
  const order = choice(text.order, [], name => grid.change({order: name}));
  const zoom = make_button('zoom', text.enlarge, () => grid.enlarge(!grid.view.enlarged));
  place.append(zoom);

  function offer() {  // only what there is to choose
    const {m, asked, view} = grid, orders = asked.orders || [], titles = JSON.stringify(orders.map(one => one.title));
    const named = orders.map(one => [one.name, one.title]);
    if (order.dataset.titles !== titles) set_options(order, [['', text.given], ...named]);
    order.dataset.titles = titles;
    order.value = orders.some(one => one.name === view.order) ? view.order : '';
    order.parentElement.hidden = !orders.length;
    colour_by.value = view.by;
    colour_by.parentElement.hidden = !!m.signed;
    hide.checked = view.hide;
    search.parentElement.hidden = m.order.length <= 2;
  }
  function size(is_fine) {
    zoom.hidden = !is_fine;
    zoom.textContent = text[grid.view.enlarged ? 'whole' : 'enlarge'];
  }
  return {offer, size};
}

// place: the node that they are put into; shown: the node that shows the lines where there is no clipboard
// grid: {m, lines(): of the table, picture(): a canvas}
export function add_tools(place, text, shown, grid) {
  const file_name = () => grid.m.title || 'confusion-matrix';
  function copy(button) {
    const lines = grid.lines();
    shown.hidden = !!navigator.clipboard;
    shown.textContent = shown.hidden ? '' : lines.map(line => line.join('\t')).join('\n');
    copy_lines(lines, shown, button, text);
  }
  place.append(
    make_button('copy', text.copy, copy),
    make_button('csv', text.csv, () => save(csv_blob(grid.lines()), `${file_name()}.csv`)),
    make_button('png', text.png, () => grid.picture().toBlob(blob => save(blob, `${file_name()}.png`), 'image/png')),
  );
}
