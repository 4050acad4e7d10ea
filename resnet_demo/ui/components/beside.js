// Draws props.value as beside.py says.
function update() {
  const value = plain(props.value) || {items: []};
  find('.row').replaceChildren(...value.items.map(({title, drawing, file}) => {
    const figure = make('figure'), caption = make('figcaption', '', title), button = tool(props.text.svg, () => save_svg(drawing, file));
    button.setAttribute('aria-label', `${props.text.svg}: ${title}`);
    caption.append(button);
    figure.append(caption, drawn(drawing));
    return figure;
  }));
  find('.note').textContent = value.note || '';
}
update();
watch('value', update);
