// Draws props.value as run_head.py says.
import {within, plain, make} from './dom.js';

export default function ({element, props, watch}) {
  const {find, write} = within(element);
  function draw() {
    const value = plain(props.value) || {}, link = find('.download'), onnx = find('.onnx');
    find('h2').textContent = value.title || '';
    find('.facts').replaceChildren(...(value.facts || []).map(words => make('span', '', words)));
    write('.note', value.note);
    write('.warning', value.warning);
    onnx.hidden = !value.onnx;
    if (value.onnx) onnx.href = value.onnx;
    onnx.title = props.text.onnx_hint;
    onnx.textContent = props.text.onnx;
    link.hidden = !value.download;
    if (!value.download) return;
    link.href = value.download;
    link.download = value.file;
    link.textContent = props.text.download;
  }
  draw();
  watch('value', draw);
}
