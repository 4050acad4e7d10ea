"""Weights and data sets from a Hub on this machine: whole, in pieces, refused, wrong, damaged, and not there at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import shutil
import tarfile
import threading
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from hub_layout import hub_files, write_hub_layout
from hub_server import serving
from torchvision import datasets

from resnet_demo.data.datasets import availability, download_dataset, is_prepared, load_dataset
from resnet_demo.data.errors import DataError
from resnet_demo.data.sources import HUB_SOURCES
from resnet_demo.errors.english import SENTENCES
from resnet_demo.inference.fetch import fetch
from resnet_demo.inference.imagenet import Pretrained, fetched_to, find
from resnet_demo.places import Places
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.text import LANGUAGES

WEIGHTS = bytes(range(251)) * 2000  # half a megabyte
TINY = Pretrained(18, "resnet18-f37072fd.pth", len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest()[:12])


@dataclass
class Case:
    """What is downloaded. get: downloads it. targets: where its files are kept, in the order of the server's."""

    name: str
    place: str
    files: dict[str, bytes]
    targets: list[Path]
    get: Callable[..., object]

    @property
    def total(self) -> int:
        return sum(map(len, self.files.values()))

    def is_kept(self) -> bool:
        return [path.read_bytes() for path in self.targets if path.is_file()] == list(self.files.values())


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch):
    """Nobody listens at the address that torchvision knows."""
    monkeypatch.setattr(datasets.CIFAR10, "url", "http://127.0.0.1:9/none")


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(None, *(tmp_path / name for name in ("cache", "runs", "weights")))


@pytest.fixture(params=["weights", "data set"])
def case(request, places, tmp_path) -> Case:
    if request.param == "weights":
        targets = [fetched_to(TINY, places)]
        return Case(
            "ResNet-18 (ImageNet)", "RESNET_DEMO_IMAGENET", {"model.safetensors": WEIGHTS}, targets,
            lambda *report: fetch(TINY, places, *report),
        )  # fmt: skip
    write_hub_layout(tmp_path / "hub")
    files = hub_files(tmp_path / "hub")
    targets = [places.cache / "downloads" / "cifar10" / name for name in files]
    return Case(
        "CIFAR-10", "RESNET_DEMO_DATA", files, targets,
        lambda report=lambda *bytes: None: load_dataset("cifar10", cache=places.cache, progress=report),
    )  # fmt: skip


@pytest.fixture
def hub(monkeypatch, case):
    with serving(monkeypatch, dict(case.files)) as hub:
        yield hub


def failure(case: Case, reason: str, *words: str) -> DataError:
    """The refusal of a download, one sentence in both languages."""
    with pytest.raises(DataError) as caught:
        case.get()
    error = caught.value
    assert error.code == reason, str(error)
    for language in ("en", "zh"):
        told = sentence(error, LANGUAGES[language])
        assert case.name in told and "\n" not in told and "Error" not in told.replace("HTTPError", "x")
        assert all(word in told for word in words)
    assert sentence(error, LANGUAGES["en"]) == str(error) == SENTENCES[reason].format(**error.values)
    return error


def parts(case: Case) -> list[Path]:
    return [part for target in case.targets for part in target.parent.glob(f"{target.name}-*.part")]


def test_it_is_downloaded_with_progress_and_then_known(hub, case):
    seen = []
    case.get(lambda *bytes: seen.append(bytes))
    assert case.is_kept() and not parts(case)
    assert seen[0] == (0, case.total) and seen[-1] == (case.total, case.total) and seen == sorted(seen)
    asked = list(hub.asked)
    assert len(asked) == 2 * len(case.files) and not any("Bearer" in one for one in asked), "no account is used"
    case.get()
    assert hub.asked == asked


def test_the_hub_is_asked_for_the_right_files(hub, case):
    case.get()
    expected = {
        "ResNet-18 (ImageNet)": ["HEAD /model/timm/resnet18.tv_in1k/model.safetensors"],
        "CIFAR-10": [f"HEAD /dataset/uoft-cs/cifar10/{name}" for name in HUB_SOURCES["cifar10"].files()],
    }
    assert [one for one in hub.asked if one.startswith("HEAD")] == expected[case.name]


