"""Refusals in the page's language: every code has a sentence in both languages, and is raised somewhere."""

from __future__ import annotations

import ast
import fnmatch
import importlib.util
import pickle
import zipfile
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from made_runs import NASTY, make_untrained_run
from PIL import Image

from resnet_demo.data.decode import MAX_BYTES, decode
from resnet_demo.data.errors import DataError, ImageError
from resnet_demo.data.own import OwnPictures, warnings
from resnet_demo.engine.events import EpochDone
from resnet_demo.engine.initial import fit_initial
from resnet_demo.errors import Refusal, chinese, english
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.inference.classifier import class_index, from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.explain import heat_map
from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.inference.store import ModelStore
from resnet_demo.models import ModelSpec
from resnet_demo.places import PROJECT, Places
from resnet_demo.runs.files import LOG, PREDICTIONS
from resnet_demo.runs.index import RunIndex
from resnet_demo.ui.errors import REFUSALS, sentence
from resnet_demo.ui.text import LANGUAGES

PICTURE = Image.new("RGB", (32, 32))


def refused(call, *arguments, **options) -> Exception:
    with pytest.raises(REFUSALS) as caught:
        call(*arguments, **options)
    return caught.value


@pytest.fixture
def pictures(tmp_path, monkeypatch) -> list[Exception]:
    """One refusal for each code of the decoder."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)  # no pillow-heif

    def file(name: str, content: bytes = b"") -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    def image(width: int, height: int) -> Path:
        path = tmp_path / f"{width}x{height}.png"
        Image.new("1", (width, height)).save(path)
        return path

    with (tmp_path / "large.jpg").open("wb") as sparse:
        sparse.truncate(MAX_BYTES + 1)
    sources = [
        tmp_path / "gone.png", tmp_path, "a\0b.png", file("empty.png"), tmp_path / "large.jpg",
        file("note.jpg", b"Dear diary"), file("phone.heic", b"\0\0\0\x18ftypheic" + bytes(100)), image(8000, 8000),
        image(4, 5), image(500, 10), file("cut.png", b"\x89PNG\r\n\x1a\nnothing more"), file(NASTY.replace("/", "")),
    ]  # fmt: skip
    return [refused(decode, source) for source in sources]


@pytest.fixture
def networks(tmp_path) -> list[Exception]:
    """Refusals of everything that answers."""
    places = Places(None, *(tmp_path / name for name in ("cache", "runs", "weights")))
    catalogue, store = Catalogue(RunIndex([places.weights, places.runs]), places), ModelStore()
    run = make_untrained_run(places.runs, "one")
    one = from_run(run)
    found = [
        refused(catalogue.get, NASTY),
        refused(catalogue.get, "imagenet/resnet50"),
        refused(catalogue.runs.get, NASTY),
        refused(classify, PICTURE, one, store, top_k=0),
        refused(classify, PICTURE, one, store, temperature=99),
        refused(classify, PICTURE, one, store, crop="${x}"),
        refused(heat_map, PICTURE, one, store, 0, NASTY),
        refused(heat_map, PICTURE, one, store, 7),
        refused(heat_map, PICTURE, one, store, 0, layer="layer9"),
        refused(heat_map, PICTURE, one, store, 0, against=0),
        refused(class_index, one, NASTY),
    ]
    one.weights.write_bytes(b"{}")
    found.append(refused(store.get, one))
    one.weights.unlink()
    found += [refused(store.get, one), refused(run.load_model), refused(run.predictions_on, "test")]
    found.append(refused(run.epoch_record, EpochDone(60, 3.0, *[1.0] * 5)))
    for file, read in ((LOG, run.events), (PREDICTIONS, run.predictions)):
        (run.path / file).write_text("no such thing\n")
        found.append(refused(read))
    return found


def test_every_refusal_is_said_in_both_languages(pictures, networks):
    for error in pictures + networks:
        assert sentence(error, LANGUAGES["en"]) == str(error)
        said = sentence(error, LANGUAGES["zh"])
        assert said != str(error)
        for value in error.values.values():
            assert not isinstance(value, str) or value in said
    assert {error.code for error in pictures} == {code for code in english.SENTENCES if code.startswith("image.")}


def raised_codes() -> set[str]:
    """The codes in the package's code, with * for what an f-string fills in."""
    nodes = [
        node
        for path in (PROJECT / "resnet_demo").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.Call)
    ]
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }
    # and what passes its argument on to them
    raising = {"Refusal", "because", "refusal", "_refusal", "_diverged"}
    while more := {name for name, above in bases.items() if above & raising} - raising:
        raising |= more
    return {
        code
        for call in nodes
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in raising
        for argument in call.args
        for code in literals(argument)
    }


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_each_code_that_is_raised_has_a_sentence_and_each_sentence_is_raised():
    raised = raised_codes()
    assert len(raised) > 100 and set(english.SENTENCES) == set(chinese.SENTENCES)
    assert not [code for code in raised if not fnmatch.filter(english.SENTENCES, code)]
    assert not [code for code in english.SENTENCES if not any(fnmatch.fnmatch(code, one) for one in raised)]


def test_both_languages_name_the_same_values():
    def names(words: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(words) if name}

    for code, words in english.SENTENCES.items():
        assert names(words) == names(chinese.SENTENCES[code]), code


def test_a_refusal_is_its_sentence_also_from_another_process():
    inner = ImageError("data.loose", name="a.png")
    error = DataError("data.tiny_class_skipped", name="cat", count=1, skipped=1, first=inner)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is DataError and str(again) == str(error) and str(inner) in str(again)
    assert again.code == error.code and again.values["first"].values == {"name": "a.png"}
    assert issubclass(DataError, Refusal) and "“a.png”不在任何类别文件夹中" in sentence(again, LANGUAGES["zh"])
    with pytest.raises(KeyError):
        Refusal("no.such_code")
    with pytest.raises(KeyError):
        Refusal("no_weights")  # its sentence names more


def test_pictures_that_cannot_be_trained_on_are_refused_in_both_languages(tmp_path):
    own = OwnPictures(tmp_path / "own")
    note = {"cat/1.png": b"Dear diary", "cat/2.png": b"", "dog/1.png": b"x"}
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for name, content in note.items():
            archive.writestr(name, content)
    error = refused(own.add, tmp_path / "pets.zip")
    assert error.code == "data.tiny_class_skipped" and sentence(error, LANGUAGES["en"]) == str(error)
    said = sentence(error, LANGUAGES["zh"])
    assert "“cat/1.png”不是已知格式的图像" in said and "略过了 3 个文件" in said
    assert "picture" not in said


def test_a_run_that_does_not_fit_is_refused_in_both_languages():
    error = refused(fit_initial, {}, ModelSpec.from_name("resnet8"))
    assert sentence(error, LANGUAGES["en"]) == str(error) and "初始值不属于" in sentence(error, LANGUAGES["zh"])


def test_warnings_have_words():
    found = dict(warnings(("cat", "dog"), np.array([50, 2])))
    assert set(found) == {"few", "tiny", "uneven"}
    for language, word in (("en", "training images"), ("zh", "训练的图像")):
        for reason, values in found.items():
            assert word in LANGUAGES[language](f"own.warn.{reason}", **values)


def test_another_error_speaks_for_itself():
    assert sentence(ValueError("x"), LANGUAGES["zh"]) == "x"
    assert refused(classifier(PRETRAINED[0], Path("missing.pth")).loader).code == "damaged_weights"
