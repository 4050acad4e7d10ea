"""Data sets are decoded in another process than the page's: opening Train waits for none, Start for no more than it
needs."""

from __future__ import annotations

import asyncio
import zipfile
from contextlib import nullcontext
from io import BytesIO

import numpy as np
import pytest
from loops import finish
from made_runs import make_trained_run
from PIL import Image

from resnet_demo.data import cache, pictures, shapes
from resnet_demo.data.errors import DataError
from resnet_demo.engine.config import TrainConfig
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places
from resnet_demo.services import Services
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train import launching, viewing
from resnet_demo.ui.visitor import NOBODY


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


def zipped(path, broken: bool = False):
    """A zip of two classes, six pictures each; broken: the pictures cannot be read."""
    random = np.random.RandomState(0)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(12):
            buffer = BytesIO()
            Image.fromarray(random.randint(0, 256, (40, 40, 3)).astype(np.uint8)).save(buffer, "png")
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", b"" if broken else buffer.getvalue())
    return path


def config(data: str, size: int = 32) -> TrainConfig:
    return TrainConfig(ModelSpec.from_name("resnet8", input_size=size), data=data, length=1, unit="steps")


def test_a_configuration_is_fitted_to_shapes_before_they_are_drawn(services, elsewhere):
    fitted = launching.fitted(services, config("shapes"))
    assert (fitted.classes, fitted.mean, fitted.std) == (shapes.CLASSES, shapes.MEAN, shapes.STD)
    assert fitted.fingerprint == shapes.FINGERPRINT and not services.places.cache.exists()


def test_own_pictures_of_another_size_are_decoded_once_and_counted_on_the_disk(services, tmp_path, monkeypatch):
    key, counted = services.own.add(zipped(tmp_path / "mine.zip"), size=64), []
    monkeypatch.setattr(services.own, "hold", lambda address, size: counted.append(size) or nullcontext())
    fitted = launching.fitted(services, config(f"own:{key}", 16))
    assert fitted.classes == ("a", "b") and fitted.model.input_size == 16
    assert services.own.is_prepared(f"own:{key}", 16) and len(counted) == 1 and counted[0] > 16 * 16 * 3
    assert launching.preparation(services, config(f"own:{key}", 16)) is None  # once


def test_what_cannot_be_decoded_is_refused_in_the_same_words(services, tmp_path):
    key = services.own.add(zipped(tmp_path / "mine.zip"), size=64)
    zipped(services.own.path(key), broken=True)
    with pytest.raises(DataError) as error:
        launching.fitted(services, config(f"own:{key}", 16))
    assert error.value.reason == "data.tiny_class_skipped" and error.value.values["name"] == "a"


def test_a_run_is_shown_while_its_pictures_are_being_prepared(services, request):
    run = make_trained_run(services.places.weights, "trained")
    request.getfixturevalue("elsewhere")
    for text in LANGUAGES.values():
        shown = viewing.epoch(services, run, None, NOBODY, text)
        assert (shown.train, shown.validation, shown.mistakes["items"]) == (None, None, [])
        assert shown.mistakes["note"].startswith(text("train.preparing", data="\0").partition("\0")[0])

    async def wait() -> None:
        await asyncio.wrap_future(viewing.preparation(services, run))

    finish(wait())
    assert viewing.preparation(services, run) is None
    assert "items" not in (viewing.epoch(services, run, None, NOBODY, LANGUAGES["en"]).mistakes or {})


@pytest.mark.browser
def test_train_opens_at_once_and_shows_the_mistakes_when_they_are_there(visit, tmp_path):
    from pages import whole_page
    from playwright.sync_api import expect

    from resnet_demo.places import PROJECT

    places = Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=PROJECT / "weights")
    with whole_page(Services.create(places, local=True)) as address:
        page = visit(tab="train&run=shapes-resnet8", address=address)
        note = page.locator("#run-mistakes .note").first
        expect(note).to_contain_text("being prepared")
        expect(page.locator("#run-head")).to_contain_text("ResNet-8")
        page.locator("#run-mistakes img").first.wait_for()
        expect(note).to_contain_text("Wrong in epoch")
        expect(page.locator("#matrix-train")).to_contain_text("Training set")
