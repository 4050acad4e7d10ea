"""The documents are true: numbers are those of the manifests, commands parse, code runs, links lead on.

README.md, README.zh.md and all of docs/ are read; each table is looked for where it is kept.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import replace
from doctest import DocTestParser
from functools import partial
from pathlib import Path
from statistics import median

import gradio_client
import pytest
import torch
from PIL import Image
from test_web import run_node

from resnet_demo.cli import COMMANDS, main, parse
from resnet_demo.inside.recorded import read_record, removal_table
from resnet_demo.places import Places
from resnet_demo.runs.comparison.depths import recorded
from resnet_demo.runs.comparison.published import KEYS, comparisons
from resnet_demo.runs.comparison.results import results_table
from resnet_demo.runs.exchange.publish import verify
from resnet_demo.runs.index import RunIndex

PROJECT = Path(__file__).parent.parent
DOCUMENTS = {
    path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*PROJECT.glob("README*.md"), PROJECT / "CONTRIBUTING.md", *PROJECT.glob("docs/*.md"))
}
_, FRONT_MATTER, README = DOCUMENTS["README.md"].split("---\n", 2)
CHINESE = DOCUMENTS["README.zh.md"]
PUBLISHED = [run for run in RunIndex([PROJECT / "weights"]).list() if run.manifest]
MOST_WORDS = 900
IMAGE = re.compile(r"!\[[^]]*]\(([^)]+)\)|src=\"([^\"]+)\"")


def blocks(language: str) -> list[str]:
    """The code of this language in all documents, each once."""
    found = [
        body
        for document in DOCUMENTS.values()
        for name, body in re.findall(r"^```(\w*)\n(.*?)^```$", document, re.M | re.S)
        if name == language
    ]
    return list(dict.fromkeys(found))


def test_the_results_are_those_of_the_manifests():
    shown = re.search(r"<!-- results -->\n\n?(.*?)\n?<!-- /results -->", DOCUMENTS["docs/RESULTS.md"], re.S)[1]
    assert shown == results_table(PUBLISHED)


def test_the_price_of_removed_blocks_is_what_was_recorded():
    shown = re.search(r"<!-- removal -->\n\n?(.*?)\n?<!-- /removal -->", DOCUMENTS["docs/RESULTS.md"], re.S)[1]
    assert shown == removal_table(PUBLISHED) and "Plain-56" in shown
    curves = {run.config.model.title: read_record(run).removal for run in PUBLISHED if read_record(run)}
    plain = [100 * share for title, one in curves.items() if title.startswith("Plain") for share in one.accuracies]
    deep = curves["ResNet-56"]
    words = re.sub(r"\s+", " ", DOCUMENTS["docs/RESULTS.md"])
    assert f"are left with {min(plain):.1f} to {max(plain):.1f} %" in words
    assert f"costs ResNet-56 {100 * (deep.accuracy - median(deep.accuracies)):.1f} points" in words


def test_the_verdicts_are_those_of_the_comparison():
    """What docs/RESULTS.md says in words of the short runs with three seeds."""
    (short,) = [one for one in comparisons(PUBLISHED) if one.short and max(variant.n for variant in one.variants) > 1]
    accuracy = {variant.key: 100 * variant.mean("test") for variant in short.variants}
    leads = [accuracy[key] - accuracy["plain"] for key in "ABC"]
    said = re.sub(r"\s+", " ", DOCUMENTS["docs/RESULTS.md"])
    assert f"{min(leads):.1f} to {max(leads):.1f} points better than the plain one" in said
    assert f"B is {accuracy['B'] - accuracy['C']:.2f} points better than C" in said
    assert {variant.n for variant in short.variants} == {3}


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_errors_with_and_without_shortcuts_are_those_of_the_recorded_runs(name):
    wrong = {
        one.run.config.model.shortcut != "none": f"{100 * (1 - one.epochs[-1].train_accuracy):.1f}"
        for one in recorded(PUBLISHED)
        if one.run.config.model.depth == 56
    }
    said = re.findall(r"\b(\d\d\.\d) ?%", DOCUMENTS[name])
    assert said == [wrong[False], wrong[True]]


def commands() -> list[str]:
    lines = [line.strip() for block in blocks("") for line in block.splitlines()]
    inline = [
        re.sub(r"\s+", " ", one)
        for one in re.findall(r"`(python -m resnet_demo [^`]+)`", "\n".join(DOCUMENTS.values()))
    ]
    found = [line.split("  #")[0].split(" > ")[0].strip() for line in lines + inline]
    return list(dict.fromkeys(line for line in found if "-m resnet_demo " in line and "…" not in line))


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_documents_parses(command):
    parse(shlex.split(command.split("-m resnet_demo ")[1]))


def test_the_documents_show_every_command():
    shown = {command.split("-m resnet_demo ")[1].split()[0] for command in commands()}
    assert shown == set(COMMANDS)


def test_scripts_that_are_named_exist():
    named = {one for document in DOCUMENTS.values() for one in re.findall(r"`python (\w[\w/]+(?:\.py)?)[ `]", document)}
    assert named and all((PROJECT / one).exists() for one in named)


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.split("\n")[0])
def test_code_of_the_documents_runs(code, monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    exec(code, {})  # noqa: S102  our own documents
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
        code = step.source.replace("http://127.0.0.1:7860/", server)
        code = code.replace("length=5", "length=0.2").replace("sleep(1)", "sleep(0.1)")
        if code.startswith("client.predict"):
            code = f"answer = {code}"
        exec(code, said)  # noqa: S102  our own documents
        if "/classify" in code:
            assert len(said["answer"]) == 3
    assert said["made"]["run"] in {one["model"] for one in said["answer"]}


@pytest.mark.timeout(900)
def test_the_examples_in_javascript_and_with_curl_run(server, tmp_path):
    (script,), (lines,) = blocks("js"), [one for one in blocks("bash") if "curl" in one]
    script, lines = (
        one.replace("http://127.0.0.1:7860", server.rstrip("/")).replace("shapes-resnet8", "trained")
        for one in (script, lines)
    )
    (tmp_path / "node_modules").symlink_to(PROJECT / "tests" / "web" / "node_modules")
    (tmp_path / "example.mjs").write_text(script, encoding="utf-8")
    assert run_node("--preserve-symlinks-main", tmp_path / "example.mjs").count("'") == 6
    said = subprocess.run(["bash", "-c", lines], cwd=PROJECT, capture_output=True, text=True, timeout=600, check=True)
    assert "event: complete" in said.stdout and len(json.loads(said.stdout.partition("data: ")[2])[0]["labels"]) == 3


def anchors(document: str) -> set[str]:
    """What a link into a document can name: its headings as GitHub spells them."""
    heads = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", document, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_images_exist(name):
    folder = (PROJECT / name).parent
    targets = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", DOCUMENTS[name])
    images = [one for pair in IMAGE.findall(DOCUMENTS[name]) for one in pair if one]
    assert all((folder / target).exists() for target in (*images, *(target for target, _ in targets)))
    for target, anchor in targets:
        if anchor:
            path = (folder / target).resolve() if target else PROJECT / name
            assert anchor in anchors(path.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_every_document_is_linked_from_both_readmes_and_they_from_one_another():
    for readme, other in ((README, "README.zh.md"), (CHINESE, "README.md")):
        linked = set(re.findall(r"\]\(([^)#:]+)", readme))
        assert {other, *(name for name in DOCUMENTS if name.startswith("docs/"))} <= linked


def test_the_readme_is_short():
    assert len(README.split()) <= MOST_WORDS


def test_the_chinese_readme_has_what_the_english_one_has():
    assert IMAGE.findall(CHINESE) == IMAGE.findall(README)
    for pattern in (r"^#+ ", r"^```\n.*?^```$", r"^\| \["):
        assert len(re.findall(pattern, CHINESE, re.M | re.S)) == len(re.findall(pattern, README, re.M | re.S)), pattern
    english, chinese = (re.findall(r"^```\n(.*?)^```$", one, re.M | re.S) for one in (README, CHINESE))
    assert english == chinese
    english, chinese = (sorted(re.findall(r"\d+(?:\.\d+)? GB|\d\d\.\d", one)) for one in (README, CHINESE))
    assert english == chinese


def test_the_block_is_the_one_that_is_drawn_now(capsys):
    (command,) = [one for one in commands() if "--part" in one and "resnet20" in one]
    assert main(shlex.split(command.split("-m resnet_demo ")[1]), Places.from_environment()) == 0
    assert (PROJECT / "assets" / "shortcut.svg").read_text(encoding="utf-8") == capsys.readouterr().out


def test_the_moving_picture_moves_and_is_small():
    (name,) = [one for pair in IMAGE.findall(README) for one in pair if one.endswith(".webp")]
    assert (PROJECT / name).stat().st_size < 3_000_000
    with Image.open(PROJECT / name) as film:
        assert film.is_animated and film.n_frames > 50 and film.width >= 800


def test_ratios_are_the_speed_of_the_reference_divided_into_ours():
    """Where both times are given, ours first, the ratio is theirs / ours: a higher one is better."""
    found = re.findall(r"([\d.]+) x \(([\d.]+) (m?s), ([\d.]+) \3\)", DOCUMENTS["docs/BENCHMARKS.md"])
    assert len(found) > 4
    for ratio, ours, _, theirs in found:
        assert float(ratio) == pytest.approx(float(theirs) / float(ours), rel=0.05)


def test_settings_are_those_that_exist():
    named = {one for document in DOCUMENTS.values() for one in re.findall(r"`(RESNET_DEMO_\w+)`", document)}
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
    args = parse(shlex.split(manifest["command"])[3:])
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
    assert sum(path.stat().st_size for path in (PROJECT / "weights").rglob("*") if path.is_file()) < 24_000_000


def test_the_front_matter_makes_the_folder_a_space():
    front = dict(re.findall(r"^(\w+): (.*)$", FRONT_MATTER, re.M))
    assert front["sdk"] == "gradio" and (PROJECT / front["app_file"]).is_file()
    assert len(front["short_description"]) <= 60
    required = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert f"gradio~={front['sdk_version'].rsplit('.', 1)[0]}" in required
