"""Where things lie on this machine: data, cache, runs, published weights.

The one module that reads the environment for folders. It knows nothing of what is kept in them; everybody
else is handed a `Places`, so that a test or a second server can have its own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    """The folders of one installation.

    data: data sets brought by the user in the Hub's layout (`RESNET_DEMO_DATA`), or None.
    cache: decoded data sets and downloads (`RESNET_DEMO_CACHE`, else `~/.cache/resnet_demo`).
    runs: what users train (`RESNET_DEMO_RUNS`, else `runs/` beside `app.py`).
    weights: the published runs (`RESNET_DEMO_WEIGHTS`, else `weights/` beside `app.py`).
    """

    data: Path | None
    cache: Path
    runs: Path
    weights: Path

    @staticmethod
    def from_environment(environment: os._Environ[str] | dict[str, str] = os.environ) -> Places:
        """The folders that `environment` names; a `~` is expanded, nothing is created."""

        def folder(variable: str, default: Path) -> Path:
            return Path(environment.get(variable) or default).expanduser()

        data = environment.get("RESNET_DEMO_DATA")
        return Places(
            data=Path(data).expanduser() if data else None,
            cache=folder("RESNET_DEMO_CACHE", Path("~/.cache/resnet_demo")),
            runs=folder("RESNET_DEMO_RUNS", PROJECT / "runs"),
            weights=folder("RESNET_DEMO_WEIGHTS", PROJECT / "weights"),
        )
