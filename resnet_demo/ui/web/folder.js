// Takes a folder that is chosen or dropped, and sends what is in it as one zip: see folder.py.
import {within} from './dom.js';
import {zip_of} from './zip.js';
import {fill} from './words.js';

export default function ({element, props, trigger, upload}) {
  const {find} = within(element);
  const MB = 2 ** 20;
  const area = find('.folder'), input = find('input'), choose = find('.choose'), told = find('.told');
  const words = props.text;
  const grouped = new Intl.NumberFormat(document.documentElement.lang || 'en');
  const is_hidden = path => path.split('/').some(part => part.startsWith('.') || part === '__MACOSX');

  function tell(sentence, is_error = false) {
    told.setAttribute('role', is_error ? 'alert' : 'status');
    told.classList.toggle('error', is_error);
    told.textContent = sentence;
  }
  function set_busy(busy) {
    choose.disabled = busy;
    area.setAttribute('aria-busy', busy);
  }

  // What would be refused, before any of it is read; '' for what may be sent.
  function objection(name, files) {
    const bytes = files.reduce((sum, [, file]) => sum + file.size, 0);
    if (!files.length) return fill(words.empty, {name});
    if (files.length > props.files) return fill(words.many, {name, most: grouped.format(props.files)});
    if (bytes > props.bytes) {
      return fill(words.large, {name, megabytes: (bytes / MB).toFixed(1), most: grouped.format(props.bytes / MB)});
    }
    return '';
  }

  async function send(found) {  // found: [[path, File]]; what lies in one folder is named from there on
    const kept = found.filter(([path]) => !is_hidden(path));
    const tops = new Set(kept.map(([path]) => path.split('/')[0]));
    const is_one = tops.size === 1 && kept.every(([path]) => path.includes('/'));
    const name = is_one ? [...tops][0] : words.several;
    const files = is_one ? kept.map(([path, file]) => [path.slice(name.length + 1), file]) : kept;
    const refused = objection(name, files);
    if (refused) { tell(refused, true); return; }
    try {
      let last = 0;
      const zip = await zip_of(files, done => {
        if (performance.now() - last < 200) return;
        last = performance.now();
        tell(fill(words.packing, {done: grouped.format(done), total: grouped.format(files.length)}));
      });
      tell(fill(words.sending, {count: grouped.format(files.length), megabytes: (zip.size / MB).toFixed(1)}));
      const {path} = await upload(new File([zip], 'pictures.zip', {type: zip.type}));
      props.value = {path, orig_name: `${name}.zip`, meta: {_type: 'gradio.FileData'}};
      tell('');
      trigger('bring');
    } catch (error) {
      const refusal = /HTTP 413: (.+)/s.exec(error);  // a sentence of the server, in the language of the page
      tell(refusal ? refusal[1] : fill(words.lost, {name}), true);
    }
  }
  async function take(collect) {
    if (choose.disabled) return;
    set_busy(true);
    try { await send(await collect()); } catch { tell(words.unread, true); } finally { set_busy(false); }
  }

  // All files below what was dropped, with their paths; a folder tells its entries by the hundred.
  async function below(entry, path = entry.name) {
    if (entry.isFile) return [[path, await new Promise((take, fail) => entry.file(take, fail))]];
    const reader = entry.createReader(), found = [];
    for (;;) {
      const entries = await new Promise((take, fail) => reader.readEntries(take, fail));
      if (!entries.length) return found;
      for (const one of entries) {
        if (found.length > props.files) return found;  // too many, however many there are
        found.push(...await below(one, `${path}/${one.name}`));
      }
    }
  }

  find('.ask').textContent = words.ask;
  choose.textContent = words.choose;
  area.hidden = !('webkitdirectory' in input);
  choose.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const files = [...input.files].map(file => [file.webkitRelativePath || file.name, file]);
    input.value = '';  // so that the same folder can be chosen again
    take(() => files);
  });
  area.addEventListener('dragover', event => { event.preventDefault(); area.classList.add('over'); });
  area.addEventListener('dragleave', event => {
    if (!area.contains(event.relatedTarget)) area.classList.remove('over');
  });
  area.addEventListener('drop', event => {
    event.preventDefault();
    area.classList.remove('over');
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    take(async () => (await Promise.all(entries.map(entry => below(entry)))).flat());
  });
}
