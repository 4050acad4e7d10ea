// The words of the header and its switches. What is chosen is kept in the browser; head.js applies it at the next
// visit.
import {within} from './dom.js';

export default function ({element, props}) {
  const {find} = within(element);
  const root = document.documentElement;
  const keep = (storage, key, value) => {
    try { window[storage].setItem(`resnet_demo.${key}`, value); } catch { /* then it holds for this page only */ }
  };

  find('h1').textContent = props.title;
  find('.sentence').textContent = props.sentence;
  find('.keys').textContent = props.text.keys;
  find('.switches').setAttribute('aria-label', props.text.switches);
  find('.controls-switch').textContent = props.text.controls;
  find('.lesson-switch').textContent = props.text.lesson;
  find('.lesson-switch').title = props.text['lesson.about'];
  find('.lesson-switch').addEventListener('click', () => window.dispatchEvent(new Event('lesson:start')));
  for (const name of ['dark', 'present']) {
    find(`.${name}-switch`).title = props.text[name];
    find(`.${name}-switch`).setAttribute('aria-label', props.text[name]);
  }

  // Language: a link to the other page that keeps the tab and whatever else the address says.
  const link = find('.language');
  const aim = () => { link.href = props.other.address + location.search + location.hash; };
  link.textContent = props.other.name;
  link.lang = link.hreflang = props.other.locale;
  for (const event of ['pointerenter', 'pointerdown', 'focus']) link.addEventListener(event, aim);
  link.addEventListener('click', () => { aim(); keep('localStorage', 'language', props.other.language); });
  aim();

  // Light or dark: the body's class is the truth, whoever set it.
  const dark = find('.dark-switch');
  const is_dark = () => document.body.classList.contains('dark');
  const show_dark = () => dark.setAttribute('aria-pressed', is_dark());
  dark.addEventListener('click', () => {
    root.dataset.theme = is_dark() ? 'light' : 'dark';
    keep('localStorage', 'theme', root.dataset.theme);
  });
  new MutationObserver(show_dark).observe(document.body, {attributeFilter: ['class']});
  show_dark();

  // The presenter's page: large type, the columns of controls folded away, and keys. Clickers send PageUp and PageDown,
  // so these turn the tabs whatever has the focus; arrow keys do only while no widget of a tab has it.
  const presenting = () => root.classList.contains('presenting');
  function present(on) {
    root.classList.toggle('presenting', on);
    keep('sessionStorage', 'presenting', on ? 'yes' : 'no');
    find('.present-switch').setAttribute('aria-pressed', on);
    if (!on && document.fullscreenElement) document.exitFullscreen();
  }
  function unfold(on) {
    root.classList.toggle('unfolded', on);
    find('.controls-switch').setAttribute('aria-pressed', on);
  }
  find('.present-switch').addEventListener('click', () => present(!presenting()));
  find('.controls-switch').addEventListener('click', () => unfold(!root.classList.contains('unfolded')));
  present(presenting());

  function turn(step) {
    const tabs = [...document.querySelectorAll('#tabs > .tab-wrapper [role=tab]')];
    const now = tabs.findIndex(tab => tab.getAttribute('aria-selected') === 'true');
    tabs[now + step]?.click();
  }
  const STEPS = {PageUp: -1, PageDown: 1, ArrowLeft: -1, ArrowRight: 1};
  window.addEventListener('keydown', event => {
    if (root.classList.contains('in-lesson') && event.key.startsWith('Page')) return;  // lesson.js turns its stops
    if (!presenting() || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const focus = document.activeElement || document.body;
    const writing = focus.matches('input, textarea, select, [contenteditable=true]');
    const free = focus === document.body || focus === root || focus.closest('#header, #tabs > .tab-wrapper');
    if (event.key in STEPS && (free || !event.key.startsWith('Arrow'))) {
      event.preventDefault();
      event.stopPropagation();
      turn(STEPS[event.key]);
    } else if (event.key.toLowerCase() === 'f' && !writing) {
      document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
    }
  }, true);
  window.addEventListener('keydown', event => {
    const open = document.activeElement?.matches('[aria-expanded=true], dialog *, [role=dialog] *');
    if (event.key === 'Escape' && presenting() && !event.defaultPrevented && !open) present(false);
  });
}
