"""Run folders: what is written can be read, also when the writer was killed in the middle of it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine import batches
from resnet_demo.engine import train as loop
from resnet_demo.engine.events import CheckpointSaved, EpochDone, Resumed, RunFinished, RunStarted, StepMetrics
from resnet_demo.runs.disk import DiskError
from resnet_demo.runs.exchange.publish import public_config
from resnet_demo.runs.execute import execute, forget_stop
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.lock import Locked, is_locked
from resnet_demo.runs.writer import create_run, load_checkpoint_state, open_writer

CPU = torch.device("cpu")


def finished_run(root: Path, **changes) -> tuple[RunFolder, object]:
    dataset = tiny_dataset()
    folder = create_run(root, tiny_config(dataset, **changes))
    for _ in execute(folder, dataset, CPU):
        pass
    return RunFolder(folder.path), dataset


def test_a_run_is_all_that_is_needed_to_use_its_network(tmp_path):
    folder, dataset = finished_run(tmp_path)
    assert folder.state() == "finished"
    assert folder.config.classes == dataset.classes and folder.config.fingerprint == dataset.fingerprint
    model = folder.load_model()
    assert not model.training and model.fc.out_features == len(dataset.classes)
    preprocess = folder.preprocess()
    assert (preprocess.size, preprocess.channels, preprocess.mean) == (8, 3, dataset.mean)


def test_predictions_name_their_rows_and_agree_with_the_network(tmp_path):
    folder, dataset = finished_run(tmp_path)
    predictions = folder.predictions()
    assert set(predictions) == {"test", "validation", "train"}
    validation = predictions["validation"]
    assert np.array_equal(validation.rows, dataset.split_rows(0)[1])
    assert np.array_equal(validation.labels, dataset.train.labels[validation.rows])
    last = [event for event in folder.events() if isinstance(event, EpochDone)][-1]
    assert validation.accuracy == pytest.approx(last.validation_accuracy)
    assert np.array_equal(folder.epoch_record(last).validation, validation.logits.argmax(1))


def test_losslessly_stored_rows_are_a_set_of_their_own(tmp_path):
    from dataclasses import replace

    dataset = replace(tiny_dataset(), lossless_test_rows=np.array([3, 7, 8]))
    folder = create_run(tmp_path, tiny_config(dataset, length=1))
    list(execute(folder, dataset, CPU))
    assert folder.predictions()["test-lossless"].rows.tolist() == [3, 7, 8]


def test_stop_file_then_resume_equals_an_uninterrupted_run(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)
    whole, dataset = finished_run(tmp_path)
    folder = create_run(tmp_path, tiny_config(dataset))
    for event in execute(folder, dataset, CPU):
        if isinstance(event, StepMetrics) and event.step == 6:
            (folder.path / "stop").touch()
    assert folder.state() == "stopped"
    stopped_at = load_checkpoint_state(folder)["step"]
    assert stopped_at == 7
    list(execute(folder, dataset, CPU, resume=True))
    assert folder.state() == "finished" and not (folder.path / "stop").exists()
    assert (folder.path / "model.safetensors").read_bytes() == (whole.path / "model.safetensors").read_bytes()
    steps = [event.step for event in folder.events() if isinstance(event, StepMetrics)]
    assert steps == list(range(1, 13))


KILLED = textwrap.dedent(
    """
    import os, sys, time
    from pathlib import Path
    import torch
    from tiny import tiny_config, tiny_dataset
    from resnet_demo.engine.events import StepMetrics
    from resnet_demo.engine import train as loop
    from resnet_demo.runs.execute import execute
    from resnet_demo.runs.folder import RunFolder
    loop.REPORT_SECONDS = 0
    for event in execute(RunFolder(Path(sys.argv[1])), tiny_dataset(), torch.device("cpu")):
        if isinstance(event, StepMetrics) and event.step == 8:
            print(os.getpid(), flush=True)
            time.sleep(600)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX signal")
