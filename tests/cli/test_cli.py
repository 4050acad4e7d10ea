"""The command line: each command end to end on tiny runs, and its sentences for wrong input."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hub_layout import write_hub_layout, write_pictures
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from resnet_demo.cli import main, parse
from resnet_demo.cli.train import make_config
from resnet_demo.data.augment import Augmentation
from resnet_demo.data.own import FOLDER, OwnPictures
from resnet_demo.data.preprocess import IMAGENET_MEAN
from resnet_demo.engine import evaluate
from resnet_demo.engine.config import PRESETS, preset
from resnet_demo.engine.events import EpochDone, StepMetrics
from resnet_demo.engine.reproduce import command_for
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.places import Places
from resnet_demo.runs.exchange.publish import MAX_REPORTS, thin, thin_reports, verify
from resnet_demo.runs.folder import RunError, RunFolder


@pytest.fixture(scope="module", autouse=True)
def few_evaluated():
    """Few images stand for those that were trained on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "TRAINING_SAMPLE", 60)
        yield


@pytest.fixture(scope="module")
def places(tmp_path_factory, few_shapes) -> Places:
    root = tmp_path_factory.mktemp("cli")
    return Places(data=None, cache=few_shapes(root / "cache"), runs=root / "runs", weights=root / "weights")


@pytest.fixture(scope="module")
def trained(places) -> RunFolder:
    command = "train --model resnet8 --data shapes --steps 6 --batch-size 32 --threads 1 --device cpu --id one --quiet"
    assert main(shlex.split(command), places) == 0
    return RunFolder(places.runs / "one")


def test_train_writes_a_run_that_is_evaluated(trained):
    assert trained.state() == "finished"
    assert set(trained.predictions()) == {"test", "validation", "train"}
    assert {path.name for path in trained.path.iterdir()} >= {
        "config.json",
        "events.jsonl",
        "model.safetensors",
        "resume.pt",
    }


def test_evaluate_prints_an_interval_for_each_set(trained, places, capsys):
    before = trained.predictions()["test"].logits
    assert main(["evaluate", "--run", str(trained.path), "--device", "cpu"], places) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["test", "validation", "train"]
    assert all("95 % [" in line and "n=" in line for line in lines)
    assert np.array_equal(before, trained.predictions()["test"].logits)


def test_evaluate_reads_a_published_checkpoint(tmp_path, places, capsys, trained):
    model = trained.load_model()
    renamed = {
        "module." + key.replace("downsample", "shortcut").replace("fc.", "linear."): value
        for key, value in model.state_dict().items()
    }
    torch.save({"state_dict": renamed}, tmp_path / "model.th")
    mean, std = trained.config.mean, trained.config.std
    arguments = [
        "evaluate",
        "--checkpoint",
        str(tmp_path / "model.th"),
        "--model",
        "resnet8",
        "--data",
        "shapes",
    ]
    arguments += ["--mean", *map(str, mean), "--std", *map(str, std), "--device", "cpu"]
    assert main(arguments, places) == 0
    out = capsys.readouterr().out
    assert f"{trained.predictions()['test'].accuracy:7.2%}" in out.splitlines()[0]
    with np.load(tmp_path / "model.predictions.npz") as arrays:
        assert np.allclose(arrays["test_logits"], trained.predictions()["test"].logits, atol=1e-2)


def test_evaluate_keeps_a_runs_own_predictions_from_other_data(trained, places, capsys, tmp_path):
    write_hub_layout(tmp_path / "data")
    elsewhere = replace(places, data=tmp_path / "data", cache=tmp_path / "cache")
    before = (trained.path / "predictions.npz").read_bytes()
    assert main(["evaluate", "--run", str(trained.path), "--data", "cifar10", "--device", "cpu"], elsewhere) == 2
    assert "knows the classes circle, oval" in capsys.readouterr().err

    config = json.loads((trained.path / "config.json").read_text()) | {"fingerprint": "that of other files"}
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "model.safetensors").write_bytes((trained.path / "model.safetensors").read_bytes())
    assert main(["evaluate", "--run", str(copy), "--device", "cpu"], places) == 2
    assert "say with --out where" in capsys.readouterr().err
    assert main(["evaluate", "--run", str(copy), "--device", "cpu", "--out", str(copy / "out.npz")], places) == 0
    assert (copy / "out.npz").exists() and not (copy / "predictions.npz").exists()
    assert (trained.path / "predictions.npz").read_bytes() == before


