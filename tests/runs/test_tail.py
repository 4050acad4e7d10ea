"""What a page is told about runs: only what is new, histories in a few points, states."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from made_runs import make_untrained_run

from resnet_demo.engine.events import CheckpointSaved, EpochDone, Resumed, RunFinished, RunStarted, StepMetrics, to_line
from resnet_demo.runs import tail
from resnet_demo.runs.files import LOCK, LOG
from resnet_demo.runs.index import RunIndex, UnknownRun
from resnet_demo.runs.lock import lock
from resnet_demo.runs.queue.manager import Status
from resnet_demo.runs.tail import MOST_POINTS, MOST_RUNS, Tails


def report(step: int, loss: float = 1.0) -> StepMetrics:
    return StepMetrics(step, step / 100, min(step / 1000, 1.0), step / 10, loss, 0.25, 0.1, 2.0, 123.4567)


def epoch(step: int) -> EpochDone:
    return EpochDone(step, step / 100, step / 10, 1.5, 0.5, 1.25, 0.625)


STARTED = RunStarted(100, 1000, {}, "a machine", "fp32")


class Watched:
    """A run whose log the test writes, and a page that follows it."""

    def __init__(self, root):
        self.folder = make_untrained_run(root, "run")
        self.queue: dict[str, Status] = {}
        self.tails = Tails(RunIndex([root]), self.status)
        self.cursor = 0

    def status(self, run_id: str) -> Status:
        return self.queue.get(run_id) or Status(self.folder.state())

    def log(self, *events) -> None:
        with open(self.folder.path / LOG, "a", encoding="utf-8") as file:
            file.writelines(to_line(event) + "\n" for event in events)

    def ask(self, cursor: int | None = None) -> dict:
        answer = self.tails.poll({"runs": {"run": self.cursor if cursor is None else cursor}})["run"]
        json.dumps(answer, allow_nan=False)
        if cursor is None:
            self.cursor = answer["next"]
        return answer


@pytest.fixture
def run(tmp_path):
    return Watched(tmp_path)


def steps(answer: dict) -> list[int]:
    return [point[0] for point in answer["points"]]


def test_each_answer_has_only_what_is_new(run):
    run.log(STARTED, CheckpointSaved(0), report(1), report(2))
    first = run.ask()
    assert first["points"][0] == [1, 0.01, 0.001, 0.1, 1.0, 0.25, 0.1, 2.0, 123.46] and steps(first) == [1, 2]
    assert first["epochs"] == [] and first["after"] is None
    run.log(report(3), epoch(3))
    second = run.ask()
    assert steps(second) == [3] and second["epochs"] == [[3, 0.03, 0.3, 1.5, 0.5, 1.25, 0.625]]
    third = run.ask()
    assert third["points"] == third["epochs"] == [] and third["next"] == second["next"]
    assert steps(run.ask(first["next"])) == [3]  # another page, that stayed behind
    assert steps(run.ask(0)) == [1, 2, 3]


def test_a_line_counts_with_its_newline_and_what_is_no_event_is_passed_over(run):
    run.log(STARTED, report(1))
    line = to_line(report(2, loss=float("nan")))
    path = run.folder.path / LOG
    with open(path, "a", encoding="utf-8") as file:
        file.write('nonsense\n{"event": "StepMetrics", "step": 2}\n' + line.replace("2.0", '"2"') + "\n" + line[:40])
    assert steps(run.ask()) == [1]
    with open(path, "a", encoding="utf-8") as file:
        file.write(line[40:] + "\n")
    assert [point[:5] for point in run.ask()["points"]] == [[2, 0.02, 0.002, 0.2, None]]


def test_what_resuming_takes_back_is_said_and_left_out(run):
    run.log(STARTED, report(1), report(2), report(3), epoch(3))
    run.ask()
    run.log(report(4), Resumed(2, {}, "a machine"), report(3, loss=7.0))
    again = run.ask()
    assert again["after"] == 2 and again["epochs"] == []
    assert [(point[0], point[4]) for point in again["points"]] == [(3, 7.0)]
    late = run.ask(0)
    assert late["after"] is None and late["epochs"] == []
    assert [(point[0], point[4]) for point in late["points"]] == [(1, 1.0), (2, 1.0), (3, 7.0)]


def test_a_long_history_comes_as_means(run):
    run.log(STARTED, *(report(step, loss=float(step % 2)) for step in range(1, 2001)), report(2001, loss=9.0))
    found = run.ask()
    assert MOST_POINTS / 2 <= len(found["points"]) <= MOST_POINTS
    assert found["points"][0][0] == 8 and found["points"][0][4] == 0.5  # eight reports, at the last one's step
    assert steps(found)[-1] == 2001 and found["points"][-1][4] == 9.0
    assert steps(found) == sorted(set(steps(found)))
    run.log(*(report(step) for step in range(2002, 2012)))
    assert steps(run.ask()) == list(range(2002, 2012))  # what is new comes whole


def test_who_missed_too_much_gets_the_history_in_its_place(run, monkeypatch):
    monkeypatch.setattr(tail, "MOST_BEHIND", 1000)
    run.log(STARTED, report(1))
    run.ask()
    run.log(*(report(step) for step in range(2, 600)))
    found = run.ask()
    assert found["after"] == 0 and len(found["points"]) <= MOST_POINTS and steps(found)[-1] == 599


def test_a_log_is_read_once_whoever_asks(run, monkeypatch):
    parsed = []
    from_line = tail.from_line
    monkeypatch.setattr(tail, "from_line", lambda line: parsed.append(line) or from_line(line))
    run.log(STARTED, *(report(step) for step in range(1, 500)))
    for _ in range(5):
        run.ask(0)
    assert len(parsed) == 500
    run.ask()
    run.log(report(500))
    run.ask()
    assert len(parsed) == 502  # for the history, and for the one who asked


def test_another_log_in_its_place_starts_anew(run):
    run.log(STARTED, report(1), report(2), report(3))
    run.ask()
    (run.folder.path / LOG).unlink()
    run.log(STARTED, report(1))
    found = run.ask()
    assert found["after"] == 0 and steps(found) == [1] and found["next"] == (run.folder.path / LOG).stat().st_size


def test_states_come_from_the_log_the_lock_and_the_queue(run):
    run.queue["run"] = Status("queued", 2, 12.34)
    assert run.ask() == {
        "state": "queued",
        "position": 2,
        "wait": 12.3,
        "reason": "",
        "code": "",
        "values": {},
        "next": 0,
        "after": None,
        "points": [],
        "epochs": [],
    }
    run.log(STARTED)
    with lock(run.folder.path / LOCK):
        assert run.ask()["state"] == run.ask()["state"] == "running"
        del run.queue["run"]
        assert run.ask()["state"] == "running"
    assert run.ask()["state"] == "interrupted"
    run.log(RunFinished("failed", 1, 0.1, "The loss had values that are not finite."))
    assert [run.ask()[key] for key in ("state", "reason")] == ["failed", "The loss had values that are not finite."]
    run.queue["run"] = Status("queued", 1)  # resumed: its log still says what it was
    assert [run.ask()[key] for key in ("state", "reason", "position")] == ["queued", "", 1]
    run.queue["run"] = Status("running")  # its worker starts
    assert run.ask()["state"] == "running"


def test_what_is_deleted_or_unknown_is_gone(run):
    run.log(STARTED)
    assert run.ask()["state"] == "interrupted"
    shutil.rmtree(run.folder.path)
    for run_id in ("run", "..", "", f"../{run.folder.path.parent.name}/run"):
        assert run.tails.poll({"runs": {run_id: 0}}) == {run_id: {"state": "gone"}}


def test_a_run_that_the_queue_no_longer_knows_is_gone(run):
    def status(run_id: str) -> Status:
        raise UnknownRun("unknown_run", name=run_id)

    run.log(STARTED, RunFinished("finished", 1, 0.1))
    run.tails.status = status
    assert run.ask(0) == {"state": "gone"}


@pytest.mark.parametrize("asked", [None, [], "runs", {}, {"runs": None}, {"runs": ["run"]}])
def test_what_is_no_question_has_no_answer(run, asked):
    assert run.tails.poll(asked) == {}


@pytest.mark.parametrize("cursor", [-5, 10**30, 3, "12", None, True, 1.5, [1]])
def test_any_cursor_is_answered(run, cursor):
    run.log(STARTED, report(1), report(2))
    assert steps(run.tails.poll({"runs": {"run": cursor}})["run"]) == [1, 2]


def test_no_question_is_too_long(run):
    answers = run.tails.poll({"runs": {str(number): 0 for number in range(50)}})
    assert len(answers) == MOST_RUNS


def test_many_watch_while_it_grows(run):
    run.log(STARTED)

    def watch(_: int) -> list[int]:
        seen, cursor = [], 0
        while not seen or seen[-1] < 300:
            answer = run.tails.poll({"runs": {"run": cursor}})["run"]
            seen += steps(answer)
            cursor = answer["next"]
        return seen

    with ThreadPoolExecutor(4) as pool:
        watching = [pool.submit(watch, i) for i in range(4)]
        for step in range(1, 301):
            run.log(report(step))
        for found in watching:
            assert found.result(timeout=240) == list(range(1, 301))


def test_only_so_many_histories_are_kept(run, monkeypatch):
    monkeypatch.setattr(tail, "KEPT", 1)
    other = make_untrained_run(run.folder.path.parent, "other")
    (other.path / LOG).write_text(to_line(STARTED) + "\n" + to_line(report(5)) + "\n")
    run.log(STARTED, report(1))
    for _ in range(2):
        assert steps(run.ask(0)) == [1]
        assert steps(run.tails.poll({"runs": {"other": 0}})["other"]) == [5]
    assert len(run.tails._tails) == 1
