"""Why a run ended, as its log keeps it: from the process that trained to whoever reads the log."""

from __future__ import annotations

import json

import pytest

from resnet_demo.engine.events import RunFinished, from_line, to_line
from resnet_demo.engine.reasons import because
from resnet_demo.errors import Refusal
from resnet_demo.runs.checks import checked_events
from resnet_demo.runs.files import OUTPUT
from resnet_demo.runs.queue.endings import SAID, Ending, mark
from resnet_demo.runs.queue.worker import exit_code

STARTED = (
    '{"event": "RunStarted", "steps_per_epoch": 3, "total_steps": 9, "versions": {}, "hardware": "x", '
    '"precision": "fp32", "time": 1}\n'
)


def end(**extra: object) -> str:
    return json.dumps({"event": "RunFinished", "status": "failed", "step": 1, "seconds": 1, "time": 1, **extra}) + "\n"


def test_a_log_keeps_code_and_values_and_an_old_one_is_read_as_ever():
    event = RunFinished("failed", 3, 1.0, **because("ended.memory", step=3, batch=64), time=2.0)
    assert from_line(to_line(event)) == event
    old = from_line(end(reason="Stopped."))
    assert (old.reason, old.code, dict(old.values)) == ("Stopped.", "", {})


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending(None, "SIGKILL"), "ended.killed"),
        (Ending(None, "SIGSEGV", ("Fatal Python error",)), "ended.crashed"),
        (Ending(1, "", ("MemoryError",)), "ended.process_memory"),
        (Ending(1, "", ("CUDA error: an illegal memory access",)), "ended.gpu"),
        (Ending(1, "", ("KeyError: 1",)), "ended.error"),
        (Ending(1), "ended.error_silent"),
        (Ending(0), "ended.process"),
    ],
)
def test_each_ending_has_a_code_and_its_output_below(ending, code):
    why = ending.why()
    assert why["code"] == code and why["reason"].split("\n")[1:] == list(ending.last_lines)
    assert because(code, **why["values"])["reason"] == why["reason"].split("\n")[0]


def test_a_sentence_that_a_worker_ends_with_comes_with_its_code(tmp_path, capfd):
    error = Refusal("unfit.size", network="ResNet-20", least=8, size=4)

    def act() -> None:
        raise error

    assert exit_code(act) == SAID
    (tmp_path / OUTPUT).write_text(capfd.readouterr().err)
    why = Ending.of(SAID, tmp_path / OUTPUT).why()
    assert why == {"reason": str(error), "code": "unfit.size", "values": dict(error.values)}
    json.dumps(why)
    long = Refusal("running", name="y" * 1000)
    (tmp_path / OUTPUT).write_text(mark(long) + "the sentence")
    assert set(Ending.of(SAID, tmp_path / OUTPUT).why()) == {"reason"}  # a line that was cut off has no code


@pytest.mark.parametrize(
    "extra",
    [
        {"code": 3},
        {"code": None},
        {"code": ["ended.killed"]},
        {"code": "x" * 20_000},
        {"values": []},
        {"values": None},
        {"values": {"step": {"deep": 1}}},
        {"values": {"step": None}},
        {"values": {"step": True}},
        {"values": {"step": float("nan")}},
        {"values": {"step": float("inf")}},
        {"values": {"step": 10**30}},
        {"values": {" ": 1}},
        {"values": {str(index): index for index in range(100)}},
    ],
    ids=range(14),
)
def test_an_upload_with_malformed_code_or_values_is_refused(extra):
    with pytest.raises(ValueError, match="line 2|longer than"):
        list(checked_events([STARTED, end(**extra)], 10))


def test_an_upload_keeps_code_and_values_without_control_characters():
    told = {"signal": "a\x1bb\x00c", "step": 3}
    *_, event = checked_events([STARTED, end(reason="r", code="ended.crashed", values=told)], 10)
    assert event.code == "ended.crashed" and event.values == {"signal": "abc", "step": 3}
    assert from_line(to_line(event)) == event
