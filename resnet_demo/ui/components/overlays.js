// Draws props.value as overlays.py says.
const strength = find('input');

function figure(title, note, ...images) {
  return make('figure', '', make('div', 'over', ...images), make('figcaption', '', title, note ? make('small', '', note) : null));
}
function image(source, words, pixelated) {
  const node = make('img', pixelated ? 'pixelated' : '');
  node.src = source;
  node.alt = words;
  return node;
}
function fade() {
  element.querySelectorAll('.over img + img').forEach(node => { node.style.opacity = strength.value / 100; });
}
function draw() {
  const value = plain(props.value) || {};
  write('.message', value.message);
  find('.drawn').hidden = !value.items;
  if (!value.items) return;
  find('h4').textContent = value.title;
  find('.caption').textContent = value.caption;
  find('.maps').replaceChildren(
    figure(props.text.original, '', image(value.view, props.text.original, value.pixelated)),
    ...value.items.map(({title, map, note}) =>
      figure(title, note, image(value.view, '', value.pixelated), image(map, `${value.title}: ${title}`, false))));
  fade();
}
async function download() {  // all of them in a row, with their names below
  const side = 280, gap = 16, foot = 34, figures = [...element.querySelectorAll('figure')];
  const canvas = make('canvas'), pen = canvas.getContext('2d');
  canvas.width = figures.length * (side + gap) + gap;
  canvas.height = side + 2 * gap + foot;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  await Promise.all([...element.querySelectorAll('img')].map(node => node.decode()));
  pen.font = '16px sans-serif';
  pen.imageSmoothingQuality = 'high';
  figures.forEach((node, n) => {
    node.querySelectorAll('img').forEach((picture, over) => {
      pen.imageSmoothingEnabled = !picture.classList.contains('pixelated');
      pen.globalAlpha = over ? strength.value / 100 : 1;
      pen.drawImage(picture, gap + n * (side + gap), gap, side, side);
    });
    pen.globalAlpha = 1;
    pen.fillStyle = '#18181b';
    pen.fillText(node.querySelector('figcaption').firstChild.textContent, gap + n * (side + gap), side + gap + 24, side);
  });
  canvas.toBlob(blob => save(blob, 'heat-maps.png'), 'image/png');
}
find('label span').textContent = props.text.strength;
find('.low').textContent = props.text.low;
find('.high').textContent = props.text.high;
find('.tools').append(make_button('', props.text.download, download));
strength.addEventListener('input', fade);
draw();
watch('value', draw);
