// Writes props.value into the page's address as located.py says.
import {plain} from './dom.js';
import {place} from './place.js';

export default function ({element, props, watch}) {
  const write = place(props.tab, () => element.isConnected);
  const update = () => write(plain(props.value) || {});
  update();
  watch('value', update);
}
