"""The log: its level by option and variable, and that nothing a visitor brought is in it above "debug"."""

from __future__ import annotations

import ast
import logging
import os
import subprocess

import pytest
from managed import Puppets, make_manager, make_places, wait_until
from tiny import tiny_config, tiny_dataset

from resnet_demo import logs
from resnet_demo.places import PROJECT
from resnet_demo.runs.queue import run_queue
from resnet_demo.runs.queue.endings import Ending
from resnet_demo.runs.queue.zerogpu import ZeroGpuExecutor

SECRET = "my-secret-holiday"


def options(*arguments: str) -> str:
    from resnet_demo import server as app

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


LOGGING = """
import logging, sys
from resnet_demo import cli, logs
from resnet_demo.cli import describe
describe.run = lambda *args: None
for level in logs.LEVELS:
    cli.main(["--log-level", level, "describe", "resnet20"])
    print(f"from: {level}", file=sys.stderr)
    for one in logs.LEVELS:
        for name in ("resnet_demo.ui", "httpx"):
            logging.getLogger(name).log(getattr(logging, one.upper()), f"{name} {one}!")
"""


def test_what_is_logged_from_a_level_on_goes_to_standard_error(warm_python):
    command, environment = [warm_python, "-c", LOGGING], os.environ | {logs.VARIABLE: ""}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    said = [line.rpartition(": ")[2] for line in done.stderr.splitlines()]
    for at, level in enumerate(logs.LEVELS):
        start = said.index(level) + 1
        end = said.index(logs.LEVELS[at + 1]) if at + 1 < len(logs.LEVELS) else None
        expected = {f"resnet_demo.ui {one}!" for one in logs.LEVELS[at:]} | {"httpx warning!", "httpx error!"}
        assert set(said[start:end]) == expected, done.stderr


@pytest.fixture
def refused(tmp_path):
    """Handlers that meet files a visitor brought, none of which can be used: what each says."""
    from resnet_demo.data.decode import decode
    from resnet_demo.data.own import OwnPictures
    from resnet_demo.data.predictions import read_predictions
    from resnet_demo.runs.exchange.uploaded import read_network
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


ENDINGS = {
    "one that failed": Ending(1, "", (f"left out: “{SECRET}.png” cannot be read",)),
    "one that was killed": Ending(None, "SIGKILL", (f"left out: “{SECRET}.png” cannot be read",)),
    "an error of the executor": OSError(2, "No such file or directory", f"/tmp/gradio/{SECRET}.zip"),
    "an error of the platform": ZeroGpuExecutor,
    "an end that cannot be written": OSError(28, "No space left on device", f"/tmp/{SECRET}.zip"),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_the_end_of_a_run_is_logged_without_what_its_visitor_brought(how, tmp_path, caplog, monkeypatch):
    puppets, ending = Puppets(), ENDINGS[how]
    if ending is ZeroGpuExecutor:
        ending = OSError(2, "No such file or directory", f"/tmp/gradio/{SECRET}.zip")
        spaces = ZeroGpuExecutor(lambda duration: lambda function: puppets.run)
        monkeypatch.setattr(puppets, "task", spaces.task)
    if how == "an end that cannot be written":
        monkeypatch.setattr(run_queue, "open_writer", lambda run: (_ for _ in ()).throw(ending))
    manager = make_manager(make_places(tmp_path), executor=puppets)
    with caplog.at_level(logging.DEBUG, "resnet_demo"):
        run = manager.submit(tiny_config(tiny_dataset()), name=SECRET).run
        wait_until(lambda: run.path in puppets._told)
        puppets.end(run.path, ending=ending)
        wait_until(lambda: not manager.queue.training())
        manager.close()
    written = {record.levelno: "" for record in caplog.records}
    for record in caplog.records:
        written[record.levelno] += caplog.handler.format(record) + "\n"
    assert SECRET in written.pop(logging.DEBUG)
    above = "".join(written.values())
    assert logs.short_id(run.id) in above and run.id not in above and SECRET not in above
    assert ("exit code" if isinstance(ending, Ending) else "Error") in above


def test_an_id_in_the_log_does_not_open_its_run():
    assert logs.short_id("resnet8-a-own-0123456789abcdef") == "resnet8-a-own-0123…"
    assert logs.short_id("0123456789abcdef") == "0123…"


def test_a_failure_is_logged_by_where_it_was_raised(caplog):
    log = logging.getLogger("resnet_demo.test")
    with caplog.at_level(logging.DEBUG, "resnet_demo"):
        try:
            raise OSError(2, "No such file or directory", SECRET)
        except OSError:
            logs.log_failure(log, "%s could not be carried out", "it")
    error, debug = caplog.records
    assert error.levelname == "ERROR" and debug.levelname == "DEBUG"
    said = caplog.handler.format(error)
    assert "it could not be carried out: FileNotFoundError" in said and "test_logs.py" in said and SECRET not in said
    assert SECRET in caplog.handler.format(debug)


METHODS = ("debug", "info", "warning", "error", "exception", "critical", "log")


def calls_of_logs():
    """(where, its method, its node) of each call of a logger in the project."""
    for path in [PROJECT / "app.py", *sorted((PROJECT / "resnet_demo").rglob("*.py"))]:
        if path.name == "logs.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if isinstance(node.func.value, ast.Name) and node.func.value.id == "log" and node.func.attr in METHODS:
                    yield f"{path.relative_to(PROJECT)}:{node.lineno}", node.func.attr, node
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log_failure":
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", "error", node


def test_no_call_logs_an_exception_with_its_words_or_a_name_above_debug():
    known = [call for call in calls_of_logs() if call[1] != "debug"]
    assert len(known) >= 10
    for where, method, call in known:
        assert method in ("info", "warning", "error"), f"{where}: log_failure leaves out the words of an exception"
        assert not call.keywords, f"{where}: the words of an exception are for the level debug"
        for argument in call.args:
            shortened = isinstance(argument, ast.Call) and getattr(argument.func, "id", "") == "short_id"
            named = {node.attr for node in ast.walk(argument) if isinstance(node, ast.Attribute)}
            named -= {"__name__", "strerror", "code", "signal"}
            assert shortened or not named, f"{where} logs {', '.join(named)}, which may be a visitor's"
            assert not isinstance(argument, ast.JoinedStr), f"{where}: give values, not a text made of them"
            assert not isinstance(argument, ast.Name) or argument.id.isupper() or argument.id == "log", where
