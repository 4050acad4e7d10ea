"""A disk that is full or cannot be written to: a sentence, and no half a run."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import make_untrained_run
from managed import Puppets, make_manager, make_pictures, make_places, picture_config, wait_until
from tiny import tiny_config, tiny_dataset

from resnet_demo.cli import main
from resnet_demo.engine.events import RunFinished, RunStarted, StepMetrics
from resnet_demo.models import build_model
from resnet_demo.places import Places
from resnet_demo.runs import execute, writer
from resnet_demo.runs.disk import DiskError, disk_errors
from resnet_demo.runs.files import EPOCHS, LOCK, LOG, STOP
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.queue import worker
from resnet_demo.runs.queue.limits import Limits
from resnet_demo.runs.queue.manager import RunManager
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.writer import create_run, open_writer
from resnet_demo.services import Services

CONFIG = tiny_config(tiny_dataset())
REPORT = StepMetrics(1, 0.1, 0.5, 1.0, 1.0, 0.5, 0.1, 1.0, 100.0)


def refused(call, *arguments, **options) -> DiskError:
    with pytest.raises(DiskError) as caught:
        call(*arguments, **options)
    return caught.value


@pytest.fixture
def full(monkeypatch):
    """`full(after=n)`: of the files that are put in place from now on, all beyond n meet a full disk."""

    def full(after: int = 0) -> None:
        left, fsync = [after], os.fsync

        def fail(descriptor: int) -> None:
            if not left[0]:
                raise OSError(errno.ENOSPC, "No space left on device")
            left[0] -= 1
            fsync(descriptor)

        monkeypatch.setattr(writer.os, "fsync", fail)

    return full


@pytest.fixture
def manager(tmp_path):
    manager = make_manager(make_places(tmp_path), executor=Puppets())
    yield manager
    manager.close()


@pytest.fixture
def blocked(tmp_path) -> Path:
    """A folder that nobody, not even root, can create."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "runs"


@pytest.mark.parametrize(
    "error, reason", [(errno.ENOSPC, "no_space"), (errno.EDQUOT, "no_space"), (errno.EACCES, "not_writable")]
)
def test_errors_of_the_disk_are_sentences_without_folders(error, reason):
    def fail():
        with disk_errors():
            raise OSError(error, os.strerror(error), "/home/somebody/runs")

    caught = refused(fail)
    assert caught.code == reason and "RESNET_DEMO_RUNS" in str(caught) and "somebody" not in str(caught)


@pytest.mark.parametrize("files", range(4))
def test_no_half_a_run_is_left_on_a_full_disk(manager, full, files):
    """The salt, then configuration and notes of each member."""
    full(after=files)
    race = [replace(CONFIG, model=replace(CONFIG.model, shortcut=shortcut)) for shortcut in "AB"]
    assert refused(manager.submit_race, race).code == "no_space"
    assert not manager.index.list() and not manager.queue.waiting() and not manager.queue.training()
    assert not [path for path in manager.places.runs.iterdir() if path.is_dir()]


def test_an_upload_leaves_nothing_on_a_full_disk(manager, full):
    full(after=1)
    assert refused(manager.adopt, lambda root: create_run(root, CONFIG, "uploaded")).code == "no_space"
    assert not manager.index.list()


def test_what_cannot_be_written_is_a_sentence(tmp_path, blocked, manager):
    error = refused(make_manager(replace(make_places(tmp_path), runs=blocked), executor=Puppets()).submit, CONFIG)
    assert error.code == "not_writable" and error.values == {"detail": "Not a directory"}
    run = manager.submit(CONFIG).run
    manager.queue.executor.end(run.path)
    wait_until(lambda: not manager.queue.training())
    (manager.places.runs / ".trash").touch()  # so that nothing can be moved there
    assert refused(manager.delete, run.id, None).code == "not_writable" and run.path.is_dir()


class Filling:
    """A file on a disk with room for so many bytes."""

    def __init__(self, file, room: int):
        self.file, self.room = file, room

    def __getattr__(self, name: str):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self.file.write(bytes(data[: self.room]))
        self.room -= written
        return written


def test_a_log_has_no_part_of_a_line_when_the_disk_fills_up(tmp_path):
    run = create_run(tmp_path, CONFIG)
    with open_writer(run) as open_run:
        open_run.append(REPORT)
        log, open_run._log = open_run._log, Filling(open_run._log, room=40)
        assert refused(open_run.append, REPORT).code == "no_space"
        open_run._log = log
        assert (run.path / LOG).read_text().endswith("\n") and len(list(run.raw_events())) == 1
        open_run.append(REPORT)
    assert len(list(run.raw_events())) == 2


