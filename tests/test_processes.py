"""Work in processes of its own: figures drawn at the same time, processes that are killed, parents that end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from resnet_demo.figures.confusion import matrix_file
from resnet_demo.metrics import ConfusionMatrix
from resnet_demo.places import PROJECT
from resnet_demo.processes import Processes


@pytest.fixture
def processes():
    made = Processes(2)
    yield made
    made.close()


def test_figures_drawn_at_the_same_time_are_those_drawn_alone(processes):
    matrices = [ConfusionMatrix(np.eye(size, dtype=int) * 7 + 1, range(size)) for size in (2, 3, 5, 9)]
    asked = [(kind, matrix) for matrix in matrices for kind in ("png", "svg")]
    alone = [matrix_file(kind, matrix) for kind, matrix in asked]
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda one: processes.run(matrix_file, *one), 3 * asked))
    assert drawn == 3 * alone


def test_what_the_work_raises_is_raised_here(processes):
    with pytest.raises(ValueError, match="png, svg, pdf"):
        processes.run(matrix_file, "exe", ConfusionMatrix([[1]], "a"))


def test_after_a_process_was_killed_another_one_works(processes):
    assert processes.run(os.getpid) != os.getpid()
    with pytest.raises(BrokenProcessPool):
        processes.run(signal.raise_signal, signal.SIGKILL)
    assert processes.run(sum, (2, 3)) == 5


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


def die_once(mark):
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 keeps its processes")
def test_a_process_is_replaced_after_its_tasks():
    processes = Processes(1, tasks=1)
    assert len({processes.run(os.getpid) for _ in range(3)}) == 3
    processes.close()


def test_closing_waits_for_no_work():
    code = (
        "from resnet_demo.processes import Processes; import time; p = Processes(1); p.run(abs, 1); "
        "p.submit(time.sleep, 600); time.sleep(0.5); p.close()"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, timeout=240).returncode == 0
