"""The page's scripts: Node runs their tests (`tests/web/*.test.js`) and the linter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
HERE = PROJECT / "tests" / "web"
ESLINT = HERE / "node_modules" / "eslint" / "bin" / "eslint.js"
OLDEST = 20  # of Node's versions


def missing() -> str:
    """What keeps Node from running the tests, or nothing."""
    node = shutil.which("node")
    if node is None:
        return "no Node on the PATH"
    if int(subprocess.check_output([node, "--version"], text=True).lstrip("v").partition(".")[0]) < OLDEST:
        return f"a Node older than {OLDEST}"
    return "" if ESLINT.is_file() else "no packages for Node: python tests/provide.py provides them"


def run_node(*arguments: str | Path) -> str:
    """The output of Node, run from the project's folder."""
    if reason := missing():
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    done = subprocess.run(["node", *arguments], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_scripts_do_what_their_tests_say():
    tests = sorted(HERE.glob("*.test.js"))
    all_in_one = "".join(f"import {path.as_uri()!r};" for path in tests)  # `--test` starts a process for each
    done = run_node("--test-reporter=tap", "--input-type=module", "--eval", all_in_one)
    assert "# fail 0" in done and int(re.search(r"# pass (\d+)", done)[1]) > len(tests) > 0


def test_the_linter_has_no_complaint():
    run_node(ESLINT, "--config", HERE / "eslint.config.js", "resnet_demo/ui/web", "tests/web")


def test_without_node_it_is_skipped_and_fails_in_continuous_integration(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Node"):
        run_node("--test")
    monkeypatch.setenv("CI", "yes")
    with pytest.raises(pytest.fail.Exception, match="no Node"):
        run_node("--test")
