"""The form of the tab Train as a command and as lines of Python: both are run, and make the form's configuration."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from made_runs import make_untrained_run, shapes_dataset

from resnet_demo.cli import data, main, train
from resnet_demo.data import datasets
from resnet_demo.places import Places
from resnet_demo.runs import execute as executing
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.shared.training_form import configured, first_form, initial_of
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train.form_views import form_snippets

BRIEF = {"unit": "steps", "length": 1, "batch_size": 8}
FORMS = {
    "the first one": {},
    "another recipe": {"preset": "paper", "length": 64_000, "unit": "steps", "schedule": "step", "lr": 0.1, "seed": 7},
    "a plain network": {"depth": 20, "shortcut": "none", "length": 2.5, "unit": "epochs", "flip": False, "cutout": 8},
    "bottlenecks": {"depth": 29, "block": "bottleneck", "shortcut": "C", "precision": "fp32", "warmup": 0.3, "pad": 0},
    "a CIFAR network of a depth that ImageNet has": {"depth": 50, "block": "basic", "weight_decay": 0.001},
    "an ImageNet network": {"family": "imagenet", "depth": 18, "shortcut": "B", "size": 64, "label_smoothing": 0.1},
    "a fine-tuned one": {"initial": "base", "freeze": True, "lr": 0.05},
}


@pytest.fixture
def places(tmp_path, monkeypatch) -> Places:
    """Folders that the environment names, as it does for whoever runs the texts; a model to fine-tune is there."""
    for name in ("runs", "cache", "weights"):
        monkeypatch.setenv(f"RESNET_DEMO_{name.upper()}", str(tmp_path / name))
    monkeypatch.delenv("RESNET_DEMO_DATA", raising=False)
    places = Places.from_environment()
    make_untrained_run(places.weights, "base", data="shapes")
    for module in (datasets, data):  # few images: those of the real set take minutes to draw
        monkeypatch.setattr(module, "load_dataset", lambda *asked, **where: shapes_dataset(200, 20))
    return places


def form_and_texts(places: Places, changes: dict):
    """A form's configuration on the data, the command, and the lines of Python."""
    services = Services.create(places)
    form = replace(first_form(services, "shapes"), **changes).settled()
    assert not form.problems(LANGUAGES["en"])
    expected = configured(form, initial_of(services, form)).for_dataset(shapes_dataset(200, 20))
    command, lines = (item["code"] for item in form_snippets(services, form, LANGUAGES["en"])["items"])
    services.close()
    return expected, shlex.split(command), lines


@pytest.mark.parametrize("changes", FORMS.values(), ids=FORMS.keys())
def test_both_texts_make_the_configuration_of_the_form(places, monkeypatch, changes):
    for module in (executing, train):
        monkeypatch.setattr(module, "execute", lambda *asked, **options: iter(()))  # training is another test's
    expected, command, lines = form_and_texts(places, changes)
    assert command[:3] == ["python", "-m", "resnet_demo"]
    main([*command[3:], "--quiet", "--id", "by-command"])
    assert RunFolder(places.runs / "by-command").config == expected
    made: dict = {}
    exec(lines, made)
    assert made["run"].config == expected
    initial = places.runs / "by-command" / "initial.safetensors"
    if initial.exists():
        assert (made["run"].path / initial.name).read_bytes() == initial.read_bytes()


def test_both_texts_train(places, capsys):
    _, command, lines = form_and_texts(places, BRIEF)
    assert main([*command[3:], "--quiet", "--no-test", "--id", "by-command"]) == 0
    made: dict = {}
    exec(lines, made)
    assert made["run"].state() == "finished" == RunFolder(places.runs / "by-command").state()
    assert "RunFinished(status='finished', step=1" in capsys.readouterr().out
