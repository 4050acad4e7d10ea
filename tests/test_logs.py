"""The log: its level by option and variable, and that nothing a visitor brought is in it above "debug"."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from resnet_demo import logs
from resnet_demo.places import PROJECT

SECRET = "my-secret-holiday"


def options(*arguments: str) -> str:
    import app

    return app.make_parser().parse_args(list(arguments)).log_level


def test_the_level_is_set_by_option_and_by_variable(monkeypatch, capsys):
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    assert options() == "warning" and options("--log-level", "DEBUG") == "debug"
    monkeypatch.setenv(logs.VARIABLE, "Info")
    assert options() == "info" and options("--log-level", "error") == "error"
    monkeypatch.setenv(logs.VARIABLE, "loud")
    with pytest.raises(SystemExit):
        options()
    assert "accepted are debug, info, warning, error, not 'loud' (also in RESNET_DEMO_LOG)" in capsys.readouterr().err


@pytest.mark.parametrize("level", logs.LEVELS)
def test_what_is_logged_from_a_level_on_goes_to_standard_error(level):
    code = (
        "import logging; from resnet_demo import logs, cli; cli.COMMANDS['describe'].run = lambda *args: None;"
        f"cli.main(['--log-level', {level!r}, 'describe', 'resnet20']);"
        "[logging.getLogger(name).log(getattr(logging, one.upper()), f'{name} {one}!')"
        " for one in logs.LEVELS for name in ('resnet_demo.ui', 'httpx')]"
    )
    environment = os.environ | {logs.VARIABLE: ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True)
    expected = {f"resnet_demo.ui {one}!" for one in logs.LEVELS[logs.LEVELS.index(level) :]}
    expected |= {"httpx warning!", "httpx error!"}
    assert {line.rpartition(": ")[2] for line in done.stderr.splitlines()} == expected, done.stderr


@pytest.fixture
def refused(tmp_path):
    """Handlers that meet files a visitor brought, none of which can be used: what each says."""
    from resnet_demo.data.decode import decode
    from resnet_demo.data.own import OwnPictures
    from resnet_demo.data.predictions import read_predictions
    from resnet_demo.runs.uploaded import read_network
    from resnet_demo.ui.errors import REFUSALS, sentence
    from resnet_demo.ui.text import LANGUAGES

    path = tmp_path / f"{SECRET}.zip"
    path.write_bytes(b"no zip")
    table = tmp_path / f"{SECRET}.csv"
    table.write_text(f"{SECRET},other\n1,2\n")

    add = OwnPictures(tmp_path / "own").add
    attempts = ((add, path), (read_predictions, table), (decode, path), (read_network, path))

    def all_refused() -> list[str]:
        said = []
        for attempt, file in attempts:
            with pytest.raises(REFUSALS) as error:
                attempt(file)
            said += [sentence(error.value, text) for text in LANGUAGES.values()]
        return said

    return all_refused


def test_nothing_that_a_visitor_brought_is_logged_above_debug(refused, caplog):
    with caplog.at_level(logging.DEBUG, "resnet_demo"):
        said = refused()
    assert any(SECRET in sentence for sentence in said)
    assert any(SECRET in caplog.handler.format(record) for record in caplog.records if record.levelno == logging.DEBUG)
    above = [caplog.handler.format(record) for record in caplog.records if record.levelno > logging.DEBUG]
    assert len(above) == len(said) and all(line for line in above)
    assert not any(SECRET in line for line in above)
    assert any("data.bad_zip" in line for line in above)
