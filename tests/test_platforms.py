"""What Windows has and lacks, as far as that can be tried on another system; docs/PLATFORMS.md has the whole list."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import make_untrained_run
from tiny import tiny_config, tiny_dataset

from resnet_demo.places import PROJECT
from resnet_demo.runs import writer
from resnet_demo.runs.writer import create_run, is_folder_name, move

WITHOUT_POSIX = Path(__file__).parent / "support" / "without_posix.py"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="stands in for Windows")


@POSIX
def test_runs_are_made_locked_trained_and_read_without_what_windows_lacks(tmp_path, warm_python):
    """All modules are imported without fcntl and the like; a run is trained and its lock is msvcrt's."""
    done = subprocess.run(
        [warm_python, WITHOUT_POSIX, tmp_path], cwd=PROJECT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["imported", "locked", "finished", "unlocked"]


@pytest.mark.parametrize("name", ["a", "Auxiliary", "console", "com10", "a.b", "com", "训练 1", "nul-1", "x" * 100])
def test_names_that_only_look_reserved_are_fine(name):
    assert is_folder_name(name)


def test_an_id_made_of_a_folders_name_is_one_that_every_system_takes(tmp_path):
    config = replace(tiny_config(tiny_dataset()), data='/pictures/what? "a:b" <1>')
    made = create_run(tmp_path, config)
    assert is_folder_name(made.id) and "-what- -a-b- -1--" in made.id


def test_a_file_is_replaced_as_soon_as_windows_lets_it(tmp_path, monkeypatch):
    """os.replace refuses while a reader has the file open."""
    replaces, refusals = os.replace, [PermissionError(13, "it is being used by another process")] * 3

    def windows(*paths):
        if refusals:
            raise refusals.pop()
        replaces(*paths)

    run = make_untrained_run(tmp_path, "a")
    monkeypatch.setattr(writer.os, "replace", windows)
    move(run.path, tmp_path / "b")
    assert not refusals and not run.path.exists() and (tmp_path / "b" / "config.json").is_file()


def test_what_a_command_prints_into_a_file_is_utf8_whatever_the_locale_says():
    code = (
        "import sys; sys.stdout.reconfigure(encoding='cp1252'); from resnet_demo.cli import main; "
        "main(['describe', 'resnet20', '--format', 'svg'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True)
    assert done.returncode == 0 and "×" in done.stdout.decode("utf-8"), done.stderr
