// A button for each section that scrolls to it; a link would change the address, which belongs to the network.
import {within, make, make_button} from './dom.js';

export default function ({element, props}) {
  const {find} = within(element);
  find('span').textContent = props.caption;
  find('nav').setAttribute('aria-label', props.caption);
  find('ul').append(...props.sections.map(([title, id]) =>
    make('li', '', make_button('', title, () => document.getElementById(id).scrollIntoView()))));
}
