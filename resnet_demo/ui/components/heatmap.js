// Draws props.value: {message, title, network, view, pixelated, map, note, caption}; view and map are data: addresses.
const strength = find('input');

function draw() {
  const value = props.value || {};
  write('.message', value.message);
  find('.drawn').hidden = !value.map;
  if (!value.map) return;
  for (const [part, name] of [['h3', 'title'], ['.network', 'network'], ['.note', 'note'], ['.caption', 'caption']]) {
    write(part, value[name]);
  }
  for (const part of ['.original', '.under']) {
    find(part).src = value.view;
    find(part).classList.toggle('pixelated', value.pixelated);
  }
  find('.over').src = value.map;
  find('.over').alt = value.title;
  fade();
}

function fade() {
  find('.over').style.opacity = strength.value / 100;
}

async function download() {
  const side = 896, canvas = make('canvas'), pen = canvas.getContext('2d');
  canvas.width = canvas.height = side;
  await Promise.all([find('.under').decode(), find('.over').decode()]);
  pen.imageSmoothingEnabled = !props.value.pixelated;
  pen.drawImage(find('.under'), 0, 0, side, side);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = 'high';
  pen.globalAlpha = strength.value / 100;
  pen.drawImage(find('.over'), 0, 0, side, side);
  canvas.toBlob(blob => save(blob, 'heat-map.png'), 'image/png');
}

const captions = element.querySelectorAll('figcaption');
captions[0].textContent = find('.original').alt = props.text.original;
captions[1].textContent = props.text.overlay;
find('.under').alt = '';
find('label span').textContent = props.text.strength;
find('.low').textContent = props.text.low;
find('.high').textContent = props.text.high;
find('button').textContent = props.text.download;
find('button').addEventListener('click', download);
strength.addEventListener('input', fade);
draw();
watch('value', draw);
