// Draws props.value as link.py says; the address is asked for with the page's own, which only the browser knows.
import {within, copy_lines} from './dom.js';

export default function ({element, props, trigger, watch}) {
  const {find} = within(element);
  const box = find('input'), copy = find('.copy');
  function draw() {
    const value = props.value || {};
    find('.found').hidden = !value.address;
    if (!value.address) return;
    box.value = value.address;
    find('img').src = value.code;
  }
  find('.ask').textContent = props.text.ask;
  find('.about').textContent = props.text.about;
  find('img').alt = props.text.code;
  box.setAttribute('aria-label', props.text.address);
  copy.textContent = props.text.copy;
  find('.ask').addEventListener('click', () => trigger('ask', {address: location.origin + location.pathname}));
  copy.addEventListener('click', () => { box.select(); copy_lines([[box.value]], box, copy, props.text); });
  draw();
  watch('value', draw);
}
