// Draws props.value as snippets.py says.
import {copy_lines, make, make_button, plain, within} from './dom.js';

export default function ({element, props, watch}) {
  const {find, write} = within(element), words = props.text;

  function item({title, code}) {
    const lines = make('pre', code.includes('\n') ? '' : 'wrapped', code);
    lines.tabIndex = 0;  // so that the keyboard can scroll it
    lines.setAttribute('role', 'region');
    lines.setAttribute('aria-label', title);
    const copy = make_button('copy', words.copy, button => copy_lines([[code]], lines, button, words));
    copy.setAttribute('aria-label', `${words.copy}: ${title}`);
    return make('div', 'item', make('h4', '', title), lines, copy);
  }
  function draw() {
    const value = plain(props.value) || {};
    find('.items').replaceChildren(...(value.items || []).map(item));
    write('.note', value.note);
  }
  draw();
  watch('value', draw);
}
