// Draws props.value as mistakes.py says. Nodes stay where they are and get new pictures, so that the focus stays too.
import {within, plain, make, name_for_all} from './dom.js';
import {is_known, with_percent} from './numbers.js';
import {fill} from './words.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  const strip = find('.strip'), tag = props.selectable ? 'button' : 'div';
  let items = [], current = 0;

  function blank() {
    const node = make(tag, 'one', make('img'), make('span', 'true'), make('span', 'predicted'), make('span', 'sure'));
    if (!props.selectable) return node;
    node.type = 'button';
    node.addEventListener('click', () => {
      const at = [...strip.children].indexOf(node);
      aim(at);
      trigger('select', {index: items[at].index, value: at});
    });
    return node;
  }
  function aim(at, focus) {  // one tab stop; the arrow keys move inside
    current = Math.max(0, Math.min(at, items.length - 1));
    [...strip.children].forEach((node, k) => { node.tabIndex = k === current ? 0 : -1; });
    if (focus) strip.children[current]?.focus();
  }

  const share_of = chance => is_known(chance) ? with_percent((100 * chance).toFixed(0)) : '';
  function dress_several(node, {source, true: truth, answers}) {
    const [image, above, below, sure] = node.children;
    if (image.getAttribute('src') !== source) image.src = source;
    above.textContent = truth;
    above.hidden = false;
    const lines = answers.map(({who, predicted, right, probability}) =>
      [right ? 'answer' : 'answer wrong', `${who}: ${right ? '✓' : '✗'} ${predicted}`, share_of(probability)]);
    below.replaceChildren(...lines.map(([name, words, share]) => (
      make('span', name, words, share && make('small', '', ` ${share}`)))));
    below.className = 'answers';
    sure.hidden = true;
    node.title = [truth, ...lines.map(([, words, share]) => [words, share].filter(Boolean).join(' '))].join(', ');
    image.alt = props.selectable ? '' : node.title;
    if (props.selectable) name_for_all(node, node.title);
  }
  function dress(node, item) {
    if (item.answers) return dress_several(node, item);
    const {source, true: truth, predicted, probability} = item;
    const right = truth === predicted, [image, above, below, sure] = node.children;
    const share = share_of(probability);
    below.className = 'predicted';
    const parts = [fill(props.text.one, {true: truth, predicted}), share && fill(props.text.sure, {share})];
    const words = parts.filter(Boolean).join(', ');
    if (image.getAttribute('src') !== source) image.src = source;
    image.alt = props.selectable ? '' : words;
    node.classList.toggle('right', right);
    above.textContent = truth;
    above.hidden = right;
    below.textContent = predicted;
    sure.textContent = share;
    sure.hidden = !share;
    node.title = words;
    if (props.selectable) name_for_all(node, words);
  }

  function draw() {
    const value = plain(props.value) || {};
    items = value.items || [];
    write('.note', value.note);
    strip.classList.toggle('pixelated', !!value.pixelated);
    find('.mistakes').classList.toggle('several', items.some(item => item.answers));
    while (strip.children.length > items.length) strip.lastElementChild.remove();
    while (strip.children.length < items.length) strip.append(blank());
    items.forEach((item, k) => dress(strip.children[k], item));
    strip.hidden = !items.length;
    if (props.selectable) aim(current);
  }

  strip.setAttribute('aria-label', props.text.strip);
  strip.addEventListener('keydown', event => {
    if (!props.selectable || event.ctrlKey || event.altKey || event.metaKey) return;
    const nodes = [...strip.children], top = node => node.offsetTop;
    const per_row = nodes.filter(node => top(node) === top(nodes[0])).length;
    const to = {ArrowRight: current + 1, ArrowLeft: current - 1, ArrowDown: current + per_row,
      ArrowUp: current - per_row, Home: 0, End: nodes.length - 1}[event.key];
    if (to === undefined) return;
    if (nodes[to]) aim(to, true);
    event.preventDefault();
  });
  draw();
  watch('value', draw);
}
