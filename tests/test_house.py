"""Rules of the house that no single part can hold: who imports whom, style, the commands of the README."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path

import pytest

from resnet_demo.ui.build import TABS

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "resnet_demo"
MODULES = sorted(PACKAGE.rglob("*.py"))

# what a part may import of the others, beside `errors` and `fields`; a dotted name is one module of a part
ARROWS = {
    "errors": set(),
    "fields": set(),
    "models": set(),
    "data": set(),
    "metrics": set(),
    "places": set(),
    "beginning": set(),
    "kept_property": set(),
    "processes": set(),
    "preparing": {"data", "processes"},
    "logs": set(),
    "hub": set(),
    "engine": {"models", "data", "metrics"},
    "rooms": {"data"},
    "runs": {"beginning", "kept_property", "models", "data", "metrics", "engine", "logs", "hub.account"},
    "inference": {
        "models",
        "data",
        "hub.account",
        "runs.exchange",
        "runs.files",
        "runs.folder",
        "runs.index",
        "places",
    },
    "inside": {"models", "data", "inference", "metrics", "runs"},
    "benchmarks": {"models", "data", "engine"},
    "figures": {"models", "metrics", "places"},
    "services": {
        "places",
        "processes",
        "preparing",
        "logs",
        "data.own",
        "engine.device",
        "hub.access",
        "runs",
        "inference",
        "rooms.rooms",
    },
    "library": {
        "data",
        "engine",
        "hub",
        "inference",
        "inside",
        "kept_property",
        "metrics",
        "models",
        "processes",
        "rooms",
        "runs",
        "services",
    },
    "ui": {
        "benchmarks",
        "models",
        "data",
        "metrics",
        "engine",
        "runs",
        "inference",
        "inside",
        "figures",
        "hub",
        "places",
        "processes",
        "rooms",
        "services",
        "library",
    },
    "server": {"beginning", "logs", "places", "services", "runs.queue.zerogpu", "ui.build"},
    "cli": {
        "beginning",
        "logs",
        "models",
        "data",
        "metrics",
        "engine",
        "runs",
        "benchmarks",
        "inference",
        "inside",
        "figures",
        "hub.account",
        "places",
        "services",
    },
}
# import name: name in requirements.txt, where they differ
THIRD_PARTY = {"PIL": "pillow", "yaml": "pyyaml", "python_multipart": "python-multipart"}
OPTIONAL = {
    "onnx",
    "onnxruntime",
    "pillow_heif",
    "spaces",
    "submitit",
    "tensorboard",
    "trackio",
}  # where it happens to be installed


@cache
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
    assert "resnet_demo.ui.build.build" in imports(PACKAGE / "server.py")


def test_modules_keep_to_their_places():
    wrong = []
    for path in MODULES:
        own = part_of(path)
        for name in imports(path):
            inner = name.removeprefix("resnet_demo.")
            if name == inner:
                misplaced = own != "ui" and name.split(".")[0].startswith("gradio")
            else:
                shared = () if own == "errors" else ("errors", "fields")
                allowed = {own, "__version__", *shared, *ARROWS.get(own, ())}
                misplaced = own in ARROWS and not any(f"{inner}.".startswith(f"{one}.") for one in allowed)
            if misplaced:
                wrong.append(f"{path.relative_to(PROJECT)} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_tabs_are_leaves():
    """Only the page puts them together: what several need is in the library, in shared or in components."""
    tabs = {f"resnet_demo.ui.{tab.TAB}" for tab in TABS}
    allowed = {PACKAGE / "ui" / "build.py", PACKAGE / "ui" / "api" / "models.py"}
    wrong = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in set(MODULES) - allowed
        for name in imports(path)
        for tab in tabs
        if f"{name}.".startswith(f"{tab}.") and PACKAGE / "ui" / tab.rpartition(".")[2] not in path.parents
    ]
    assert len(tabs) > 4 and not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("tab", "count"), [("compare", 5), ("networks", 2), ("teach", 2)])
def test_parts_of_a_tab_are_leaves(tab, count):
    """Only the tab puts them together: what several need lies beside them."""
    folder = PACKAGE / "ui" / tab
    parts = {path.parent.name for path in folder.glob("*/__init__.py")}
    wrong = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in folder.glob("*/*.py")
        for name in imports(path)
        for part in parts - {path.parent.name}
        if f"{name}.".startswith(f"resnet_demo.ui.{tab}.{part}.")
    ]
    assert len(parts) == count and not wrong, "\n".join(wrong)


def test_modules_say_what_they_are_and_stay_short():
    sources = {path: path.read_text(encoding="utf-8") for path in MODULES}
    assert not [path for path, source in sources.items() if not ast.get_docstring(ast.parse(source))]
    assert not [path for path, source in sources.items() if len(source.splitlines()) > 320], "they want to be two"


def test_every_part_has_its_arrows():
    parts = {part_of(path) for path in MODULES}
    assert parts - {"__init__", "__main__"} == set(ARROWS)


def test_requirements_name_everything_that_is_imported():
    required = set(re.findall(r"^[\w.-]+", (PROJECT / "requirements.txt").read_text(encoding="utf-8"), re.M))
    imported = {name.split(".")[0] for path in MODULES for name in imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"resnet_demo"} - OPTIONAL
    assert {THIRD_PARTY.get(name, name) for name in foreign} <= required


@pytest.mark.parametrize(
    ("module", "needed"),
    [
        ("server", ""),  # `--help` of either command
        ("cli", ""),
        ("runs.jobs.inside", ""),  # waits in a job beside the training
        ("data.datasets", "pydantic"),  # decoded in processes of their own
        ("figures.confusion", "pydantic"),  # so are these drawn
        ("figures.inside", "pydantic"),
    ],
)
def test_what_starts_at_once_imports_nothing_slow(module, needed):
    slow = {"torch", "gradio", "pydantic", "scipy", "huggingface_hub"} - {needed}
    command = [sys.executable, "-c", f"import sys, resnet_demo.{module}; print(*{slow} & sys.modules.keys())"]
    assert subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip() == ""


def test_no_property_makes_all_objects_of_its_class_wait():
    for path in MODULES:
        if path.name != "kept_property.py":
            assert "cached_property" not in path.read_text(encoding="utf-8"), f"{path.name}: take kept_property"


def test_no_garbage_is_collected_at_the_beginning_and_afterwards_as_before():
    code = """import gc
