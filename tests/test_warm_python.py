"""The stand-in for the Python command does what the command does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.mark.parametrize(
    "words",
    [
        ["-c", "import os, sys; print(sys.argv, os.getcwd(), os.environ['GIVEN'], input())", "a", "-m"],
        ["-c", "import atexit; atexit.register(print, 'the end')"],
        ["-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"],
        ["-c", "import sys; sys.exit('a sentence')"],
        ["-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
        ["-c", "import os; os._exit(5)"],
        ["-u", "-m", "json.tool", "--indent", "2"],
        ["script.py", "-c"],
    ],
)
def test_it_says_and_returns_what_python_does(warm_python, tmp_path, words):
    (tmp_path / "script.py").write_text("import sys, beside; print(sys.argv, __name__, beside.WORD)")
    (tmp_path / "beside.py").write_text("WORD = 'beside'")
    options = {"cwd": tmp_path, "env": os.environ | {"GIVEN": "a b"}, "input": '{"a": 1}\n'}
    theirs, ours = (
        subprocess.run([python, *words], **options, capture_output=True, text=True)
        for python in (sys.executable, warm_python)
    )
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


def test_it_has_the_libraries_and_nothing_of_the_project(warm_python):
    code = "import sys; print({'torch', 'gradio', 'resnet_demo', 'huggingface_hub'} & {*sys.modules})"
    done = subprocess.run([warm_python, "-c", code], capture_output=True, text=True, check=True)
    assert eval(done.stdout) == {"torch", "gradio"}


WAITS = """
import os, signal, time
signal.signal(signal.SIGINT, lambda *_: os.write(1, b'interrupted '))
signal.signal(signal.SIGTERM, lambda *_: exit(7))
os.write(1, b'waits ')
while True:
    time.sleep(600)
"""


def test_it_gets_signals_and_ends_when_it_is_killed(warm_python):
    for ending, code in ((signal.SIGTERM, 7), (signal.SIGKILL, -signal.SIGKILL)):
        with subprocess.Popen([warm_python, "-c", WAITS], stdout=subprocess.PIPE) as process:
            assert process.stdout.read(6) == b"waits "
            process.send_signal(signal.SIGINT)
            assert process.stdout.read(12) == b"interrupted "
            process.send_signal(ending)
            assert process.stdout.read() == b"", "nobody can write there any more"
        assert process.returncode == code
