"""Why a run ended, in the language of the page: from its log, while it is watched, and whatever an upload says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_runs import NASTY, make_untrained_run

from resnet_demo.engine.events import RunFinished, RunStarted, to_line
from resnet_demo.engine.reasons import because, reason_from_error
from resnet_demo.errors import Refusal
from resnet_demo.errors.english import SENTENCES
from resnet_demo.runs.files import LOG
from resnet_demo.ui.components.curves import curves
from resnet_demo.ui.errors import why
from resnet_demo.ui.text import LANGUAGES

VALUES = {"seconds": 60.0, "step": 12, "batch": 64, "lr": 0.5, "signal": "SIGSEGV", "exit": 3, "minutes": 30}
ENGLISH, CHINESE = LANGUAGES["en"], LANGUAGES["zh"]


def said(told: dict, text) -> str:
    return why(told["reason"], told["code"], told["values"], text)


@pytest.mark.parametrize("code", [code for code in SENTENCES if code.startswith("ended.")])
def test_each_reason_is_said_in_both_languages_with_its_values(code):
    told = because(code, **{name: value for name, value in VALUES.items() if f"{{{name}" in SENTENCES[code]})
    assert said(told, ENGLISH) == told["reason"]
    chinese = said(told, CHINESE)
    assert chinese != told["reason"] and "训练" in chinese or "内存" in chinese
    assert all(f"{value:g}" if isinstance(value, float) else str(value) in chinese for value in told["values"].values())


def test_an_error_that_is_a_sentence_keeps_its_words_and_the_output_stays_below():
    told = reason_from_error(Refusal("unfit.size", network="ResNet-20", least=8, size=Path("4")))
    assert json.loads(json.dumps(told)) == told and said(told, ENGLISH) == told["reason"]
    assert said(told, CHINESE) == "ResNet-20 的输入图像不能小于 8 像素，而这些图像是 4 像素"
    below = told | {"reason": f"{told['reason']}\nTraceback …\n{NASTY}"}
    assert said(below, CHINESE).split("\n", 1)[1] == f"Traceback …\n{NASTY}"
    assert reason_from_error(ValueError("two\nlines")) == {"reason": "two lines", "code": "", "values": {}}


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("", {}),
        ("accepted", {}),
        ("ended.nothing", {}),
        (None, None),
        ([], []),
        ({"a": 1}, 3),
        ("ended.memory", {}),
        ("ended.memory", {"step": 1}),
        ("ended.longest", {"seconds": "{0}"}),
        ("ended.longest", {"seconds": [1]}),
        ("ended.loss", {"step": 1, "lr": "much"}),
        ("ended.memory", "step"),
        ("ended.memory", [["step", 1]]),
        ("data.bytes", {"megabytes": 10**5000}),
        ("missing", {"self": 1, "name": 2, "key": 3}),
        ("missing", {3: 4}),
    ],
    ids=range(16),
)
def test_what_is_no_reason_of_ours_is_shown_as_it_is(code, values):
    for text in (ENGLISH, CHINESE):
        assert why("as it is\nbelow", code, values, text) == "as it is\nbelow"


def test_values_are_never_taken_for_places_to_fill():
    hostile = {"signal": "{step} {0.__class__} ${alert(1)}"}
    assert hostile["signal"] in why("", "ended.crashed", hostile, CHINESE)


def test_one_poll_serves_pages_of_both_languages():
    answer = {"state": "failed", "position": 0, "wait": None, **because("ended.killed"), "next": 1, "after": None}
    for text, word in ((ENGLISH, "was killed (SIGKILL)"), (CHINESE, "被强制结束（SIGKILL）")):
        shown = curves(text, lambda asked: {"a": answer, "b": {"state": "gone"}})
        told = shown.poll_runs({"runs": {"a": 0}})
        assert word in told["a"]["reason"] and told["b"] == {"state": "gone"}
        assert set(told["a"]) == set(answer) - {"code", "values"}


@pytest.mark.browser
def test_a_hostile_reason_is_text(visit, services):
    run = make_untrained_run(services.places.runs, "hostile-reason")
    values = {"signal": NASTY, "more": NASTY}
    end = RunFinished("failed", 0, 0.0, f"English\n{NASTY}", code="ended.crashed", values=values)
    start = RunStarted(3, 9, {}, "a machine", "fp32")
    (run.path / LOG).write_text("".join(to_line(event) + "\n" for event in (start, end)), encoding="utf-8")
    page = visit(tab=f"train&run={run.id}", language="zh")
    page.locator("#curves .reason", has_text="训练进程崩溃了").wait_for()
    assert page.locator("#curves .reason").inner_text().count(NASTY) == 2
    assert page.locator("#curves .reason *").count() == 0