from resnet_demo.beginning import beginning
with beginning():
    assert not gc.isenabled()
    begun = [[] for _ in range(10_000)]
assert gc.isenabled() and (frozen := gc.get_freeze_count()) > len(begun)
gc.disable()
with beginning():
    more = [[] for _ in range(10_000)]
assert not gc.isenabled() and gc.get_freeze_count() <= frozen  # these may be garbage one day
"""
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)


def test_warnings_of_our_own_are_errors():
    with pytest.raises(UserWarning, match="ours"):
        warnings.warn_explicit("ours", UserWarning, "train.py", 1, module="resnet_demo.engine.train")


@pytest.mark.parametrize("command", (["check"], ["format", "--check"]))
def test_ruff_has_no_complaint(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(900)  # half a minute of computing where nothing is cached, on a machine that may be busy
def test_the_type_checker_has_no_complaint():
    # for the oldest Python where that can be: from 3.12 on, NumPy is installed whose types need a newer one
    oldest = ["--python-version", "3.10"] if sys.version_info < (3, 12) else []
    done = subprocess.run([sys.executable, "-m", "mypy", *oldest], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout or done.stderr


def test_continuous_integration_runs_the_command_of_the_readme():
    last = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    assert last in readme and "pip install -r requirements.txt && python app.py" in readme


def test_nothing_that_is_ignored_is_in_the_repository():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is no checkout of git's")
    assert not listed.stdout
