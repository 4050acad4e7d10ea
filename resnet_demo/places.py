"""Where things lie on this machine: data, cache, runs, published weights.

The one module that reads the environment for folders. All others get a `Places` as an argument, so that a test or a
second server can have its own. Must not depend on what is kept in the folders.

PROJECT has the folders `assets` and `weights`: the checkout, or in an installed copy what `setup.py` put into the
package. An installed copy keeps runs in a folder of the user's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSTALLED = (PACKAGE / "shipped").is_dir()
PROJECT = PACKAGE / "shipped" if INSTALLED else PACKAGE.parent


@dataclass(frozen=True)
class Places:
    """The folders of one installation.

    data: data sets brought by the user in the Hub's layout (`RESNET_DEMO_DATA`), or None.
    cache: decoded data sets and downloads (`RESNET_DEMO_CACHE`, else `~/.cache/resnet_demo`).
    runs: what users train (`RESNET_DEMO_RUNS`, else `runs/` beside `app.py`; of an installed copy
        `~/.local/share/resnet_demo/runs`).
    older_runs: further folders of what users trained, which are read and not written to.
    weights: the published runs (`RESNET_DEMO_WEIGHTS`, else `weights/` in PROJECT).
    imagenet: ImageNet weights brought by the user (`RESNET_DEMO_IMAGENET`), or None.
    hub, torch_hub: caches of huggingface_hub and of torchvision's weights, where other programs may have left
        ImageNet weights (their own variables, `HF_HOME` and `TORCH_HOME` above all); None: not looked at.
    """

    data: Path | None
    cache: Path
    runs: Path
    weights: Path
    imagenet: Path | None = None
    hub: Path | None = None
    torch_hub: Path | None = None
    older_runs: tuple[Path, ...] = ()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that runs lie in: that of the published ones, that of new ones, others."""
        return self.weights, self.runs, *self.older_runs

    def with_writable_runs(self) -> tuple[Places, str]:
        """Return these folders with one for runs that can be written to, and a sentence for the terminal if that is not
        `runs`: new runs go below `cache` then, and those in `runs` can be read. Where neither can be written to nothing
        changes, and the sentence says so.
        """
        instead = self.cache / "runs"
        if is_writable(self.runs):
            return self, ""
        if is_writable(instead):
            return replace(self, runs=instead, older_runs=(*self.older_runs, self.runs)), (
                f"{self.runs} cannot be written to, so new runs are kept in {instead}; RESNET_DEMO_RUNS names another "
                "folder"
            )
        return self, (
            f"neither {self.runs} nor {instead} can be written to, so nothing can be trained; RESNET_DEMO_RUNS names "
            "another folder"
        )

    def missing(self) -> str:
        """A sentence for the terminal about what should be here and is not; empty where all is."""
        if self.weights.is_dir():
            return ""
        return f"there are no published runs, for {self.weights} is no folder; RESNET_DEMO_WEIGHTS names another"

    @staticmethod
    def from_environment(environment: Mapping[str, str] = os.environ) -> Places:
        """The folders that `environment` names; a `~` is expanded, nothing is created."""

        def folder(variable: str, default: str | Path) -> Path:
            return Path(environment.get(variable) or default).expanduser()

        def folder_named_by(variable: str) -> Path | None:
            return folder(variable, "") if environment.get(variable) else None

        caches = folder("XDG_CACHE_HOME", "~/.cache")
        kept = folder("XDG_DATA_HOME", "~/.local/share") / "resnet_demo" if INSTALLED else PROJECT
        return Places(
            data=folder_named_by("RESNET_DEMO_DATA"),
            cache=folder("RESNET_DEMO_CACHE", "~/.cache/resnet_demo"),
            runs=folder("RESNET_DEMO_RUNS", kept / "runs"),
            weights=folder("RESNET_DEMO_WEIGHTS", PROJECT / "weights"),
            imagenet=folder_named_by("RESNET_DEMO_IMAGENET"),
            hub=folder("HF_HUB_CACHE", folder("HF_HOME", caches / "huggingface") / "hub"),
            torch_hub=folder("TORCH_HOME", caches / "torch") / "hub" / "checkpoints",
        )


def is_writable(folder: Path) -> bool:
    """Whether files can be created in `folder`, which is created itself if it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