@pytest.mark.parametrize("ranges", [True, False], ids=["from the middle", "only from the beginning"])
def test_a_broken_connection_is_taken_up_again(hub, case, ranges):
    size = len(next(iter(case.files.values())))
    hub.ranges, hub.cuts = ranges, [size // 3, size * 2 // 3]
    case.get()
    assert case.is_kept()
    starts = [int(one[10:-1]) if len(one) > 3 else 0 for one in hub.asked if one.startswith("GET")]
    assert starts[0] == 0 < starts[1] <= size // 3 and len(starts) > len(case.files)


def test_what_has_come_is_kept_for_the_next_try(hub, case):
    size = len(next(iter(case.files.values())))
    hub.cuts = [size // 2, 0]
    error = failure(case, "download.cut", f"{size / 1e6:.1f}")
    kept = round(error.values["done"] * 1e6)
    assert 0 < kept <= size // 2 and not case.targets[0].exists()
    seen = []
    case.get(lambda done, total: seen.append(done))
    assert case.is_kept() and seen[0] == kept and f"GET bytes={kept}-" in hub.asked and not parts(case)


def test_a_file_that_changed_on_the_server_is_not_continued(hub, case):
    name, content = next(iter(case.files.items()))
    hub.etags[name], hub.cuts = "of another version", [len(content) // 2, 0]
    failure(case, "download.cut")
    assert len(parts(case)) == 1
    del hub.etags[name]
    hub.asked.clear()
    case.get()
    assert case.is_kept() and not [one for one in hub.asked if "bytes=" in one] and not parts(case)


@pytest.mark.parametrize("kind", ["sha256", "git"])
def test_what_is_not_the_expected_file_is_deleted_and_downloaded_anew(hub, case, kind):
    for name, content in case.files.items():
        blob = hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()
        hub.etags[name] = blob if kind == "git" else hashlib.sha256(content).hexdigest()
        hub.files[name] = content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
    failure(case, "download.checksum")
    assert not parts(case) and not any(target.exists() for target in case.targets)
    hub.files.update(case.files)
    case.get()
    assert case.is_kept()


def test_a_checksum_known_beforehand_counts_beside_the_hubs(monkeypatch, places):
    content = WEIGHTS[:-1] + b"x"
    with serving(monkeypatch, {"model.safetensors": content}), pytest.raises(DataError, match="not the file"):
        fetch(TINY, places)
    assert find(TINY, places) is None
    with serving(monkeypatch, {"model.safetensors": WEIGHTS}) as hub:
        hub.etags["model.safetensors"] = "no-checksum"
        assert fetch(TINY, places).read_bytes() == WEIGHTS


def test_a_server_that_sends_more_than_it_says_is_not_listened_to(hub, case):
    hub.extra, seen = bytes(9_000_000), []
    with pytest.raises(DataError, match="not the file that was expected"):
        case.get(lambda done, total: seen.append(done))
    assert max(seen) < case.total + 2_000_000 and not parts(case)


def test_a_hub_that_refuses_is_quoted(hub, case):
    hub.status = 403
    failure(case, "download.refused", "HTTP 403", "localhost")
    hub.head_status = 503
    failure(case, "download.refused", "HTTP 503", "127.0.0.1")


def test_without_a_network_one_sentence_says_what_helps(hub, case, monkeypatch):
    helps = (case.place, "127.0.0.1")
    hub.offline()
    failure(case, "download.offline", *helps)
    never = threading.Event()
    monkeypatch.setattr("resnet_demo.data.download.SECONDS_TO_ANSWER", 0.05)
    monkeypatch.setattr(huggingface_hub, "get_hf_file_metadata", lambda *_, **__: never.wait(20))
    failure(case, "download.offline", *helps)  # a name server that never answers
    never.set()
    monkeypatch.undo()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    failure(case, "download.offline", case.place, "huggingface.co")


def test_the_files_may_be_put_where_the_sentence_says(hub, case, places, tmp_path):
    hub.offline()
    error = failure(case, "download.offline")
    for name, content in zip(error.values["files"].split(", "), case.files.values(), strict=True):
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_bytes(content)
    if case.place == "RESNET_DEMO_DATA":
        assert len(load_dataset("cifar10", data=tmp_path / "mine", cache=places.cache).train) == 40
    else:
        mine = Places(None, places.cache, places.runs, places.weights, tmp_path / "mine")
        assert fetch(TINY, mine).read_bytes() == WEIGHTS


def test_a_disk_that_cannot_be_written_to_is_named(hub, case, places):
    places.cache.write_text("a file where a folder should be")
    error = failure(case, "download.disk")
    assert str(places.cache) not in str(error)


def test_a_disk_without_room_is_not_filled(hub, case, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(1000))
    failure(case, "download.disk", "No space left")
    assert not parts(case) and not [one for one in hub.asked if one.startswith("GET")]


def test_those_who_ask_at_once_share_one_download(hub, case):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: case.get(), range(4)))
    assert case.is_kept() and len([one for one in hub.asked if one.startswith("GET")]) == len(case.files)


def test_a_damaged_download_is_deleted_and_comes_anew(monkeypatch, places, tmp_path):
    write_hub_layout(tmp_path / "hub")
    files = hub_files(tmp_path / "hub")
    with serving(monkeypatch, dict(files)) as hub:
        name = list(files)[1]
        hub.files[name] = b"PAR1 is all that came of it"  # with the checksum that the server has for it
        with pytest.raises(DataError, match="CIFAR-10 is damaged .* deleted") as caught:
            load_dataset("cifar10", cache=places.cache, progress=lambda *bytes: None)
        assert caught.value.code == "data.damaged" and "\n" not in str(caught.value)
        assert str(tmp_path) not in str(caught.value)
        assert not availability("cifar10", None, places.cache).ready
        hub.files[name] = files[name]
        assert len(load_dataset("cifar10", cache=places.cache, progress=lambda *bytes: None).test) == 40
        assert len([one for one in hub.asked if one.startswith("GET")]) == 3, "what was whole is kept"


def test_a_damaged_file_in_the_layout_of_earlier_versions_comes_anew(monkeypatch, places, tmp_path):
    write_hub_layout(tmp_path / "hub")
    files = hub_files(tmp_path / "hub")
    repository = places.cache / "hub" / "datasets--uoft-cs--cifar10"
    (repository / "blobs").mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    for number, (name, content) in enumerate(files.items()):
        link = repository / "snapshots" / "abc" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        (repository / "blobs" / str(number)).write_bytes(content if number else content[:1000])
        link.symlink_to(repository / "blobs" / str(number))
    assert availability("cifar10", None, places.cache).ready
    with pytest.raises(DataError, match="damaged"):
        load_dataset("cifar10", cache=places.cache)
    assert [path.name for path in (repository / "blobs").iterdir()] == ["1"]
    with serving(monkeypatch, files):
        assert len(load_dataset("cifar10", cache=places.cache, progress=lambda *bytes: None).train) == 40


# --- the address that torchvision knows


def packed_cifar(rows: int = 12) -> tuple[type, bytes]:
    """A small CIFAR-10 in torchvision's layout: its class and the archive."""
    random, file, listed = np.random.RandomState(0), io.BytesIO(), {}
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name in ("data_batch_1", "test_batch", "batches.meta"):
            content = {"data": random.randint(0, 256, (rows, 3072)).astype(np.uint8), "labels": rows * [3]}
            content = pickle.dumps({"label_names": list("0123456789")} if name == "batches.meta" else content)
            listed[name] = hashlib.md5(content).hexdigest()
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    options = {
        "tgz_md5": hashlib.md5(file.getvalue()).hexdigest(),
        "train_list": [["data_batch_1", listed["data_batch_1"]]],
        "test_list": [["test_batch", listed["test_batch"]]],
        "meta": {"filename": "batches.meta", "key": "label_names", "md5": listed["batches.meta"]},
    }
    return type("CIFAR10", (datasets.CIFAR10,), options), file.getvalue()


def packed_fashion(rows: int = 12) -> tuple[type, dict[str, bytes]]:
    """The same for Fashion-MNIST."""
    random, files = np.random.RandomState(0), {}
    for split in ("train", "t10k"):
        pixels = random.randint(0, 256, (rows, 28, 28)).astype(np.uint8)
        sizes = b"".join(size.to_bytes(4, "big") for size in pixels.shape)
        files[f"{split}-images-idx3-ubyte.gz"] = gzip.compress(b"\0\0\x08\x03" + sizes + pixels.tobytes())
        files[f"{split}-labels-idx1-ubyte.gz"] = gzip.compress(b"\0\0\x08\x01" + sizes[:4] + rows * b"\x03")
    resources = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    return type("FashionMNIST", (datasets.FashionMNIST,), {"resources": resources}), files


@pytest.fixture(params=["cifar10", "fashion-mnist"])
def mirror(request, monkeypatch):
    """(name of the data set, the mirror's server): the Hub itself refuses."""
    kind, files = packed_cifar() if request.param == "cifar10" else packed_fashion()
    files = {"cifar.tar.gz": files} if request.param == "cifar10" else files
    with serving(monkeypatch, files) as server:
        kind.url, kind.mirrors = f"{server.address}/mirror/cifar.tar.gz", [f"{server.address}/mirror/"]
        if request.param == "cifar10":
            del kind.mirrors
        monkeypatch.setattr(datasets, kind.__name__, kind)
        yield request.param, server


def test_where_the_hub_refuses_the_mirror_is_asked(mirror, places):
    name, server = mirror
    said = []
    dataset = load_dataset(name, cache=places.cache, say=said.append, progress=lambda *bytes: None)
    assert len(dataset.train) == len(dataset.test) == 12 and set(dataset.train.labels.tolist()) == {3}
    assert not np.array_equal(dataset.train.images, dataset.test.images)
    assert any("MB from the Hugging Face Hub" in text for text in said) and any("torchvision" in text for text in said)
    assert [path.name for path in (places.cache / "downloads" / "torchvision").iterdir()] != []
    assert not list(places.cache.rglob(".extracted-*"))


def test_what_is_only_downloaded_is_decoded_later(mirror, places):
    name, server = mirror
    told = []
    download_dataset(name, cache=places.cache, progress=lambda *bytes: told.append(bytes))
    assert told[-1] == (told[-1][1],) * 2 and list(places.cache.rglob(next(iter(server.files))))
    assert not is_prepared(name, cache=places.cache) and not list(places.cache.rglob("*.npy"))
    server.files.clear()  # nothing comes from there any more
    assert len(load_dataset(name, cache=places.cache, progress=lambda *bytes: None).train) == 12


def test_a_broken_or_wrong_archive_is_not_kept(mirror, places):
    name, server = mirror
    archive = next(iter(server.files))
    server.cuts = [len(server.files[archive]) // 2, 0]
    with pytest.raises(DataError) as caught:
        load_dataset(name, cache=places.cache, progress=lambda *bytes: None)
    assert caught.value.code == "download.cut"
    good, server.files[archive] = server.files[archive], bytes(len(server.files[archive]))
    with pytest.raises(DataError):
        load_dataset(name, cache=places.cache, progress=lambda *bytes: None)
    assert not list(places.cache.rglob(archive)) and not list(places.cache.rglob("*.part"))
    server.files[archive] = good
    assert len(load_dataset(name, cache=places.cache, progress=lambda *bytes: None).train) == 12


def test_an_archive_that_was_damaged_later_comes_anew(mirror, places, monkeypatch):
    name, server = mirror
    load_dataset(name, cache=places.cache, progress=lambda *bytes: None)
    shutil.rmtree(places.cache / f"{name}-public")
    archive = next(places.cache.rglob(next(iter(server.files))))
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(DataError) as caught:
        load_dataset(name, cache=places.cache, progress=lambda *bytes: None)
    assert caught.value.code == "data.damaged" and not archive.exists()
    assert len(load_dataset(name, cache=places.cache, progress=lambda *bytes: None).train) == 12
