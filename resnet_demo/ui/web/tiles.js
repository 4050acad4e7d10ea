// Tiles that travel as one image, on top of each other, and lists of names.
export const toggled = (names, name) => names.includes(name) ? names.filter(one => one !== name) : [...names, name];

// The style of an element that shows tile `n` of `count`.
export function tile_style(n, count) {
  const position = count > 1 ? 100 * n / (count - 1) : 0;
  return `background-position: 0 ${position}%; background-size: 100% ${100 * count}%`;
}