@pytest.mark.parametrize(
    "wrong, sentence",
    [("--mean 0.5", "mean must be 3 numbers"), ("--std 0 0 0", "std must be numbers from 0.0001 to 100")],
)
def test_a_normalisation_that_does_not_fit_is_a_sentence(trained, places, capsys, tmp_path, wrong, sentence):
    torch.save(trained.load_model().state_dict(), tmp_path / "model.pt")
    command = f"evaluate --checkpoint {tmp_path / 'model.pt'} --model resnet8 --data shapes --device cpu {wrong}"
    assert main(shlex.split(command), places) == 2
    assert sentence in capsys.readouterr().err


def test_own_pictures_are_trained_on_from_anywhere(places, tmp_path, monkeypatch, capsys):
    write_pictures(tmp_path / "my pictures", {"train/a": 4, "train/b": 4, "val/a": 2, "val/b": 2})
    monkeypatch.chdir(tmp_path)
    command = "train --model resnet8 --data 'my pictures' --steps 2 --device cpu --threads 1 --quiet --id mine"
    assert main(shlex.split(command), places) == 0
    monkeypatch.chdir("/")
    assert main(["evaluate", "--run", str(places.runs / "mine"), "--device", "cpu"], places) == 0
    target = places.weights / "my run"
    assert main(["export", "--run", str(places.runs / "mine"), "--to", str(target), "--device", "cpu"], places) == 0
    published = "".join(path.read_text() for path in target.glob("*.json*"))
    assert str(tmp_path) not in published and "my pictures" in published
    args = parse(shlex.split(RunFolder(target).manifest["command"])[3:])
    assert (args.id, args.data) == ("my run", "my pictures")


def test_a_run_begins_from_another_run_on_own_pictures(trained, places, tmp_path):
    write_pictures(tmp_path / "pets", {"cat": 5, "dog": 5})
    options = "--freeze --steps 2 --device cpu --threads 1 --quiet --no-test"
    weights = trained.path / "model.safetensors"
    for number, init in enumerate((trained.id, str(trained.path), str(weights))):
        command = f"train --init '{init}' --data '{tmp_path / 'pets'}' {options} --id child{number}"
        assert main(shlex.split(command), places) == 0
        run = RunFolder(places.runs / f"child{number}")
        config, values, parents = run.config, run.load_model().state_dict(), trained.load_model().state_dict()
        assert (config.initial, config.freeze, config.classes) == (trained.id, True, ("cat", "dog"))
        assert (config.mean, config.std, config.model.name) == (trained.config.mean, trained.config.std, "resnet8")
        changed = {name for name in values if not torch.equal(values[name], parents[name])}
        assert changed == {"fc.weight", "fc.bias"} and values["fc.weight"].shape == (2, 64)


def test_a_run_begins_from_a_file_of_weights(trained, places, tmp_path, capsys):
    torch.save(trained.load_model().state_dict(), tmp_path / "values.pth")
    write_pictures(tmp_path / "pets", {"cat": 5, "dog": 5})
    command = f"train --init {tmp_path / 'values.pth'} --data {tmp_path / 'pets'} --steps 2 --device cpu --quiet"
    assert main(shlex.split(f"{command} --model resnet14 --id misfit"), places) == 2
    assert "initial values are not those of ResNet-14" in capsys.readouterr().err
    assert not (places.runs / "misfit").exists()
    assert main(shlex.split(f"{command} --threads 1 --no-test --id fits"), places) == 0
    config = RunFolder(places.runs / "fits").config
    assert config.initial == "values.pth" and config.mean != trained.config.mean


def test_a_photograph_network_learns_own_pictures(places, tmp_path):
    spec = ModelSpec.from_name("resnet18")
    brought = replace(places, imagenet=tmp_path / "imagenet")
    brought.imagenet.mkdir()
    save_file(build_model(spec, seed=3).state_dict(), brought.imagenet / "resnet18.safetensors")
    write_pictures(tmp_path / "pets", {"cat": 5, "dog": 5})
    options = "--freeze --input-size 64 --steps 2 --device cpu --threads 1 --quiet --no-test --id photographs"
    command = f"train --init imagenet/resnet18 --data {tmp_path / 'pets'} {options}"
    assert main(shlex.split(command), brought) == 0
    config = RunFolder(places.runs / "photographs").config
    assert (config.model.name, config.model.input_size, config.model.num_classes) == ("resnet18", 64, 2)
    assert config.mean == IMAGENET_MEAN and config.initial == "imagenet/resnet18"
    assert shlex.split(command_for(config))[3:9] == ["train", "--model", "resnet18", "--shortcut", "B", "--input-size"]


