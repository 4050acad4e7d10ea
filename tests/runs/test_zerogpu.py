"""Runs inside calls of a platform's decorator. The stand-in for `spaces` forks, pickles and ends calls as the real one
does, so it works in a process of its own, which has not computed anything before it forks."""

from __future__ import annotations

import math
import os
import subprocess
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from managed import make_pictures, make_places, picture_config
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine.events import RunFinished, RunStarted, StepMetrics
from resnet_demo.runs.files import STOP
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.queue import worker
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.queue.zerogpu import LONGEST, MARGIN, ZeroGpuExecutor, call_seconds, train_in_call
from resnet_demo.runs.writer import create_run, open_writer

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform forks"),
]

SPACES = '''
"""A stand-in for `spaces` as ZeroGPU has it: each call is forked off, its argument and result are pickled, and it ends
with its time."""
import contextvars, functools, multiprocessing, pickle

token = contextvars.ContextVar("whose quota it is", default="nobody")
calls = []


class Error(Exception):
    pass


def GPU(duration=60):
    def decorate(function):
        def child(argument, pipe):
            pipe.send_bytes(pickle.dumps(function(pickle.loads(argument))))

        @functools.wraps(function)
        def call(job):
            calls.append((token.get(), duration(job)))
            ours, theirs = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.get_context("fork").Process(target=child, args=(pickle.dumps(job), theirs))
            process.start()
            theirs.close()
            try:
                if not ours.poll(limit if limit else duration(job)):
                    raise Error("GPU task aborted")
                return pickle.loads(ours.recv_bytes())
            except EOFError:
                raise Error("GPU worker died") from None
            finally:
                process.kill()
                process.join()

        return call

    return decorate


limit = None  # seconds, for a call that is to be cut short
'''

SERVER = """
import contextvars, os, sys
from dataclasses import replace
from pathlib import Path
import spaces
from managed import make_manager, make_places, wait_until
from tiny import ENDLESS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.queue import zerogpu

real = zerogpu.carry_out
def dies(job, world=None):
    os.kill(os.getpid(), 9)
def on_the_cpu(job, world=None):  # there is no GPU here; all else is as it is
    assert job.device == "cuda"
    real(replace(job, devices=("cpu",)), world)
zerogpu.carry_out = on_the_cpu

if __name__ == "__main__":
    config = RunFolder(Path(sys.argv[2])).config
    endless = replace(config, **ENDLESS)
    manager = make_manager(
        make_places(Path(sys.argv[1])), executor=zerogpu.ZeroGpuExecutor(spaces.GPU), slots=None
    )

    def begun(config, visitor="visitor"):
        def submit():
            spaces.token.set(visitor)
            return manager.submit(config).run
        return contextvars.copy_context().run(submit)

    def ended(run):
        wait_until(lambda: manager.status(run.id).state not in ("queued", "running"))
        status = manager.status(run.id)
        print(status.state, "|", status.reason.replace(chr(10), " "), flush=True)

    first, second = begun(config, "one"), begun(config, "two")
    ended(first); ended(second)
    run = begun(endless); wait_until(run.last_report); manager.stop(run.id, None); ended(run)
    step = run.last_report().step
    manager.resume(run.id, None); wait_until(lambda: run.last_report().step > step); manager.stop(run.id, None)
    ended(run)
    spaces.limit = 0.5
    ended(begun(endless))
    spaces.limit = None
    zerogpu.carry_out = dies
    ended(begun(config))
    print(spaces.calls[0], spaces.calls[1], len(spaces.calls), flush=True)
    manager.close()
"""


def test_runs_in_calls_that_fork_and_pickle(tmp_path, warm_python):
    pictures = make_pictures(tmp_path / "pictures")
    places = make_places(tmp_path / "places")
    config = picture_config(pictures, places.cache)
    pattern = create_run(tmp_path / "patterns", config)
    (tmp_path / "spaces.py").write_text(SPACES)
    (tmp_path / "server.py").write_text(textwrap.dedent(SERVER))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [warm_python, str(tmp_path / "server.py"), str(tmp_path / "places"), str(pattern.path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (tmp_path, root, root / "tests" / "support")))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    first, second, stopped, resumed, cut, died, calls = done.stdout.strip().splitlines()
    assert first == second == "finished | "
    assert stopped == resumed == "stopped | Stopped on request; it can be resumed."
    assert cut.startswith("failed | ") and "GPU task aborted" in cut
    assert died.startswith("failed | ") and "GPU worker died" in died
    assert calls == f"('one', {LONGEST:.0f}) ('two', {LONGEST:.0f}) 6"


