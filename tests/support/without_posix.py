"""Run by itself: import everything, and train a run into the folder given, as if this were Windows.

What the project imports is imported first, as it is here: only the project's own modules are tried. Prints one word
for each thing that went well.
"""

from __future__ import annotations

import builtins
import importlib
import multiprocessing
import os
import pkgutil
import signal
import sys
import types
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]
FOREIGN = (
    "captum.attr", "gradio", "matplotlib.figure", "matplotlib.font_manager", "pandas", "pyarrow.parquet", "scipy.stats",
    "torch.distributed", "torchvision.transforms",
)  # fmt: skip
ABSENT = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog", "multiprocessing.forkserver"}
LACKING = {
    os: ("fork", "sysconf", "geteuid", "getuid", "killpg", "setsid", "statvfs", "O_NONBLOCK", "register_at_fork"),
    signal: ("SIGKILL", "SIGHUP", "SIGUSR1", "SIGALRM", "pthread_sigmask", "alarm"),
}
HELD: set[tuple[int, int]] = set()  # (device, file) of what is locked


def locking(descriptor: int, mode: int, count: int) -> None:
    """msvcrt's: refuses at once with EACCES, also another descriptor of the same process."""
    about = os.fstat(descriptor)
    key = about.st_dev, about.st_ino
    if mode == msvcrt.LK_UNLCK:
        HELD.remove(key)
    elif key in HELD:
        raise PermissionError(13, "Permission denied")
    else:
        HELD.add(key)


msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.LK_UNLCK, msvcrt.locking = 2, 0, locking


def as_on_windows() -> None:
    """Take away what Windows lacks, from the project's modules alone: those of others have theirs already."""
    imports = builtins.__import__

    def only_what_is_there(name, names=None, *rest):
        importer = (names or {}).get("__name__", "")
        if importer.startswith("resnet_demo") and name in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return imports(name, names, *rest)

    builtins.__import__ = only_what_is_there
    sys.modules["msvcrt"], sys.platform = msvcrt, "win32"
    for module, names in LACKING.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)


def main(root: Path) -> None:
    """Import, lock, train, look."""
    for name in FOREIGN:
        importlib.import_module(name)
    as_on_windows()
    import resnet_demo

    for module in pkgutil.walk_packages(resnet_demo.__path__, "resnet_demo."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    print("imported")

    from tiny import tiny_config, tiny_dataset

    from resnet_demo.engine.limits import available_bytes
    from resnet_demo.runs.execute import execute
    from resnet_demo.runs.files import LOCK
    from resnet_demo.runs.lock import is_locked
    from resnet_demo.runs.queue.executor import START
    from resnet_demo.runs.writer import create_run

    assert START == "spawn" and START in multiprocessing.get_all_start_methods()
    available_bytes(torch.device("cpu"))  # it may not know
    dataset = tiny_dataset()
    run = create_run(root, tiny_config(dataset))
    events = execute(run, dataset, torch.device("cpu"))
    next(events)
    assert is_locked(run.path / LOCK) and HELD
    print("locked")
    for _ in events:
        pass
    print(run.state())
    assert not is_locked(run.path / LOCK) and not HELD
    print("unlocked")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
