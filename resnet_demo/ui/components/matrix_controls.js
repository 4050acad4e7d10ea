// What stands around a confusion matrix: its colouring and order, the search for a class, what can be taken away. Every
// choice is kept in the browser, so that it outlives a new value each epoch.
const controls = find('.controls');
let zoom = null, colour_by = null, hide = null, order = null, search = null, count = null;

function choice(words, options, action) {
  const node = Object.assign(make('select'), {ariaLabel: words});
  node.addEventListener('change', () => action(node.value));
  set_options(node, options);
  controls.append(make('label', '', words, node));
  return node;
}
function set_options(node, options) {  // [[key, words]]
  node.replaceChildren(...options.map(([key, words]) => Object.assign(make('option', '', words), {value: key})));
}
function change(part) {
  Object.assign(view, part);
  show();
}

function add_controls() {
  search = Object.assign(make('input'), {type: 'search', placeholder: props.text.search, ariaLabel: props.text.search});
  count = make('span', 'count');
  controls.append(make('label', '', search, count));
  search.addEventListener('input', () => seek(0));
  search.addEventListener('keydown', event => {
    if (event.key === 'Enter') seek(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown' && found !== null) stand([found, found], true);
    else if (event.key === 'Escape' && search.value) {
      search.value = '';
      seek(0);
    } else return;
    event.preventDefault();
  });
  const ways = ['row', 'column', 'all', 'none'].map(by => [by, props.text[`by.${by}`]]);
  colour_by = choice(props.text.colour, ways, by => change({by}));
  hide = Object.assign(make('input'), {type: 'checkbox'});
  hide.addEventListener('change', () => change({hide: hide.checked}));
  controls.append(make('label', '', hide, props.text.hide));
  order = choice(props.text.order, [], title => change({order: title}));
  zoom = make_button('zoom', props.text.enlarge, () => enlarge(!view.enlarged));
  controls.append(zoom);
}

function seek(step) {  // the next class (or the one before) whose name holds what was typed
  const asked_for = search.value.trim().toLowerCase();
  const all = asked_for ? m.order.filter(i => m.names[i].toLowerCase().includes(asked_for)) : [];
  const at = all.indexOf(found), exact = all.findIndex(i => m.names[i].toLowerCase() === asked_for);
  found = !all.length ? null : step ? all[(at + step + all.length) % all.length] : all[Math.max(0, exact)];
  count.textContent = found === null ? (asked_for ? props.text.missing : '')
    : fill(props.text.found, {number: all.indexOf(found) + 1, count: all.length});
  const spoken = found === null ? [] : class_words(m, found);
  find('.said').textContent = [count.textContent, ...spoken].join('. ');
  aimed = null;
  draw_names();
  point();
  if (found === null) return;
  centre([found, found]);
  if (props.selectable) trigger('mark', {index: found});
}

function offer() {  // the controls say what holds, and only what there is to choose
  if (!search) return;
  const orders = asked.orders || [], titles = JSON.stringify(orders.map(one => one.title));
  const named = orders.map(one => [one.title, one.title]);
  if (order.dataset.titles !== titles) set_options(order, [['', props.text.given], ...named]);
  order.dataset.titles = titles;
  order.value = orders.some(one => one.title === view.order) ? view.order : '';
  order.parentElement.hidden = !orders.length;
  colour_by.value = view.by;
  colour_by.parentElement.hidden = !!m.signed;
  hide.checked = view.hide;
  search.parentElement.hidden = m.order.length <= 2;
}

const file_name = () => m.title || 'confusion-matrix';
function save_csv() {  // the mark at the start tells spreadsheets that it is UTF-8
  const quoted = table_lines(m).map(line => line.map(cell => `"${cell.replaceAll('"', '""')}"`).join(','));
  save(new Blob(['\ufeff', quoted.join('\r\n'), '\r\n'], {type: 'text/csv;charset=utf-8'}), `${file_name()}.csv`);
}
function save_png() {
  const colours = palette(is_dark());
  picture(m, levels, colours, size.family).toBlob(blob => save(blob, `${file_name()}.png`), 'image/png');
}
function copy(button) {
  const lines = table_lines(m), node = find('.lines');
  node.hidden = !!navigator.clipboard;
  node.textContent = node.hidden ? '' : lines.map(line => line.join('\t')).join('\n');
  copy_lines(lines, node, button);
}
function add_tools() {
  find('.tools').append(
    make_button('copy', props.text.copy, copy),
    make_button('csv', props.text.csv, save_csv),
    make_button('png', props.text.png, save_png),
  );
}
