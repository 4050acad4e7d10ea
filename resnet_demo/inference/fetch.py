"""Weights from the Hugging Face Hub to this machine: with progress, resumed where a connection broke, checked.

huggingface_hub finds the file and speaks to the Hub. The bytes are kept by this module, since `hf_hub_download` deletes
what it has of a file when a download breaks. It knows no page; whoever waits passes a `report`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..data.hub import SECONDS_TO_ANSWER, Report, within
from ..places import Places
from .classifier import InferenceError
from .imagenet import HUB_FILE, Pretrained, fetched_to, find

SECONDS_OF_SILENCE = 20


class FetchError(InferenceError):
    """Weights that could not be fetched; `reason` is one of offline, refused, cut, checksum, disk."""


class _BrokenConnection(Exception):
    """The stream ended before the file did."""


@dataclass(frozen=True)
class Source:
    """A file on the Hub. size: bytes. sha256: of the file as the Hub gives it, "" where it gives none."""

    address: str
    size: int
    sha256: str


def fetch(pretrained: Pretrained, places: Places, report: Report = lambda done, total: None) -> Path:
    """The file of weights, downloaded unless it is on this machine.

    Several processes may ask for it at the same time: one downloads, the others wait for it and then find it.
    Raises FetchError with one sentence; where the Hub cannot be reached, after SECONDS_TO_ANSWER seconds.
    """
    from huggingface_hub.utils import WeakFileLock

    target = fetched_to(pretrained, places)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(target.with_suffix(".lock")):
            return find(pretrained, places) or _download(pretrained, target, report)
    except OSError as error:  # a disk that is full or not ours to write to
        network, detail = pretrained.spec.title, error.strerror or type(error).__name__
        message = f"The weights of {network} cannot be kept on this machine: {detail}."
        raise FetchError(message, "disk", network=network, detail=detail) from error


def _download(pretrained: Pretrained, target: Path, report: Report) -> Path:
    network = pretrained.spec.title
    source = _locate(pretrained)
    part = target.with_name(f"{pretrained.name}-{source.sha256[:12]}.part")  # so that no other file is continued
    with part.open("ab") as file:
        done = file.tell()
        report(done, source.size)
        while done < source.size:
            before, broken = done, None
            try:
                for piece in _pieces(network, source, done):
                    file.write(piece)
                    done += len(piece)
                    report(done, source.size)
            except _BrokenConnection as error:
                broken = error
            if done == before:  # one that broke after some pieces is taken up again at once
                values = {"network": network, "done": done / 1e6, "total": source.size / 1e6}
                message = (
                    "The connection broke after {done:.1f} of {total:.1f} MB of the weights of {network}; they are "
                    "kept, and another try goes on from there."
                )
                raise FetchError(message.format(**values), "cut", **values) from broken
    digest = _digest(part)
    if done != source.size or not (digest.startswith(pretrained.sha256) and digest.startswith(source.sha256)):
        part.unlink()
        message = f"What came as the weights of {network} is not the file that was expected; it was deleted."
        raise FetchError(message, "checksum", network=network)
    part.replace(target)
    return target


def _locate(pretrained: Pretrained) -> Source:
    """Where the Hub has the file; FetchError "offline" or "refused". No account of the server's owner is used."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    network = pretrained.spec.title
    address = hf_hub_url(pretrained.repository, HUB_FILE)
    try:
        found = within(SECONDS_TO_ANSWER, lambda: get_hf_file_metadata(address, token=False, timeout=SECONDS_TO_ANSWER))
        if not found.commit_hash or not found.size:
            raise ConnectionError("what answered is not the Hub")  # but the page of some hotel's network, say
    except HfHubHTTPError as error:
        raise _refused(network, error.response.status_code) from error
    except Exception as error:  # no route, no name server, no answer, offline by setting: all mean the same here
        message = (
            f"The weights of {network} are not on this machine, and the Hugging Face Hub cannot be reached from here; "
            "everything else works without them."
        )
        raise FetchError(message, "offline", network=network) from error
    sha256 = found.etag if re.fullmatch("[0-9a-f]{64}", found.etag or "") else ""
    return Source(found.location, found.size, sha256)


def _pieces(network: str, source: Source, start: int) -> Iterator[bytes]:
    """The content from byte `start` on; FetchError if the server has none, _BrokenConnection for all else."""
    from huggingface_hub import get_session

    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    options = {"headers": headers, "timeout": SECONDS_OF_SILENCE, "follow_redirects": True}
    try:
        with get_session().stream("GET", source.address, **options) as response:
            if response.status_code not in (200, 206):
                raise _refused(network, response.status_code)
            known = start if response.status_code == 200 else 0  # a server that cannot begin in the middle
            for piece in response.iter_bytes():
                if known < len(piece):
                    yield piece[known:]
                known = max(0, known - len(piece))
    except FetchError:
        raise
    except Exception as error:
        raise _BrokenConnection from error


def _refused(network: str, status: int) -> FetchError:
    message = f"The Hugging Face Hub does not give out the weights of {network} now (HTTP {status})."
    return FetchError(message, "refused", network=network, status=status)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()