@pytest.mark.parametrize("room", [0, 100])
def test_a_checkpoint_that_fills_the_disk_says_so(tmp_path, monkeypatch, room):
    run, opened, written = create_run(tmp_path, CONFIG), os.fdopen, []

    def on_a_small_disk(descriptor, mode):
        small = Filling(opened(descriptor, mode), room)
        write = small.write

        def write_all(data) -> int:  # in parts, as a file does
            written.append(data)
            return write(data) + write(data)

        small.write = write_all
        return small

    with open_writer(run) as open_run:
        monkeypatch.setattr(writer.os, "fdopen", on_a_small_disk)
        state = {"model": build_model(CONFIG.model).state_dict(), "step": 1}
        assert refused(open_run.save, state).code == "no_space"
    assert not run.has_weights() and not list(run.path.glob(".*.part"))
    with pytest.raises(ValueError, match="released"):  # of a buffer that the exception kept alive, Python might crash
        written[0].tobytes()


def test_runs_go_below_the_cache_where_their_folder_cannot_be_written_to(tmp_path, blocked):
    places = make_places(tmp_path)
    assert places.with_writable_runs() == (places, "")
    found, sentence = replace(places, runs=blocked).with_writable_runs()
    assert found.runs == tmp_path / "cache" / "runs" and found.runs.is_dir()
    assert str(blocked) in sentence and "RESNET_DEMO_RUNS" in sentence
    nowhere = replace(places, runs=blocked, cache=blocked)
    found, sentence = nowhere.with_writable_runs()
    assert found == nowhere and "nothing can be trained" in sentence and "RESNET_DEMO_RUNS" in sentence


def test_a_missing_folder_of_published_runs_is_named(tmp_path):
    places = make_places(tmp_path)
    assert str(places.weights) in places.missing() and "RESNET_DEMO_WEIGHTS" in places.missing()
    places.weights.mkdir()
    assert places.missing() == ""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[Path, Path]:
    """(pictures, a cache that knows them)"""
    root = tmp_path_factory.mktemp("disk")
    pictures = make_pictures(root / "pictures")
    picture_config(pictures, root / "cache")
    return pictures, root / "cache"


def command(pictures: Path, *options: str) -> list[str]:
    fixed = ["--model", "resnet8", "--input-size", "16", "--steps", "4", "--batch-size", "16", "--threads", "1"]
    return ["train", *fixed, "--device", "cpu", "--quiet", "--data", str(pictures), *options]


def test_a_command_says_that_it_cannot_write(small, blocked, tmp_path, capsys):
    pictures, cache = small
    places = Places(data=None, cache=cache, runs=blocked, weights=tmp_path)
    assert main(command(pictures), places) == 1
    sentence = capsys.readouterr().err.strip()
    assert sentence.endswith(
        "resnet_demo train: Nothing can be written to the folder of runs (Not a directory); let RESNET_DEMO_RUNS name "
        "a folder where that is possible."
    )


def test_a_command_that_fills_the_disk_is_a_failed_run(small, full, tmp_path, capsys):
    pictures, cache = small
    full(after=2)  # configuration and name; the checkpoint then finds no room
    assert main(command(pictures, "--id", "one"), Places(None, cache, tmp_path / "runs", tmp_path)) == 1
    assert "The disk that runs are kept on is full" in capsys.readouterr().err
    end = RunFolder(tmp_path / "runs" / "one").last_turn()
    assert (end.status, end.code) == ("failed", "no_space")


