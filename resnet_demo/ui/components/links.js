// Draws props.value: {label, files: [[words, address, name]]}.
function draw() {
  const value = plain(props.value) || {};
  find('.links').replaceChildren(...(value.files ? [value.label] : []), ...(value.files || []).map(([words, address, name]) => {
    const link = make('a', '', words);
    link.href = address;
    link.download = name;
    return link;
  }));
}
draw();
watch('value', draw);
