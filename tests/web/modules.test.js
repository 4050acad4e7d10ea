// Every script can be imported as it is served, and every component's is a function that draws into an element.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';

const WEB = new URL('../../resnet_demo/ui/web/', import.meta.url);

const PAGE_ALONE = ['head.js', 'requests.js'];  // they act on the page that they are in
const files = readdirSync(WEB);
const scripts = files.filter(name => name.endsWith('.js') && !PAGE_ALONE.includes(name));
const components = files.filter(name => name.endsWith('.html')).map(name => name.replace('.html', '.js'));

for (const name of scripts) {
  test(`${name} exports what others import of it, and touches no page when it is imported`, async () => {
    const module = await import(new URL(name, WEB));
    assert.equal(typeof module.default, [...components, 'page.js'].includes(name) ? 'function' : 'undefined');
  });
}
test('every component has a script and a style sheet', () => {
  for (const name of components) assert.ok(files.includes(name) && files.includes(name.replace('.js', '.css')), name);
});
test('what is said of the page is written as text, never as markup', () => {
  for (const name of scripts) {
    assert.doesNotMatch(readFileSync(new URL(name, WEB), 'utf8'), /innerHTML|outerHTML|insertAdjacent/, name);
  }
});
