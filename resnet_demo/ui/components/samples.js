// A button for each picture; names reach the page as text only.
element.querySelector('.caption').textContent = props.caption;
const strip = element.querySelector('.strip');
props.pictures.forEach((picture, index) => {
  const button = document.createElement('button'), image = document.createElement('img');
  button.type = 'button';
  button.title = image.alt = picture.name;
  image.src = picture.source;
  button.append(image);
  button.addEventListener('click', () => trigger('select', {index, value: picture.name}));
  strip.append(button);
});