def test_kill_9_leaves_a_loadable_run_that_resumes_to_the_same_end(tmp_path, warm_python):
    whole, dataset = finished_run(tmp_path)
    folder = create_run(tmp_path, tiny_config(dataset))
    search = os.pathsep.join([str(Path(__file__).parents[1] / "support"), str(Path(__file__).parents[2])])
    process = subprocess.Popen(
        [warm_python, "-c", KILLED, str(folder.path)],
        env=os.environ | {"PYTHONPATH": search},
        stdout=subprocess.PIPE,
    )
    trainer = int(process.stdout.readline())  # which is at the barrier
    assert folder.state() == "running"
    with pytest.raises(Locked, match="another process"), open_writer(folder):
        pass
    os.kill(trainer, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert folder.state() == "interrupted"
    assert not folder.load_model().training
    with open(folder.path / "events.jsonl", "ab") as log:  # the kernel may cut a line anywhere
        log.write(b'{"event": "StepMet')
    assert isinstance(folder.events()[-1], StepMetrics)
    list(execute(folder, dataset, CPU, resume=True))
    assert folder.state() == "finished"
    assert (folder.path / "model.safetensors").read_bytes() == (whole.path / "model.safetensors").read_bytes()
    resumed = [event for event in folder.raw_events() if isinstance(event, Resumed)]
    assert [event.step for event in resumed] == [5]  # the checkpoint at the end of the first epoch
    steps = [event.step for event in folder.events() if isinstance(event, StepMetrics)]
    assert steps == sorted(set(steps)) and steps[-1] == 12


def test_a_run_killed_before_its_first_line_begins_at_the_beginning(tmp_path):
    dataset = tiny_dataset()
    folder = create_run(tmp_path, tiny_config(dataset, length=1))
    assert folder.state() == "interrupted"
    list(execute(folder, dataset, CPU, resume=True))
    assert folder.state() == "finished"


def test_a_run_that_began_and_was_ended_before_its_first_checkpoint_begins_anew(tmp_path):
    whole, dataset = finished_run(tmp_path)
    folder = create_run(tmp_path, tiny_config(dataset))
    with open_writer(folder) as writer:
        writer.append(RunStarted(5, 12, {}, "elsewhere", "fp32"))
        writer.append(RunFinished("failed", 0, 0.0))
    list(execute(folder, dataset, CPU, resume=True))
    assert folder.state() == "finished" and folder.events()[0].hardware != "elsewhere"
    assert (folder.path / "model.safetensors").read_bytes() == (whole.path / "model.safetensors").read_bytes()


def test_a_request_to_stop_is_kept_until_it_is_answered(tmp_path):
    dataset = tiny_dataset()
    folder = create_run(tmp_path, tiny_config(dataset, length=1000))
    stop = folder.path / "stop"
    stop.touch()  # between the loading of the data and the first step
    assert list(execute(folder, dataset, CPU))[-1].status == "stopped" and not stop.exists()
    with open_writer(folder):
        stop.touch()
        forget_stop([folder])
        assert stop.exists()  # it is for the process that holds the run
    forget_stop([folder])
    assert not stop.exists()


def test_resumed_takes_back_what_came_after_its_checkpoint(tmp_path):
    folder, _ = finished_run(tmp_path)
    with open_writer(folder) as writer:
        writer.append(Resumed(5, {}, "elsewhere"))
    assert folder.state() == "interrupted"
    kept = folder.events()
    assert max(e.step for e in kept if isinstance(e, StepMetrics)) == 5
    assert not any(isinstance(e, RunFinished) for e in kept)
    assert [e.step for e in kept if isinstance(e, CheckpointSaved)] == [0, 5]


def test_a_failed_run_says_so(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(batches, "augment", full)
    folder, _ = finished_run(tmp_path)
    assert folder.state() == "failed"
    assert folder.load_model() is not None


def test_a_folder_that_is_no_run_is_a_sentence(tmp_path):
    with pytest.raises(RunError, match="is not a run: it has no config.json"):
        _ = RunFolder(tmp_path).config


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"model": 3}', '{"model": {}, "surprise": 1}'])
def test_a_configuration_that_is_none_is_a_sentence(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(RunError, match="config.json is damaged: "):
        _ = RunFolder(tmp_path).config


def test_a_configuration_that_was_never_fitted_to_data_is_no_run(tmp_path):
    from resnet_demo.engine.config import TrainConfig
    from resnet_demo.models import ModelSpec

    folder = create_run(tmp_path, TrainConfig(ModelSpec.from_name("resnet8")))
    with pytest.raises(RunError, match="names no classes"):
        _ = RunFolder(folder.path).config


def test_a_name_is_what_somebody_gave(tmp_path):
    folder = create_run(tmp_path, tiny_config(tiny_dataset()))
    assert folder.name == ""
    for content, name in (('{"name": "mine"}', "mine"), (f'{{"name": "{folder.id}"}}', ""), ("[]", ""), ("{", "")):
        (folder.path / "meta.json").write_text(content)
        assert folder.name == name


def test_damaged_weights_and_logs_are_a_sentence(tmp_path):
    folder, _ = finished_run(tmp_path)
    (folder.path / "model.safetensors").write_bytes(b"no tensors here")
    with pytest.raises(RunError, match="model.safetensors cannot be loaded"):
        folder.load_model()
    (folder.path / "model.safetensors").unlink()
    with pytest.raises(RunError, match="has no weights"):
        folder.load_model()
    with open(folder.path / "events.jsonl", "a") as log:
        log.write("not json\n")
    with pytest.raises(RunError, match="line"):
        folder.events()


def test_the_configuration_survives_its_file(tmp_path):
    config = tiny_config(tiny_dataset(), length=2.5, unit="epochs", label_smoothing=0.1)
    folder = create_run(tmp_path, config)
    assert RunFolder(folder.path).config == config
    assert json.loads((folder.path / "config.json").read_text())["model"]["name"] == "resnet8"


def test_ids_cannot_be_guessed_and_are_not_reused(tmp_path):
    config = tiny_config(tiny_dataset())
    one, other = create_run(tmp_path, config), create_run(tmp_path, config)
    assert one.id != other.id and one.id.startswith("resnet8-a-tiny-") and len(one.id.split("-")[-1]) == 16
    with pytest.raises(RunError, match="already a run"):
        create_run(tmp_path, config, one.id)


def test_a_reader_never_sees_half_a_file(tmp_path):
    from resnet_demo.runs.writer import replace_file

    target = tmp_path / "file"
    target.write_text("old")

    def fail(file):
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskError, match="disk that runs are kept on is full"):
        replace_file(target, fail)
    assert target.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["file"]


def test_readers_who_ask_for_the_state_never_keep_a_writer_out(tmp_path):
    folder, _ = finished_run(tmp_path, length=1)
    over = threading.Event()

    def ask():
        while not over.is_set():
            folder.state(), is_locked(folder.path / "lock")

    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(200):
            with open_writer(folder):
                pass
    finally:
        over.set()
        for reader in readers:
            reader.join()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_damaged_predictions_are_a_sentence(tmp_path, content):
    folder, dataset = finished_run(tmp_path, length=1)
    assert folder.predictions_fingerprint() == dataset.fingerprint
    (folder.path / "predictions.npz").write_bytes(content)
    with pytest.raises(RunError, match="predictions.npz is damaged"):
        folder.predictions()
    (record,) = (folder.path / "epochs").iterdir()
    record.write_bytes(content)
    with pytest.raises(RunError, match="is damaged"):
        folder.epoch_record([event for event in folder.events() if isinstance(event, EpochDone)][0])


@pytest.mark.parametrize(
    "name",
    [
        "a/b",
        "..",
        ".hidden",
        "",
        "a\\b",
        "/tmp/x",
        "a:b",
        "C:",
        "aux",
        "NUL.txt",
        "com1",
        "Lpt9 .x",
        "a.",
        "a ",
        "a?",
        "a\n",
        "x" * 101,
    ],
)
def test_an_id_is_a_plain_name(tmp_path, name):
    with pytest.raises(RunError, match="plain name"):
        create_run(tmp_path, tiny_config(tiny_dataset()), name)


def test_what_a_killed_process_left_half_written_is_cleared_away(tmp_path):
    folder, _ = finished_run(tmp_path, length=1)
    (folder.path / ".resume.pt-x1.part").write_bytes(b"half")
    with open_writer(folder):
        assert not list(folder.path.glob(".*.part"))


def test_a_folder_of_own_pictures_is_published_without_the_place_where_it_lies():
    config = tiny_config(tiny_dataset(), data="/home/somebody/pictures/cats and dogs")
    assert public_config(config).data == "cats and dogs" and public_config(tiny_config(tiny_dataset())).data == "tiny"


def test_the_log_grows_only_at_its_end(tmp_path):
    folder, _ = finished_run(tmp_path)
    before = (folder.path / "events.jsonl").read_bytes()
    with open_writer(folder) as writer:
        writer.append(Resumed(5, {}, "elsewhere"))
    assert (folder.path / "events.jsonl").read_bytes().startswith(before)
    assert time.time() - folder.events()[-1].time < 60
