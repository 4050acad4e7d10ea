"""A model loaded from the stand-in for the Hub: ours as the run it was, others' as weights, hostile ones refused."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import cache

import pytest
import torch
from hub_api import as_the_hub
from made_runs import make_trained_run, make_untrained_run, photograph
from safetensors.torch import save
from test_push import ADA, SECRET, of_own_images, picture

from resnet_demo.cli import main
from resnet_demo.errors import Refusal
from resnet_demo.hub.account import Account
from resnet_demo.inference.from_hub import from_hub
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.places import Places
from resnet_demo.runs.exchange.hub_pull import look_up, pull, split_name, total_size
from resnet_demo.runs.exchange.hub_push import push
from resnet_demo.runs.exchange.uploaded import is_uploaded_network
from resnet_demo.runs.folder import RunFolder

TIMM = {
    "architecture": "resnet18",
    "num_classes": 2,
    "label_names": ["cat", "dog"],
    "pretrained_cfg": {"input_size": [3, 64, 64], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with as_the_hub(monkeypatch, tmp_path / "home", SECRET) as hub:
        hub.add_account(SECRET, "ada")
        hub.add_account("hf_bob", "bob")
        yield hub


@pytest.fixture
def places(tmp_path):
    return replace(Places.from_environment({}), cache=tmp_path / "cache", runs=tmp_path / "runs")


@pytest.fixture
def run(tmp_path):
    return make_trained_run(tmp_path / "source", "resnet8-a-shapes-0123456789abcdef", evaluate=True)


def taken(name, tmp_path, account=None):
    return pull(look_up(name, account), tmp_path / "made", tmp_path / "files", account)


@cache
def weights_of(name):
    return save(build_model(ModelSpec.from_name(name, num_classes=2)).state_dict())


def timm_files(name="resnet8", config=TIMM):
    """Of a small network, which timm has not: files are looked at alike."""
    return {"model.safetensors": weights_of(name), "config.json": json.dumps(config).encode()}


def nothing_left(tmp_path):
    return not list((tmp_path / "made").glob("*")) if (tmp_path / "made").exists() else True


def test_what_was_saved_comes_back_as_the_same_run(hub, run, tmp_path):
    push(run, "ada/net", ADA, picture)
    back = taken("ada/net", tmp_path)
    for name, value in run.load_model().state_dict().items():
        assert torch.equal(back.load_model().state_dict()[name], value)
    assert replace(back.config, data=run.config.data) == run.config and back.state() == "finished"
    assert back.predictions_on("test").correct == run.predictions_on("test").correct
    assert back.id != run.id and back.name == "net" and len(back.events()) > 2


def test_the_command_makes_a_run_that_is_evaluated_and_fine_tuned(hub, run, places, capsys, few_shapes):
    few_shapes(places.cache)
    push(run, "ada/net", ADA, picture)
    assert main(["pull", "ada/net"], places) == 0
    made = capsys.readouterr().out.strip()
    assert main(["evaluate", "--run", made, "--data", "shapes", "--out", str(places.cache / "p.npz")], places) == 0
    train = ["train", "--data", "shapes", "--init", made, "--freeze", "--steps", "2", "--quiet", "--no-test"]
    assert main([*train, "--model", "resnet8"], places) == 0


def test_a_run_of_one_s_own_images_names_no_data_here(hub, run, tmp_path):
    push(of_own_images(run), "ada/net", ADA, picture)
    assert taken("ada/net", tmp_path).config.data == "uploaded: own pictures"


def test_in_python_it_classifies_and_is_downloaded_once(hub, run, places):
    push(run, "ada/net", ADA, picture)
    model = from_hub("ada/net", places=places)
    answers = model.classify(photograph(), top_k=3)
    assert len(answers) == 3 and answers[0][0] in run.config.classes and 0 < answers[0][1] <= 1
    asked = len(hub.asked)
    assert from_hub("ada/net", places=places).run.path == model.run.path
    assert len(hub.asked) == asked + 1  # which commit it is


def test_timm_s_resnets_are_weights_with_their_labels(hub, tmp_path):
    hub.store.put("bob/pets", timm_files("resnet18"))
    made = taken("bob/pets", tmp_path)
    assert made.config.classes == ("cat", "dog") and made.config.model.input_size == 64
    assert made.config.mean == (0.485, 0.456, 0.406) and is_uploaded_network(made)
    assert made.config.preprocessing == "imagenet" and made.name == "bob/pets"


def test_a_revision_is_meant(hub, run, tmp_path):
    push(run, "ada/net", ADA, picture)
    first = hub.repo("ada/net").at("main").oid
    hub.store.put("ada/net", {"README.md": b"emptied"})
    with pytest.raises(Refusal, match="has no config.json"):
        taken("ada/net", tmp_path)
    assert taken(f"ada/net@{first}", tmp_path).name == "net"
    with pytest.raises(Refusal, match="has no “ada/net”"):
        taken("ada/net@nowhere", tmp_path)


def test_a_private_one_takes_an_account_and_its_token_goes_to_the_hub_alone(hub, run, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    push(run, "ada/net", ADA, picture, private=True)
    for account in (None, Account("bob", "hf_bob")):
        with pytest.raises(Refusal, match="has no “ada/net”, or it is private"):
            taken("ada/net", tmp_path, account)
    made = taken("ada/net", tmp_path, ADA)  # the stand-in refuses a token where the bytes of large files are
    assert made.state() == "finished" and SECRET not in caplog.text
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in kept)


def test_the_machine_s_token_is_used_only_where_asked_for(hub, run, places, capsys):
    push(run, "ada/net", ADA, picture, private=True)
    assert main(["pull", "ada/net"], places) == 2  # HF_TOKEN is set
    assert "is private" in capsys.readouterr().err
    assert main(["pull", "ada/net", "--private"], places) == 0


@pytest.mark.parametrize(
    ("given", "meant"),
    [("ada/net", ("ada/net", "")), ("ada/net@v1", ("ada/net", "v1")),
     (" https://huggingface.co/ada/net/ ", ("ada/net", "")),
     ("https://huggingface.co/ada/net/tree/draft", ("ada/net", "draft"))],
)  # fmt: skip
def test_names_and_addresses_are_read(given, meant):
    assert split_name(given) == meant


@pytest.mark.parametrize("given", ["", "net", "../../etc", "ada/net@", "ada/net@a b", "https://evil.example/ada/net"])
def test_nothing_else_is_asked_for(hub, given):
    if given == "ada/net@":
        assert split_name(given) == ("ada/net", "")
        return
    with pytest.raises(Refusal, match="is no name"):
        look_up(given)
    assert not hub.asked


def test_sizes_are_looked_at_before_anything_is_downloaded(hub, tmp_path, monkeypatch):
    hub.store.put("bob/net", timm_files())
    monkeypatch.setattr("resnet_demo.runs.exchange.hub_pull.MAX_BYTES", 1000)
    with pytest.raises(Refusal, match="larger than"):
        taken("bob/net", tmp_path)
    assert not [asked for asked in hub.asked if "/resolve/" in asked]
    monkeypatch.undo()


def test_a_server_that_sends_more_than_it_said_is_left(hub, tmp_path):
    hub.store.put("bob/net", timm_files())
    found = look_up("bob/net")
    with pytest.raises(Refusal, match="larger than"):
        pull(replace(found, sizes={**found.sizes, "config.json": 10}), tmp_path / "made", tmp_path / "files")
    assert nothing_left(tmp_path)


HOSTILE = [
    {}, {"architecture": "resnet18"}, {**TIMM, "pretrained_cfg": []}, {**TIMM, "label_names": ["cat", "cat"]},
    {**TIMM, "label_names": ["a", "b", "c"]}, {**TIMM, "pretrained_cfg": {"mean": [1e9] * 3, "std": [1] * 3}},
    {**TIMM, "pretrained_cfg": {**TIMM["pretrained_cfg"], "input_size": [3, 10**9, 10**9]}},
    {"resnet_demo": 3}, {"resnet_demo": {"training": {"model": {"name": "resnet20"}}}}, {"resnet_demo": {}},
    {"resnet_demo": {"training": [[[]]]}},
]  # fmt: skip


@pytest.mark.parametrize("config", HOSTILE)
def test_hostile_configurations_are_sentences(hub, tmp_path, config):
    hub.store.put("bob/net", {**timm_files(config=config), "events.jsonl": b"\n"})
    with pytest.raises(Refusal):
        taken("bob/net", tmp_path)
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\xfe", b'{"a": NaN}', b"null"])
def test_what_is_no_json_is_a_sentence(hub, tmp_path, content):
    hub.store.put("bob/net", {**timm_files(), "config.json": content})
    with pytest.raises(Refusal, match="no config.json that is understood"):
        taken("bob/net", tmp_path)
    assert nothing_left(tmp_path)


def test_weights_that_do_not_fit_or_are_none_are_refused(hub, run, tmp_path):
    push(run, "ada/net", ADA, picture)
    good = dict(hub.repo("ada/net").files)
    hostile = {
        "its header has": b"\x80\x04pickle",
        "larger than": weights_of("resnet18"),
        "fc.weight is F32": weights_of("resnet8"),
        "incomplete metadata": good["model.safetensors"][:-100],
    }
    for number, (said, weights) in enumerate(hostile.items()):
        hub.store.put("ada/net", {**good, "model.safetensors": weights})
        with pytest.raises(Refusal, match=said):
            pull(look_up("ada/net"), tmp_path / "made", tmp_path / f"files-{number}")
        assert nothing_left(tmp_path)


def test_nothing_but_what_is_named_is_downloaded(hub, tmp_path):
    hub.store.put("bob/net", {**timm_files(), "evil.py": b"raise SystemExit", "pytorch_model.bin": b"\x80pickle"})
    taken("bob/net", tmp_path)
    assert not [asked for asked in hub.asked if "evil" in asked or "pytorch_model" in asked]


def test_a_connection_that_breaks_is_a_sentence_and_nothing_is_left(hub, tmp_path):
    hub.store.put("bob/net", timm_files())
    found = look_up("bob/net")
    hub.down = True
    with pytest.raises(Refusal, match="cannot be reached"):
        pull(found, tmp_path / "made", tmp_path / "files")
    with pytest.raises(Refusal, match="cannot be reached"):
        look_up("bob/net")
    hub.down = False
    assert pull(found, tmp_path / "made", tmp_path / "files").has_weights()


def test_a_run_without_measurements_comes_back_too(hub, tmp_path):
    from test_push import ended

    push(ended(make_untrained_run(tmp_path / "source", "run")), "ada/net", ADA, picture)
    back = taken("ada/net", tmp_path)
    assert isinstance(back, RunFolder) and not back.predictions() and total_size(look_up("ada/net")) > 1000
