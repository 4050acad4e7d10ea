"""Jobs that are killed before there is a process, and the server that processes are forked from when it dies."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

import pytest
import torch
from managed import make_manager, make_pictures, make_places, picture_config, wait_until

from resnet_demo.engine.compilation import remember
from resnet_demo.engine.events import Resumed, RunFinished
from resnet_demo.runs.files import OUTPUT
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.queue import run_queue
from resnet_demo.runs.queue.executor import ProcessExecutor
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.writer import create_run

PATIENCE = 500  # seconds, for busy machines
pytestmark = [
    pytest.mark.timeout(1500),
    pytest.mark.skipif(sys.platform != "linux", reason="the fork server is used on Linux"),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return make_places(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def config(places, tmp_path_factory):
    """Six steps that are not compiled."""
    found = picture_config(make_pictures(tmp_path_factory.mktemp("starts") / "pictures"), places.cache)
    remember(places.cache, found, torch.device("cpu"), compile_seconds=math.inf)
    return found


@pytest.fixture(scope="module")
def executor():
    return ProcessExecutor()


@pytest.fixture
def manager(places, executor):
    manager = make_manager(places, executor=executor)
    yield manager
    manager.close()


def ended(manager, run: RunFolder) -> str:
    wait_until(lambda: manager.status(run.id).state not in ("queued", "running"), f"{run.id} did not end", PATIENCE)
    return manager.status(run.id).state


def server() -> int:
    """The process id of the fork server."""
    return forkserver._forkserver._forkserver_pid


@contextmanager
def halted(executor):
    """The fork server does not answer, as while it imports."""
    executor.warm_up()
    pid = server()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGCONT)


def begins_to_start(run: RunFolder) -> None:
    """A thread has asked the fork server to start the run's process, and waits for its answer."""

    def asked() -> bool:
        starting = [thread.ident for thread in threading.enumerate() if thread.name == f"start {run.id}"]
        frames = [sys._current_frames().get(ident) for ident in starting]
        return any(frame and frame.f_code.co_name == forkserver.read_signed.__name__ for frame in frames)

    wait_until(asked)


def never_begins(run: RunFolder) -> None:
    """The run's process, if there is one at all, goes without having done anything."""
    name = f"run {run.id}"
    wait_until(lambda: not any(thread.name == f"start {run.id}" for thread in threading.enumerate()))
    assert not any(child.name == name for child in multiprocessing.active_children())
    assert not (run.path / OUTPUT).exists() and not [*run.raw_events()][1:]


def test_a_job_that_is_killed_before_it_runs_has_no_process(places, executor, tmp_path):
    task = executor.task(Job(tmp_path, places.cache, places.cache))
    task.kill()
    task.kill()
    assert task.run().signal == "SIGKILL" and task.pid is None
    wait_until(lambda: not any(thread.name.startswith("start ") for thread in threading.enumerate()))
    assert not (tmp_path / OUTPUT).exists()


def test_what_is_stopped_while_the_fork_server_does_not_answer_ends_and_never_starts(manager, executor, config):
    with halted(executor):
        run = manager.submit(config).run
        begins_to_start(run)
        manager.stop(run.id, None)
        assert ended(manager, run) == "stopped"
    never_begins(run)
    manager.resume(run.id, None)
    assert ended(manager, run) == "finished"


def test_closing_does_not_wait_for_the_fork_server_and_nothing_starts_later(places, executor, config):
    manager = make_manager(places, executor=executor)
    with halted(executor):
        run = manager.submit(config).run
        begins_to_start(run)
        (entry,) = manager.queue.training()
        manager.close()
        assert not entry.thread.is_alive()
    never_begins(run)
    assert manager.status(run.id).state == "interrupted" and not [*run.raw_events()]


def test_a_fork_server_that_was_killed_is_started_anew_with_its_imports_done(manager, executor, config):
    executor.warm_up()
    before = server()
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert ended(manager, manager.submit(config).run) == "finished"
    assert server() != before
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = executor.context.Process(target=tell_imports, args=(theirs,))
    process.start()
    assert ours.poll(PATIENCE) and "resnet_demo.runs.queue.worker" in ours.recv()
    process.join()


def tell_imports(pipe) -> None:
    pipe.send([*sys.modules])


def test_a_run_whose_fork_server_is_killed_before_it_starts_begins_anew_when_resumed(manager, executor, config):
    with halted(executor) as pid:
        run = manager.submit(config).run
        begins_to_start(run)
        os.kill(pid, signal.SIGKILL)
        assert ended(manager, run) == "failed"
    manager.resume(run.id, None)
    assert ended(manager, run) == "finished"
    assert not any(isinstance(event, Resumed | RunFinished) for event in run.events()[:-1])


def test_a_run_whose_fork_server_is_killed_while_it_trains_ends_and_goes_on_when_resumed(
    manager, executor, config, monkeypatch
):
    monkeypatch.setattr(run_queue, "LOCK_PATIENCE", 240)
    run = manager.submit(replace(config, length=1_000_000)).run
    wait_until(run.last_report, "it did not begin to train", PATIENCE)
    os.kill(server(), signal.SIGKILL)
    assert ended(manager, run) == "failed"
    step = run.last_report().step
    manager.resume(run.id, None)
    wait_until(lambda: run.last_report().step > step, "it did not go on", PATIENCE)
    manager.stop(run.id, None)
    assert ended(manager, run) == "stopped"


COLD = """
import signal
import sys
from pathlib import Path
from managed import make_manager, make_places, wait_until
from resnet_demo.runs.folder import RunFolder
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    manager = make_manager(make_places(Path(sys.argv[1])))
    try:
        print(manager.submit(RunFolder(Path(sys.argv[2])).config).run.path, flush=True)
        wait_until(lambda: False)
    except KeyboardInterrupt:
        pass
"""


def test_ctrl_c_during_warm_up_leaves_no_process_no_run_and_no_traceback(config, tmp_path):
    (tmp_path / "server.py").write_text(COLD)
    pattern, root = create_run(tmp_path, config), Path(__file__).parents[2]
    cold = subprocess.Popen(
        [sys.executable, str(tmp_path / "server.py"), str(tmp_path), str(pattern.path)],
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests' / 'support'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    run = RunFolder(Path(cold.stdout.readline().strip()))
    os.killpg(cold.pid, signal.SIGINT)  # as a terminal does: to all processes
    _, said = cold.communicate()  # until none of them is left
    assert said == "" and cold.returncode == 0
    assert run.state() == "interrupted" and not [*run.raw_events()] and not (run.path / OUTPUT).exists()
