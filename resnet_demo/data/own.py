"""Own pictures that a visitor brought to this machine and may take away again.

Pictures that were brought are kept with all that was made of them in a folder of their own. Two names belong to them:
"own:<key>", which only the visitor has and which opens everything here, and "own:<digest of the key>", for
configurations, which opens nothing but training. So a run's configuration, which others may read, gives nothing away.
It knows no page and no run.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from .archive import MAX_FILES, MAX_TOTAL
from .cache import is_cached
from .dataset import Dataset
from .decode import ImageError, printable
from .errors import DataError, refusal
from .pictures import entry_of, load_pictures

OWN = "own:"
FOLDER = ".own"  # below the runs: where a server keeps what was brought to it
ZIP, NOTES = "pictures.zip", "notes.json"
FEW, TINY, UNEVEN = 200, 20, 3  # pictures in all, pictures of a class, largest over smallest class: below it is warned
Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True)
class UploadLimits:
    """What may be brought. packed: bytes of the zip. files: in it. unpacked: their bytes, and those of the decoded
    squares. pixels: of all pictures as they are decoded, which takes about a second for a hundred million.
    uploads: from one address at a time."""

    packed: int = 200 * 2**20
    files: int = MAX_FILES
    unpacked: int = MAX_TOTAL
    pixels: float = 20e9
    uploads: int = 10


@dataclass(frozen=True, eq=False)
class Preview:
    """What there is to learn from.

    name: of the upload. classes: their names; counts: how many pictures each has, and how many of them the training
    itself will use (the others validate and test). size: side in pixels. skipped: a sentence for each file that was
    left out. warnings: (reason, values): few, tiny, uneven. examples: a picture of each class, uint8 (size, size, 3).
    """

    name: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    training: tuple[int, ...]
    size: int
    skipped: tuple[ImageError, ...]
    warnings: tuple[tuple[str, dict[str, object]], ...]
    examples: tuple[np.ndarray, ...]


class OwnPictures:
    """What visitors brought, below the folder `root`."""

    def __init__(self, root: Path, limits: UploadLimits | None = None):
        self.root, self.limits = Path(root), limits or UploadLimits()

    def add(
        self,
        upload: Path | Mapping[str, Path],
        name: str = "",
        size: int = 32,
        address: str = "",
        progress: Progress = lambda done, total: None,
    ) -> str:
        """Keep a zip, or files by their names "class/file", once it is known that one can train on them; their key.

        name: what people call it. size: side in pixels they are decoded to at once. address: where they come from, for
        limits; only a digest of it is kept. DataError says what is wrong, and then nothing is kept.
        """
        one = isinstance(upload, str | Path)
        name = printable(name or (Path(upload).name if one else "pictures"))
        key = secrets.token_urlsafe(24)
        folder = self.root / _digest(key)
        here = sum(_notes(other).get("address") == _salted(address, other) for other in self._folders())
        if address and here >= self.limits.uploads:
            raise refusal("data.uploads", count=here, most=self.limits.uploads)
        try:
            packed = sum(path.stat().st_size for path in ([Path(upload)] if one else upload.values()))
            if packed > self.limits.packed:
                raise refusal("data.upload", name=name, megabytes=packed / 2**20, most=self.limits.packed / 2**20)
            folder.mkdir(parents=True)
            notes = {"name": name, "address": _salted(address, folder)}
            (folder / NOTES).write_text(json.dumps(notes), encoding="utf-8")
            if one:
                shutil.copyfile(upload, folder / ZIP)
            else:
                _pack(upload, folder / ZIP, name)
            self._open(folder, size, progress=progress)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise refusal("data.disk", name=name, detail=error.strerror or type(error).__name__) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return key

    def has(self, key: str) -> bool:
        """Whether this is a key, with or without "own:" before it, of pictures that are here; a digest is none."""
        return any(folder.name == _digest(key) for folder in self._folders())

    def data(self, key: str) -> str:
        """The name for configurations; DataError if nothing has this key."""
        return OWN + self._folder(_digest(key)).name

    def path(self, key: str) -> Path:
        """The zip; DataError if nothing has this key."""
        return self._folder(_digest(key)) / ZIP

    def preview(self, key: str, size: int = 32) -> Preview:
        """What there is to learn from at `size` pixels; DataError if nothing has this key."""
        folder = self._folder(_digest(key))
        dataset, skipped = self._open(folder, size)
        train = dataset.train
        labels = train.labels if dataset.test is None else np.concatenate([train.labels, dataset.test.labels])
        counts = np.bincount(labels, minlength=len(dataset.classes))
        training = np.bincount(train.labels[dataset.split_rows(0)[0]], minlength=len(dataset.classes))
        examples = (np.array(train.images[np.argmax(train.labels == label)]) for label in range(len(counts)))
        return Preview(
            name=_name(folder),
            classes=dataset.classes,
            counts=tuple(map(int, counts)),
            training=tuple(map(int, training)),
            size=size,
            skipped=skipped,
            warnings=tuple(warnings(dataset.classes, training)),
            examples=tuple(examples),
        )

    def remove(self, key: str) -> None:
        """Forget the pictures and all that was made of them; nothing happens if they are gone already."""
        try:
            shutil.rmtree(self._folder(_digest(key)), ignore_errors=True)
        except DataError:
            pass

    def load(self, name: str, size: int, say: Callable[[str], None] = lambda text: None) -> Dataset:
        """The data set of either name; its own `name` is the one for configurations. DataError if it is not here."""
        return self._open(self._named(name), size, say)[0]

    def is_prepared(self, name: str, size: int) -> bool:
        """Whether `load` would only open what was decoded before. DataError if it is not here."""
        folder = self._named(name)
        return is_cached(entry_of(folder / ZIP, folder, size))

    def clean_up(self, days: float, stored_bytes: float, needed: Collection[str] = ()) -> list[str]:
        """Remove what is older than `days`, and the oldest while all takes more than `stored_bytes`; their names.

        needed: names as `data` gives them, of runs that wait or train: they stay.
        """
        found = sorted((folder.stat().st_mtime, folder) for folder in self._folders())
        sizes = {folder: sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) for _, folder in found}
        total, removed = sum(sizes.values()), []
        for brought, folder in found:
            if OWN + folder.name in needed:
                continue
            if time.time() - brought > days * 86_400 or total > stored_bytes:
                total -= sizes[folder]
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(OWN + folder.name)
        return removed

    def _folders(self) -> list[Path]:
        return [path for path in self.root.iterdir() if path.is_dir()] if self.root.is_dir() else []

    def _named(self, name: str) -> Path:
        """The folder of either name."""
        return self._folder(_digest(name) if self.has(name) else name.removeprefix(OWN))

    def _folder(self, digest: str) -> Path:
        """Found among what is here, so that no name from outside becomes a path."""
        for folder in self._folders():
            if folder.name == digest:
                return folder
        raise refusal("data.gone")

    def _open(
        self,
        folder: Path,
        size: int,
        say: Callable[[str], None] = lambda text: None,
        progress: Progress = lambda done, total: None,
    ) -> tuple[Dataset, tuple[ImageError, ...]]:
        limits = {"max_files": self.limits.files, "max_total": self.limits.unpacked, "max_pixels": self.limits.pixels}
        shown = _name(folder)
        return load_pictures(
            folder / ZIP, folder, size, say, OWN + folder.name, shown=shown, progress=progress, **limits
        )


def warnings(classes: tuple[str, ...], counts: np.ndarray) -> list[tuple[str, dict[str, object]]]:
    """What makes learning hard though not impossible; counts: pictures of each class to train on."""
    found: list[tuple[str, dict[str, object]]] = []
    if counts.sum() < FEW:
        found.append(("few", {"count": int(counts.sum()), "most": FEW}))
    if len(tiny := np.flatnonzero(counts < TINY)):
        names = ", ".join(printable(classes[index]) for index in tiny[:5]) + (" …" if len(tiny) > 5 else "")
        found.append(("tiny", {"names": names, "least": TINY}))
    least, most = int(counts.argmin()), int(counts.argmax())
    if counts[most] >= UNEVEN * counts[least]:
        values = {"large": printable(classes[most]), "small": printable(classes[least])}
        found.append(("uneven", {**values, "most": int(counts[most]), "least": int(counts[least])}))
    return found


def _digest(key: str) -> str:
    return hashlib.sha256(f"{OWN}{key.removeprefix(OWN)}".encode(errors="replace")).hexdigest()[:32]


def _salted(address: str, folder: Path) -> str:
    return hashlib.sha256(f"{folder.name} {address}".encode(errors="replace")).hexdigest()


def _notes(folder: Path) -> dict:
    try:
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _name(folder: Path) -> str:
    return printable(_notes(folder).get("name") or ZIP)


def _pack(files: Mapping[str, Path], target: Path, shown: str) -> None:
    """One zip of many files, under the names given; DataError for a name that leads out of it."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files.items():
            parts = PurePosixPath(name.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts:
                raise refusal("data.leaves", name=shown, path=printable(name))
            archive.write(path, str(parts))
