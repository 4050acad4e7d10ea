// A recorded run played back as if it were live, by its own clock. It knows neither charts nor servers.
const SPEEDS = [1, 2, 5, 10, 20], BEAT = 100;  // ms

class Replay {
  constructor(place, moved) {  // `moved` is told whenever the clock has gone on
    Object.assign(this, {place, moved, run: null, clock: 0, playing: false, speed: 1});
    this.button = make_button('tool play', '', () => this.play(!this.playing));
    this.slider = make('input');
    Object.assign(this.slider, {type: 'range', min: 0, step: 'any'});
    this.slider.setAttribute('aria-label', props.text.position);
    this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
    this.time = make('span', 'time');
    this.choice = make('select', 'speed', ...SPEEDS.map(speed => new Option(`${speed}×`, speed)));
    this.choice.setAttribute('aria-label', props.text.speed);
    this.choice.addEventListener('change', () => { this.speed = Number(this.choice.value); });
    place.setAttribute('aria-label', props.text.replay);
    place.append(this.button, this.slider, this.time, this.choice);
  }

  open(run) {  // null closes it; a run that is open already goes on
    if (run === this.run) return;
    if (this.run) this.run.until = Infinity;
    this.run = run;
    this.place.hidden = !run;
    this.play(false);
    this.clock = 0;
    this.waiting = Boolean(run);
    if (run) run.until = 0;
  }
  start() {  // once its recording is here
    if (!this.waiting || !this.run.points.length) return;
    this.waiting = false;
    this.speed = SPEEDS.find(speed => this.run.seconds / speed <= 60) ?? SPEEDS.at(-1);
    this.choice.value = this.speed;
    this.slider.max = this.run.seconds;
    this.play(true);
  }
  play(on) {
    this.playing = on;
    this.button.textContent = on ? `❚❚ ${props.text.pause}` : `▶ ${props.text.play}`;
    if (on && this.clock >= this.run.seconds) this.seek(0);
    const turn = this.turn = {};
    let before = performance.now();
    const beat = () => {
      if (turn !== this.turn || !this.playing || !element.isConnected) return;
      const now = performance.now();
      if (is_seen()) this.seek(this.clock + (now - before) / 1000 * this.speed);
      before = now;
      if (this.clock >= this.run.seconds) this.play(false);
      else setTimeout(beat, BEAT);
    };
    if (on) setTimeout(beat, BEAT);
  }
  seek(clock) {
    this.clock = this.run.until = Math.min(Math.max(clock, 0), this.run.seconds);
    this.slider.value = this.clock;
    this.time.textContent = `${duration(this.clock)} / ${duration(this.run.seconds)}`;
    this.slider.setAttribute('aria-valuetext', this.time.textContent);
    this.moved();
  }
}
