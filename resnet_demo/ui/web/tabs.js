// Ways from one tab of the page to another. They know no tab.
import {put} from './place.js';

// Opens a tab of the page as its address would. Whatever the address names beside is read by a tab that opens first.
export function open_tab(parameters) {
  const tab = document.querySelector(`#tabs [role=tab][data-tab-id=${parameters.tab}]`);
  if (!tab) return false;
  put(parameters);
  tab.click();
  if (parameters.part) open_part(parameters.part);
  document.querySelector('#tabs').scrollIntoView();
  return true;
}
function open_part(name, frames = 200) {  // it is there once its tab has been drawn
  const part = document.querySelector(`#tabs [role=tabpanel] [role=tab][data-tab-id=${name}]`);
  if (part) part.click();
  else if (frames) requestAnimationFrame(() => open_part(name, frames - 1));
}
// Makes `node` a link to such an address, which opens it without loading the page anew.
export function lead(node, words, parameters) {
  node.textContent = words;
  node.href = `?${new URLSearchParams(parameters)}`;
  node.addEventListener('click', event => {
    if (!event.ctrlKey && !event.metaKey && open_tab(parameters)) event.preventDefault();
  });
  return node;
}
