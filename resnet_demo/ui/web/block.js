// Draws props.value as block.py says; without one there is no panel.
import {within, plain, make, make_button} from './dom.js';
import {drawn, save_svg} from './drawing.js';

export default function ({element, props, trigger, watch}) {
  const {find} = within(element);
  const panel = find('.block');
  let value = null;

  function cell(tag, words, number) {
    return make(tag, number ? 'number' : '', words);
  }
  function line(cells, tag, numbers) {
    const row = make('tr');
    row.append(...cells.map((words, i) => cell(i ? tag : 'th', words, i >= cells.length - numbers)));
    row.firstChild.scope = tag === 'th' ? 'col' : 'row';
    return row;
  }
  function source({title, from, code}, at) {
    const details = make('details'), summary = make('summary', '', title), text = make('pre');
    summary.append(make('span', '', from));
    text.append(...code.map(([kind, words]) => kind ? make('span', kind, words) : document.createTextNode(words)));
    text.tabIndex = 0;
    details.append(summary, text);
    details.open = at === 0;
    return details;
  }
  function fill() {
    find('h3').textContent = value.heading;
    find('.place').textContent = value.place;
    panel.setAttribute('aria-label', `${props.text.region}: ${value.heading}`);
    find('.previous').disabled = !value.before;
    find('.next').disabled = !value.after;
    find('.parts').classList.toggle('bare', !value.drawing);
    find('.figure').replaceChildren(...(value.drawing
      ? [drawn(value.drawing), make_button('tool', props.text.svg, () => save_svg(value.drawing, value.file))] : []));
    find('.formula').replaceChildren(...value.formula.map(([symbols, shape]) => {
      const term = make('span', shape ? '' : 'sign', symbols);
      if (shape) term.append(make('small', '', shape));
      return term;
    }));
    find('.chain').textContent = value.chain;
    find('.way').textContent = value.way;
    ['h4.idea', 'p.idea', 'cite'].forEach((part, i) => { find(part).textContent = value.idea[i] || ''; });
    find('thead').replaceChildren(line(value.heads, 'th', 2));
    find('tbody').replaceChildren(...value.rows.map(row => line(row, 'td', 2)));
    find('tfoot').replaceChildren(line(value.total, 'td', 2));
    find('.sources').replaceChildren(...value.sources.map(source));
  }

  function update(first) {
    const focused = panel.contains(document.activeElement), before = value;
    value = plain(props.value);
    panel.hidden = !value;
    if (value) fill();
    if (props.told) document.dispatchEvent(new CustomEvent(props.told, {detail: {name: value?.name ?? null, focused}}));
    if (first === true || !value) return;
    if (!before) panel.scrollIntoView({block: 'nearest'});
    else if (focused && document.activeElement?.disabled !== false) panel.focus({preventScroll: true});
  }
  const step = way => { if (value[way]) trigger('step', {name: value[way]}); };

  find('.computed h4').textContent = props.text.formula;
  find('h4.layers').textContent = props.text.layers;
  find('.scroll').setAttribute('aria-label', props.text.layers);
  find('.scroll').setAttribute('role', 'region');
  find('h4.code').textContent = props.text.code;
  for (const [name, sign, action] of [
    ['previous', '‹', () => step('before')],
    ['next', '›', () => step('after')],
    ['close', '×', () => trigger('shut', {})],
  ]) {
    const button = make_button(`tool ${name}`, sign, action);
    button.title = props.text[name];
    button.setAttribute('aria-label', props.text[name]);
    find('.buttons').append(button);
  }
  panel.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    trigger('shut', {});
  });
  update(true);
  watch('value', update);
}
