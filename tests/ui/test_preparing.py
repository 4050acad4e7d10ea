"""Data sets are decoded in another process than the page's: opening Train waits for none, Start for no more than it
needs."""

from __future__ import annotations

import asyncio
import os
import time
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hub_layout import write_hub_layout
from loops import finish
from made_answered import two_epoch_run
from PIL import Image
from works import killed

from resnet_demo import preparing
from resnet_demo.data import cache, datasets, pictures, shapes, sources
from resnet_demo.data.cache import is_cached
from resnet_demo.data.errors import DataError
from resnet_demo.engine.config import TrainConfig
from resnet_demo.errors import Refusal
from resnet_demo.library.datasets import begin_preparing, dataset_of
from resnet_demo.library.launching import fitted, queue
from resnet_demo.library.visitors import NOBODY, Visitor
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places
from resnet_demo.preparing import MOST_OF_ADDRESS
from resnet_demo.processes import ProcessError, Processes
from resnet_demo.runs.cleanup import RECENT_SECONDS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.compare.race import form
from resnet_demo.ui.errors import REFUSALS, sentence
from resnet_demo.ui.shared import data_download as fetching
from resnet_demo.ui.shared.epoch_views import epoch_of
from resnet_demo.ui.shared.training_form import first_form
from resnet_demo.ui.text import LANGUAGES


@pytest.fixture
def services(tmp_path):
    places = Places(data=None, **{name: tmp_path / name for name in ("cache", "runs", "weights")})
    services = Services.create(places, local=True)
    yield services
    services.close()


@pytest.fixture
def elsewhere(monkeypatch):
    """Whoever draws or decodes a data set in this process fails."""

    def here(*args, **options):
        raise AssertionError("a data set is prepared in the process of the page")

    monkeypatch.setattr(shapes, "make", here)
    monkeypatch.setattr(pictures, "load_folder", here)
    monkeypatch.setattr(cache, "_write", here)
    monkeypatch.setattr(sources, "decode_parquet", here)


def zipped(path, broken: bool = False):
    """A zip of two classes, six pictures each; broken: the pictures cannot be read."""
    random = np.random.RandomState(0)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(12):
            buffer = BytesIO()
            Image.fromarray(random.randint(0, 256, (40, 40, 3)).astype(np.uint8)).save(buffer, "png")
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", b"" if broken else buffer.getvalue())
    return path


def recorded(places: Places, hub: Path) -> RunFolder:
    """A run with epochs on a small data set, which lies in `hub`: `shapes` take long to draw."""
    write_hub_layout(hub)
    dataset = datasets.load_dataset("cifar10", data=hub, cache=hub / "cache")
    return two_epoch_run(places.weights, "recorded", dataset, 0, data="cifar10")


def config(data: str, size: int = 32) -> TrainConfig:
    return TrainConfig(ModelSpec.from_name("resnet8", input_size=size), data=data, length=1, unit="steps")


def test_a_configuration_is_fitted_to_shapes_before_they_are_drawn(services, elsewhere):
    settled = fitted(services, config("shapes"))
    assert (settled.classes, settled.mean, settled.std) == (shapes.CLASSES, shapes.MEAN, shapes.STD)
    assert settled.fingerprint == shapes.FINGERPRINT and not services.places.cache.exists()


def test_own_pictures_of_another_size_are_decoded_once_and_counted_on_the_disk(
    services, tmp_path, monkeypatch, request
):
    key, counted = services.own.add(zipped(tmp_path / "mine.zip"), size=64), []
    monkeypatch.setattr(services.own, "hold", lambda *asked: counted.append(asked[1]) or nullcontext())
    request.getfixturevalue("elsewhere")
    settled = fitted(services, config(f"own:{key}", 16))
    assert settled.classes == ("a", "b") and settled.model.input_size == 16
    arrays = [np.load(path) for path in services.own.entry(f"own:{key}", 16).glob("*.npy")]
    assert len(counted) == 1 and counted[0] >= sum(array.nbytes for array in arrays) > 12 * 16 * 16 * 3
    assert begin_preparing(services, config(f"own:{key}", 16)) is None  # once


def test_what_cannot_be_decoded_is_refused_in_the_same_words(services, tmp_path):
    key = services.own.add(zipped(tmp_path / "mine.zip"), size=64)
    zipped(services.own.path(key), broken=True)
    with pytest.raises(DataError) as error:
        fitted(services, config(f"own:{key}", 16))
    assert error.value.code == "data.tiny_class_skipped" and error.value.values["name"] == "a"


@pytest.fixture
def public(services):
    """Services of a server that strangers use."""
    public = Services.create(services.places)
    yield public
    public.close()


