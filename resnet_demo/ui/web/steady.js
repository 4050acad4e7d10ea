// For what may come thick and fast, such as the moves of a slider: passed on at once, then every `pause` ms at most,
// and the last one always.
export function steadily(act, pause = 120) {
  let last = -Infinity, waiting = 0;
  return function pass() {
    clearTimeout(waiting);
    const wait = last + pause - performance.now();
    if (wait > 0) { waiting = setTimeout(pass, wait); return; }
    last = performance.now();
    act();
  };
}
