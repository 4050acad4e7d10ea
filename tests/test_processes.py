"""Work in processes of its own: figures drawn at the same time, processes that are killed, parents that end."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from works import die_once, full_disk, no_memory

from resnet_demo.figures.confusion import matrix_file
from resnet_demo.metrics import ConfusionMatrix
from resnet_demo.places import PROJECT
from resnet_demo.processes import ProcessError, Processes


@pytest.fixture(scope="module")
def processes():
    made = Processes(2)
    yield made
    made.close()


def test_figures_drawn_at_the_same_time_are_those_drawn_alone(processes):
    matrices = [ConfusionMatrix(np.eye(size, dtype=int) * 7 + 1, range(size)) for size in (2, 9)]
    asked = [(kind, matrix) for matrix in matrices for kind in ("png", "svg")]
    alone = [matrix_file(kind, matrix) for kind, matrix in asked]
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda one: processes.run(matrix_file, *one), 2 * asked))
    assert drawn == 2 * alone


def test_what_the_work_raises_is_raised_here(processes):
    with pytest.raises(ValueError, match="png, svg, pdf"):
        processes.run(matrix_file, "exe", ConfusionMatrix([[1]], "a"))


def test_after_a_process_was_killed_another_one_works(processes):
    assert processes.run(os.getpid) != os.getpid()
    with pytest.raises(ProcessError) as error:
        processes.run(signal.raise_signal, signal.SIGKILL)
    assert error.value.code == "process.ended" and "memory" in str(error.value)
    assert processes.run(sum, (2, 3)) == 5


def test_what_the_machine_lacks_is_said_in_a_sentence(processes, monkeypatch):
    with pytest.raises(ProcessError) as error:
        processes.run(no_memory)
    assert error.value.code == "process.ended"
    with pytest.raises(ProcessError) as error:
        processes.run(full_disk)
    assert error.value.code == "process.failed" and "folder" not in str(error.value)
    assert error.value.values == {"detail": os.strerror(errno.ENOSPC)}

    def none(*args, **options):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("resnet_demo.processes.ProcessPoolExecutor", none)
    with pytest.raises(ProcessError) as error:
        Processes(1).run(abs, 1)
    assert error.value.values == {"detail": os.strerror(errno.EAGAIN)}


def test_what_is_closed_begins_nothing_any_more():
    processes = Processes(1)
    processes.close()
    with pytest.raises(ProcessError):
        processes.run(abs, 1)
    assert processes._pool is None


def test_the_processes_end_with_their_parent_however_it_ends():
    code = "import os, time; from resnet_demo.processes import Processes; p = Processes(1); print(p.run(os.getpid), "
    command = [sys.executable, "-c", f"{code} flush=True); time.sleep(600)"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert int(parent.stdout.readline()) != parent.pid
        parent.kill()
        assert parent.stdout.read() == ""  # returns as soon as nobody can write there any more: the other has ended too


def test_work_whose_process_was_killed_once_is_done_again(processes, tmp_path):
    mark = tmp_path / "killed"
    assert processes.run(die_once, mark) == "done" and mark.exists()


def test_work_that_may_be_tried_once_is_not_done_again(tmp_path):
    processes = Processes(1, tries=1)
    with pytest.raises(ProcessError):
        processes.run(die_once, tmp_path / "killed")
    processes.close()


def test_closing_waits_for_no_work():
    code = (
        "from resnet_demo.processes import Processes; import time; p = Processes(1); p.run(abs, 1); "
        "from threading import Thread; Thread(target=p.run, args=(time.sleep, 600), daemon=True).start(); "
        "time.sleep(0.5); p.close()"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, timeout=240).returncode == 0
