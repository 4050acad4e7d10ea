// What concerns the page as a whole, once Gradio has drawn it.
import {put} from './place.js';

export default function () {
  // every picture of a data set's size is enlarged with hard pixels; one that the browser cannot show is left blank
  const mark = image => {
    image.classList.toggle('small-picture', image.naturalWidth > 0 && image.naturalWidth <= 64);
    image.classList.toggle('broken', image.complete && !image.naturalWidth);
  };
  for (const name of ['load', 'error']) {
    document.addEventListener(name, event => { if (event.target.tagName === 'IMG') mark(event.target); }, true);
  }
  document.querySelectorAll('img').forEach(mark);

  // the address names the tab that is open, so that it can be linked; the first one needs no name
  const tabs = document.querySelector('#tabs > .tab-wrapper');
  const name = () => {
    const chosen = tabs.querySelector('[role=tab][aria-selected=true]')?.dataset.tabId;
    const now = new URLSearchParams(location.search).get('tab');
    const first = tabs.querySelector('[role=tab]')?.dataset.tabId;
    if (!chosen || chosen === (now ?? first)) return;
    if (tabs.getBoundingClientRect().top < 0) tabs.scrollIntoView();  // who opens a tab begins at its top
    put({tab: chosen});
    document.dispatchEvent(new CustomEvent('tab', {detail: chosen}));  // see place.js
  };
  new MutationObserver(name).observe(tabs, {subtree: true, childList: true, attributeFilter: ['aria-selected']});
  name();

  // an answer that takes longer than half a second is seen to be awaited; what is queued tells of itself
  const ask = window.fetch, root = document.documentElement;
  let awaited = 0;
  window.fetch = async (...question) => {
    if (!String(question[0]?.url ?? question[0]).includes('/gradio_api/run/')) return ask(...question);
    awaited++;
    const late = setTimeout(() => root.classList.add('awaiting'), 500);
    try {
      return await ask(...question);
    } finally {
      clearTimeout(late);
      if (!--awaited) root.classList.remove('awaiting');
    }
  };
}
