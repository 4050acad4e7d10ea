// Draws props.value: {text, error}.
import {within} from './dom.js';

export default function ({element, props, watch}) {
  const {find} = within(element);
  function draw() {
    const value = props.value || {}, line = find('.notice');
    line.setAttribute('role', value.error ? 'alert' : 'status');
    line.classList.toggle('error', !!value.error);
    line.textContent = value.text || '';
  }
  draw();
  watch('value', draw);
}
