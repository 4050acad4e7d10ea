// Draws props.value: {cards: [{id, title, rows, note, view, pixelated, caption, knows, message}], message, command,
// error, file}.
import {within, make, make_button, copy_lines} from './dom.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  function row(card, {index, label, probability, percent}) {
    const line = make('tr'), name = make('th'), bar = make('div', 'bar');
    const button = make_button('class', label, () => trigger('select', {index, value: card.id}));
    name.scope = 'row';
    button.title = props.text.where;
    bar.style.width = `${100 * probability}%`;
    line.addEventListener('click', event => { if (event.target !== button) button.click(); });  // the bar stands for it
    name.append(button);
    line.append(name, make('td', '', make('div', 'cell', make('div', 'track', bar), make('span', 'value', percent))));
    return line;
  }

  function bars(card) {
    const head = make('tr'), table = make('table', '', make('thead', '', head));
    const lines = card.rows.map(one => [one.label, one.probability.toFixed(4)]);
    for (const words of [props.text.class, props.text.probability]) {
      const cell = make('th', '', words);
      cell.scope = 'col';
      head.append(cell);
    }
    table.append(make('tbody', '', ...card.rows.map(one => row(card, one))));
    table.setAttribute('aria-label', props.text.table);
    const copy = button => copy_lines(lines, table.tBodies[0], button, props.text);
    const button = make_button('copy', props.text.copy, copy);
    return make('div', 'bars', table, make('div', 'below', button, make('span', 'hint', props.text.hint)));
  }

  function view(card) {
    const image = make('img', card.pixelated ? 'pixelated' : '');
    image.src = card.view;
    image.alt = card.caption;
    return make('div', 'view', image, make('p', '', card.caption));
  }

  function known({line, all}) {
    const part = make('div', 'knows', make('span', '', `${props.text.knows} `));
    if (all) part.append(make('details', '', make('summary', '', make('b', '', line)), make('p', 'all', all)));
    else part.append(make('b', '', line), props.text.stop, make('span', 'whatever', props.text.whatever));
    return part;
  }

  function draw_card(card, several) {
    const answered = card.rows.length > 0, part = make('section', 'card');
    if (several) part.append(make('h3', '', card.title));
    part.setAttribute('aria-label', card.title || props.text.label);
    if (card.message) {
      const words = make('p', 'message error', card.message);
      words.setAttribute('role', 'alert');
      part.append(words);
    }
    if (answered) {
      const [{label, percent}] = card.rows;
      const best = make('p', 'best', make('strong', '', label), ' ', make('span', 'number', percent));
      const spoken = make('div', 'answer', best, card.note ? make('p', 'note', card.note) : null);
      spoken.setAttribute('role', 'status');
      part.append(spoken, make('div', 'parts', bars(card), view(card)));
    }
    if (card.knows) part.append(known(card.knows));
    return part;
  }

  function draw() {
    const value = props.value || {}, cards = value.cards || [];
    write('.file', value.file);
    write('.message', value.message);
    write('.command', value.command);
    find('.message').classList.toggle('error', !!value.error);
    find('.message').setAttribute('role', value.error ? 'alert' : 'note');
    find('.figure').classList.toggle('answered', !!value.error || cards.some(card => card.rows.length || card.message));
    find('.cards').classList.toggle('several', cards.length > 1);
    find('.cards').replaceChildren(...cards.map(card => draw_card(card, cards.length > 1)));
  }

  function update() {
    draw();
    // on a phone the answer has just moved to the top of the page: take the reader along
    const answered = find('.figure').classList.contains('answered');
    if (answered && matchMedia('(max-width: 768px)').matches) element.scrollIntoView();
  }

  find('.figure').setAttribute('aria-label', props.text.label);
  draw();
  watch('value', update);
}
