// How large the cells of a confusion matrix are and where its names stand. It knows no node but the labels it makes.
import {make} from './dom.js';

// room: {width, height: of the window, above: pixels of the page above it, type: pixels of its type, family, tight:
// whether cells may be small so that the window shows them all}; wide(words, pixels): how long bold words are; corner:
// the words in the corner; enlarged: whether cells too small to be read are to be larger than there is room.
export function layout(m, {width, height, above, type, family, tight}, wide, corner, enlarged) {
  const n = m.order.length, is_first = above < 0.6 * height;  // on the page: it is seen without scrolling
  const tall = is_first ? height - above - 12 : Math.max(420, height - 14 * type);
  const longest = Math.max(...m.order.map(i => wide(m.names[i], type)));
  const cornered = wide(corner, 0.9 * type) + 12;
  const left = Math.ceil(Math.max(cornered, Math.min(longest + 12, Math.max(0.29 * width, 70), 13 * type)));
  const across = side => longest < side - 2;
  const top_of = side => across(side) ? 2.6 * type : Math.max(2.6 * type, Math.min(longest, 8 * type) + 8);
  const wanted = Math.min(3.4 * type, (width - left) / n);
  const high = Math.max((tall - top_of(wanted)) / n, n > 20 ? 420 / n : (tight ? 1.2 : 2.2) * type);
  let side = Math.floor(Math.max(2, Math.min(wanted, high)) * n) / n;  // ends between two pixels
  const fine = side < 1.7 * type, open = fine && enlarged;
  if (open) side = Math.round(2 * type);
  const label = Math.min(type, Math.max(12, 0.95 * side));
  return {side, left, top: top_of(side), sideways: !across(side), type, label, family, fine, all: side * n,
    step: Math.ceil(1.15 * label / side), high: open ? Math.min(tall, 560) : null};
}

// Chinese names above narrow columns stand upright, one character below the other; others lie on their side
export const stacks = name => /^[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+$/.test(name);

// A class's name at its place among the shown ones, before its row or (is_head) above its column.
export function label_of(name, at_place, size, is_head) {
  const high = Math.max(size.side, 1.25 * size.label), end = size.all - high / 2;
  const at = Math.max(high / 2, Math.min((at_place + 0.5) * size.side, end));
  const node = make('span', 'label', name);
  node.title = name;
  node.style.fontSize = `${size.label}px`;
  node.style.lineHeight = `${high}px`;
  if (!is_head) Object.assign(node.style, {top: `${at - high / 2}px`, maxWidth: `${size.left - 8}px`});
  else if (!size.sideways) {
    Object.assign(node.style, {left: `${at - size.side / 2}px`, width: `${size.side}px`, lineHeight: '1.4'});
  } else {
    const [name_of, wide] = stacks(name) ? ['stacked', size.label] : ['sideways', high];
    Object.assign(node.style, {left: `${at - wide / 2}px`, maxHeight: `${size.top - 6}px`});
    node.classList.add(name_of);
  }
  return node;
}
