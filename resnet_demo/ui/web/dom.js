// What the scripts of all components share. Names, labels and files are other people's text: they are written as text
// nodes, never as HTML.

export function within(element) {  // what finds and fills the parts of one component
  const find = selector => element.querySelector(selector);
  const write = (selector, words) => { find(selector).textContent = words || ''; find(selector).hidden = !words; };
  return {find, write};
}
export const plain = value => JSON.parse(JSON.stringify(value ?? null));  // without Svelte's proxies

export function make(tag, name, ...children) {  // strings become text nodes, null and undefined nothing
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
// Fills a node anew, and keeps of what is in it whatever can stay: the focus, a press of a button that lasts, an image
// until the next one is decoded. For what changes several times a second, of nodes that have no listeners of their own.
export function refill(node, ...children) {
  const old = [...node.childNodes], fresh = [...make('div', '', ...children).childNodes];
  fresh.forEach((child, n) => { if (old[n]) become(old[n], child); else node.append(child); });
  old.slice(fresh.length).forEach(child => child.remove());
}
function become(old, fresh) {
  if (old.nodeName !== fresh.nodeName) { old.replaceWith(fresh); return; }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const {name} of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const {name, value} of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  refill(old, ...fresh.childNodes);
}
// The nodes of what a model is called, as `ui/runs.py` writes it: its name, and its data and training in grey.
export function named(title) {
  const [name, ...rest] = String(title ?? '').split(' · ');
  return [name || null, rest.length ? make('small', 'detail', rest.join(' · ')) : null];
}
// Bring what a click has changed into the window, where it is not there already; whoever types on a phone stays.
export function reveal(element) {
  const {top, bottom, height} = element.getBoundingClientRect(), phone = matchMedia('(max-width: 768px)').matches;
  if (top >= 0 && (bottom <= innerHeight || top < innerHeight / 3)) return;
  if (phone && document.activeElement?.matches('input, textarea')) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  element.scrollIntoView({block: height < innerHeight && top > 0 ? 'nearest' : 'start', behavior});
}
// What a button is called where it is not seen: in words, and then as it is written, by which speech finds it.
export function name_for_all(node, words) {
  node.setAttribute('aria-label', `${words}: ${node.textContent}`);
  node.dataset.words = words;
}
export function make_button(name, words, action) {
  const button = make('button', name, words);
  button.type = 'button';
  button.addEventListener('click', () => action(button));
  return button;
}

export function save(blob, name) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
export async function copy_lines(lines, node, button, words) {  // `node` shows them
  try {
    await navigator.clipboard.writeText(lines.map(line => line.join('\t')).join('\n'));
  } catch {  // a page that is not served over https has no clipboard: select what is to be copied instead
    getSelection().selectAllChildren(node);
    return;
  }
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = words.copy; }, 1500);
}
