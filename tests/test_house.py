"""Rules of the house that no single part can hold: who imports whom, style, the commands of the README."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "resnet_demo"
MODULES = sorted(PACKAGE.rglob("*.py")) + [PROJECT / "app.py"]

# what a part may import of the others; a dotted name is one module of a part
ARROWS = {
    "fields": set(),
    "models": set(),
    "data": {"fields"},
    "metrics": set(),
    "places": set(),
    "processes": set(),
    "preparing": {"data", "processes"},
    "logs": set(),
    "engine": {"models", "data", "metrics", "fields"},
    "runs": {"models", "data", "metrics", "engine", "fields", "logs"},
    "inference": {"models", "data", "runs.folder", "runs.index", "places"},
    "figures": {"models", "metrics"},
    "services": {"places", "processes", "preparing", "logs", "data.own", "engine.device", "runs", "inference"},
    "ui": {"models", "data", "metrics", "engine", "runs", "inference", "figures", "places", "processes", "services"},
    "cli": {"logs", "models", "data", "metrics", "engine", "runs", "inference", "figures", "places", "services"},
}
# import name: name in requirements.txt, where they differ
THIRD_PARTY = {"PIL": "pillow", "python_multipart": "python-multipart"}
OPTIONAL = {"pillow_heif", "spaces", "tensorboard"}  # used where it happens to be installed


def imports(path: Path) -> set[str]:
    """Absolute dotted names of what a module imports, inside functions too; `from a import b` gives a.b."""
    package = path.relative_to(PROJECT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            found.update(".".join([*base, alias.name]) for alias in node.names)
    return found


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_imports_are_found_in_all_their_forms(tmp_path):
    assert {"gradio", "resnet_demo.inference.explain", "resnet_demo.ui.page_context.PageContext"} <= imports(
        PACKAGE / "ui" / "classify" / "layout.py"
    )
    assert "resnet_demo.ui.build.build" in imports(PROJECT / "app.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_module_keeps_to_its_place(path):
    names = imports(path)
    in_page = path.name == "app.py" or part_of(path) == "ui"
    assert in_page or not any(name.split(".")[0].startswith("gradio") for name in names), "Gradio outside ui/"
    if path.name != "app.py" and part_of(path) in ARROWS:
        own = part_of(path)
        for name in names:
            inner = name.removeprefix("resnet_demo.")
            if name == inner or inner.split(".")[0] in (own, "__version__"):
                continue
            allowed = any(f"{inner}.".startswith(f"{target}.") for target in ARROWS[own])
            assert allowed, f"{own} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_module_says_what_it_is_and_stays_short(path):
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "no docstring"
    assert len(source.splitlines()) <= 320, "too long: it wants to be two"


def test_every_part_has_its_arrows():
    parts = {part_of(path) for path in MODULES if path.name != "app.py"}
    assert parts - {"__init__", "__main__"} == set(ARROWS)


def test_requirements_name_everything_that_is_imported():
    required = set(re.findall(r"^[\w.-]+", (PROJECT / "requirements.txt").read_text(encoding="utf-8"), re.M))
    imported = {name.split(".")[0] for path in MODULES for name in imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"resnet_demo"} - OPTIONAL
    assert {THIRD_PARTY.get(name, name) for name in foreign} <= required


def test_warnings_of_our_own_are_errors():
    with pytest.raises(UserWarning, match="ours"):
        warnings.warn_explicit("ours", UserWarning, "train.py", 1, module="resnet_demo.engine.train")


def test_ruff_has_no_complaint():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_continuous_integration_runs_the_command_of_the_readme():
    last = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    assert last in readme and "pip install -r requirements.txt && python app.py" in readme
