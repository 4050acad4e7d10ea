"""Real processes: they train, stop, crash and are killed, and so are the servers that started them."""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

import pytest
import torch
from managed import make_manager, make_pictures, make_places, picture_config, wait_until

from resnet_demo.engine.compilation import remember
from resnet_demo.engine.events import Resumed, RunFinished, RunStarted, StepMetrics
from resnet_demo.runs.files import CONFIG, OUTPUT
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.lock import is_locked
from resnet_demo.runs.queue import run_queue
from resnet_demo.runs.queue.endings import Ending, last_lines, without_directories
from resnet_demo.runs.queue.executor import ProcessExecutor
from resnet_demo.runs.queue.limits import Limits
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.writer import create_run, json_bytes

PATIENCE = 500  # seconds: a busy machine compiles for minutes
pytestmark = pytest.mark.timeout(1500)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="the fork server is used on Linux")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return make_pictures(tmp_path_factory.mktemp("worker") / "pictures")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return make_places(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def manager(places):
    manager = make_manager(places)
    yield manager
    manager.close()


@pytest.fixture(scope="module")
def config(pictures, places):
    """Six steps, of a batch with which compiling is remembered to fail: it trains soon, however long it is made."""
    found = picture_config(pictures, places.cache)
    remember(places.cache, found, torch.device("cpu"), compile_seconds=math.inf)
    return found


@pytest.fixture(scope="module")
def endless(config):
    return replace(config, unit="seconds", length=86_400.0)


@pytest.fixture(scope="module")
def compiled(endless):
    """Endless, of a batch of which nothing is remembered: its network is compiled first."""
    return replace(endless, batch_size=8)


def ended(manager, run: RunFolder):
    wait_until(lambda: manager.status(run.id).state not in ("queued", "running"), f"{run.id} did not end", PATIENCE)
    return manager.status(run.id)


def trains(run: RunFolder) -> StepMetrics:
    """The first report of the run, once there is one."""
    return wait_until(run.last_report, "it did not begin to train", PATIENCE)


def end_soon(run: RunFolder) -> None:
    """Have a run that does not train end a second of training later: one that is short may end before it is killed."""
    config = replace(RunFolder(run.path).config, length=run.last_report().seconds + 1)
    (run.path / CONFIG).write_bytes(json_bytes(config.to_dict()))


def process_of(manager, run: RunFolder) -> int:
    return manager.queue.trains(run.id).task.pid


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # one that has ended and waits for somebody to ask how
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return sys.platform != "linux"


def test_a_run_is_trained_and_evaluated_in_a_process_of_its_own(manager, config):
    run = manager.submit(config).run
    assert ended(manager, run).state == "finished"
    assert [type(event).__name__ for event in run.events()][0] == "RunStarted"
    assert set(run.predictions()) >= {"train", "validation"} and not run.load_model().training
    assert (run.path / OUTPUT).exists()


def test_stopping_and_resuming(manager, config):
    run = manager.submit(replace(config, length=1_000_000)).run
    trains(run)
    manager.stop(run.id, None)
    status = ended(manager, run)
    assert (status.state, status.reason) == ("stopped", "Stopped on request; it can be resumed.")
    before = run.last_report().step
    manager.resume(run.id, None)
    wait_until(lambda: run.last_report().step > before, "it did not go on", PATIENCE)
    manager.stop(run.id, None)
    assert ended(manager, run).state == "stopped"
    resumed = [event for event in run.raw_events() if isinstance(event, Resumed)]
    assert [event.step for event in resumed] == [before]


@posix
def test_kill_9_is_a_failed_run_with_advice_that_can_be_resumed(manager, endless):
    run = manager.submit(endless).run
    trains(run)
    os.kill(process_of(manager, run), signal.SIGKILL)
    status = ended(manager, run)
    assert status.state == "failed" and "SIGKILL" in status.reason and "smaller batch" in status.reason
    assert run.events()[-1].step >= 1
    end_soon(run)
    manager.resume(run.id, None)
    assert ended(manager, run).state == "finished"


@posix
def test_a_crash_is_a_failed_run_with_the_last_lines_of_its_process(manager, compiled):
    run = manager.submit(compiled).run
    trains(run)
    assert run.config.compile
    os.kill(process_of(manager, run), signal.SIGSEGV)
    status = ended(manager, run)
    assert status.state == "failed" and "crashed (SIGSEGV)" in status.reason
    assert "Fatal Python error: Segmentation fault" in (run.path / OUTPUT).read_text()
    assert len(status.reason.splitlines()) > 1 and str(Path(sys.prefix)) not in status.reason


@posix
def test_ctrl_c_is_for_the_server(manager, endless):
    run = manager.submit(endless).run
    step = trains(run).step
    os.kill(process_of(manager, run), signal.SIGINT)
    wait_until(lambda: run.last_report().step > step)
    manager.stop(run.id, None)
    assert ended(manager, run).state == "stopped"


def test_data_that_are_gone_are_a_sentence(manager, config, tmp_path):
    lost = make_pictures(tmp_path / "lost")
    lost_config = picture_config(lost, manager.places.cache)
    shutil.rmtree(lost)
    run = manager.submit(lost_config).run
    status = ended(manager, run)
    assert status.state == "failed" and "no data set" in status.reason and len(status.reason.splitlines()) == 1
    other = manager.submit(replace(config, fingerprint="others")).run
    assert "configured for other data" in ended(manager, other).reason
    assert ended(manager, manager.submit(config).run).state == "finished"


def test_a_run_in_steps_is_stopped_when_it_takes_longer_than_is_allowed(places, config):
    manager = make_manager(places, limits=replace(Limits.none(), seconds=0.5))
    run = manager.submit(replace(config, length=1_000_000)).run
    assert ended(manager, run).state == "stopped"
    assert 0.5 < run.last_report().seconds < 60
    manager.close()


@linux
def test_where_nothing_is_forked_a_worker_begins_with_nothing(places, config):
    manager = make_manager(places, executor=ProcessExecutor("spawn"))
    run = manager.submit(config).run
    assert ended(manager, run).state == "finished"
    manager.close()


@linux
def test_the_server_that_workers_come_from_has_its_imports_done_and_cuda_untouched(manager):
    manager.warm_up()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = manager.queue.executor.context.Process(target=tell_what_was_there, args=(theirs,))
    process.start()
    assert ours.poll(240)
    found = ours.recv()
    process.join()
    assert found == {"imports": True, "cuda": False, "threads": 1}


def tell_what_was_there(pipe) -> None:
    import torch

    there = "resnet_demo.runs.queue.worker" in sys.modules
    threads = len(os.listdir("/proc/self/task"))
    pipe.send(
        {"imports": there, "cuda": torch.cuda.is_initialized() or torch.cuda._is_in_bad_fork(), "threads": threads}
    )


SERVER = """
import signal
import sys
from pathlib import Path
from managed import make_manager, make_places, wait_until
from resnet_demo.runs.folder import RunFolder
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    manager = make_manager(make_places(Path(sys.argv[1])))
    config = RunFolder(Path(sys.argv[2])).config
    first, second = manager.submit(config).run, manager.submit(config).run
    wait_until(first.last_report)
    print(first.path, second.path, manager.queue.trains(first.id).task.pid, flush=True)
    wait_until(lambda: False)
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT] if os.name == "posix" else [])
def test_when_a_server_ends_its_worker_vanishes_and_its_runs_can_be_resumed(ending, places, manager, endless, tmp_path):
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    pattern = create_run(tmp_path, endless)
    root = Path(__file__).parents[2]
    server = subprocess.Popen(
        [sys.executable, str(script), str(places.runs.parent), str(pattern.path)],
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests' / 'support'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        first, second, pid = server.stdout.readline().split()
        first, second, pid = RunFolder(Path(first)), RunFolder(Path(second)), int(pid)
        assert is_alive(pid) and manager.status(first.id).state == "running"
        server.send_signal(ending)
        server.wait()
    wait_until(lambda: not is_alive(pid), "the worker trains on")
    wait_until(lambda: not is_locked(first.path / "lock"), "somebody holds the run")
    assert manager.status(first.id).state == manager.status(second.id).state == "interrupted"
    assert not any(isinstance(event, RunFinished) for event in first.raw_events())
    for run in (first, second) if ending == signal.SIGKILL else ():
        manager.resume(run.id, None)
        trains(run)
        if run is first:
            wait_until(lambda: any(isinstance(event, Resumed) for event in first.raw_events()))
        manager.stop(run.id, None)
        assert ended(manager, run).state == "stopped"


@linux
def test_several_processes_train_one_run_and_go_when_their_worker_is_killed(manager, endless, monkeypatch, warm_python):
    monkeypatch.setenv("PYTHON_EXEC", warm_python)  # which torchrun starts, in the environment of a new fork server
    forkserver._forkserver._stop()
    monkeypatch.setattr(run_queue, "LOCK_PATIENCE", 240)
    run = manager.submit(endless, processes=2).run
    trains(run)
    os.kill(process_of(manager, run), signal.SIGKILL)
    assert "SIGKILL" in ended(manager, run).reason  # which could not be written while another one held the lock
    end_soon(run)
    manager.resume(run.id, None)
    assert ended(manager, run).state == "finished", (run.path / OUTPUT).read_text()
    assert [event.processes for event in run.raw_events() if isinstance(event, RunStarted | Resumed)] == [2, 2]


def test_a_job_travels_as_one_line():
    job = Job(Path("runs/a b"), Path("cache"), Path("own"), None, ("cuda:0", "cuda:1"), 2, True, math.inf)
    assert Job.from_json(job.to_json()) == job and "\n" not in job.to_json()


def test_killing_what_is_not_there_does_nothing(places):
    ProcessExecutor().task(Job(places.runs / "none", places.cache, places.cache)).kill()


@pytest.mark.parametrize(
    ("code", "said", "advice"),
    [
        (-9, "", "killed (SIGKILL)"),
        (-11, "", "crashed (SIGSEGV)"),
        (-99, "", "crashed (signal 99)"),
        (1, "RuntimeError: DefaultCPUAllocator: can't allocate memory: you tried", "Memory did not suffice"),
        (1, "MemoryError", "Memory did not suffice"),
        (1, "torch.AcceleratorError: CUDA error: an illegal memory access", "The GPU reported an error"),
        (1, "KeyError: 'x'", "exit code 1"),
        (0, "", "ended before the run did"),
        (None, "", "ended before the run did"),
    ],
)
def test_every_ending_has_its_advice(tmp_path, code, said, advice):
    (tmp_path / OUTPUT).write_text(f"first\n\n{said}\n")
    ending = Ending.of(code, tmp_path / OUTPUT)
    assert advice in ending.why()["reason"].splitlines()[0] and "first" in ending.why()["reason"]


def test_what_was_said_in_a_sentence_stays_one(tmp_path):
    (tmp_path / OUTPUT).write_text("Traceback …\nno data set 'x'\n")
    assert Ending.of(2, tmp_path / OUTPUT).why() == {"reason": "no data set 'x'"}


def test_last_lines_are_few_short_and_name_no_directories(tmp_path):
    output = tmp_path / OUTPUT
    assert last_lines(output) == ()
    output.write_bytes(b"\xff bytes\n" + b"x" * 100_000 + b"\r\n" + b"\n".join(b"line %d" % i for i in range(20)))
    assert last_lines(output) == tuple(f"line {i}" for i in range(12, 20))
    output.write_text("y" * 100_000)
    assert [len(line) for line in last_lines(output)] == [300]
    for line, plain in (
        ('  File "/home/somebody/project/train.py", line 3, in f', '  File "…/train.py", line 3, in f'),
        ("[Errno 2] No such file: '/srv/data/a b/c.png'", "[Errno 2] No such file: '…/a b/c.png'"),
        ("3 images/s, loss/accuracy 1/2", "3 images/s, loss/accuracy 1/2"),
        (r"at C:\Users\somebody\x.py", r"at …/x.py"),
    ):
        assert without_directories(line) == plain
