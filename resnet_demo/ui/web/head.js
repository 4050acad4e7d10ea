// Runs as the first thing in the body, before Gradio draws. Its element says the page's language.
(() => {
  const here = document.currentScript.dataset, root = document.documentElement;
  const config = window.gradio_config || {}, parts = config.components || [];
  const asked = new URLSearchParams(location.search);
  const kept = (storage, key) => {
    try { return window[storage].getItem(`resnet_demo.${key}`); } catch { return null; }  // some frames have no storage
  };

  // Without a language in the address the page opens in the one that was chosen here, else in the browser's.
  const wanted = kept('localStorage', 'language') || (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
  if (here.language === 'en' && wanted === 'zh') location.replace(`zh${location.search}${location.hash}`);

  // Gradio asks the browser for its language and the configuration for the title: both are the page's.
  Object.defineProperty(navigator, 'language', {get: () => here.locale, configurable: true});
  config.title = document.title;

  // A link may name a stop of the lesson: it opens what the address of that stop opens.
  const stops = parts.find(part => part.props.elem_id === 'lesson')?.props.props.stops;
  const stop = stops?.[Number(asked.get('lesson')) - 1];
  if (stop && !asked.has('tab')) {
    for (const [name, value] of Object.entries(stop.address)) asked.set(name, value);
    history.replaceState(history.state, '', `?${asked}${location.hash}`);
  }

  // A link may name a tab and one of its parts; one that does not exist is as good as none. Of a race that it is in.
  const node_of = (node, id) => node.id === id ? node : node.children?.map(one => node_of(one, id)).find(Boolean);
  const select = (element, name) => {
    const tabs = parts.find(part => part.props.elem_id === element);
    const inside = new Set(tabs && node_of(config.layout, tabs.id).children.map(one => one.id));
    if (parts.some(part => inside.has(part.id) && part.props.id === name)) tabs.props.selected = name;
  };
  select('tabs', asked.get('tab'));
  select(`${asked.get('tab')}-parts`, asked.get('part') ?? (asked.has('race') ? 'race' : null));

  // Light or dark once chosen stays: Gradio follows the system and sets the class anew now and then.
  const theme = kept('localStorage', 'theme');
  if (theme) root.dataset.theme = theme;
  const paint = () => {
    if (root.dataset.theme) document.body.classList.toggle('dark', root.dataset.theme === 'dark');
    root.style.colorScheme = document.body.classList.contains('dark') ? 'dark' : 'light';
  };
  paint();
  const watcher = new MutationObserver(paint);
  watcher.observe(document.body, {attributeFilter: ['class']});
  watcher.observe(root, {attributeFilter: ['data-theme']});

  root.classList.toggle('presenting', kept('sessionStorage', 'presenting') === 'yes');
})();
