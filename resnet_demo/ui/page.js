() => {
  // every picture of a data set's size is enlarged with hard pixels; one that the browser cannot show is left blank
  const mark = image => {
    image.classList.toggle('small-picture', image.naturalWidth > 0 && image.naturalWidth <= 64);
    image.classList.toggle('broken', image.complete && !image.naturalWidth);
  };
  for (const name of ['load', 'error']) {
    document.addEventListener(name, event => { if (event.target.tagName === 'IMG') mark(event.target); }, true);
  }
  document.querySelectorAll('img').forEach(mark);
}
