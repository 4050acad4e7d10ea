"""Provides what the tests need beside Python's packages: `python tests/provide.py`.

A browser (`provide_browser.py`), and the packages with which Node checks the page's scripts. Exits with 1 where there
is no browser; without Node the tests of the scripts are skipped.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import provide_browser

SCRIPTS = Path(__file__).parent / "web"


def provide_packages() -> None:
    """Install what `tests/web/package-lock.json` names, and say so where that is not possible."""
    npm = shutil.which("npm")
    if npm is None or not provide_browser.attempt(npm, "ci", "--prefix", str(SCRIPTS), "--no-audit", "--no-fund"):
        print("Without Node 20 and its packages the tests of the page's scripts are skipped.", file=sys.stderr)


if __name__ == "__main__":
    provide_packages()
    sys.exit(provide_browser.main())
