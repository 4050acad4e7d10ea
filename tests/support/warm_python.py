"""A stand-in for the Python command whose processes begin with the libraries imported, which takes seconds otherwise.

`warm_python` gives a program that takes `-m`, `-c` or a script. What it starts is forked from a server that has all
the libraries, and nothing of this project. The new process has the program's arguments, environment, folder and open
files, gets its signals, ends when it is killed, and gives its exit code; but it is another process, in another group:
where a test looks at processes, it takes `sys.executable`. POSIX only.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import marshal
import multiprocessing
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

LIBRARIES = (
    "torch._dynamo", "torch.distributed.run", "gradio", "gradio_client", "matplotlib.figure", "matplotlib.font_manager",
    "pandas", "safetensors.torch",
)  # fmt: skip
AT_IMPORT = "huggingface_hub"  # reads the environment when it is imported: each process does so itself
COMMAND = """#!{python} -SEs
import marshal, os, signal, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
heeds = signal.getsignal(signal.SIGINT) != signal.SIG_IGN
request = marshal.dumps((sys.argv, dict(os.environ), os.getcwd(), heeds))
socket.send_fds(server, [len(request).to_bytes(4, "big")], [0, 1, 2])
server.sendall(request)
for number in signal.SIGINT, signal.SIGTERM:
    signal.signal(number, lambda number, _: server.send(bytes([number])))
code = int.from_bytes(server.recv(4) or b"\\0\\0\\0\\1", "big", signed=True)
if code < 0:
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""


def warm_python(folder: Path) -> tuple[str, socket.socket]:
    """The program, in `folder`, and what holds its server: that ends once nobody has a connection of this kind."""
    program, address = folder / "python", str(folder / "server")
    held = socket.socket(socket.AF_UNIX)
    try:
        held.connect(address)
    except OSError:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run([sys.executable, __file__, address], env=environment, start_new_session=True, check=True)
        held.connect(address)
        program.write_text(COMMAND.format(python=sys.executable, address=address))
        program.chmod(0o755)
    held.sendall(bytes(4))
    return str(program), held


def serve(address: str) -> None:
    """Attend to each program in a process of its own; return once that has begun."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for name in [name for name in sys.modules if name.partition(".")[0] == AT_IMPORT]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()  # what has been imported is looked at, and copied, in none of the processes
    with socket.socket(socket.AF_UNIX) as server:
        Path(address).unlink(missing_ok=True)
        server.bind(address)
        server.listen()
        if os.fork():
            return
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
        held: list[socket.socket] = []
        while True:
            for ready in select.select([server, *held], [], [])[0]:
                if ready is not server:
                    held.remove(ready)
                    if not held:
                        return
                    continue
                program, _ = server.accept()
                length, files, *_ = socket.recv_fds(program, 4, 3)
                if not files:
                    held.append(program)
                    continue
                if not os.fork():
                    server.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    attend(program, int.from_bytes(length, "big"), files)
                for file in (program.detach(), *files):
                    os.close(file)


def attend(program: socket.socket, length: int, files: list[int]) -> None:
    """Do what a program asks for in a process of its own, hand on its signals, and give it the exit code."""
    with program.makefile("rb") as stream:
        request = marshal.loads(stream.read(length))
    worker = multiprocessing.get_context("fork").Process(target=become, args=(files, *request))
    worker.start()
    for file in files:
        os.close(file)

    def hand_on() -> None:
        with suppress(OSError):
            while number := program.recv(1):
                os.kill(worker.pid, number[0])
            os.killpg(worker.pid, signal.SIGKILL)  # as the program was, perhaps with all that it had started

    threading.Thread(target=hand_on, daemon=True).start()
    worker.join()
    with suppress(OSError):
        program.sendall(worker.exitcode.to_bytes(4, "big", signed=True))
    os._exit(0)


def become(files: list[int], words: list[str], environment: dict[str, str], folder: str, heeds: bool) -> None:
    """Be a Python that was started with these words."""
    os.setpgrp()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, closefd=False)
    sys.stdout, sys.stderr = (open(number, "w", buffering=1, closefd=False) for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler if heeds else signal.SIG_IGN)
    sys.executable, *words = words
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    kind, *rest = words[1:] if words[0] == "-u" else words
    first = {"-m": folder, "-c": ""}.get(kind, str(Path(kind).parent))
    sys.path[:1] = [first, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    atexit._clear()  # what the libraries have there is none of the program's
    try:
        if kind == "-m":
            sys.argv = rest
            runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        elif kind == "-c":
            sys.argv = ["-c", *rest[1:]]
            exec(rest[0], {"__name__": "__main__"})
        else:
            sys.argv = [kind, *rest]
            runpy.run_path(kind, run_name="__main__")
    finally:
        atexit._run_exitfuncs()


if __name__ == "__main__":
    serve(sys.argv[1])
