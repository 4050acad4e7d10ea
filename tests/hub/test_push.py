"""A run saved to the stand-in for the Hub: what is written, what never is, and each refusal."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import yaml
from hub_api import as_the_hub
from made_runs import NASTY, make_trained_run, make_untrained_run
from safetensors.torch import load

from resnet_demo.cli import main
from resnet_demo.cli.push import drawn
from resnet_demo.engine.events import RunFinished, RunStarted, to_line
from resnet_demo.errors import Refusal
from resnet_demo.hub.account import Account
from resnet_demo.metrics import wilson
from resnet_demo.models import ModelSpec
from resnet_demo.runs.exchange.hub_card import is_torchvisions, repository_files
from resnet_demo.runs.exchange.hub_push import proposed_name, push
from resnet_demo.runs.files import CONFIG, LOG
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import json_bytes

SECRET = "hf_a-token-that-nobody-sees"
ADA = Account("ada", SECRET)


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with as_the_hub(monkeypatch, tmp_path / "home", SECRET) as hub:
        hub.add_account(SECRET, "ada")
        hub.add_account("hf_read", "ada", role="read")
        hub.add_account("hf_app", "ada", created_only=True)
        yield hub


@pytest.fixture
def run(tmp_path):
    return make_trained_run(tmp_path / "runs", "resnet8-a-shapes-0123456789abcdef", evaluate=True)


def ended(run: RunFolder, status="finished") -> RunFolder:
    """The same with a log that says how it ended."""
    began = RunStarted(steps_per_epoch=1, total_steps=None, versions={}, hardware="", precision="fp32")
    events = [began, *([RunFinished(status, 0, 0.0)] if status else [])]
    (run.path / LOG).write_text("".join(to_line(event) + "\n" for event in events))
    return RunFolder(run.path)


def of_own_images(run: RunFolder) -> RunFolder:
    """The same as if it had been trained on somebody's own images."""
    (run.path / CONFIG).write_bytes(json_bytes(run.config.to_dict() | {"data": "own:0123456789abcdef"}))
    return RunFolder(run.path)


def picture(matrix, title):
    return b"\x89PNG picture"


def front_matter(card: str) -> dict:
    return yaml.safe_load(card.split("---\n")[1])


def test_the_command_saves_everything_in_one_commit(hub, run, capsys):
    assert main(["push", str(run.path), "--repo", "ada/net"]) == 0
    assert f"{hub.address}/ada/net" in capsys.readouterr().out
    repo = hub.repo("ada/net")
    commits, files = repo.branches["main"], repo.files
    assert len(commits) == 2 and not repo.private  # the one that made it, and ours
    assert set(files) - {".gitattributes"} == {
        "README.md", "config.json", "metrics.json", "matrix.png", "model.safetensors", "events.jsonl",
        "predictions.npz",
    }  # fmt: skip
    assert load(files["model.safetensors"]).keys() == run.load_model().state_dict().keys()
    assert files["matrix.png"].startswith(b"\x89PNG")


def test_metrics_are_counts_with_wilsons_interval(run):
    metrics = json.loads(repository_files(run, "ada/net", "mit", picture)["metrics.json"])
    test, answers = metrics["sets"]["test"], run.predictions_on("test")
    interval = wilson(answers.correct, len(answers.rows))
    assert (test["n"], test["correct"]) == (len(answers.rows), answers.correct)
    assert (test["low"], test["high"]) == (interval.low, interval.high)
    assert sum(map(sum, test["counts"])) == test["n"] and set(metrics["sets"]) == {"test", "validation", "train"}


def test_the_card_is_read_by_the_hub_and_by_people(run):
    card = repository_files(run, "ada/net", "mit", picture)["README.md"].decode()
    front, answers = front_matter(card), run.predictions_on("test")
    result = front["model-index"][0]["results"][0]
    assert (front["license"], front["library_name"], front["pipeline_tag"]) == (
        "mit",
        "resnet_demo",
        "image-classification",
    )
    assert result["metrics"][0]["value"] == round(answers.accuracy, 5) and result["dataset"]["split"] == "test"
    assert f"{answers.accuracy:.2%} (95 % interval" in card and "](matrix.png)" in card
    assert (
        "--data shapes" in card and "With torchvision" not in card and "With timm" not in card
    )  # no network of theirs


