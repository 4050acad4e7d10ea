export default function ({trigger}) {
  trigger('mount', Object.fromEntries(new URLSearchParams(location.search)));
}
