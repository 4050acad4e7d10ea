// What is drawn anew, in an order of its own, while somebody is about to click in it: nothing moves away from them.

// Whether the pointer or the keyboard is in a node.
export const is_aimed_at = node => node.matches(':hover, :has(:focus-visible)');

// `items` in the places that their keys have in `before`; new ones take the places of those that are gone, then follow.
export function in_place(items, before, key_of = item => item) {
  const fresh = items.filter(item => !before.includes(key_of(item)));
  const kept = before.map(key => items.find(item => key_of(item) === key) ?? fresh.shift());
  return [...kept.filter(item => item !== undefined), ...fresh];
}
