// Draws props.value: {label, files: [[words, address, name]]}.
import {within, plain, make} from './dom.js';

export default function ({element, props, watch}) {
  const {find} = within(element);
  function draw() {
    const value = plain(props.value) || {};
    const links = (value.files || []).map(([words, address, name]) => {
      const link = make('a', '', words);
      link.href = address;
      link.download = name;
      return link;
    });
    find('.links').replaceChildren(...(value.files ? [value.label] : []), ...links);
  }
  draw();
  watch('value', draw);
}
