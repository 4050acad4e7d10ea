// A recorded run played back as if it were live, by its own clock. It knows neither charts nor servers.
import {make, make_button} from './dom.js';
import {duration} from './numbers.js';
import {is_seen} from './runs.js';

const SPEEDS = [1, 2, 5, 10, 20], BEAT = 100;  // ms
const A_MINUTE = 60;  // seconds: longer than that nobody looks at it

// Where a replay of a run stands: in seconds of its training, up to which the run then has happened.
export class Clock {
  time = 0;
  constructor(run) {
    this.run = run;
    run.until = 0;
  }
  get is_over() { return this.time >= this.run.seconds; }
  get fitting_speed() { return SPEEDS.find(speed => this.run.seconds / speed <= A_MINUTE) ?? SPEEDS.at(-1); }
  seek(time) { this.time = this.run.until = Math.min(Math.max(time, 0), this.run.seconds); }
  close() { this.run.until = Infinity; }
}

export class Replay {
  constructor(place, words, moved) {  // `moved` is called whenever the clock has gone on
    Object.assign(this, {place, words, moved, clock: null, playing: false, speed: 1});
    this.button = make_button('tool play', '', () => this.play(!this.playing));
    this.slider = make('input');
    Object.assign(this.slider, {type: 'range', min: 0, step: 'any'});
    this.slider.setAttribute('aria-label', words.position);
    this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
    this.time = make('span', 'time');
    this.choice = make('select', 'speed', ...SPEEDS.map(speed => new Option(`${speed}×`, speed)));
    this.choice.setAttribute('aria-label', words.speed);
    this.choice.addEventListener('change', () => { this.speed = Number(this.choice.value); });
    place.setAttribute('aria-label', words.replay);
    place.append(this.button, this.slider, this.time, this.choice);
  }
  get run() { return this.clock?.run ?? null; }

  open(run) {  // null closes it; a run that is open already goes on
    if (run === this.run) return;
    this.clock?.close();
    this.clock = run && new Clock(run);
    this.place.hidden = !run;
    this.play(false);
    this.waiting = Boolean(run);
  }
  start() {  // once its recording is here
    if (!this.waiting || !this.run.points.length) return;
    this.waiting = false;
    this.choice.value = this.speed = this.clock.fitting_speed;
    this.slider.max = this.run.seconds;
    this.play(true);
  }
  play(on) {
    this.playing = on;
    this.button.textContent = on ? `❚❚ ${this.words.pause}` : `▶ ${this.words.play}`;
    if (on && this.clock.is_over) this.seek(0);
    const turn = this.turn = {};
    let before = performance.now();
    const beat = () => {
      if (turn !== this.turn || !this.playing || !this.place.isConnected) return;
      const now = performance.now();
      if (is_seen(this.place)) this.seek(this.clock.time + (now - before) / 1000 * this.speed);
      before = now;
      if (this.clock.is_over) this.play(false);
      else setTimeout(beat, BEAT);
    };
    if (on) setTimeout(beat, BEAT);
  }
  seek(time) {
    this.clock.seek(time);
    this.slider.value = this.clock.time;
    this.time.textContent = `${duration(this.clock.time, this.words)} / ${duration(this.run.seconds, this.words)}`;
    this.slider.setAttribute('aria-valuetext', this.time.textContent);
    this.moved();
  }
}
