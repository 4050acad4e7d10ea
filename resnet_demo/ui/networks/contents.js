// A button for each section that scrolls to it; a link would change the address, which belongs to the network.
element.querySelector('span').textContent = props.caption;
element.querySelector('nav').setAttribute('aria-label', props.caption);
element.querySelector('ul').append(...props.sections.map(([title, id]) => {
  const item = document.createElement('li'), button = document.createElement('button');
  button.type = 'button';
  button.textContent = title;
  button.addEventListener('click', () => document.getElementById(id).scrollIntoView());
  item.append(button);
  return item;
}));