def test_no_id_path_or_markup_leaves(tmp_path):
    secret = "resnet8-own-fedcba9876543210"
    run = ended(make_untrained_run(
        tmp_path, secret, classes=("[cat](http://evil.example)|", NASTY), data="own:0123456789abcdef0123456789abcdef",
        parent="resnet8-a-shapes-aaaabbbbccccdddd", initial=str(tmp_path / "my weights.pth"), race="a-race-of-mine",
    ))  # fmt: skip
    files = repository_files(run, "ada/net", "mit", picture)
    text = b"".join(files[name] for name in ("README.md", "config.json", "metrics.json", "events.jsonl")).decode()
    for word in (secret, "0123456789abcdef", "aaaabbbbccccdddd", str(tmp_path), "a-race-of-mine"):
        assert word not in text
    card = files["README.md"].decode()
    assert "[cat](" not in card and "<img" not in card and r"\[cat\]" in card
    assert front_matter(card)["model-index"] is None if "model-index" in front_matter(card) else True
    assert "has not been measured" in card and "matrix.png" not in files


def test_another_time_it_is_updated_and_another_run_is_not_written_over(hub, run, tmp_path):
    push(run, "ada/net", ADA, picture)
    push(run, "ada/net", ADA, lambda matrix, title: b"\x89PNG another")
    assert hub.repo("ada/net").files["matrix.png"] == b"\x89PNG another"
    other = ended(make_untrained_run(tmp_path, "other"))
    before = hub.repo("ada/net").files
    with pytest.raises(Refusal, match="another model"):
        push(other, "ada/net", ADA, picture)
    assert hub.repo("ada/net").files == before
    push(other, "ada/net", ADA, picture, replace=True)
    assert "matrix.png" not in hub.repo("ada/net").files  # of the run that was there


def test_a_repository_of_somebody_else_s_making_is_left(hub, run):
    hub.store.put("ada/net", {"model.safetensors": b"weights"})
    with pytest.raises(Refusal, match="another model"):
        push(run, "ada/net", ADA, picture)
    hub.store.put("ada/notes", {"README.md": b"# Mine"})
    push(run, "ada/notes", ADA, picture)  # nothing of a model is there


def test_private_stays_private(hub, run):
    push(run, "ada/net", ADA, picture, private=True)
    assert hub.repo("ada/net").private
    hub.store.put("ada/public", {"README.md": b""})
    with pytest.raises(Refusal, match="everybody can see it"):
        push(run, "ada/public", ADA, picture, private=True)


def test_a_branch_is_made(hub, run):
    push(run, "ada/net", ADA, picture, revision="draft")
    repo = hub.repo("ada/net")
    assert "model.safetensors" in repo.at("draft").files and "model.safetensors" not in repo.files
    push(run, "ada/net", ADA, picture, revision="draft")
    assert len(repo.branches["draft"]) == 3


@pytest.mark.parametrize(
    ("token", "code"),
    [("hf_wrong", "hub.token"), ("hf_read", "hub.rights")],
)
def test_tokens_without_the_right_are_refused(hub, run, token, code):
    with pytest.raises(Refusal) as refused:
        push(run, "ada/net", Account("ada", token), picture)
    assert refused.value.code == code and not hub.store.repos


@pytest.mark.parametrize("name", ["net", "ada/", "a/b/c", "ada/net net", "ada/../net", "", "ada/" + "x" * 100])
def test_names_that_the_hub_does_not_take(hub, run, name):
    with pytest.raises(Refusal, match="is no name"):
        push(run, name, ADA, picture)
    assert not hub.asked


