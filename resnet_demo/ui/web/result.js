// Draws props.value: {cards: [{id, title, rows, note, knows, message}], groups, message, command, error, file}; or what
// an event `live` of its element brings, several times a second, until one brings null: see camera.py.
import {within, make, make_button, named, copy_lines, refill} from './dom.js';
import {in_place, is_aimed_at} from './in_place.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  let live = null;
  function select({index, card}) {
    if (live) document.dispatchEvent(new CustomEvent('live:select', {detail: {index: Number(index), card}}));
    else trigger('select', {index: Number(index), value: card});
  }

  // a table's rows as they are to be shown: the best one first, unless somebody is about to click one of them; that one
  // stays even while it is not among the best
  function placed(rows, card) {
    const lines = [...element.querySelectorAll('tr[data-index]')].filter(line => line.dataset.card === card);
    if (!live || !lines.length || !is_aimed_at(lines[0].closest('table'))) return rows;
    const aimed = lines.find(is_aimed_at), index = Number(aimed?.dataset.index);
    const is_gone = aimed && rows.every(one => one.index !== index);
    const values = rows[0].values?.map(() => 0), percents = values?.map(() => '–');
    const label = aimed?.querySelector('button').textContent;
    const unknown = {index, label, probability: 0, percent: '–', values, percents};
    const shown = is_gone ? [...rows.slice(0, -1), unknown] : rows;
    return in_place(shown, lines.map(line => Number(line.dataset.index)), one => one.index);
  }
  // a row of a table of bars; tracks: [[share, percent]]
  function row({index, label}, card, tracks, is_best) {
    const line = make('tr', is_best ? 'top' : ''), name = make('th'), button = make('button', 'class', label);
    name.scope = 'row';
    button.type = 'button';
    button.title = props.text.where;
    Object.assign(line.dataset, {index, card});
    name.append(button);
    line.append(name, make('td', '', ...tracks.map(([share, percent], number) => {
      const bar = make('div', `bar model${number}`);
      bar.style.width = `${100 * share}%`;
      return make('div', 'cell', make('div', 'track', bar), make('span', 'value', percent));
    })));
    return line;
  }
  function bars(rows, heads, lines) {
    const head = make('tr'), table = make('table', '', make('thead', '', head), make('tbody', '', ...rows));
    for (const words of heads) {
      const cell = make('th', '', words);
      cell.scope = 'col';
      head.append(cell);
    }
    table.setAttribute('aria-label', props.text.table);
    const copy = live ? null : make_button(
      'copy', props.text.copy, button => copy_lines(lines, table.tBodies[0], button, props.text));
    return make('div', 'bars', table, make('div', 'below', copy, make('span', 'hint', props.text.hint)));
  }
  const bars_of = card => bars(
    placed(card.rows, card.id).map(one => row(one, card.id, [[one.probability, one.percent]], one === card.rows[0])),
    [props.text.class, props.text.probability], card.rows.map(one => [one.label, one.probability.toFixed(4)]));
  const bars_together = (groups, titles) => bars(
    placed(groups, '').map(one => (
      row(one, '', one.values.map((value, n) => [value, one.percents[n]]), one === groups[0]))),
    [props.text.class, props.text.probability],
    [['', ...titles], ...groups.map(one => [one.label, ...one.values.map(value => value.toFixed(4))])]);

  function known({line, all}) {
    const part = make('div', 'knows', make('span', '', `${props.text.knows} `));
    if (all) part.append(make('details', '', make('summary', '', make('b', '', line)), make('p', 'all', all)));
    else part.append(make('b', '', line), props.text.stop, make('span', 'whatever', props.text.whatever));
    return part;
  }

  function draw_card(card, number, several, grouped) {
    const part = make('section', 'card');
    if (several) part.append(make('h2', grouped ? `of model${number}` : '', ...named(card.title)));
    else part.append(make('p', 'of', ...named(card.title)));
    part.setAttribute('aria-label', card.title || props.text.label);
    if (card.message) {
      const words = make('p', 'message error', card.message);
      words.setAttribute('role', 'alert');
      part.append(words);
    }
    if (card.rows.length) {
      const [{label, percent}] = card.rows;
      const best = make('p', 'best', make('strong', '', label), ' ', make('span', 'number', percent));
      const spoken = make('div', 'answer', best, card.note || live ? make('p', 'note', card.note) : null);
      if (!live) spoken.setAttribute('role', 'status');
      part.append(spoken, ...grouped ? [] : [bars_of(card)]);
    }
    if (card.knows && !grouped) part.append(known(card.knows));
    return part;
  }

  function draw() {
    const value = live ?? props.value ?? {}, cards = value.cards || [], groups = value.groups || [];
    const answered = cards.filter(card => card.rows.length), is_grouped = groups.length > 0;
    write('.file', value.file);
    write('.message', value.message);
    write('.command', value.command);
    find('.message').classList.toggle('error', !!value.error);
    find('.message').setAttribute('role', value.error ? 'alert' : 'note');
    find('.figure').classList.toggle('answered', !!value.error || cards.some(card => card.rows.length || card.message));
    find('.cards').classList.toggle('several', cards.length > 1);
    const is_next = live && find('.figure').classList.contains('live');  // of one frame after the other
    const put = (part, nodes) => is_next ? refill(find(part), ...nodes) : find(part).replaceChildren(...nodes);
    find('.figure').classList.toggle('live', !!live);
    put('.cards', cards.map(card => draw_card(card, answered.indexOf(card), cards.length > 1, is_grouped)));
    put('.together', is_grouped
      ? [bars_together(groups, answered.map(card => card.title)), known(answered[0].knows)] : []);
  }

  function update() {
    draw();
    // on a phone the answer has just moved to the top of the page: take the reader along
    const answered = find('.figure').classList.contains('answered');
    if (answered && matchMedia('(max-width: 768px)').matches && scrollY > 0) element.scrollIntoView();
  }

  find('.figure').setAttribute('aria-label', props.text.label);
  find('.figure').addEventListener('click', event => {
    const line = event.target.closest('tr[data-index]');  // the bars stand for their class
    if (line) select(line.dataset);
  });
  element.addEventListener('live', ({detail}) => { live = detail; draw(); });
  draw();
  watch('value', update);
}
