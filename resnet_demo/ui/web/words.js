// Sentences with places for values in them.

// "{count} of {all}" with its values; a place without one stays as it is. Once: values, such as names, may hold braces.
export const fill = (sentence, values) => (
  sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place)));
