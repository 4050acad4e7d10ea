// What the scripts of all components share; each script below it draws what its props say. Names, labels and files are
// other people's text: they are written as text nodes, never as HTML.
const find = selector => element.querySelector(selector);
const plain = value => JSON.parse(JSON.stringify(value ?? null));  // without Svelte's proxies
const write = (selector, words) => { find(selector).textContent = words || ''; find(selector).hidden = !words; };

function make(tag, name, ...children) {  // strings become text nodes, null and undefined nothing
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
function make_button(name, words, action) {
  const button = make('button', name, words);
  button.type = 'button';
  button.addEventListener('click', () => action(button));
  return button;
}

function save(blob, name) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
async function copy_lines(lines, node, button) {  // `node` shows them
  try {
    await navigator.clipboard.writeText(lines.map(line => line.join('\t')).join('\n'));
  } catch {  // a page that is not served over https has no clipboard: select what is to be copied instead
    getSelection().selectAllChildren(node);
    return;
  }
  button.textContent = props.text.copied;
  setTimeout(() => { button.textContent = props.text.copy; }, 1500);
}