@pytest.fixture
def tiny_disk(tmp_path):
    """A folder on a disk of 640 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    if (
        not shutil.which("mount")
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", str(place)], capture_output=True
        ).returncode
    ):
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.timeout(900)
def test_a_worker_that_fills_the_disk_is_a_failed_run_with_the_reason(small, tiny_disk, tmp_path):
    pictures, cache = small
    manager = make_manager(replace(make_places(tmp_path), cache=cache, runs=tiny_disk / "runs"))
    try:
        run = manager.submit(picture_config(pictures, cache)).run
        wait_until(lambda: manager.status(run.id).state not in ("queued", "running"), seconds=600)
        status = manager.status(run.id)
        assert (status.state, status.code) == ("failed", "no_space")
        assert not list(run.path.glob(".*.part"))
    finally:
        manager.close()


@pytest.fixture
def read_only(tmp_path):
    """`read_only(folder)`: nothing can be written there any more, not even by root."""
    done = []

    def protect(folder: Path) -> None:
        if os.name == "posix" and os.geteuid():
            done.append(lambda: folder.chmod(0o755))
            for path in (*folder.rglob("*"), folder):
                path.chmod(path.stat().st_mode & ~0o222)
            return
        bind = [["mount", "--bind", str(folder), str(folder)], ["mount", "-o", "remount,ro,bind", str(folder)]]
        if not shutil.which("mount") or any(subprocess.run(one, capture_output=True).returncode for one in bind):
            pytest.skip("making a folder read-only is not allowed here")
        done.append(lambda: subprocess.run(["umount", "-l", str(folder)], check=True))

    yield protect
    for undo in done:
        undo()


def test_runs_of_a_folder_that_cannot_be_written_to_stay_in_every_list(tmp_path, read_only):
    places = make_places(tmp_path)
    run = make_untrained_run(places.runs, "kept")
    with open_writer(run) as writing:
        writing.append(RunFinished("stopped", 3, 1.0))
    torn = make_untrained_run(places.runs, "torn")
    (torn.path / LOCK).touch()
    read_only(places.runs)
    found, sentence = places.with_writable_runs()
    assert found.runs == tmp_path / "cache" / "runs" and str(places.runs) in sentence
    services = Services.create(found, local=True, executor=Puppets())
    manager = services.manager
    assert {one.id for one in services.runs.list()} == {"kept", "torn"}
    assert {one.id for one in services.catalogue.ready()} >= {"kept", "torn"}
    assert manager.status("kept").state == "stopped" and manager.status("torn").state == "interrupted"
    assert services.tails.poll({"runs": {"kept": 0}})["kept"]["state"] == "stopped"
    assert services.runs.get("kept").load_model() and services.catalogue.get("kept")
    for act in (
        lambda: manager.rename("kept", None, "x"),
        lambda: manager.annotate("kept", None, "x"),
        lambda: manager.delete("kept", None),
        lambda: manager.resume("kept", None),
        lambda: manager.resume("torn", None),
    ):
        assert refused(act).code == "not_writable"
    assert manager.clean_up() == [] and not manager.queue.waiting() and not manager.queue.training()
    new = manager.submit(CONFIG).run
    assert new.path.parent == found.runs and {one.id for one in services.runs.list()} == {"kept", "torn", new.id}
    services.close()


def test_runs_that_cannot_be_removed_take_no_room_of_the_others(tmp_path, read_only):
    """Else a server would be full for ever, and remove what it can without winning anything."""
    places = make_places(tmp_path)
    old = make_untrained_run(places.runs, "old")
    (old.path / "padding").write_bytes(bytes(200_000))
    for path in (*old.path.iterdir(), old.path):
        os.utime(path, (1e9, 1e9))
    read_only(places.runs)
    found, _ = places.with_writable_runs()
    limits = replace(Limits.none(), stored_bytes=100_000, days=3)
    manager = RunManager(found, RunIndex(found.roots), Puppets(), limits, ["cpu"])
    assert manager.room.disk.used() < 100_000
    assert manager.submit(CONFIG, address="a").run.path.is_dir() and manager.clean_up() == [] and old.path.is_dir()
    manager.close()


def test_a_run_is_ended_where_the_disk_takes_no_request_to_stop(manager, monkeypatch):
    puppets, run = manager.queue.executor, manager.submit(CONFIG).run
    wait_until(lambda: puppets.begun)
    puppets.log(run.path, RunStarted(6, 12, {}, "a machine", "fp32"), REPORT)
    touch = Path.touch

    def full(path: Path, *arguments, **options) -> None:
        if path.name == STOP:
            raise OSError(errno.ENOSPC, "No space left on device")
        touch(path, *arguments, **options)

    monkeypatch.setattr(Path, "touch", full)
    manager.stop(run.id, None)
    assert [job.path for job in puppets.killed] == [run.path]
    wait_until(lambda: not manager.queue.training())
    assert manager.status(run.id).state == "stopped"


def test_a_run_that_has_had_its_time_on_a_full_disk_says_that_the_disk_is_full(tmp_path, monkeypatch):
    dataset = tiny_dataset()
    run = create_run(tmp_path, tiny_config(dataset, length=50))
    monkeypatch.setattr(worker, "load_dataset", lambda *arguments, **options: dataset)
    (run.path / STOP).mkdir()  # what cannot be written to
    monkeypatch.setattr(execute, "_withdraw", lambda stop: None)
    monkeypatch.setattr(Path, "exists", lambda path, real=Path.exists: path.name != STOP and real(path))
    with pytest.raises(DiskError):
        worker.carry_out(Job(run.path, tmp_path, tmp_path, seconds=0.0))


def test_what_a_killed_process_was_about_to_put_in_place_is_removed(tmp_path):
    run = create_run(tmp_path, CONFIG)
    epochs = run.path / EPOCHS
    epochs.mkdir()
    (epochs / "00000010.npz").touch()
    scratch = [run.path / ".model.safetensors-abc.part", epochs / ".00000020.npz-abc.part"]
    for path in scratch:
        path.write_bytes(bytes(1000))
    with open_writer(run):
        assert not any(path.exists() for path in scratch) and (epochs / "00000010.npz").exists()
