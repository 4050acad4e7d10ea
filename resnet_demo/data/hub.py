"""Files on the Hugging Face Hub: where they are, how they are checked, and which its cache on this machine has.

It must depend on no data set and no model. `download` brings the bytes: `hf_hub_download` deletes what it has of a file
when a download breaks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from .download import SECONDS_TO_ANSWER, Remote, Wanted, locate


def find_files(repository: str, names: Sequence[str], cache: Path, repo_type: str = "dataset") -> list[Path] | None:
    """The files of a repository in the Hub's cache at `cache`; None unless all of them are there."""
    if not cache.is_dir():
        return None
    from huggingface_hub import try_to_load_from_cache  # a tenth of a second, paid only by those who look

    paths = [try_to_load_from_cache(repository, name, cache_dir=cache, repo_type=repo_type) for name in names]
    there = [Path(path) for path in paths if isinstance(path, str)]
    return there if len(there) == len(paths) else None


def locate_on_hub(
    wanted: Wanted,
    name: str,
    repo_type: str = "dataset",
    sha256: str = "",
    revision: str | None = None,
    token: str = "",
) -> Remote:
    """The file `name` of `wanted.repository`, to be checked by what the Hub publishes (SHA-256 of large files, the git
    hash of small ones: its ETag) and by `sha256`, where that is known beforehand.

    revision: a branch or commit, by default the main branch. token: of an account, for what not everybody may read.
    Raises DataError, with the sentence "download.offline" or "download.refused".
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    named = {"revision": revision} if revision else {}
    address = hf_hub_url(wanted.repository, name, repo_type=repo_type, **named)

    def ask() -> Remote:
        answer = get_hf_file_metadata(address, token=token or False, timeout=SECONDS_TO_ANSWER)
        if not answer.commit_hash or answer.size is None:
            raise ConnectionError("what answered is not the Hub")  # but the page of some hotel's network, say
        digests = [f"sha256:{sha256}"] if sha256 else []
        etag = answer.etag or ""
        if re.fullmatch("[0-9a-f]{64}|[0-9a-f]{40}", etag):
            digests.append(f"{'sha256' if len(etag) == 64 else 'git'}:{etag}")
        at_the_hub = (
            urlsplit(answer.location)[:2] == urlsplit(address)[:2]
        )  # large files are elsewhere, with no account
        return Remote(answer.location, answer.size, tuple(digests), etag, token if at_the_hub else "")

    return locate(wanted, address, ask)
