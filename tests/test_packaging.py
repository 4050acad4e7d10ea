"""An installed copy: what the distributions contain, and that they work in a folder without the checkout.

No network: pip builds with the setuptools that is here, and the requirements are those of the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import gradio_client
import httpx
import pytest
from first_use import classify_and_train

from resnet_demo.cli import main
from resnet_demo.places import PROJECT, Places

SOURCES = (
    "app.py", "assets", "CHANGELOG.md", "LICENSE", "MANIFEST.in", "pyproject.toml", "README.md", "requirements.txt",
    "resnet_demo", "setup.py", "weights",
)  # fmt: skip
PATIENCE = {"timeout": 240}  # seconds; httpx would wait for five


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyi"  # which Gradio writes
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, Path]:
    """A source distribution of this checkout, and the wheel that is built from it alone."""
    root = tmp_path_factory.mktemp("built")
    checkout = root / "checkout"  # a build writes beside its sources
    checkout.mkdir()
    for name in SOURCES:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, checkout)
    build = f"import setuptools.build_meta as build; build.build_sdist({str(root)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=checkout, check=True, stdout=subprocess.DEVNULL)
    (sdist,) = root.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(root / "unpacked", filter="data")
    (source,) = (root / "unpacked").iterdir()
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", root, source], check=True)
    (wheel,) = root.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Path:
    """The wheel, installed into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--quiet", "--no-compile"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", target, built[1]], check=True)
    return target


@pytest.fixture
def elsewhere(installed, tmp_path) -> dict:
    """`subprocess` options for a user with an empty home, in an empty folder, who has the installed copy."""
    for name in ("home", "empty"):
        (tmp_path / name).mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RESNET_DEMO_", "XDG_"))}
    own = {"PYTHONPATH": str(installed), "HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    return {"cwd": tmp_path / "empty", "env": kept | own, "text": True, "stdout": subprocess.PIPE}


def test_the_wheel_has_the_package_with_runs_and_images_and_nothing_else(built):
    sdist, wheel = built
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert {name.split("/")[0].partition("-")[0] for name in packed} == {"resnet_demo"}
    inside = {name.removeprefix("resnet_demo/"): data for name, data in packed.items() if ".dist-info/" not in name}
    weights = {f"shipped/weights/{name}": data for name, data in files(PROJECT / "weights").items()}
    assert {name: data for name, data in inside.items() if name.startswith("shipped/weights/")} == weights
    package = files(PROJECT / "resnet_demo")
    assert {name for name in package if name not in inside} == {"ui/web/package.json"}
    assets = {name.removeprefix("shipped/assets/") for name in inside if name.startswith("shipped/assets/")}
    assert {"favicon.svg", "share.png", "fonts/OFL.txt", "samples/cat.jpg", "CREDITS.md"} <= assets
    assert not [name for name in assets if name.startswith("screenshots/") or name.endswith(".py")]
    assert sdist.stat().st_size < 40e6 and wheel.stat().st_size < 40e6


def test_commands_work_in_any_folder(elsewhere, warm_python, capsys):
    command = [warm_python, "-m", "resnet_demo"]
    done = subprocess.run([*command, "results", "--verify"], **elsewhere)
    assert main(["results", "--verify"], Places.from_environment({})) == 0
    assert done.returncode == 0 and done.stdout == capsys.readouterr().out and "ResNet-20" in done.stdout
    counted = subprocess.run([*command, "confusion", "--run", "cifar10-resnet20-a", "--out", "made"], **elsewhere)
    assert "n=10000" in counted.stdout and list((elsewhere["cwd"] / "made").iterdir())


def test_the_page_answers_in_any_folder_and_keeps_runs_with_the_user(elsewhere, installed, warm_python, few_shapes):
    before, home = files(installed), Path(elsewhere["env"]["HOME"])
    few_shapes(home / ".cache" / "resnet_demo")
    script = next(path for path in installed.glob("*/resnet-demo*"))  # bin/, Scripts\ on Windows
    options = [warm_python, script, "--host", "localhost"]
    with subprocess.Popen(options, **elsewhere) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            opened = httpx.get(address, **PATIENCE).text
            assert "cifar10-resnet20-a" in opened and "data set" in opened
            assert httpx.get(f"{address}share.png", **PATIENCE).content == (PROJECT / "assets/share.png").read_bytes()
            client = gradio_client.Client(address, verbose=False, analytics_enabled=False, httpx_kwargs=PATIENCE)
            models = {model["model"] for model in client.predict(api_name="/models")}
            assert models >= {path.parent.name for path in (PROJECT / "weights").glob("*/model.safetensors")}
            run = classify_and_train(address)
        finally:
            process.terminate()
    assert (home / ".local" / "share" / "resnet_demo" / "runs" / run / "model.safetensors").is_file()
    assert files(installed) == before and not list(elsewhere["cwd"].iterdir())
