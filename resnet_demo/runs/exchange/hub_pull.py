"""Load a model from the Hub as a run: one that `hub_push` has saved, or a ResNet in the layout of timm and torchvision.

What is there was made by a stranger. Sizes are looked at before anything is downloaded, only JSON, safetensors and the
arrays of a saved run are read, nothing is executed, and everything is checked like an upload: by `transfer` and
`uploaded`, which also write it anew. Must not depend on pages, nor on where an account comes from.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...data.decode import printable
from ...data.download import Report, Wanted, download
from ...data.errors import DataError
from ...data.hub import locate_on_hub
from ...errors import Refusal
from ...hub.account import Account, ask_hub
from ..checks import clean
from ..files import CONFIG, LOG, META, PREDICTIONS, WEIGHTS
from ..folder import RunFolder
from ..records import OBJECT
from .hub_card import LIBRARY
from .hub_push import check_name
from .transfer import UploadLimits, unpack
from .uploaded import MAX_BYTES, make_uploaded_run

SMALL = 2 * 2**20  # bytes of a configuration
OF_A_RUN = (LOG, PREDICTIONS)
SITES = ("https://huggingface.co/", "https://hf.co/")


@dataclass(frozen=True)
class Repository:
    """A model on the Hub at one moment. commit: what is downloaded, all of it of one state. sizes: bytes, by file."""

    name: str
    commit: str
    sizes: Mapping[str, int]


def split_name(given: str) -> tuple[str, str]:
    """(repository, revision) of "user/name", "user/name@revision", or the address of a model's page; Refusal else."""
    text = given.strip()
    for site in SITES:
        text = text.removeprefix(site)
    text = re.sub(r"/(?:tree|blob)/([^/]+)(/.*)?$", r"@\1", text.rstrip("/"))
    name, _, revision = text.partition("@")
    check_name(name)
    if revision and not re.fullmatch(r"[\w./-]{1,100}", revision):
        raise Refusal("hub.name", name=printable(given))
    return name, revision


def look_up(given: str, account: Account | None = None) -> Repository:
    """What the Hub has under a name, without downloading it; Refusal where there is none, or nobody may see it."""
    from huggingface_hub import HfApi

    name, revision = split_name(given)
    hub = HfApi(token=account.token if account else False)
    told = ask_hub(
        lambda: hub.model_info(name, revision=revision or None, files_metadata=True), repository=name, reading=True
    )
    sizes = {file.rfilename: file.size or 0 for file in told.siblings or ()}
    return Repository(name, str(told.sha), sizes)


def total_size(repository: Repository) -> int:
    """How many bytes would be downloaded; Refusal where there is no model, or more than is accepted."""
    sizes, shown = repository.sizes, printable(repository.name)
    for name in (CONFIG, WEIGHTS):
        if name not in sizes:
            raise Refusal("hub.no_model", name=shown, file=name)
    most = {CONFIG: SMALL, WEIGHTS: MAX_BYTES}
    for name, bound in most.items():
        if sizes[name] > bound:
            raise Refusal("hub.large", name=shown, file=name, megabytes=bound / 2**20)
    total = sum(sizes.get(name, 0) for name in (CONFIG, WEIGHTS, *OF_A_RUN))
    if total > UploadLimits.packed:
        raise Refusal("hub.large", name=shown, file="…", megabytes=UploadLimits.packed / 2**20)
    return total


def pull(
    repository: Repository,
    root: Path,
    folder: Path,
    account: Account | None = None,
    report: Report = lambda done, total: None,
) -> RunFolder:
    """A new run below `root` with the model of a repository; nobody owns it yet.

    folder: where files are downloaded to; what is there already is used. account: whose right to read is used, where
    the repository is not public. Refusal for whatever cannot be had or used; no run is left behind then.
    """
    total_size(repository)
    shown = printable(repository.name)

    def have(*names: str) -> list[Path]:
        token = account.token if account else ""
        wanted = Wanted(shown, repository.name, names, "RESNET_DEMO_CACHE")
        parts = []
        for name in names:
            remote = locate_on_hub(wanted, name, "model", revision=repository.commit, token=token)
            if remote.size != repository.sizes[name]:
                raise Refusal("hub.large", name=shown, file=name, megabytes=repository.sizes[name] / 2**20)
            parts.append((remote, folder / name))
        download(wanted, parts, report)
        return [path for _, path in parts]

    try:
        (configuration,) = have(CONFIG)
        config = _read(configuration, shown)
        if LIBRARY in config:
            there = [name for name in OF_A_RUN if name in repository.sizes]
            return _saved_run(config, repository, have(WEIGHTS, *there), root, folder)
        (weights,) = have(WEIGHTS)
        return _foreign(config, repository, weights, root)
    except DataError as error:
        if error.code == "download.offline":
            raise Refusal("hub.offline") from None
        raise


def _read(path: Path, shown: str) -> dict[str, Any]:
    try:
        return OBJECT.validate_json(path.read_bytes())
    except Exception as error:  # whatever hostile bytes lead to
        raise Refusal("hub.no_model", name=shown, file=CONFIG) from error


def _saved_run(
    config: Mapping[str, Any], repository: Repository, files: Sequence[Path], root: Path, folder: Path
) -> RunFolder:
    """The run that was saved, by way of the zip that an upload would be."""
    ours = config[LIBRARY] if isinstance(config[LIBRARY], Mapping) else {}
    name = ours.get("name") or repository.name.partition("/")[2]
    meta = {"name": name if isinstance(name, str) else "", "note": ""}
    packed = folder / "run.zip"
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
            archive.writestr(CONFIG, json.dumps(ours.get("training")))
            archive.writestr(META, json.dumps(meta))
            for path in files:
                archive.write(path, path.name)
        return unpack(packed, root)
    finally:
        packed.unlink(missing_ok=True)


def _foreign(config: Mapping[str, Any], repository: Repository, weights: Path, root: Path) -> RunFolder:
    """A run of weights alone, with what timm's configuration says of classes and images."""
    given = config.get("pretrained_cfg")
    seen: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    if not isinstance(config.get("architecture"), str) or not seen:
        raise Refusal("hub.no_model", name=printable(repository.name), file=CONFIG)
    names = config.get("label_names") or seen.get("label_names") or config.get("labels")
    classes = names if isinstance(names, list) and all(isinstance(name, str) for name in names) else ""
    size = seen.get("input_size")
    side = size[-1] if isinstance(size, list) and size and isinstance(size[-1], int) else None
    return make_uploaded_run(
        weights, root, classes=classes, input_size=side, mean=_values(seen, "mean"), std=_values(seen, "std"),
        name=repository.name, file_name=clean(repository.name),
    )  # fmt: skip


def _values(seen: Mapping[str, Any], name: str) -> Sequence[float] | str:
    values = seen.get(name)
    return values if isinstance(values, list) and len(values) < 17 else ""
