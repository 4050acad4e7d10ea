// Draws props.value: an answer {rows, note, view, pixelated, caption, knows} or a message {message, command, error, knows}.
// Names of classes and files are other people's text, so everything is written with textContent.
const find = selector => element.querySelector(selector);
const write = (selector, words) => { find(selector).textContent = words || ''; find(selector).hidden = !words; };
const make = (tag, name, words) => {
  const node = document.createElement(tag);
  node.className = name;
  if (words !== undefined) node.textContent = words;
  return node;
};

function row({label, probability, percent}) {
  const line = make('tr', ''), name = make('th', '', label), cell = make('td', ''), inner = make('div', 'cell');
  const track = make('div', 'track'), bar = make('div', 'bar');
  name.scope = 'row';
  bar.style.width = `${100 * probability}%`;
  track.append(bar);
  inner.append(track, make('span', 'value', percent));
  cell.append(inner);
  line.append(name, cell);
  return line;
}

function draw() {
  const value = props.value || {}, rows = value.rows || [], answered = rows.length > 0;
  write('.message', value.message);
  write('.command', value.command);
  find('.message').classList.toggle('error', !!value.error);
  find('.message').setAttribute('role', value.error ? 'alert' : 'note');
  find('.answer').hidden = find('.parts').hidden = !answered;
  find('.figure').classList.toggle('answered', answered || !!value.error);
  find('tbody').replaceChildren(...rows.map(row));
  if (answered) {
    find('.best strong').textContent = rows[0].label;
    find('.best .number').textContent = rows[0].percent;
    write('.note', value.note);
    find('.view img').src = value.view;
    find('.view img').alt = find('.view p').textContent = value.caption;
    find('.view img').classList.toggle('pixelated', value.pixelated);
  }
  find('.knows').hidden = !(value.knows || []).length;
  find('.knows b').textContent = (value.knows || []).join(', ');
}

function update() {
  draw();
  // on a phone the answer has just moved to the top of the page: take the reader along
  const answered = find('.figure').classList.contains('answered');
  if (answered && matchMedia('(max-width: 768px)').matches) element.scrollIntoView();
}

async function copy() {
  const table = props.value.rows.map(r => `${r.label}\t${r.probability.toFixed(4)}`).join('\n');
  try {
    await navigator.clipboard.writeText(table);
  } catch {  // a page that is not served over https has no clipboard: select the table instead
    getSelection().selectAllChildren(find('tbody'));
    return;
  }
  find('.copy').textContent = props.text.copied;
  setTimeout(() => { find('.copy').textContent = props.text.copy; }, 1500);
}

find('.figure').setAttribute('aria-label', props.text.label);
find('table').setAttribute('aria-label', props.text.table);
find('thead th:first-child').textContent = props.text.class;
find('thead th:last-child').textContent = props.text.probability;
find('.knows span').textContent = props.text.knows;
find('.knows .whatever').textContent = props.text.whatever;
find('.copy').textContent = props.text.copy;
find('.copy').addEventListener('click', copy);
draw();
watch('value', update);
