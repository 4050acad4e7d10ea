// The open part of a tab, and the `part` of the page's address: each follows the other. A part that the address does
// not name is that of a tab which somebody has just come back to, or of a click.
import {put} from './place.js';

export default function ({element, props}) {
  const bar = () => document.querySelector(`#${props.tabs} > .tab-wrapper`);
  const parts = () => [...bar()?.querySelectorAll('[role=tab]') ?? []];
  const open = () => parts().find(part => part.getAttribute('aria-selected') === 'true')?.dataset.tabId;
  let is_seen = false;

  function follow() {
    const was_seen = is_seen, named = new URLSearchParams(location.search).get('part');
    is_seen = bar().checkVisibility();
    if (!is_seen) {
      if (was_seen) put({part: null});
      return;
    }
    const wanted = !was_seen && parts().find(part => part.dataset.tabId === named);
    if (wanted && named !== open()) wanted.click();
    else put({part: open()});
  }
  function begin() {
    if (!element.isConnected) return;
    if (!open()) { requestAnimationFrame(begin); return; }
    new MutationObserver(follow).observe(bar(), {subtree: true, attributeFilter: ['aria-selected']});
    new IntersectionObserver(follow).observe(bar());
  }
  begin();
}
