// What components say of a tab in the page's address, so that a link opens the same view. An address says it only while
// that tab is open: other tabs have parameters of the same names. The history keeps one entry.
const open_tab = () => new URLSearchParams(location.search).get('tab');

export function with_parameters(address, values) {  // the address with these parameters; null and '' remove one
  const next = new URL(address);
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') next.searchParams.delete(key);
    else next.searchParams.set(key, value);
  }
  return next;
}
// The page's address gets these parameters, in the same entry of the history.
export const put = values => history.replaceState(history.state, '', with_parameters(location.href, values));

// Returns write(values), by which one component tells some of the tab's parameters.
export function place(tab, is_connected) {
  const known = {};
  const follow = ({detail}) => {
    if (!is_connected()) return document.removeEventListener('tab', follow);
    put(detail === tab ? known : Object.fromEntries(Object.keys(known).map(key => [key, null])));
  };
  document.addEventListener('tab', follow);
  return values => {
    Object.assign(known, values);
    if (open_tab() === tab) put(values);
  };
}
