"""The README is true: its numbers are those of the manifests, its commands parse, its code runs, its links lead on."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from doctest import DocTestParser
from functools import partial
from pathlib import Path

import gradio_client
import pytest
import torch

from resnet_demo.cli import make_parser
from resnet_demo.places import Places
from resnet_demo.runs.comparison.published import KEYS, comparisons
from resnet_demo.runs.comparison.results import results_table
from resnet_demo.runs.exchange.publish import verify
from resnet_demo.runs.index import RunIndex

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PUBLISHED = [run for run in RunIndex([PROJECT / "weights"]).list() if run.manifest]


def blocks(language: str) -> list[str]:
    return [body for name, body in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S) if name == language]


def test_the_results_are_those_of_the_manifests():
    shown = re.search(r"<!-- results -->\n\n?(.*?)\n?<!-- /results -->", README, re.S)[1]
    assert shown == results_table(PUBLISHED)


def commands() -> list[str]:
    lines = [line.strip() for block in blocks("") for line in block.splitlines()]
    return [line for line in lines if "-m resnet_demo " in line and "…" not in line]


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_parses(command):
    make_parser().parse_args(shlex.split(command.split("-m resnet_demo ")[1]))


def test_the_readme_shows_every_command():
    shown = {command.split("-m resnet_demo ")[1].split()[0] for command in commands()}
    subcommands = make_parser()._subparsers._group_actions[0].choices
    assert shown == set(subcommands)


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.split("\n")[0])
def test_code_of_the_readme_runs(code, monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    exec(code, {})  # noqa: S102  our own README
    said = capsys.readouterr().out.strip()
    for line in code.splitlines():
        if "print(" in line and "# " in line:
            assert said == line.split("# ")[1].strip()


@pytest.mark.timeout(900)
def test_the_example_for_programs_runs(server, monkeypatch):
    patient = partial(gradio_client.Client, httpx_kwargs={"timeout": 240})  # httpx would wait for five seconds
    monkeypatch.setattr(gradio_client, "Client", patient)
    (example,) = blocks("pycon")
    said: dict = {}
    for step in DocTestParser().get_examples(example):
        code = step.source.replace("http://127.0.0.1:7860/", server).replace("length=5", "length=1")
        if code.startswith("client.predict"):
            code = f"answer = {code}"
        exec(code, said)  # noqa: S102  our own README
        if "/classify" in code:
            assert len(said["answer"]) == 3
    assert said["made"]["run"] in {one["model"] for one in said["answer"]}


def test_links_and_pictures_exist():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets and all((PROJECT / target).exists() for target in targets)


def test_settings_are_those_that_exist():
    named = set(re.findall(r"`(RESNET_DEMO_\w+)`", README))
    modules = ("resnet_demo/server.py", "resnet_demo/places.py", "resnet_demo/logs.py")
    source = "".join((PROJECT / path).read_text(encoding="utf-8") for path in modules)
    assert named == set(re.findall(r"RESNET_DEMO_\w+", source))
    environment = {
        "RESNET_DEMO_DATA": "a",
        "RESNET_DEMO_CACHE": "b",
        "RESNET_DEMO_RUNS": "c",
        "RESNET_DEMO_WEIGHTS": "d",
        "RESNET_DEMO_IMAGENET": "e",
    }
    found = Places.from_environment(environment)
    assert (found.data, found.cache, found.runs, found.weights, found.imagenet) == tuple(map(Path, "abcde"))


@pytest.mark.parametrize("run", PUBLISHED, ids=lambda run: run.id)
def test_a_published_run_is_what_its_manifest_says(run):
    from resnet_demo.cli.train import make_config
    from resnet_demo.engine.config import TrainConfig
    from resnet_demo.engine.events import EpochDone, RunFinished

    verify(run)
    manifest = run.manifest
    assert TrainConfig.from_dict(manifest["config"]) == run.config
    args = make_parser().parse_args(shlex.split(manifest["command"])[3:])
    asked, recorded = make_config(args), run.config
    for field in ("length", "unit", "batch_size", "lr", "schedule", "warmup", "seed", "split_seed", "augmentation"):
        assert getattr(asked, field) == getattr(recorded, field), field
    assert args.id == run.id and run.state() == "finished"
    assert not (run.path / "resume.pt").exists()

    predictions = run.predictions()
    for name, stated in manifest["accuracy"].items():
        found = predictions[name]
        assert (found.correct, len(found.rows)) == (stated["correct"], stated["n"])
        assert stated["accuracy"] == pytest.approx(found.accuracy, abs=1e-5)
        assert stated["low"] < stated["accuracy"] < stated["high"]
    events = run.events()
    assert isinstance(events[-1], RunFinished) and events[-1].step == manifest["steps"]
    kept = [event for event in events if isinstance(event, EpochDone)]
    on_disk = list((run.path / "epochs").iterdir())
    assert 1 <= len(on_disk) <= 20 and run.epoch_record(kept[-1]).validation.shape == (
        len(predictions["validation"].rows),
    )
    assert run.has_weights() == manifest.get("weights", True)
    if run.has_weights():
        assert run.load_model()(torch.zeros(1, 3, 32, 32)).shape == (1, len(recorded.classes))


def test_all_that_was_published_is_there():
    names = {run.id for run in PUBLISHED}
    assert names >= {"shapes-resnet8", "cifar10-plain20", *(f"cifar10-resnet20-{option}" for option in "abc")}


def test_compared_runs_differ_in_their_shortcuts_alone():
    found = comparisons(PUBLISHED)
    assert [variant.key for variant in found[0].variants] == list(KEYS) and not found[0].short
    for one in found:
        first, *others = [run.config for variant in one.variants for run in variant.runs]
        for config in others:
            assert replace(config, model=first.model, seed=first.seed) == first


def test_published_runs_stay_small():
    assert sum(path.stat().st_size for path in (PROJECT / "weights").rglob("*") if path.is_file()) < 20_000_000


def test_the_front_matter_makes_the_folder_a_space():
    front = dict(re.findall(r"^(\w+): (.*)$", README.split("---")[1], re.M))
    assert front["sdk"] == "gradio" and (PROJECT / front["app_file"]).is_file()
    assert len(front["short_description"]) <= 60
    required = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert f"gradio~={front['sdk_version'].rsplit('.', 1)[0]}" in required
