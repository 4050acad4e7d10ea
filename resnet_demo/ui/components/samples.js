// A strip for each group, a button for each picture; names reach the page as text only.
let count = 0;
for (const group of props.groups) {
  const caption = document.createElement('p'), strip = document.createElement('div');
  caption.className = 'caption';
  caption.textContent = group.caption;
  strip.className = 'strip';
  strip.style.setProperty('--columns', group.pictures.length);
  for (const picture of group.pictures) {
    const button = document.createElement('button'), image = document.createElement('img'), index = count++;
    button.type = 'button';
    button.title = image.alt = picture.name;
    image.src = picture.source;
    image.className = image.src.startsWith('data:image/png') ? 'pixelated' : '';
    button.append(image);
    button.addEventListener('click', () => trigger('select', {index, value: picture.name}));
    strip.append(button);
  }
  element.firstElementChild.append(caption, strip);
}