def job_of(run: RunFolder, **changes) -> Job:
    return replace(Job(run.path, run.path, run.path, devices=("cuda",)), **changes)


def test_a_call_is_as_long_as_what_is_left_to_train_and_a_margin(tmp_path):
    config = tiny_config(tiny_dataset(), unit="seconds", length=20.0)
    run = create_run(tmp_path, config)
    assert call_seconds(job_of(run)) == 20 + MARGIN
    assert call_seconds(job_of(run, seconds=5.5)) == math.ceil(5.5 + MARGIN)
    with open_writer(run) as writer:
        writer.append(RunStarted(5, None, {}, "", "fp32"))
        writer.append(StepMetrics(3, 0.1, 0.6, 12.5, 1.0, 0.5, 0.1, 1.0, 10.0))
        writer.append(RunFinished("stopped", 3, 12.5))
    assert call_seconds(job_of(run, resume=True)) == math.ceil(7.5 + MARGIN)
    assert call_seconds(job_of(create_run(tmp_path, replace(config, length=3600.0)))) == LONGEST
    assert call_seconds(job_of(create_run(tmp_path, tiny_config(tiny_dataset())))) == LONGEST


def test_a_job_that_is_killed_before_its_call_needs_none(tmp_path):
    asked = []
    run = create_run(tmp_path, tiny_config(tiny_dataset()))
    task = ZeroGpuExecutor(lambda duration: lambda function: asked.append).task(job_of(run))
    task.kill()
    assert task.run().signal == "SIGKILL" and not asked


def test_a_call_that_cannot_be_asked_to_stop_is_no_error(tmp_path):
    """Its folder is gone; a full disk says the same."""
    run = create_run(tmp_path, tiny_config(tiny_dataset()))
    task = ZeroGpuExecutor(lambda duration: lambda function: function).task(job_of(run, path=tmp_path / "gone"))
    task.kill()
    assert task.run().signal == "SIGKILL"


@pytest.mark.parametrize("at", ["while loading", "before the first step"])
def test_a_stop_is_answered_whenever_it_is_asked_for(tmp_path, monkeypatch, at):
    dataset = tiny_dataset()
    run = create_run(tmp_path, tiny_config(dataset, length=1000))
    real = worker.execute_race

    def load(*args, **options):
        if at == "while loading":
            (run.path / STOP).touch()
        return dataset

    def execute_race(*args, **options):
        assert at == "before the first step"
        (run.path / STOP).touch()
        return real(*args, **options)

    monkeypatch.setattr(worker, "load_dataset", load)
    monkeypatch.setattr(worker, "execute_race", execute_race)
    ending = train_in_call(job_of(run, devices=("cpu",)))
    assert ending.code == 0, ending.last_lines
    assert at != "before the first step" or run.state() == "stopped"


def test_what_the_platform_raises_is_logged_with_where_it_was_raised(tmp_path, caplog):
    def refuses(job):
        raise RuntimeError("no quota is left")

    run = create_run(tmp_path, tiny_config(tiny_dataset()))
    ending = ZeroGpuExecutor(lambda duration: lambda function: refuses).task(job_of(run)).run()
    assert ending.last_lines == ("no quota is left",)
    assert "RuntimeError" in caplog.text and "in refuses" in caplog.text and "no quota is left" not in caplog.text


def test_what_has_trained_before_does_not_shorten_the_next_call(tmp_path):
    asked = []
    executor = ZeroGpuExecutor(lambda duration: lambda function: asked.append)
    run = create_run(tmp_path, tiny_config(tiny_dataset()))
    with open_writer(run) as writer:
        writer.append(StepMetrics(3, 0.1, 0.6, 50.0, 1.0, 0.5, 0.1, 1.0, 10.0))
    executor.task(job_of(run)).run()
    executor.task(job_of(run, resume=True)).run()
    executor.task(job_of(run, resume=True, seconds=60.0)).run()
    assert [job.seconds for job in asked] == [LONGEST - MARGIN, 50 + LONGEST - MARGIN, 60]
