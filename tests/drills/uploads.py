"""Drill: files that are none of what is accepted, to every place of the page that takes a file."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from outcome import Outcome
from PIL import Image
from server import Server
from visitor import Refusal, Unexpected, Visitor, words

MODEL = "shapes-resnet8"  # ships with the project
IMAGE = Path(__file__).resolve().parents[2] / "assets" / "samples" / "cat.jpg"


def drill(root: Path, times: int) -> Outcome:
    """`times` uploads, each kind of content to each place in turn."""
    outcome, folder, executed = Outcome("bad uploads"), root / "bad", root / "executed"
    folder.mkdir()
    contents = bad_contents(executed)
    with Server(root, ("--public",)) as server, Visitor(server.address) as visitor:
        visitor.call("classify", visitor.upload(IMAGE), MODEL, 3)
        outcome.look(server)
        pairs = [(content, place) for content in contents for place in PLACES]
        for number in range(times):
            content, place = pairs[number % len(pairs)]
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
    """What unpickling a file must never do."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def bad_contents(executed: Path) -> dict[str, bytes]:
    """Contents by name, good for nothing that is accepted anywhere. executed: what one of them would make."""
    noise, photo = random.Random(0), IMAGE.read_bytes()
    png = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(png, "png")
    wide = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(wide, "png")
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
        "trap": pickle.dumps(Trap(executed)),
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
