// A button that plays something through, and a slider to look at any moment of it. It knows neither what nor charts.
import {make, make_button} from './dom.js';

export class Player {
  at = 1;  // the share that has happened: at first all of it
  constructor(place, words, moved) {  // `moved(at)` is called whenever it changes
    Object.assign(this, {words, moved, seconds: 0});
    this.button = make_button('tool play', '', () => this.play(!this.is_playing));
    this.slider = Object.assign(make('input'), {type: 'range', min: 0, max: 1, step: 'any', value: 1});
    this.slider.setAttribute('aria-label', words.position);
    this.slider.addEventListener('input', () => { this.play(false); this.seek(Number(this.slider.value)); });
    place.append(this.button, this.slider);
    this.play(false);
  }
  play(on) {
    this.is_playing = on;
    this.button.textContent = on ? `❚❚ ${this.words.pause}` : `▶ ${this.words.play}`;
    if (!on) return;
    const turn = this.turn = {}, from = this.at < 1 ? this.at : 0, start = performance.now();
    const beat = now => {
      if (turn !== this.turn || !this.is_playing || !this.button.isConnected) return;
      this.seek(Math.min(1, from + Math.max(0, now - start) / 1000 / this.seconds));
      if (this.at < 1) requestAnimationFrame(beat);
      else this.play(false);
    };
    requestAnimationFrame(beat);
  }
  seek(at) {
    this.at = at;
    this.slider.value = at;
    this.moved(at);
  }
}
