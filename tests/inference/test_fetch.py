"""Weights from a Hub of our own, on this machine: whole, in pieces, refused, wrong, and not there at all."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import huggingface_hub
import pytest

from resnet_demo.inference import fetch as module
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.inference.fetch import FetchError, fetch
from resnet_demo.inference.imagenet import PRETRAINED, Pretrained, fetched_to, find
from resnet_demo.places import Places
from resnet_demo.runs.index import RunIndex
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.text import LANGUAGES

CONTENT = bytes(range(251)) * 5000  # 1.3 MB
DIGEST = hashlib.sha256(CONTENT).hexdigest()
TINY = Pretrained(18, "resnet18-f37072fd.pth", len(CONTENT), DIGEST[:12])
PATIENCE = 240  # seconds: this machine may be busy


@dataclass
class Hub:
    """How the server behaves. cuts: after how many bytes each of the next connections breaks."""

    content: bytes = CONTENT
    etag: str = DIGEST
    head_status: int = 302
    status: int = 200
    ranges: bool = True
    commit: str | None = "abc"
    cuts: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gate: threading.Event | None = None


@pytest.fixture
def hub(monkeypatch):
    """A server as the Hub is one: it tells where the file lies, and another address has the bytes."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            hub.asked.append(f"HEAD {self.path} {self.headers.get('Authorization', '')}".strip())
            self.send_response(hub.head_status)
            if hub.commit:
                self.send_header("X-Repo-Commit", hub.commit)
            self.send_header("X-Linked-ETag", f'"{hub.etag}"')
            self.send_header("X-Linked-Size", str(len(hub.content)))
            self.send_header("Location", f"http://localhost:{server.server_port}/bytes")
            self.end_headers()

        def do_GET(self):
            asked = self.headers.get("Range", "")
            hub.asked.append(f"GET {asked}".strip())
            if hub.gate:
                hub.gate.wait(PATIENCE)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and hub.ranges else 0
            self.send_response(hub.status if hub.status != 200 or not start else 206)
            self.send_header("Content-Length", str(len(hub.content) - start))
            self.end_headers()
            if hub.status == 200:
                self.wfile.write(hub.content[start : start + (hub.cuts.pop(0) if hub.cuts else len(hub.content))])

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setattr(module, "SECONDS_TO_ANSWER", PATIENCE)
    monkeypatch.setattr(module, "SECONDS_OF_SILENCE", PATIENCE)
    monkeypatch.setattr(
        huggingface_hub, "hf_hub_url", lambda *names: "/".join((f"http://127.0.0.1:{server.server_port}", *names))
    )
    yield hub
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(None, *(tmp_path / name for name in ("cache", "runs", "weights")))


def failure(places: Places, words: str) -> FetchError:
    """The refusal of a download, whose sentence is the same on the page."""
    with pytest.raises(FetchError, match=words) as caught:
        fetch(TINY, places)
    assert sentence(caught.value, LANGUAGES["en"]) == str(caught.value) and "\n" not in str(caught.value)
    return caught.value


def test_a_file_is_fetched_with_progress_and_then_known(hub, places):
    seen = []
    path = fetch(TINY, places, lambda done, total: seen.append((done, total)))
    assert path == fetched_to(TINY, places) == find(TINY, places) and path.read_bytes() == CONTENT
    assert seen[0] == (0, len(CONTENT)) and seen[-1] == (len(CONTENT), len(CONTENT)) and seen == sorted(seen)
    assert hub.asked == ["HEAD /timm/resnet18.tv_in1k/model.safetensors", "GET"]
    assert fetch(TINY, places) == path and len(hub.asked) == 2
    assert {p.name for p in path.parent.iterdir()} <= {"resnet18.safetensors", "resnet18.lock"}


@pytest.mark.parametrize("ranges", [True, False], ids=["from the middle", "only from the beginning"])
def test_a_broken_connection_is_taken_up_again(hub, places, ranges):
    hub.ranges, hub.cuts = ranges, [400_000, 900_000]
    assert fetch(TINY, places).read_bytes() == CONTENT
    starts = [int(asked[10:-1]) if len(asked) > 3 else 0 for asked in hub.asked[1:]]
    assert len(starts) == 3 - ranges and starts[0] == 0 < starts[1] <= 400_000


