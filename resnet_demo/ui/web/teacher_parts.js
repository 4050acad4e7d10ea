// What the tab Teach computes: parts without a page and without a camera. A class is {name, images}.

// A name as it can be that of a folder in a zip; '' for one that has nothing left.
export const folder_name = name => (
  [...name.replace(/[/\\]|\p{C}/gu, ' ')].join('').replace(/^[\s.]+|[\s.]+$/gu, '').replace(/\s+/g, ' '));

// The name for another class: the first "class n" that is not taken.
export function fresh_name(classes, pattern) {
  const taken = new Set(classes.map(({name}) => name));
  for (let number = 1; ; number++) {
    const name = pattern.replace('{number}', number);
    if (!taken.has(name)) return name;
  }
}

// What is still missing before these classes can be sent, as [key, values] of a sentence; null where nothing is.
export function missing(classes, {least, begin}) {
  const names = classes.map(({name}) => folder_name(name));
  const unnamed = names.findIndex(name => !name);
  if (unnamed >= 0) return ['unnamed', {number: unnamed + 1}];
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice) return ['twice', {name: twice}];
  if (classes.length < least) return ['few', {least}];
  const short = classes.find(({images}) => images.length < begin);
  return short ? ['short', {name: short.name, count: short.images.length, begin}] : null;
}

// The files of a zip, as [[path, File]], a folder for each class.
export const files_of = classes => classes.flatMap(({name, images}) => (
  images.map(({blob}, at) => [`${folder_name(name)}/${String(at + 1).padStart(3, '0')}.jpg`, blob])));

// Whether the best of some answers counts. rows: [{probability}], the most probable first
export const is_sure = (rows, threshold) => rows.length > 0 && rows[0].probability >= threshold;
