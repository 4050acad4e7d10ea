// Draws props.value as flow.py says. What is cut is kept here, so that clicks in quick succession add up.
import {make, make_button, plain, within} from './dom.js';
import {tile_style, toggled} from './tiles.js';
import {fill} from './words.js';

const KEYS = {ArrowRight: 1, ArrowLeft: -1};

export default function ({element, props, trigger, watch}) {
  const {find} = within(element), words = props.text;
  let model = null, cuts = [], before = [], opened = null, answer = '';
  const buttons = () => [...find('.stages').querySelectorAll('button')];

  function mark() {
    for (const button of buttons()) {
      if (button.dataset.cut) button.setAttribute('aria-pressed', cuts.includes(button.dataset.cut));
      else button.setAttribute('aria-expanded', button.dataset.part === opened);
    }
    find('.undo').disabled = !before.length;
    find('.all').disabled = !cuts.length;
    find('.state').textContent = cuts.length ? fill(words.cut, {count: cuts.length, answer}) : words.hint;
  }
  function set(next) {
    cuts = next;
    answer = '…';  // of other cuts
    mark();
    trigger('cut', {cuts});
  }
  function change(next) {
    before.push(cuts);
    set(next);
  }

  function cutter(kind, part, ...children) {
    const button = make_button(kind, '', () => change(toggled(cuts, button.dataset.cut)));
    button.append(...children);
    button.dataset.cut = `${part.name}.${kind}`;
    button.title = `${words[kind]}: ${part.name}`;
    button.setAttribute('aria-label', `${button.title}: ${button.textContent}`);
    return button;
  }
  function draw_part(part) {
    const tiles = make_button('tiles', '', () => trigger('open', {name: part.name}));
    tiles.dataset.part = part.name;
    tiles.style.setProperty('--strip', `url(${part.strip})`);
    tiles.setAttribute('aria-label', `${part.words}: ${words.open}`);
    tiles.title = words.open;
    for (let n = 0; n < part.tiles; n++) {
      const tile = make('i');
      tile.style.cssText = tile_style(n, part.tiles);
      tiles.append(tile);
    }
    const wires = make('div', 'wires');
    if (part.shortcut) wires.append(cutter('shortcut', part, make('span', '', words[part.shortcut])));
    if (part.branch) wires.append(cutter('branch', part, 'F(x)'));
    if (part.shortcut) wires.append(make('span', 'sum', '+'));
    const facts = make('p', 'facts', make('b', '', part.words), ` ${part.shape}`, make('br'), part.zeros);
    return make('div', 'part', part.branch ? wires : null, tiles, facts);
  }
  function draw() {
    const value = plain(props.value) || {}, stages = value.stages || [];
    if (value.model !== model) {
      [model, cuts, before, opened] = [value.model, value.cuts || [], [], null];
    }
    answer = value.answer || '';
    const focused = element.contains(document.activeElement) && buttons().indexOf(document.activeElement);
    find('.flow').hidden = !stages.length;
    find('.stages').replaceChildren(...stages.map(({title, range, parts}) => (
      make('section', 'stage', make('h3', '', title, make('small', '', range)),
        make('div', parts.length > 3 ? 'parts' : 'parts few', ...parts.map(draw_part))))));
    const all = buttons();
    all.forEach((button, n) => button.setAttribute('tabindex', n === (focused || 0) ? 0 : -1));
    if (typeof focused === 'number' && focused >= 0) all[focused]?.focus();
    mark();
  }

  find('.undo').textContent = words.undo;
  find('.all').textContent = words.all;
  find('.undo').addEventListener('click', () => set(before.pop()));
  find('.all').addEventListener('click', () => change([]));
  find('.stages').addEventListener('keydown', event => {  // one tab stop for all blocks; arrows move inside
    const all = buttons(), next = all[all.indexOf(event.target) + KEYS[event.key]];
    if (!next) return;
    event.preventDefault();
    event.target.setAttribute('tabindex', -1);
    next.setAttribute('tabindex', 0);
    next.focus();
  });
  document.addEventListener('flow:open', ({detail}) => { opened = detail; mark(); });
  draw();
  watch('value', draw);
}
