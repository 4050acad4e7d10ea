trigger('mount', Object.fromEntries(new URLSearchParams(location.search)));
