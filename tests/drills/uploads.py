"""Drill: files that are none of what is accepted, to every place of the page that takes a file."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import pickle
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from outcome import Outcome
from PIL import Image
from server import Server
from visitor import Refusal, Unexpected, Visitor, words

MODEL = "shapes-resnet8"  # ships with the project
IMAGE = Path(__file__).resolve().parents[2] / "assets" / "samples" / "cat.jpg"


def drill(root: Path, times: int | None = None, seed: int = 0) -> Outcome:
    """`times` uploads in an order of `seed`, by default each kind of content to each place."""
    outcome, folder, executed = Outcome("bad uploads"), root / "bad", root / "executed"
    folder.mkdir()
    contents = bad_contents(executed)
    for name, spring in TRAPS.items():
        if not springs(spring, contents[name], executed):
            outcome.problems.append(f"{name}: would execute nothing anywhere")
    with Server(root, ("--public",)) as server, Visitor(server.address) as visitor:
        visitor.call("classify", visitor.upload(IMAGE), MODEL, 3)
        outcome.look(server)
        pairs = [(content, place) for content in contents for place in PLACES]
        random.Random(seed).shuffle(pairs)
        for content, place in itertools.islice(itertools.cycle(pairs), times or len(pairs)):
            ending, send = PLACES[place]
            path = folder / f"{content}.{ending}"
            path.write_bytes(contents[content])
            wrong = []
            try:
                answer = send(visitor, visitor.upload(path))
                if not words(answer).strip():
                    wrong.append("nothing was said")
            except Refusal:
                pass
            except Unexpected as error:
                wrong.append(str(error))
            if executed.exists():
                executed.rmdir()
                wrong.append("it was executed")
            outcome.check(f"{place}, {content}", *wrong, *server.tracebacks())
        try:
            visitor.call("classify", visitor.upload(IMAGE), MODEL, 3)
        except (Refusal, Unexpected) as error:
            outcome.problems.append(f"afterwards: {error}")
        outcome.look(server)
    return outcome


Send = Callable[[Visitor, dict], object]
PLACES: dict[str, tuple[str, Send]] = {  # where files are taken: (file name extension, how it gets there)
    "Classify, API": ("png", lambda visitor, file: visitor.call("classify", file, MODEL, 3)),
    "Classify, page": (
        "jpg",
        lambda visitor, file: visitor.event(
            "picture", "change", {"picture": [{"image": file, "caption": None}], "run": [MODEL]}
        ),
    ),
    "run": ("zip", lambda visitor, file: visitor.event("upload-file", "upload", {"upload-file": file})),
    "own images": ("zip", lambda visitor, file: visitor.event("own-file", "upload", {"own-file": file})),
    "labelled images": (
        "zip",
        lambda visitor, file: visitor.event("bring-zip", "upload", {"bring-zip": file, "bring-judging": MODEL}),
    ),
    "predictions": ("csv", lambda visitor, file: visitor.event("bring-file", "upload", {"bring-file": file})),
    "weights": ("pth", lambda visitor, file: visitor.event("bring-take", "click", {"bring-weights": file})),
}


class Trap:
    """What unpickling a file must never do: makes a folder."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


TRAPS: dict[str, Callable[[io.BytesIO], object]] = {  # contents that execute something: what would have them do it
    "pickle": pickle.load,
    "weights that execute": lambda file: torch.load(file, weights_only=False),
    "array that executes": lambda file: np.load(file, allow_pickle=True)["a"],
}


def springs(spring: Callable[[io.BytesIO], object], content: bytes, executed: Path) -> bool:
    """Whether a trap does what it is there for, so that nobody looks for what could not happen."""
    spring(io.BytesIO(content))
    happened = executed.exists()
    if happened:
        executed.rmdir()
    return happened


def bad_contents(executed: Path) -> dict[str, bytes]:
    """Contents by name, good for nothing that is accepted anywhere. executed: what one of them would make."""
    noise, photo = random.Random(0), IMAGE.read_bytes()
    png = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(png, "png")
    wide = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(wide, "png")
    weights, array = io.BytesIO(), io.BytesIO()
    torch.save({"conv1.weight": Trap(executed)}, weights)
    np.savez(array, a=np.array([Trap(executed)], dtype=object))
    return {
        "empty": b"",
        "one byte": b"\0",
        "noise": noise.randbytes(1_000),
        "much noise": noise.randbytes(3_000_000),
        "zeros": bytes(100_000),
        "markup": b"<script>alert(1)</script>\n" * 50,
        "null": b"null",
        "deep": b"[" * 100_000,
        "numbers": json.dumps({"a": 10**4000}).encode(),
        "UTF-16": "class,确定\n".encode("utf-16"),
        "half a photo": photo[: len(photo) // 3],
        "half a header": png.getvalue()[:20],
        "huge": wide.getvalue(),
        "gzip": gzip.compress(bytes(1_000_000)),
        "empty zip": zipped({}),
        "half a zip": zipped({"a/b.png": png.getvalue()})[:60],
        "bomb": zipped({f"a/{n}.png": bytes(60_000_000) for n in range(3)}),
        "leaves": zipped({"../../a/b.png": png.getvalue(), "/etc/c.png": png.getvalue()}),
        "link": zipped({"a/b.png": b"/etc/passwd"}, link=True),
        "pickle": pickle.dumps(Trap(executed)),
        "weights that execute": weights.getvalue(),
        "array that executes": array.getvalue(),
    }


def zipped(files: dict[str, bytes], link: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK if link else stat.S_IFREG) << 16
            archive.writestr(info, content)
    return buffer.getvalue()
