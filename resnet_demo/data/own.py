"""Images that a visitor uploaded and may remove again.

Uploaded images are kept with all that was made of them in a folder of their own. Two names belong to them: "own:<key>",
which only the visitor has and which opens everything here, and "own:<digest of the key>", for configurations, which
opens nothing but training. So a run's configuration, which others may read, gives nothing away. Must not depend on
pages or runs.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from .archive import MAX_FILES, MAX_TOTAL, open_files, pack_files
from .dataset import Dataset
from .decode import printable
from .errors import DataError, ImageError
from .pictures import entry_of, load_pictures
from .preview import Preview, warnings
from .sizes import disk_size
from .upload_folder import ZIP, belongs, last_used, name_of, note, notes_of, touch

OWN = "own:"
FOLDER = ".own"  # below the runs: where a server keeps what was brought to it
Progress = Callable[[int, int], None]  # files done, files in all
Hold = Callable[[str, int], AbstractContextManager]  # (address, bytes): room on disk while the block writes them
ROW_BYTES = 16  # of an image beside its pixels: its label, and its row where it validates
ABANDONED_DAYS = 1 / 8  # images of a page, or room, whose server was killed are removed after that


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


@dataclass(frozen=True)
class Idle:
    """A folder of images that nobody uses now. used: when last, in seconds since 1970. seconds: after which it is too
    old."""

    folder: Path
    used: float
    seconds: float


class Lent:
    """Images that are removed from disk by `end`, or when this is garbage-collected with the page that holds it.

    key: opens them meanwhile.
    """

    def __init__(self, key: str, remove: Callable[[], object]):
        self.key = key
        self._ending = weakref.finalize(self, remove)

    def end(self) -> None:
        """Remove them now."""
        self._ending()


class OwnPictures:
    """What visitors brought, below the folder `root`; safe to use from several threads.

    hold: asked for room before anything is written; it raises an error with a sentence where there is none.
    """

    def __init__(
        self, root: Path, limits: UploadLimits | None = None, hold: Hold = lambda address, size: nullcontext()
    ):
        self.root, self.limits, self.hold = Path(root), limits or UploadLimits(), hold
        self._lock = threading.Lock()
        self._used: Counter[str] = Counter()  # names of folders that are worked on, or lent, and stay meanwhile

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
        return self._add(upload, name, size, address, progress, {})

    def lend(self, upload: Path | Mapping[str, Path], name: str = "", size: int = 32, address: str = "") -> Lent:
        """`add`, for as long as what is returned is referred to."""
        key = self._add(upload, name, size, address, lambda done, total: None, {"lent": True})
        digest = _digest(key)
        with self._lock:
            self._used[digest] += 1
        return Lent(key, partial(self._end, digest))

    def _end(self, digest: str) -> None:
        """Remove what was lent. Without the lock, which the thread that collects garbage may have."""
        shutil.rmtree(self.root / digest, ignore_errors=True)
        self._used.pop(digest, None)

    def _add(
        self,
        upload: Path | Mapping[str, Path],
        name: str,
        size: int,
        address: str,
        progress: Progress,
        notes: Mapping[str, object],
    ) -> str:
        name = printable(name or ("pictures" if isinstance(upload, Mapping) else Path(upload).name))
        key = secrets.token_urlsafe(24)
        folder = self.root / _digest(key)
        try:
            files = upload.values() if isinstance(upload, Mapping) else [Path(upload)]
            packed = sum(path.stat().st_size for path in files)
            if packed > self.limits.packed:
                raise DataError("data.upload", name=name, megabytes=packed / 2**20, most=self.limits.packed / 2**20)
            with self._in_use(folder.name):
                with self.hold(address, packed):
                    self._begin(folder, address, {"name": name, **notes})
                    if isinstance(upload, Mapping):
                        pack_files(upload, folder / ZIP, name)
                    else:
                        shutil.copyfile(upload, folder / ZIP)
                self._open(folder, size, progress=progress, address=address)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise DataError("data.disk", name=name, detail=error.strerror or type(error).__name__) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return key

    def _begin(self, folder: Path, address: str, notes: Mapping[str, object]) -> None:
        """Make a folder for one more upload, with notes about it; DataError if the address has too many."""
        with self._lock:
            count = len(self._of_address(address))
            if address and count >= self.limits.uploads:
                raise DataError("data.uploads", count=count, most=self.limits.uploads)
            folder.mkdir(parents=True)
            note(folder, address, notes)

    def stored(self, address: str) -> int:
        """Return the bytes that are kept for an address."""
        return sum(map(disk_size, self._of_address(address)))

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
            name=name_of(folder),
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

    def entry(self, name: str, size: int) -> Path:
        """The folder that `load` decodes into, whether it is there or not. DataError if the images are not here."""
        folder = self._named(name)
        return entry_of(folder / ZIP, folder, size)

    @contextmanager
    def room(self, name: str, size: int, address: str = "") -> Iterator[None]:
        """Hold what `load` may take on disk, and keep the images, while the block has them decoded elsewhere.

        The whole upload counts for `address` from then on if `name` is the key: whoever has it may use several.
        """
        folder, limits = self._named(name), self.limits
        with self._in_use(folder.name):
            touch(folder)
            with open_files(folder / ZIP, name_of(folder), limits.files, limits.unpacked) as files:
                needed = min(len(files) * (3 * size * size + ROW_BYTES), limits.unpacked)
            if moves := address and self.has(name) and not belongs(folder, address):
                needed += disk_size(folder)
            with self.hold(address, needed):
                if moves:
                    with suppress(OSError):  # then it counts for the other one still
                        note(folder, address, notes_of(folder))
                yield

    def idle(self, days: float, needed: Collection[str] = ()) -> list[Idle]:
        """List what nobody uses now, to be removed after `days`; what was lent after ABANDONED_DAYS.

        needed: names as `data` gives them, of runs that wait or train: these stay.
        """
        there = [(folder, used) for folder in self._folders() if (used := last_used(folder)) is not None]
        return [
            Idle(folder, used, 86_400 * (min(days, ABANDONED_DAYS) if notes_of(folder).get("lent") else days))
            for folder, used in there
            if OWN + folder.name not in needed and not self._used[folder.name]
        ]

    def discard(self, idle: Idle) -> bool:
        """Remove images that `idle` has listed; False where they stay, because they have been used since."""
        with self._lock:
            if self._used[idle.folder.name] or last_used(idle.folder) not in (idle.used, None):
                return False
            shutil.rmtree(idle.folder, ignore_errors=True)
        return not idle.folder.exists()

    @contextmanager
    def _in_use(self, digest: str) -> Iterator[None]:
        """Keep a folder from being cleaned away while the block runs."""
        with self._lock:
            self._used[digest] += 1
        try:
            yield
        finally:
            with self._lock:
                self._used[digest] -= 1
                if self._used[digest] <= 0:
                    del self._used[digest]

    def _of_address(self, address: str) -> list[Path]:
        return [folder for folder in self._folders() if belongs(folder, address)]

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.root.iterdir() if path.is_dir()]
        except OSError:  # nobody has uploaded anything yet
            return []

    def _named(self, name: str) -> Path:
        """The folder of either name."""
        return self._folder(_digest(name) if self.has(name) else name.removeprefix(OWN))

    def _folder(self, digest: str) -> Path:
        """Found among what is here, so that no name from outside becomes a path."""
        for folder in self._folders():
            if folder.name == digest:
                return folder
        raise DataError("data.gone")

    def _open(
        self,
        folder: Path,
        size: int,
        say: Callable[[str], None] = lambda text: None,
        progress: Progress = lambda done, total: None,
        address: str = "",
    ) -> tuple[Dataset, tuple[ImageError, ...]]:
        """Decode the images at `size`, once; DataError if they are removed meanwhile, or are no such images."""
        limits = {"max_files": self.limits.files, "max_total": self.limits.unpacked, "max_pixels": self.limits.pixels}
        shown = name_of(folder)
        try:
            with self._in_use(folder.name):
                touch(folder)
                return load_pictures(
                    folder / ZIP, folder, size, say, OWN + folder.name, shown=shown, progress=progress,
                    hold=partial(self.hold, address), **limits,
                )  # fmt: skip
        except OSError as error:
            if not folder.is_dir():
                raise DataError("data.gone") from error
            raise DataError("data.disk", name=shown, detail=error.strerror or type(error).__name__) from error


def _digest(key: str) -> str:
    return hashlib.sha256(f"{OWN}{key.removeprefix(OWN)}".encode(errors="replace")).hexdigest()[:32]
