"""Provides a browser for the tests: `python tests/provide_browser.py`.

Takes an installed Chromium or Chrome, else Playwright's own. If there is none it fetches Playwright's, else (root on
Debian or Ubuntu) installs the system's package, else it says what to install and exits with 1. There it also installs
Chromium's headless shell, which opens a page with 0.65 times the CPU time of Chromium, but has no camera.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (  # where browsers lie that are not on the PATH: macOS, Windows
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser(camera: bool = False) -> str | None:
    """The path of a browser: RESNET_DEMO_BROWSER, else an installed one, else Playwright's own, else None. camera:
    whether it must have one, as the headless shell has not."""
    names = [name for name in NAMES if not camera or name != SHELL]
    installed = [os.environ.get("RESNET_DEMO_BROWSER"), *map(shutil.which, names), *map(os.path.expandvars, PLACES)]
    return next((path for path in installed if path and Path(path).is_file()), None) or playwrights_own()


def playwrights_own() -> str | None:
    """Playwright's own browser, or None where it was never fetched."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def starts(path: str) -> bool:
    """Whether the browser opens a page: it may lie there and lack a library."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=path, args=list(FLAGS)).close()
        except Error as error:
            print(f"{path} does not start: {str(error).strip().splitlines()[0]}", file=sys.stderr)
            return False
    return True


def attempt(*command: str) -> bool:
    """Run a command and say whether it succeeded."""
    print("+", *command, flush=True)
    try:
        return subprocess.run(command).returncode == 0
    except OSError as error:
        print(error, file=sys.stderr)
        return False


def has_browser() -> bool:
    """Whether there is a browser with a camera that starts; says which."""
    path = find_browser(camera=True)
    if path is None or not starts(path):
        return False
    print(f"browser for the tests: {path}")
    return True


def main() -> int:
    """0 when there is a browser in the end, else 1."""
    install: tuple[str, ...] = ()
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        install = ("apt-get", "install", "-y", "--no-install-recommends")
        if not shutil.which(SHELL):
            attempt("apt-get", "update")
            attempt(*install, SHELL)
    if has_browser():
        return 0
    if attempt(sys.executable, "-m", "playwright", "install", "chromium") and has_browser():
        return 0
    for package in ("chromium", "chromium-browser") if install else ():
        if attempt(*install, package) and has_browser():
            return 0
    print(
        "There is no browser for the tests. Install Chromium or Google Chrome, or name one in RESNET_DEMO_BROWSER; "
        "without it the browser tests are skipped.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
