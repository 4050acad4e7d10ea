// What the camera computes: parts without a page and without a camera.

// The largest centred square of a picture, as [left, top, side].
export function square(width, height) {
  const side = Math.min(width, height);
  return [(width - side) / 2, (height - side) / 2, side];
}

// Answers per second over those that came within the last `span` ms; null where there are fewer than two.
export function rate(times, now, span = 3000) {
  const late = times.filter(time => now - time <= span);
  return late.length < 2 ? null : 1000 * (late.length - 1) / (late.at(-1) - late[0]);
}

// The word for why there is no camera, by the error of getUserMedia.
export const reason = error => ({
  NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none',
  NotReadableError: 'in_use', AbortError: 'in_use',
})[error?.name] ?? 'failed';

// Cameras to choose from, as [words, constraints]: on phones, whose many lenses have no names for people, the back and
// the front one; else those that are connected. [] where there is no choice.
export function cameras(devices, is_phone, words) {
  const found = devices.filter(device => device.kind === 'videoinput');
  if (found.length < 2) return [];
  if (is_phone) return [[words.back, {facingMode: 'environment'}], [words.front, {facingMode: 'user'}]];
  return found.map(({deviceId, label}, n) => [
    label || words.unnamed.replace('{number}', n + 1), {deviceId: {exact: deviceId}}]);
}

// The address for one frame. classes: {model: index of the class whose evidence is wanted}
export function question(base, {address, language}, value, page, heat, classes) {
  const url = new URL(address, base), {models = [], ...options} = value;
  for (const model of models) {
    url.searchParams.append('model', model);
    url.searchParams.append('class', classes[model] ?? '');
  }
  const rest = {...options, page, language, heat: heat ? 1 : 0};
  for (const [name, one] of Object.entries(rest)) url.searchParams.set(name, one);
  return url;
}
