// Draws props.value as welcome.py says. Where it leads to are other tabs of the same page.
import {svg_node} from './chart.js';
import {within, plain, make, make_button} from './dom.js';
import {lead} from './tabs.js';

const WIDTH = 380, HEIGHT = 128, LEFT = 40, RIGHT = 96, TOP = 10, BOTTOM = 20, SECONDS = 5;

// Error curves that fill from left to right: `show(share)` draws what had happened by that share of the training.
function drawn(lines, words) {
  const x = share => LEFT + share * (WIDTH - LEFT - RIGHT);
  const y = error => TOP + (1 - error / 100) * (HEIGHT - TOP - BOTTOM);
  const svg = svg_node('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img'});
  for (const error of [0, 50, 100]) {
    svg.append(svg_node('path', {class: error ? 'rule' : 'axis', d: `M${LEFT} ${y(error)}H${WIDTH - RIGHT}`}));
    svg.append(svg_node('text', {x: LEFT - 6, y: y(error) + 4, 'text-anchor': 'end'}, `${error}%`));
  }
  svg.append(svg_node('text', {x: WIDTH - RIGHT, y: HEIGHT - 4, 'text-anchor': 'end'}, words.axis));
  const all = lines.map(({errors, plain: is_plain, title, last}) => {
    const path = svg_node('path', {class: `line ${is_plain ? 'plain' : 'residual'}`});
    const name = svg_node('text', {class: 'named', x: WIDTH - RIGHT + 6}, title);
    const value = svg_node('text', {x: WIDTH - RIGHT + 6});
    svg.append(path, name, value);
    return {path, name, value, last, points: errors.map((error, n) => [(n + .5) / errors.length, error])
      .filter(([, error]) => error !== null)};
  });
  return {svg, show(share) {
    for (const {path, name, value, points, last} of all) {
      const seen = points.filter(([at]) => at <= share);
      const places = seen.map(([at, error]) => `${x(at).toFixed(1)} ${y(error).toFixed(1)}`);
      path.setAttribute('d', places.length ? `M${places.join('L')}` : '');
      const [, error] = seen.at(-1) ?? [0, 100];
      name.setAttribute('y', y(error) + 2);
      value.setAttribute('y', y(error) + 17);
      value.textContent = share < 1 ? `${error.toFixed(0)}%` : last;
    }
  }};
}

export default function ({element, props}) {
  const {find, write} = within(element), words = props.text, value = plain(props.value);

  function show_blocks({title, network, items}) {
    write('.blocks h3', title);
    write('.words', words.hint);
    find('.row').setAttribute('aria-label', title);
    const buttons = items.map((item, n) => {
      const svg = svg_node('svg', {viewBox: '0 0 52 64', 'aria-hidden': 'true'},
        svg_node('path', {class: 'wire', d: 'M0 48H52'}),
        svg_node('path', {class: 'shortcut', d: 'M4 48 L4 18 Q4 8 14 8 L38 8 Q48 8 48 18 L48 48'}),
        svg_node('rect', {class: 'box', x: 11, y: 34, width: 30, height: 28, rx: 5}),
        svg_node('circle', {class: 'dot', r: 4}));
      const button = make_button(item.keeps ? '' : 'changes', svg, () => {
        for (const other of buttons) other.setAttribute('aria-pressed', other === button);
        find('.words').textContent = item.words;
      });
      button.setAttribute('aria-pressed', false);
      button.setAttribute('aria-label', `${words.block} ${n + 1}`);
      return button;
    });
    find('.row').append(...buttons);
    lead(find('.blocks .more'), words.open, {tab: 'networks', part: 'architecture', network});
  }

  function show_curves({about, lines}) {
    const {svg, show} = drawn(lines, words), play = find('.play');
    let turn = null;
    svg.setAttribute('aria-label', lines.map(line => `${line.title}: ${line.last}`).join(', '));
    write('.curves h3', words.question);
    write('.about', about);
    find('.drawing').append(svg);
    play.textContent = `▶ ${words.play}`;
    play.addEventListener('click', () => {
      const own = turn = {}, start = performance.now();
      const beat = now => {
        if (turn !== own || !element.isConnected) return;
        const share = Math.min(1, (now - start) / 1000 / SECONDS);
        show(share);
        if (share < 1) requestAnimationFrame(beat);
      };
      requestAnimationFrame(beat);
    });
    lead(find('.curves .more'), words.compare, {tab: 'compare', part: 'depth'});
    show(1);
  }

  show_blocks(value.blocks);
  find('.curves').hidden = !value.curves;
  find('.welcome').classList.toggle('alone', !value.curves);
  if (value.curves) show_curves(value.curves);
  const look = {tab: 'networks', part: 'architecture'};
  const doors = [['image', {tab: 'classify'}], ['train', {tab: 'train'}], ['look', look]];
  find('.doors').setAttribute('aria-label', words.doors);
  find('.doors').append(...doors.map(([name, where]) => {
    const door = lead(make('a'), words[name], where);
    door.append(make('small', '', words[`${name}.about`]));
    return door;
  }));
  find('.doors a').addEventListener('click', () => document.querySelector('#picture input[type=file]')?.click());
}
