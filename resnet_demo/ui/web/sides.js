// Draws props.value as sides.py says.
import {csv_blob, quoted, unarmed} from './csv.js';
import {within, plain, make, make_button, reveal, save} from './dom.js';

export default function ({element, props, trigger, watch}) {
  const {find, write} = within(element);
  let value = {};
  const key = ({option, title}) => make('span', `key ${option}`, title);

  function row(one) {
    const open = () => trigger('select', {index: one.index, value: one.label});
    const button = make_button(`class${one.true ? ' right' : ''}`, one.label, open);
    const bars = make('div', 'bars');
    value.networks.forEach((network, n) => {
      const bar = make('i', network.option), best = one.best[n] ? 'best' : '';
      bar.style.width = `${100 * one.probabilities[n]}%`;
      bars.append(key(network), make('div', 'track', bar), make('span', `number ${best}`, one.percents[n]));
    });
    button.title = props.text.where;
    return [button, bars];
  }
  function answer(network) {
    const verdict = network.right === null ? '' : network.right ? 'right' : 'wrong';
    return make('span', '', key(network), make('span', verdict, `${network.best}, ${network.percent}`));
  }
  function download() {
    const safe = words => quoted(unarmed(words));
    const lines = [[props.text.class, ...value.networks.map(one => one.title)].map(safe),
      ...value.rows.map(one => [safe(one.label), ...one.probabilities.map(p => p.toFixed(6))])];
    save(csv_blob(lines, String), 'probabilities.csv');
  }

  function draw(first) {
    value = plain(props.value) || {};
    write('.message', value.message);
    find('.message').classList.toggle('error', !!value.error);
    find('.message').setAttribute('role', value.error ? 'alert' : 'note');
    find('.answered').hidden = !value.rows;
    if (!value.rows) return;
    find('img').src = value.view;
    find('img').alt = value.caption;
    find('img').classList.toggle('pixelated', value.pixelated);
    find('figcaption').textContent = value.caption;
    for (const name of ['sentence', 'truth', 'gap']) write(`.${name}`, value[name]);
    find('.answers').replaceChildren(...value.networks.map(answer));
    const [front, folded] = element.querySelectorAll('.rows'), rest = value.rows.slice(value.shown);
    front.replaceChildren(...value.rows.slice(0, value.shown).flatMap(row));
    folded.replaceChildren(...rest.flatMap(row));
    find('details').hidden = !rest.length;
    if (first !== true && value.scroll) reveal(element);
  }
  find('summary').textContent = props.text.rest;
  find('.hint').textContent = props.text.hint;
  find('.tools').prepend(make_button('', props.text.csv, download));
  draw(true);
  watch('value', draw);
}