def test_what_has_come_is_kept_for_the_next_try(hub, places):
    hub.cuts = [700_000, 0]
    error = failure(places, "connection broke after 0.. of 1.3 MB")
    kept = error.values["done"] * 1e6
    assert error.reason == "cut" and 0 < kept <= 700_000 and find(TINY, places) is None
    seen = []
    assert fetch(TINY, places, lambda done, total: seen.append(done)).read_bytes() == CONTENT
    assert seen[0] == pytest.approx(kept) and hub.asked[-1] == f"GET bytes={seen[0]}-"


def test_what_is_not_the_expected_file_is_deleted(hub, places):
    hub.content = CONTENT[:-1] + b"x"
    error = failure(places, "is not the file that was expected")  # not what the Hub itself promised
    hub.etag = hashlib.sha256(hub.content).hexdigest()
    failure(places, "is not the file that was expected")  # what the Hub promised, but not what was known beforehand
    assert error.reason == "checksum" and not list(places.cache.rglob("*.part"))
    hub.content, hub.etag = CONTENT, "no-checksum"
    assert fetch(TINY, places).read_bytes() == CONTENT


def test_a_hub_that_refuses_is_quoted(hub, places):
    hub.status = 403
    assert failure(places, r"does not give out the weights of ResNet-18 now \(HTTP 403\)").reason == "refused"
    hub.head_status = 503
    failure(places, "HTTP 503")


def test_without_a_network_one_sentence_comes_at_once(hub, places, monkeypatch):
    hub.commit, hub.head_status = None, 200  # a page that asks for a password, where a hotel's network has one
    assert failure(places, "cannot be reached from here; everything else works").reason == "offline"
    never = threading.Event()
    monkeypatch.setattr(module, "SECONDS_TO_ANSWER", 0.05)
    monkeypatch.setattr(huggingface_hub, "get_hf_file_metadata", lambda *_, **__: never.wait(20))
    failure(places, "cannot be reached")  # a name server that never answers
    never.set()
    monkeypatch.undo()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub, "hf_hub_url", lambda *_: "http://127.0.0.1:9/none")  # nobody listens there
    failure(places, "cannot be reached")


def test_a_disk_that_cannot_be_written_to_is_named(hub, places):
    places.cache.parent.mkdir(exist_ok=True)
    places.cache.write_text("a file where a folder should be")
    error = failure(places, "cannot be kept on this machine: ")
    assert error.reason == "disk" and str(places.cache) not in str(error)


def test_visitors_who_ask_at_once_share_one_download(hub, places, monkeypatch):
    monkeypatch.setattr("resnet_demo.inference.catalogue.PRETRAINED", (TINY, *PRETRAINED[1:]))
    hub.gate = threading.Event()
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)
    seen: dict[int, set] = {}

    def ask(visitor: int):
        def report(done: int, total: int) -> None:
            seen.setdefault(visitor, set()).add(threading.get_ident())
            if len(seen) == 6:
                hub.gate.set()

        return catalogue.fetch(TINY, report), threading.get_ident()

    assert TINY in catalogue.missing() and catalogue.ready() == []
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert hub.asked.count("GET") == 1
    assert {found.weights for found, _ in answers} == {fetched_to(TINY, places)}
    assert [seen[visitor] for visitor in range(6)] == [{thread} for _, thread in answers], "reports in their own thread"
    assert catalogue.ready()[0].id == "imagenet/resnet18" and TINY not in catalogue.missing()


def test_a_visitor_who_leaves_takes_nobodys_download_along(hub, places):
    hub.gate = threading.Event()
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)

    def leave(done: int, total: int) -> None:
        hub.gate.set()
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        catalogue.fetch(TINY, leave)
    assert catalogue.fetch(TINY).weights.read_bytes() == CONTENT
    assert hub.asked.count("GET") == 1


def test_a_failure_is_told_to_all_and_the_next_try_starts_anew(hub, places):
    hub.status = 404
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)
    with pytest.raises(FetchError, match="HTTP 404"):
        catalogue.fetch(TINY)
    hub.status = 200
    assert catalogue.fetch(TINY).weights.read_bytes() == CONTENT


def test_processes_wait_for_each_other(hub, places):
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch(TINY, places), range(4)))
    assert len(set(paths)) == 1 and hub.asked.count("GET") == 1