def test_pictures_that_were_brought_to_the_page_are_trained_on_too(places, tmp_path):
    write_pictures(tmp_path / "pets", {"cat": 5, "dog": 5})
    own = OwnPictures(places.runs / FOLDER)
    files = {path.relative_to(tmp_path / "pets").as_posix(): path for path in (tmp_path / "pets").rglob("*.png")}
    key = own.add(files, "pets")
    command = f"train --data own:{key} --steps 2 --device cpu --threads 1 --quiet --no-test --id brought"
    assert main(shlex.split(command), places) == 0
    assert RunFolder(places.runs / "brought").config.data == own.data(key)


def test_export_publishes_what_its_manifest_says(trained, places, capsys):
    target = places.weights / "shapes-resnet8"
    assert main(["export", "--run", str(trained.path), "--to", str(target), "--device", "cpu"], places) == 0
    published = RunFolder(target)
    verify(published)
    assert not (target / "resume.pt").exists()
    manifest = published.manifest
    assert manifest["seeds"] == [0] and manifest["steps"] == 6 and manifest["fingerprint"] == trained.config.fingerprint
    assert next(iter(published.load_model().parameters())).dtype == torch.float32
    assert (target / "model.safetensors").stat().st_size < 0.6 * (trained.path / "model.safetensors").stat().st_size

    # the numbers are those of the fp16 file that is published
    assert (
        main(
            ["evaluate", "--run", str(target), "--out", str(places.runs / "again.npz"), "--device", "cpu"],
            places,
        )
        == 0
    )
    with np.load(places.runs / "again.npz") as arrays:
        correct = int((arrays["test_logits"].argmax(1) == arrays["test_labels"]).sum())
    assert correct == manifest["accuracy"]["test"]["correct"]

    args = parse(shlex.split(manifest["command"])[3:])
    assert args.command == "train" and args.id == target.name
    again = make_config(args)
    assert again.model.name == "resnet8" and (again.length, again.unit) == (6, "steps")

    with pytest.raises(RunError, match="not the file that was published"):
        (target / "config.json").write_text("{}")
        verify(published)
    assert main(["export", "--run", str(trained.path), "--to", str(target)], places) == 2
    assert "exists already" in capsys.readouterr().err


@settings(max_examples=60)
@given(
    name=st.sampled_from(["resnet8", "plain20", "resnet50", "resnet29", "resnet110"]),
    preset_name=st.sampled_from(list(PRESETS)),
    length=st.one_of(
        st.tuples(st.just("steps"), st.integers(1, 10_000_000)),
        st.tuples(st.sampled_from(["epochs", "seconds"]), st.floats(0.001, 10_000)),
    ),
    changes=st.fixed_dictionaries({}, optional={
        "lr": st.sampled_from([0.05, 0.4, 1.0]), "seed": st.integers(0, 2**32 - 1), "nesterov": st.booleans(),
        "weight_decay": st.sampled_from([0.0, 1e-4]), "compile": st.booleans(), "label_smoothing": st.just(0.1),
        "precision": st.sampled_from(["fp32", "bf16"]), "threads": st.integers(0, 4), "split_seed": st.integers(0, 9),
        "schedule": st.sampled_from(["step", "onecycle"]), "warmup": st.sampled_from([0.0, 0.25]),
        "initial": st.sampled_from(["some run", "imagenet/resnet18"]), "freeze": st.booleans(),
        "augmentation": st.builds(Augmentation, st.integers(0, 8), st.booleans(), st.integers(0, 16)),
    }),
)  # fmt: skip
def test_the_command_of_a_run_asks_for_the_same_run(name, preset_name, length, changes):
    spec = replace(ModelSpec.from_name(name), input_size=32)
    config = preset(preset_name, spec, "some data", unit=length[0], length=length[1], **changes)
    parsed = parse(shlex.split(command_for(config))[3:])
    assert make_config(parsed) == config


