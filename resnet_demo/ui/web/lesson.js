// The lesson: props.stops, each {question, do, answer, minutes, address}. It leads from tab to tab and knows none.
import {make, within} from './dom.js';
import {put} from './place.js';
import {open_tab} from './tabs.js';
import {fill} from './words.js';

const STEPS = {PageUp: -1, PageDown: 1};

export default function ({element, props}) {
  const {find, write} = within(element), {stops, text: words} = props, root = document.documentElement;
  let now = 0;  // the number of the stop, 0 where there is none

  const links = stops.map((stop, n) => {
    const link = make('a', '', String(n + 1));
    link.href = `?${new URLSearchParams({lesson: n + 1, ...stop.address})}`;
    link.title = stop.question;
    link.addEventListener('click', event => { event.preventDefault(); go(n + 1); });
    return link;
  });
  function show() {
    root.classList.toggle('in-lesson', now > 0);
    find('.lesson').hidden = !now;
    if (!now) return;
    const stop = stops[now - 1];
    write('.number', fill(words.stop, {number: now, count: stops.length}));
    write('.minutes', stop.minutes);
    write('h2', stop.question);
    write('.do', stop.do);
    write('.answer', stop.answer);
    find('details').open = false;
    find('.back').disabled = now === 1;
    find('.next').textContent = now === stops.length ? words.end : words.next;
    links.forEach((link, n) => {
      if (n + 1 === now) link.setAttribute('aria-current', 'step');
      else link.removeAttribute('aria-current');
    });
  }
  function go(number) {
    now = number > stops.length ? 0 : Math.max(0, number);
    show();
    put({lesson: now || null});
    if (!now) return;
    arrive(stops[now - 1].address);
    element.scrollIntoView({block: 'start'});
  }
  // A page that is still being drawn may not have the tab yet, or forget the click.
  function arrive(address, tries = 12) {
    open_tab(address);
    const chosen = () => document.querySelector('#tabs > .tab-wrapper [role=tab][aria-selected=true]')?.dataset.tabId;
    setTimeout(() => {
      if (tries && stops[now - 1]?.address === address && chosen() !== address.tab) arrive(address, tries - 1);
    }, 400);
  }
  find('.lesson').setAttribute('aria-label', words.name);
  find('.dots').append(...links);
  for (const [name, step] of [['back', -1], ['next', 1]]) {
    find(`.${name}`).textContent = words[name];
    find(`.${name}`).addEventListener('click', () => go(now + step));
  }
  find('.end').textContent = words.end;
  find('.end').addEventListener('click', () => go(0));
  find('.sheet').textContent = words.sheet;
  find('.sheet').href = props.sheet;
  find('summary').textContent = words.answer;
  window.addEventListener('lesson:start', () => go(1));
  window.addEventListener('keydown', event => {
    if (!now || !(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const next = now + STEPS[event.key];
    if (next >= 1 && next <= stops.length) go(next);
  }, true);

  const asked = Number(new URLSearchParams(location.search).get('lesson'));
  if (!Number.isInteger(asked) || asked < 1 || asked > stops.length) return;
  now = asked;  // head.js has opened what belongs to it
  show();
}