@pytest.fixture
def decoded_here(monkeypatch):
    """What is decoded is decoded in this process: others take seconds to start."""
    monkeypatch.setattr(Processes, "run", lambda self, function, *asked, **where: function(*asked, **where))


HERE, ELSEWHERE = Visitor(address="192.0.2.1"), Visitor(address="198.51.100.1")


def test_images_at_another_size_count_for_who_asks_and_push_nobody_out(public, decoded_here, tmp_path):
    key = public.own.add(zipped(tmp_path / "mine.zip"), size=32, address=HERE.address)
    other = public.own.add(zipped(tmp_path / "other.zip"), size=32, address=ELSEWHERE.address)
    long_ago = time.time() - 2 * RECENT_SECONDS
    os.utime(public.own.path(other).parent, (long_ago, long_ago))
    disk = public.manager.room.disk
    disk.address, disk.server = public.own.stored(HERE.address) + 10_000, disk.used() + 10_000
    with pytest.raises(Refusal) as error:
        fitted(public, config(f"own:{key}", 64), HERE)
    assert error.value.code == "disk_address" and public.own.has(other)
    assert not is_cached(public.own.entry(f"own:{key}", 64))  # refused before anything is decoded
    fitted(public, config(f"own:{key}", 16), HERE)
    assert is_cached(public.own.entry(f"own:{key}", 16)) and public.own.has(other)


def test_an_upload_counts_for_the_address_that_goes_on_with_it(public, decoded_here, tmp_path):
    """Else each address would let another one have more."""
    key = public.own.add(zipped(tmp_path / "mine.zip"), size=32, address=HERE.address)
    kept, disk = public.own.stored(HERE.address), public.manager.room.disk
    disk.address = kept + 20_000
    public.own.add(zipped(tmp_path / "other.zip"), size=32, address=ELSEWHERE.address)
    with pytest.raises(Refusal):  # which has no room for all of it
        fitted(public, config(f"own:{key}", 16), ELSEWHERE)
    assert public.own.stored(HERE.address) == kept
    disk.address = 3 * kept
    fitted(public, config(f"own:{key}", 16), ELSEWHERE)
    assert public.own.stored(HERE.address) == 0 and public.own.stored(ELSEWHERE.address) > 2 * kept
    fitted(public, config(public.own.data(key), 24), HERE)  # whoever has a link alone leaves it where it is
    assert public.own.stored(HERE.address) == 0


def test_who_may_keep_no_more_runs_has_nothing_decoded(public, monkeypatch):
    public.manager.room.limits = replace(public.manager.limits, stored_per_address=0)
    monkeypatch.setattr(public.preparing, "begin", lambda *args, **options: pytest.fail("decoded all the same"))
    with pytest.raises(Refusal) as error:
        queue(public, config("cifar10"), HERE, None)
    assert error.value.code == "too_many_stored"
    first = first_form(public)
    race = form.RaceForm(["A", "B"], **{name: getattr(first, name) for name in form.NAMES if name != "variants"})
    with pytest.raises(Refusal) as error:
        form.launch(public, race, first, HERE)
    assert error.value.code == "no_room_for_race"


@pytest.fixture
def held_up(monkeypatch):
    """(what uploaded data sets wait for once they are decoded, the names of the data sets that are or were decoded)."""
    go, begun, run = Event(), [], Processes.run

    def run_when_told(self, function, name, **where):
        begun.append(name)
        if name.startswith("own:"):
            go.wait()
        # an open one decodes in this process: the order is the same, and no other one has to start for each
        return run(self, function, name, **where) if self._closed else function(name, **where)

    monkeypatch.setattr(Processes, "run", run_when_told)
    yield go, begun
    go.set()


def test_a_data_set_that_many_ask_for_is_prepared_once(public, tmp_path, held_up):
    go, begun = held_up
    key = public.own.add(zipped(tmp_path / "mine.zip"), size=32)
    names = 10 * [f"own:{key}", public.own.data(key)]
    works = {begin_preparing(public, config(name, 16), HERE) for name in names}
    assert len(works) == 1
    (work,) = works
    assert not work.cancel()  # by one who waits no longer
    go.set()
    assert work.result().classes == ("a", "b") and len(begun) == 1
    assert begin_preparing(public, config(f"own:{key}", 16), HERE) is None


