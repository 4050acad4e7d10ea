"""What is computed once for an object: by whom, and who waits for it."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from resnet_demo.kept_property import kept_property
from resnet_demo.runs.folder import RunFolder


class Answers:
    """Says how often it was asked for its number."""

    asked = 0

    @kept_property
    def number(self) -> int:
        """How often."""
        self.asked += 1
        return self.asked


def test_it_is_computed_once_for_each_object():
    first, second = Answers(), Answers()
    assert (first.number, first.number, second.number) == (1, 1, 1)
    assert first.asked == second.asked == 1


def test_nobody_waits_for_another_run(monkeypatch):
    """As somebody would who is forked while a thread reads: that one never ends in the new process."""
    reads, go_on = threading.Event(), threading.Event()

    def read(run: RunFolder, *_) -> SimpleNamespace:
        if run.id == "slow":
            reads.set()
            assert go_on.wait(60)
        return SimpleNamespace(read=run.id)

    monkeypatch.setattr(RunFolder, "read", read)
    slow = threading.Thread(target=lambda: RunFolder("slow").config, daemon=True)
    slow.start()
    assert reads.wait(60)
    found = []
    other = threading.Thread(target=lambda: found.append(RunFolder("other").config.read), daemon=True)
    other.start()
    other.join(30)
    go_on.set()
    slow.join()
    assert found == ["other"]
