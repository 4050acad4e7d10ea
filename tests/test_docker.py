"""The Dockerfile, carried out as far as that goes without Docker.

Its steps are carried out in a folder that stands for the root of the image: COPY copies what .dockerignore leaves, RUN
runs in a shell, and the server runs with the environment and as the user that the file names. What would change this
machine is replaced (`REPLACED`). Not tried: the base image, and that the requirements can be installed in it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
from first_use import classify_and_train

from resnet_demo.places import PROJECT

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# another user, who may read what root alone may (this Python perhaps), but not write it
USER = ["setpriv", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"] if ROOT else []
REPLACED = f"""
python() {{ {shlex.quote(sys.executable)} "$@"; }}
pip() {{ python -m pip "$@" --dry-run --no-index --quiet; }}  # whether what it would install is here
useradd() {{ mkdir -p "$IMAGE/home/user" && chown 1000:1000 "$IMAGE/home/user"; }}
{"" if ROOT else "chown() { :; }"}
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the steps are a POSIX shell's")


def instructions(text: str) -> list[tuple[str, str]]:
    """(name, rest) of each, as Docker reads a Dockerfile."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return [
        (name, rest)
        for name, _, rest in (line.partition(" ") for line in lines.replace("\\\n", "").splitlines())
        if name
    ]


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out; the last line that matches it or a folder above it decides."""
    above = [str(one) for one in (PurePosixPath(path), *PurePosixPath(path).parents)][:-1]
    found = False
    for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if not line.startswith("#") and any(fnmatch(one, pattern) for one in above):
            found = not line.startswith("!")
    return found


@dataclass
class Image:
    """What the instructions made. command: of the server; check: of its health."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()
    user: str = "0"
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """The words with the image's folders below `root`."""
        return re.sub(r"(?<![\w.])/(app|data|home/user)\b", rf"{self.root}/\1", text)

    def carry_out(self, name: str, rest: str) -> None:
        match name:
            case "WORKDIR":
                self.folder = Path(self.here(rest))
                self.folder.mkdir()
            case "COPY":
                *sources, target = rest.split()
                for source in sources:
                    self._copy(source, self.folder / target)
            case "RUN":
                script = f"set -eu\n{REPLACED}\n{self.here(rest)}"
                environment = {**os.environ, "IMAGE": str(self.root), "EXTRA_INDEX": ""}
                subprocess.run(["sh", "-c", script], cwd=self.folder, env=environment, check=True)
            case "ENV":
                self.environment |= dict(one.split("=", 1) for one in shlex.split(self.here(rest)))
            case "USER":
                self.user = rest
            case "ENTRYPOINT":
                self.command = executable(rest)
            case "HEALTHCHECK":
                self.check = executable(rest.partition(" CMD ")[2])
            case _:
                self.others[name] = rest

    def _copy(self, source: str, target: Path) -> None:
        whole = PROJECT / source
        for path in whole.rglob("*") if whole.is_dir() else [whole]:
            inner = path.relative_to(PROJECT).as_posix()
            if path.is_file() and not ignored(inner):
                to = target / path.relative_to(whole) if whole.is_dir() else target / source
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)

    def start(self, command: list[str], **options) -> subprocess.Popen:
        as_user = [*USER, f"--reuid={self.user}", f"--regid={self.user}", "--"] if ROOT else []
        environment = {"PATH": os.environ["PATH"], "TMPDIR": str(self.root / "tmp"), **self.environment}
        return subprocess.Popen([*as_user, *command], cwd=self.folder, env=environment, **options)


def executable(words: str) -> list[str]:
    """A command in the exec form, which starts the program itself and no shell: it then gets the signals."""
    first, *rest = json.loads(words)
    assert first == "python"
    return [sys.executable, *rest]


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Image:
    made = Image(tmp_path_factory.mktemp("image"))
    made.folder = made.root
    made.root.chmod(0o755)
    (made.root / "tmp").mkdir()
    (made.root / "tmp").chmod(0o777)
    for name, rest in instructions((PROJECT / "Dockerfile").read_text(encoding="utf-8")):
        made.carry_out(name, rest)
    return made


def test_the_image_has_what_the_page_needs_and_nothing_of_its_users(image):
    for name in ("weights", "assets/samples", "assets/fonts"):
        wanted = {path.name for path in (PROJECT / name).rglob("*") if path.is_file()}
        assert {path.name for path in (image.root / "app" / name).rglob("*") if path.is_file()} == wanted
    kept_out = (
        ".env", ".git/config", "runs/a/model.safetensors", "resnet_demo/.env", "assets/screenshots/tour.webp", "a.pem",
        "tests/conftest.py", "resnet_demo/ui/__pycache__/build.pyc",
    )  # fmt: skip
    assert [path for path in kept_out if not ignored(path)] == []
    source = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    assert not re.search(r"token|secret|password|\bkey\b", source, re.I)


def test_only_the_volume_and_the_home_are_the_users(image):
    app = image.root / "app"
    for path in (app, *app.rglob("*")):
        mode = path.stat().st_mode
        assert mode & 0o222 == 0 and mode & 0o444 == 0o444, path
        assert not path.is_dir() or mode & 0o111 == 0o111, path
    assert image.user == "1000" and image.others["VOLUME"] == "/data"
    assert image.others["EXPOSE"] == image.environment["GRADIO_SERVER_PORT"] == "7860"
    if ROOT:
        owners = {path.name: path.stat().st_uid for path in image.root.iterdir()}
        assert owners == {"app": 0, "tmp": 0, "home": 0, "data": 1000}


def test_the_server_is_healthy_trains_and_ends_when_it_is_told_to(image, few_shapes):
    cache = few_shapes(image.root / "data" / "cache")
    for path in (cache, *cache.rglob("*")) if ROOT else ():
        os.chown(path, 1000, 1000)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        image.environment["GRADIO_SERVER_PORT"] = str(free.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    assert image.start(image.check, **quiet).wait() != 0
    server = image.start(image.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + 240
        while image.start(image.check, **quiet).wait():
            assert time.monotonic() < until and server.poll() is None, server.communicate()
            time.sleep(0.5)
        address = f"http://127.0.0.1:{image.environment['GRADIO_SERVER_PORT']}/"
        run = classify_and_train(address)
    finally:
        server.terminate()
        printed, _ = server.communicate(timeout=60)
    assert server.returncode == 0 and "Traceback" not in printed and "cannot be written" not in printed
    assert not list((image.root / "tmp").glob("resnet_demo-*")), "what was uploaded goes with the server"
    weights = image.root / "data" / "runs" / run / "model.safetensors"
    assert weights.stat().st_uid == (1000 if ROOT else os.geteuid())
