// The runs that are shown and what the server has told of them. It knows no drawing.
import {Smooth, count_until} from './numbers.js';

// columns of reports, and those of epochs that differ
export const STEP = 0, EPOCH = 1, PROGRESS = 2, SECONDS = 3, LOSS = 4, ACCURACY = 5, RATE_OF_LEARNING = 6, NORM = 7;
export const IMAGES = 8;
export const EPOCH_SECONDS = 2, VALIDATION_LOSS = 5, VALIDATION_ACCURACY = 6;
export const AXES = {step: [STEP, STEP], epoch: [EPOCH, EPOCH], seconds: [SECONDS, EPOCH_SECONDS]};
const PERIOD = 400, PATIENCE = 10_000, LONGEST_PAUSE = 3200;  // ms
const GROWING = ['queued', 'running'];

export class Run {
  constructor(id) {
    Object.assign(this, {id, points: [], epochs: [], next: 0, state: '', position: 0, wait: null, reason: ''});
    Object.assign(this, {on: true, until: Infinity, weight: 0, smooth: new Map(), ends: {}, told: '', is_asked: true});
  }
  get is_due() { return this.is_asked || GROWING.includes(this.state); }
  // In a replay only what had happened by `until`, seconds of training, is there.
  get count() { return this.until === Infinity ? this.points.length : count_until(this.points, SECONDS, this.until); }
  get epoch_count() {
    return this.until === Infinity ? this.epochs.length : count_until(this.epochs, EPOCH_SECONDS, this.until);
  }
  get point() { return this.points[this.count - 1] || null; }
  get epoch() { return this.epochs[this.epoch_count - 1] || null; }
  get seconds() { return Math.max(this.points.at(-1)?.[SECONDS] ?? 0, this.epochs.at(-1)?.[EPOCH_SECONDS] ?? 0); }

  take(answer) {
    this.is_asked = false;
    for (const name of ['state', 'position', 'reason']) this[name] = answer[name] ?? '';
    this.wait = answer.wait ?? null;
    if (answer.state === 'gone') return;
    if (answer.after !== null) {  // resumed: what came after its checkpoint never happened
      for (const rows of [this.points, this.epochs]) rows.length = count_until(rows, STEP, answer.after);
      this.smooth.clear();
    }
    this.points.push(...answer.points);
    this.epochs.push(...answer.epochs);
    this.next = answer.next;
  }
  smoothed(column, row, weight) {
    if (weight !== this.weight) { this.smooth.clear(); this.weight = weight; }
    if (!this.smooth.has(column)) this.smooth.set(column, new Smooth(weight));
    return this.smooth.get(column).at(this.points, column, row);
  }

  // Where its axis ends: at its last point, or where that will be; a long run fills its axis half by half. The end
  // moves seldom, although the expected one trembles where the length is in seconds.
  end(axis) {
    const column = AXES[axis][0], last = this.points[this.count - 1];
    if (this.until !== Infinity) return this.points.at(-1)?.[column] ?? 0;
    if (!last || this.state !== 'running' || !(last[PROGRESS] > 0)) return last?.[column] ?? 0;
    let end = last[column] / last[PROGRESS];
    const least = Math.max(last[column] / .85, 60 * last[column] / last[SECONDS]);  // a run of a minute has all of it
    while (end / 2 > least) end /= 2;
    const before = this.ends[axis];
    if (!before || last[column] > before || Math.abs(end / before - 1) > .15) this.ends[axis] = end;
    return this.ends[axis];
  }
  get left() {  // seconds, at the pace of the latest reports
    const {point} = this, earlier = this.points[Math.max(0, this.count - 60)];
    if (!point || this.state !== 'running') return null;
    const from = earlier === point ? [0, 0, 0, 0] : earlier;
    const pace = (point[PROGRESS] - from[PROGRESS]) / (point[SECONDS] - from[SECONDS]);
    return pace > 0 ? (1 - point[PROGRESS]) / pace : null;
  }
}

const pause = time => new Promise(resolve => setTimeout(resolve, time));
export const is_seen = element => !document.hidden && element.offsetParent !== null;

// Asks the server for what is new until nothing can come any more, as long as somebody can see the element. `current()`
// says whether it is still this follower's turn, `show` is called after each answer, `lost` after a question without
// one.
export async function follow({element, server}, current, runs, show, lost) {
  let failures = 0;
  while (current() && element.isConnected) {
    const asked = Object.fromEntries([...runs.values()].filter(run => run.is_due).map(run => [run.id, run.next]));
    if (!Object.keys(asked).length) return;
    if (is_seen(element)) {
      const answers = await Promise.race([server.poll_runs({runs: asked}), pause(PATIENCE)]).catch(() => undefined);
      if (!current()) return;
      failures = answers ? 0 : failures + 1;
      if (!answers) lost();
      else {
        for (const [id, answer] of Object.entries(answers)) runs.get(id)?.take(answer);
        show();
      }
    }
    await pause(Math.min(LONGEST_PAUSE, PERIOD * 2 ** failures));
  }
}
