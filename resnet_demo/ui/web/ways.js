// Draws props.value as ways.py says. The cards stay while only what is open changes, so that the focus stays too.
import {within, plain, make, make_button, name_for_all} from './dom.js';
import {drawn} from './drawing.js';

export default function ({element, props, trigger, watch}) {
  const {find} = within(element);
  let drawn_cards = '';

  function look(option, {name, caption, drawing}) {
    const button = make_button('look', '', () => trigger('select', {index: option, value: name}));
    button.dataset.option = option;
    button.dataset.name = name;
    button.append(make('span', '', caption), drawn(drawing));
    name_for_all(button, `${option}: ${caption} ${props.text.open}`);
    return button;
  }
  function sample(option) {  // the line that stands for it everywhere
    const space = 'http://www.w3.org/2000/svg', svg = document.createElementNS(space, 'svg');
    const line = document.createElementNS(space, 'path');
    svg.setAttribute('class', 'resnet-figure');
    svg.setAttribute('viewBox', '0 0 44 12');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('class', `arc ${option}`);
    line.setAttribute('d', 'M 2 6 H 42');
    svg.append(line);
    return svg;
  }
  function card({option, title, text, fact, figures}) {
    return make('section', 'card', make('h3', '', sample(option), title), make('p', '', text),
      ...figures.map(one => look(option, one)), make('p', 'fact', fact));
  }

  function update() {
    const value = plain(props.value) || {cards: []}, cards = JSON.stringify(value.cards);
    if (cards !== drawn_cards) {
      drawn_cards = cards;
      find('.ways').replaceChildren(...value.cards.map(card));
      find('.hint').textContent = value.cards.length ? props.text.hint : '';
    }
    const [option, name] = value.open || [];
    element.querySelectorAll('.look').forEach(node => {
      node.setAttribute('aria-expanded', String(node.dataset.option === option && node.dataset.name === name));
    });
  }
  update();
  watch('value', update);
}
