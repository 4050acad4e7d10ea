// Draws props.value as diagram.py says. Parts are groups with data-block, switches of stages have the class fold.
import {within, plain, make, make_button, name_for_all} from './dom.js';
import {put} from './place.js';
import {drawn, save_svg, save_png} from './drawing.js';

export default function ({element, props, trigger, watch}) {
  const {find} = within(element);
  const figure = find('.figure'), readout = find('.readout'), NARROW = 560;
  const all = () => [...figure.querySelectorAll('.part, .fold')];
  const key = node => node.dataset.block || `fold ${node.dataset.stage}`;
  let value = {}, wide = null, current = null, opened = null;

  function say(node) {
    readout.textContent = node ? node.dataset.words : props.text.hint;
    readout.classList.toggle('hint', !node);
  }

  // One tab stop for the whole drawing; the arrow keys move inside it.
  function aim(node, focus) {
    for (const other of all()) other.setAttribute('tabindex', other === node ? 0 : -1);
    current = node ? key(node) : null;
    if (focus) node.focus();
  }
  function mark() {
    for (const node of figure.querySelectorAll('.part')) {
      const on = node.dataset.block === opened;
      node.classList.toggle('open', on);
      node.setAttribute('aria-expanded', on);
    }
  }

  function draw() {
    const focused = figure.contains(document.activeElement);
    wide = figure.clientWidth === 0 || figure.clientWidth >= NARROW;
    const svg = drawn(wide ? value.wide : value.narrow);
    figure.setAttribute('aria-label', `${svg.getAttribute('aria-label')}. ${props.text.hint}`);
    svg.removeAttribute('aria-label');
    svg.setAttribute('role', 'presentation');
    for (const node of svg.querySelectorAll('.part, .fold')) {
      const title = node.querySelector('title');
      const words = title.textContent;
      node.setAttribute('role', 'button');
      if (node.dataset.unfolded) node.setAttribute('aria-expanded', node.dataset.unfolded);
      title.remove();  // else the browser shows it over what is read
      name_for_all(node, words);
    }
    figure.replaceChildren(svg);
    const nodes = all();
    aim(nodes.find(node => key(node) === current) || nodes[0], focused);
    mark();
  }

  function update(first) {
    const next = plain(props.value) || {};
    find('.wrong').textContent = next.wrong || '';
    if (!next.wide) return;
    value = next;
    find('h2').textContent = value.title;
    find('.facts').replaceChildren(...value.facts.map(([before, number, after]) => {
      const fact = make('span');
      fact.append(before && `${before} `, make('b', '', number), after && ` ${after}`);
      return fact;
    }));
    for (const node of find('.tools').children) node.hidden = false;
    say(null);
    draw();
    if (first !== true && value.address) put(value.address);
  }

  function act(node) {
    aim(node);
    if (node.dataset.block) trigger('select', {index: node.dataset.block, value: node.dataset.block});
    else trigger('fold', {stage: node.dataset.stage});
  }
  // Up and down lead to the nearest part of another row.
  function beside(node, way) {
    const box = node.getBoundingClientRect(), middle = box.left + box.width / 2;
    const far = other => {
      const there = other.getBoundingClientRect(), rise = way * (there.top - box.top);
      return rise < box.height / 2 ? Infinity : rise * 10 + Math.abs(there.left + there.width / 2 - middle);
    };
    return all().reduce((best, other) => far(other) < far(best) ? other : best, node);
  }

  const under = event => event.target.closest('.part, .fold');
  figure.addEventListener('click', event => { if (under(event)) act(under(event)); });
  figure.addEventListener('pointerover', event => say(under(event) || figure.querySelector(':focus')));
  figure.addEventListener('pointerleave', () => say(figure.querySelector(':focus')));
  figure.addEventListener('focusin', event => say(under(event)));
  figure.addEventListener('focusout', () => say(null));
  figure.addEventListener('keydown', event => {
    const node = under(event), nodes = all(), at = nodes.indexOf(node);
    if (!node || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = {ArrowRight: () => nodes[at + 1], ArrowLeft: () => nodes[at - 1], Home: () => nodes[0],
      End: () => nodes.at(-1), ArrowDown: () => beside(node, 1), ArrowUp: () => beside(node, -1)}[event.key];
    if (next) aim(next() || node, true);
    else if (event.key === 'Enter' || event.key === ' ') act(node);
    else if (event.key === 'Escape' && opened) trigger('shut', {});
    else return;
    event.preventDefault();
  });

  // The panel below says which part it shows, so that both agree whoever opened it; closing it gives the focus back.
  document.addEventListener('networks:open', event => {
    const before = opened;
    opened = event.detail.name;
    mark();
    if (!before || opened) return;
    const node = all().find(other => other.dataset.block === before);
    if (node && event.detail.focused) aim(node, true);
  });

  find('.tools').append(
    make_button('tool', props.text.svg, () => save_svg(wide ? value.wide : value.narrow, value.file)),
    make_button('tool', props.text.png, () => save_png(wide ? value.wide : value.narrow, value.file)),
  );
  for (const node of find('.tools').children) node.hidden = true;
  new ResizeObserver(() => {
    if (value.wide && figure.clientWidth && wide !== figure.clientWidth >= NARROW) draw();
  }).observe(figure);
  update(true);
  watch('value', update);
  trigger('mount', Object.fromEntries(new URLSearchParams(location.search)));
}