def test_of_others_and_of_another_app_nothing_is_touched(hub, run):
    with pytest.raises(Refusal, match="no right"):
        push(run, "bob/net", ADA, picture)
    hub.store.put("ada/net", {"README.md": b""}, private=True)
    with pytest.raises(Refusal, match="may not write there"):
        push(run, "ada/net", Account("ada", "hf_app"), picture)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/preupload/", 500, "hub.refused"), ("/objects/batch", 413, "hub.quota"), ("/commit/", 402, "hub.quota"),
     ("/commit/", 429, "hub.rate"), ("/commit/", 412, "hub.changed"), ("/commit/", 0, "hub.offline"),
     ("/api/repos/create", 0, "hub.offline")],
)  # fmt: skip
def test_whatever_fails_nothing_half_written_is_there_and_another_try_succeeds(
    hub, run, path, status, code, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the tries of huggingface_hub
    hub.fail(path, status, times=20)
    with pytest.raises(Refusal) as refused:
        push(run, "ada/net", ADA, picture)
    assert refused.value.code == code
    repo = hub.store.repos.get(("model", "ada/net"))
    assert repo is None or set(repo.files) == {".gitattributes"}
    hub.failures.clear()
    push(run, "ada/net", ADA, picture)
    assert "model.safetensors" in hub.repo("ada/net").files


def test_a_network_that_is_lost_and_comes_back(hub, run, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: setattr(hub, "down", False))
    hub.route("PUT", "/large/(?P<oid>[0-9a-f]{64})")(lambda stand_in, request: lose(stand_in))

    def lose(stand_in):
        stand_in.routes.clear()
        stand_in.down = True  # until the next try
        return None

    push(run, "ada/net", ADA, picture)
    assert "model.safetensors" in hub.repo("ada/net").files


@pytest.mark.parametrize("status", ["failed", None])
def test_only_what_has_ended_well_is_saved(hub, tmp_path, status):
    run = ended(make_untrained_run(tmp_path, "run"), status)
    with pytest.raises(Refusal, match="once it has finished"):
        push(run, "ada/net", ADA, picture)


def test_a_stopped_run_says_so(hub, tmp_path):
    run = ended(make_untrained_run(tmp_path, "run", data="shapes"), "stopped")
    push(run, "ada/net", ADA, picture)
    assert "not been measured" in hub.repo("ada/net").files["README.md"].decode()


def test_the_token_is_written_nowhere(hub, run, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    assert main(["push", str(run.path), "--repo", "ada/net"]) == 0
    hub.fail("/commit/", 403)
    assert main(["push", str(run.path), "--repo", "ada/net", "--license", "mit"]) == 2
    told = capsys.readouterr()
    assert SECRET not in caplog.text + told.out + told.err
    kept = [path.read_bytes() for path in run.path.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in [*kept, *hub.repo("ada/net").files.values()])


def test_the_command_names_what_is_missing(hub, run, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    assert main(["push", str(run.path), "--repo", "ada/net"]) == 2
    assert "hf auth login" in capsys.readouterr().err
    monkeypatch.setenv("HF_TOKEN", "hf_read")
    assert main(["push", str(run.path), "--repo", "ada/net"]) == 2
    assert "may only read" in capsys.readouterr().err


def test_a_name_is_proposed(run, tmp_path):
    assert proposed_name(run, ADA) == "ada/resnet8-a-shapes"
    own = make_untrained_run(tmp_path, "own", data="own:0123456789abcdef")
    assert proposed_name(own, ADA) == "ada/resnet8-a-own"


@pytest.mark.parametrize(
    ("spec", "theirs"),
    [("resnet18", True), ("resnet50", True), ("resnet20", False), ("plain18", False)],
)
def test_whose_layout_it_is(spec, theirs):
    made = ModelSpec.from_name(spec, num_classes=3, input_size=64)
    assert is_torchvisions(made) is theirs
    if theirs:
        assert not is_torchvisions(replace(made, shortcut="C")) and not is_torchvisions(replace(made, in_channels=1))
    if spec == "resnet50":
        assert not is_torchvisions(replace(made, stride_in="1x1"))


def test_the_picture_is_drawn(run):
    assert repository_files(run, "ada/net", "mit", drawn)["matrix.png"].startswith(b"\x89PNG")


def test_of_somebody_s_own_images_the_card_says_no_more(run):
    card = repository_files(of_own_images(run), "ada/net", "mit", picture)["README.md"].decode()
    front = front_matter(card)
    assert front["model-index"][0]["results"][0]["dataset"] == {
        "name": "own images",
        "type": "imagefolder",
        "split": "test",
    }
    assert "on own images" in card and "datasets" not in front and "--data" not in card