@pytest.mark.parametrize(
    "command, sentence",
    [
        ("train --model resnet21", "resnet21"),
        ("train --data nowhere", "no data set 'nowhere'"),
        ("train --lr -1", "lr must be a number from 0"),
        ("train --batch-size 0", "batch_size must be a whole number from 1"),
        ("train --epochs 0", "length must be a number from"),
        ("train --model plain20 --shortcut A", "shortcut"),
        ("train --batch-size 65536", "batch_size must be a whole number from 1 to 8192"),
        ("train --device abacus", "device 'abacus' is not available"),
        ("train --precision fp16 --device cpu", "fp16 needs CUDA"),
        ("train --resume nowhere", "is not a run"),
        ("evaluate --run nowhere", "is not a run"),
        (
            "evaluate --checkpoint nowhere.pt --data shapes",
            "nowhere.pt” holds no weights that can be read safely (No such",
        ),
        ("describe resnet51", "resnet51"),
        ("train --data ''", "no data set ''"),
        ("train --data shapes --id a/b", "plain name"),
        ("train --model resnet18 --data shapes --batch-size 1", "batches of one image"),
        ("benchmark --rounds 0", "must be 1 or more"),
        ("train --init nowhere", "no model called “nowhere” here; it may have been deleted. Accepted is a run's"),
        ("train --init imagenet/resnet50", "download them first (102 MB)"),
        ("train --data own:0123", "These images are not here"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(places, capsys, command, sentence):
    assert main(shlex.split(command), places) == 2
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error and len(error.strip().splitlines()) <= 2


def test_a_finished_run_is_not_resumed_and_a_taken_name_not_reused(trained, places, capsys):
    assert main(["train", "--resume", str(trained.path)], places) == 2
    assert "nothing to resume" in capsys.readouterr().err
    assert main(shlex.split("train --steps 1 --id one --device cpu"), places) == 2
    assert "already a run called one" in capsys.readouterr().err


def test_a_failed_training_exits_with_1(places, capsys):
    command = "train --model resnet8 --data shapes --steps 20 --batch-size 32 --lr 100 --weight-decay 1 --warmup 0"
    assert (
        main(
            shlex.split(command) + ["--device", "cpu", "--quiet", "--threads", "1", "--precision", "fp32"],
            places,
        )
        == 1
    )
    assert "diverged" in capsys.readouterr().out


def test_describe_prints_totals_and_csv(capsys, places):
    assert main(shlex.split("describe resnet50 --stride-in 1x1"), places) == 0
    table = capsys.readouterr().out
    assert "25,557,032" in table and "Conv Block" in table and "Identity Block" in table
    assert main(shlex.split("describe resnet20 --shortcut C --format csv"), places) == 0
    lines = capsys.readouterr().out.splitlines()
    position = lines[0].split(",").index("parameters")
    assert sum(int(line.split(",")[position]) for line in lines[1:]) == 283_962


def test_benchmark_measures_ratios(capsys, places):
    command = "benchmark --model resnet8 --batch-size 16 --steps 2 --rounds 2 --threads 1 --device cpu"
    assert main(shlex.split(command), places) == 0
    out = capsys.readouterr().out
    assert "loop / bare" in out and "augmentation" in out and "median of 2" in out


@pytest.mark.parametrize("command", ["train", "evaluate", "describe", "inside", "export", "benchmark"])
def test_help_teaches_by_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parse([command, "--help"])
    assert ended.value.code == 0
    assert f"python -m resnet_demo {command}" in capsys.readouterr().out.split("\n\n", 1)[1]


def test_the_engine_runs_without_gradio_and_without_the_compiler_of_pytorch(tmp_path, few_shapes):
    import subprocess

    code = (
        "import sys; sys.modules['gradio'] = sys.modules['torch._dynamo'] = None; from resnet_demo.cli import main; "
        "sys.exit(main('train --steps 1 --batch-size 8 --device cpu --quiet --no-test'.split()))"
    )
    import os

    environment = os.environ | {
        "RESNET_DEMO_CACHE": str(few_shapes(tmp_path / "cache")),
        "RESNET_DEMO_RUNS": str(tmp_path / "runs"),
    }
    project = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (run,) = (tmp_path / "runs").iterdir()
    assert json.loads((run / "config.json").read_text())["data"] == "shapes"


def test_thinning_keeps_the_ends_and_the_means():
    assert thin(list(range(100)), 5) == [0, 25, 50, 74, 99] and thin([1, 2], 20) == [1, 2]
    reports = [StepMetrics(i + 1, i / 10, i / 5000, i, float(i), 0.5, 0.1, 1.0, 10.0) for i in range(5000)]
    epoch = EpochDone(2500, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    kept = thin_reports([*reports[:2500], epoch, *reports[2500:]])
    found = [event for event in kept if isinstance(event, StepMetrics)]
    assert epoch in kept and len(found) <= MAX_REPORTS + 1 and found[-1].step == 5000
    groups = -(-5000 // MAX_REPORTS)
    assert found[0].loss == pytest.approx(sum(range(groups)) / groups)
