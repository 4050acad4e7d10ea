// What is painted on an image: a byte for each pixel, row by row, 1 where it is.

// Paints a disc of `radius` around [x, y]; whether that changed anything. At least the pixel below it is painted.
export function stamp(mask, width, height, [x, y], radius) {
  const reach = Math.max(radius, .5);
  let is_new = false;
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(width, x + reach); column++) {
      const is_below = Math.floor(x) === column && Math.floor(y) === row;
      if (!is_below && Math.hypot(column + .5 - x, row + .5 - y) > reach) continue;
      is_new ||= !mask[row * width + column];
      mask[row * width + column] = 1;
    }
  }
  return is_new;
}
// Eight pixels a byte, the first one highest, as base64.
export function packed(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((bit, n) => { if (bit) bytes[n >> 3] |= 128 >> (n & 7); });
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}
