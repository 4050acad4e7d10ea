// Stands at one of the epochs in props.value as scrubber.py says, and moves over them by hand or by itself.
import {within, plain} from './dom.js';
import {steadily} from './steady.js';
import {fill} from './words.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  const WHOLE = 20_000, FASTEST = 250, SLOWEST = 800;  // ms: for all epochs, and between two of them
  const words = props.text, slider = find('input'), button = find('.play');
  let epochs = [], run, at = -1, given, is_running = false, playing = false, turn = {}, told = null;

  const short = epoch => Number(Number(epoch).toFixed(1));
  const last = () => epochs.length - 1;
  const tell = steadily(() => {
    const step = epochs[at]?.[0];
    if (step === undefined || step === told) return;
    told = step;
    trigger('epoch', {run, step});
  });

  function stand(place) {
    at = Math.max(0, Math.min(place, last()));
    slider.value = at;
    const [step, epoch] = epochs[at];
    const values = {epoch: short(epoch), last: short(epochs[last()][1]), step: step.toLocaleString('en-US')};
    const sentence = fill(words.at, values);
    find('.at').textContent = is_running && at === last() ? fill(words.follows, {at: sentence}) : sentence;
    slider.setAttribute('aria-valuetext', find('.at').textContent);
  }
  function play(on) {
    playing = on;
    button.textContent = on ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
    const mine = turn = {};
    const next = () => setTimeout(beat, Math.min(SLOWEST, Math.max(FASTEST, WHOLE / epochs.length)));
    const beat = () => {
      if (mine !== turn || !playing || !element.isConnected) return;
      if (!document.hidden && element.offsetParent !== null) {
        stand(at + 1);
        tell();
      }
      if (at < last()) next();
      else play(false);
    };
    if (!on) return;
    if (at === last()) {
      stand(0);
      tell();
    }
    next();
  }

  function update() {
    const value = plain(props.value) || {}, stood = epochs[at]?.[0], was_last = at === last();
    const asked = value.step ?? null, is_other = (value.run ?? null) !== run;
    epochs = value.epochs || [];
    is_running = Boolean(value.running);
    run = value.run ?? null;
    find('.moved').hidden = !epochs.length;
    write('.empty', epochs.length ? '' : value.note || words.empty);
    button.disabled = slider.disabled = epochs.length < 2;
    if (is_other || epochs.length < 2) play(false);
    const is_sent = is_other || asked !== null && asked !== given;
    given = asked;
    if (!epochs.length) {
      at = -1;
      if (is_other) told = null;
      return;
    }
    slider.max = last();
    const after = epochs.findIndex(([step]) => step > (is_sent ? asked ?? Infinity : stood));
    if (!is_sent && was_last && !playing || after < 0) stand(last());  // whoever stands at the end follows
    else stand(after - 1);
    if (is_sent) told = epochs[at][0];  // whoever sent it there knows
    else tell();
  }

  find('.scrubber').setAttribute('aria-label', words.label);
  slider.setAttribute('aria-label', words.slider);
  button.addEventListener('click', () => play(!playing));
  slider.addEventListener('input', () => {
    play(false);
    stand(Number(slider.value));
    tell();
  });
  play(false);
  update();
  watch('value', update);
}
