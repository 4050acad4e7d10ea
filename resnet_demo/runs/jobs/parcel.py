"""What a job is given: this project's own code, the run, its uploaded images, and the command that trains it there.

The code travels with the run into the same private repository, so that a job trusts nobody but who starts it, and a
fork trains as itself. Libraries are those of this server, of the same versions, so that a checkpoint continues there.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from ...data.datasets import list_datasets
from ...data.own import FOLDER as OWN_FOLDER
from ...data.own import OWN
from ...data.upload_folder import NOTES, ZIP
from ...engine.config import TrainConfig
from ...errors import Refusal
from ..files import CONFIG, EPOCHS, INITIAL, LABELS, LOG, PREDICTIONS, RESUME, WEIGHTS
from ..folder import RunFolder
from .repository import CODE, RUN, RUNS, STARTED

IMAGE = "ghcr.io/astral-sh/uv:python3.12-bookworm"  # the one that huggingface_hub's own `run_uv_job` takes
PACKAGES = (  # what `python -m resnet_demo train` imports
    "torch", "torchvision", "numpy", "scipy", "pyarrow", "matplotlib", "pillow", "pydantic", "typing_extensions",
    "safetensors", "huggingface_hub", "tqdm",
)  # fmt: skip
PACKAGE = Path(__file__).resolve().parents[2]
INSIDE = "resnet_demo.runs.jobs.inside"
FILES = (CONFIG, INITIAL, RESUME, WEIGHTS, LOG, LABELS, PREDICTIONS)  # of a run that a job needs to continue it
BEGIN = f"""
import os, runpy, sys, tempfile, zipfile
from huggingface_hub import snapshot_download
home = tempfile.mkdtemp()
snapshot_download(sys.argv[1], revision=sys.argv[2], local_dir=home)
zipfile.ZipFile(home + "/{CODE}").extractall(home + "/code")
os.chdir(home + "/code")
sys.argv.insert(1, home)
runpy.run_module("{INSIDE}", run_name="__main__", alter_sys=True)
""".strip()


def check_parcel(config: TrainConfig) -> None:
    """Refusal for a run that a job cannot train."""
    data = config.data
    if config.race:
        raise Refusal("job.race")
    if data not in list_datasets() and not data.startswith(OWN):
        raise Refusal("job.data", name=Path(data).name)


def parcel(run: RunFolder, own: Path) -> dict[str, bytes | Path]:
    """The files of a job's repository by their names. own: where uploaded images are kept."""
    check_parcel(run.config)
    files: dict[str, bytes | Path] = {CODE: code()}
    files |= {f"{RUN}/{name}": run.path / name for name in FILES if (run.path / name).is_file()}
    files |= {f"{RUN}/{EPOCHS}/{path.name}": path for path in sorted((run.path / EPOCHS).glob("*.npz"))}
    if run.config.data.startswith(OWN):
        images = own / run.config.data.removeprefix(OWN)
        names = [name for name in (ZIP, NOTES) if (images / name).is_file()]
        files |= {f"{RUNS}/{OWN_FOLDER}/{images.name}/{name}": images / name for name in names}
    return files


def code() -> bytes:
    """This package as a zip, without the page, which a job has no use for."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in sorted(_files(PACKAGE)):
            archive.write(path, Path(PACKAGE.name) / path.relative_to(PACKAGE))
    return packed.getvalue()


def _files(package: Path) -> Iterable[Path]:
    for path in package.rglob("*"):
        parts = path.relative_to(package).parts
        if path.is_file() and parts[0] != "ui" and "__pycache__" not in parts and not path.name.startswith("."):
            yield path


def command(repository: str, commit: str, minutes: int) -> list[str]:
    """What the job executes: uv provides the libraries, then the code of the parcel takes over."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    libraries = [part for name in PACKAGES for part in ("--with", f"{name}=={version(name).partition('+')[0]}")]
    uv = ["uv", "run", "--no-project", "--python", python, *libraries, "python", "-c", BEGIN]
    shell = f'{STARTED}="$(date +%s)" exec "$@"'  # installing takes some of the job's time
    return ["sh", "-c", shell, "sh", *uv, repository, commit, str(minutes)]