def test_uploads_of_one_address_delay_neither_public_data_nor_all_others(public, tmp_path, held_up):
    go, begun = held_up
    key = public.own.add(zipped(tmp_path / "mine.zip"), size=32, address=HERE.address)
    works = [begin_preparing(public, config(f"own:{key}", 16 + size), HERE) for size in range(MOST_OF_ADDRESS)]
    for _ in range(20):
        with pytest.raises(DataError) as error:
            begin_preparing(public, config(f"own:{key}", 48), HERE)
    assert error.value.code == "data.preparing"
    other = begin_preparing(public, config(f"own:{key}", 48), ELSEWHERE)
    write_hub_layout(public.places.cache / sources.DOWNLOADS)
    begin_preparing(public, config("cifar10"), HERE).result()
    assert len(begun) == 2 and begun[-1] == "cifar10"  # while uploads wait
    go.set()
    for work in (*works, other):
        work.result()
    assert begin_preparing(public, config(f"own:{key}", 49), HERE).result()


def test_a_run_is_shown_while_its_images_are_prepared_and_a_process_that_is_killed_costs_itself_alone(
    services, monkeypatch, request
):
    run = recorded(services.places, services.places.cache / sources.DOWNLOADS)
    request.getfixturevalue("elsewhere")
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "prepare", killed)
        with pytest.raises(ProcessError) as error:
            begin_preparing(services, run.config).result()
    assert isinstance(error.value, REFUSALS) and error.value.code == "process.ended"
    for text in LANGUAGES.values():
        note = epoch_of(services, run, None, NOBODY, text).mistakes["note"]
        assert note == sentence(error.value, text)
    work = begin_preparing(services, run.config)
    for text in LANGUAGES.values():
        shown = epoch_of(services, run, None, NOBODY, text)
        assert (shown.train, shown.validation, shown.mistakes["items"]) == (None, None, [])
        assert shown.mistakes["note"].startswith(text("train.preparing", data="\0").partition("\0")[0])

    async def wait() -> None:
        await asyncio.wrap_future(work)

    finish(wait())
    assert begin_preparing(services, run.config) is None
    assert epoch_of(services, run, None, NOBODY, LANGUAGES["en"]).mistakes["items"]


def test_a_cache_that_cannot_be_written_to_is_said_and_hinders_no_training(tmp_path, request):
    (tmp_path / "cache").write_text("no folder")
    places = Places(tmp_path / "data", *(tmp_path / name for name in ("cache", "runs", "weights")))
    services, run = Services.create(places, local=True), recorded(places, tmp_path / "data")
    request.getfixturevalue("elsewhere")
    try:
        settled = fitted(services, config("cifar10"))
        assert len(settled.classes) == 10 and len(settled.mean) == 3
        begin_preparing(services, run.config).result()
        for text in LANGUAGES.values():
            note = epoch_of(services, run, None, NOBODY, text).mistakes["note"]
            assert note == text("error.data.not_stored", name="cifar10")
        with pytest.raises(DataError) as error:
            dataset_of(services, config("cifar10"))
        assert error.value.code == "data.not_stored"
    finally:
        services.close()


def test_a_data_set_that_was_downloaded_is_decoded_elsewhere(services, request):
    cache, text = services.places.cache, LANGUAGES["zh"]
    write_hub_layout(cache / sources.DOWNLOADS)
    request.getfixturevalue("elsewhere")
    *_, (notice, here) = fetching.fetched(services, text, "cifar10")
    assert here and notice["text"] == text("train.fetch.done", data="CIFAR-10")
    assert datasets.is_prepared("cifar10", cache=cache)


def test_closing_ends_what_is_prepared_and_what_waits(tmp_path, held_up):
    services = Services.create(Places(None, *(tmp_path / name for name in ("cache", "runs", "weights"))))
    key = services.own.add(zipped(tmp_path / "mine.zip"), size=32)
    works = [begin_preparing(services, config(f"own:{key}", size)) for size in (16, 24)]
    while not held_up[1]:
        time.sleep(0.01)
    services.close()
    held_up[0].set()
    for work in works:
        with pytest.raises(ProcessError):
            work.result()
    with pytest.raises(ProcessError):
        begin_preparing(services, config("shapes"))


@pytest.mark.browser
def test_train_opens_at_once_and_shows_the_mistakes_when_they_are_there(visit, services, monkeypatch, request):
    from pages import page_of
    from playwright.sync_api import expect

    from resnet_demo.ui import classify, train

    run, go, decode = recorded(services.places, services.places.cache / sources.DOWNLOADS), Event(), Processes.run
    request.addfinalizer(go.set)
    monkeypatch.setattr(Processes, "run", lambda *asked, **where: go.wait() and decode(*asked, **where))
    with page_of(services, classify, train) as address:
        page = visit(tab=f"train&run={run.id}", address=address)
        note = page.locator("#run-mistakes .note").first
        expect(note).to_contain_text("being prepared")
        expect(page.locator("#run-head")).to_contain_text("ResNet-8")
        go.set()
        page.locator("#run-mistakes img").first.wait_for()
        expect(note).to_contain_text("Misclassified")
        expect(page.locator("#matrix-train")).to_contain_text("Training set")
