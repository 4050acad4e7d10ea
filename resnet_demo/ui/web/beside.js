// Draws props.value as beside.py says.
import {within, plain, make, make_button} from './dom.js';
import {drawn, save_svg} from './drawing.js';

export default function ({element, props, watch}) {
  const {find} = within(element);
  function update() {
    const value = plain(props.value) || {items: []};
    find('.row').replaceChildren(...value.items.map(({title, drawing, file}) => {
      const button = make_button('tool', props.text.svg, () => save_svg(drawing, file));
      button.setAttribute('aria-label', `${props.text.svg}: ${title}`);
      return make('figure', '', make('figcaption', '', title, button), drawn(drawing));
    }));
    find('.note').textContent = value.note || '';
  }
  update();
  watch('value', update);
}
