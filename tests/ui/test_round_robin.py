"""Turns of pages that ask without end: fair by address, one request of a page at work, and only the newest waits."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from loops import finish

from resnet_demo.ui import round_robin
from resnet_demo.ui.round_robin import Busy, RoundRobin


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class Hall:
    """Visitors, each of whom has a turn until `go`. served: whose turns began, in order."""

    def __init__(self, at_once: int = 1) -> None:
        self.turns, self.served, self.gates = RoundRobin(at_once), [], {}

    def ask(self, address: str, page: str, name: str = "") -> asyncio.Task:
        async def visit() -> str:
            async with self.turns.turn(address, page):
                gate = self.gates[name or page] = asyncio.Event()
                self.served.append(name or page)
                await gate.wait()
            return name or page

        return asyncio.create_task(visit())

    async def let(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()
            await settle()


def test_a_loop_of_one_address_leaves_the_others_their_turns():
    async def hall():
        hall = Hall()
        for page in ("a1", "a2", "a3", "a4"):
            hall.ask("a", page)
        hall.ask("b", "b1")
        hall.ask("c", "c1")
        await settle()
        for name in ("a1", "a2", "b1", "a3", "c1", "a4"):
            if name in hall.gates:
                await hall.let(name)
        while hall.served[-1] != "a4":
            await hall.let(hall.served[-1])
        return hall.served

    served = finish(hall())
    assert sorted(served) == ["a1", "a2", "a3", "a4", "b1", "c1"]
    assert served.index("b1") <= 2 and served.index("c1") <= 3  # not behind all of a's
    assert [name for name in served if name[0] == "a"] == ["a1", "a2", "a3", "a4"]


def test_of_a_page_one_works_and_the_newest_waits():
    async def hall():
        hall = Hall(at_once=2)
        first, second, third = (hall.ask("a", "page", name) for name in ("first", "second", "third"))
        await settle()
        assert hall.served == ["first"]  # although there is room for two
        with pytest.raises(Busy):
            await second
        await hall.let("first")
        assert hall.served == ["first", "third"]
        await hall.let("third")
        assert (await first, await third) == ("first", "third")

    finish(hall())


def test_a_newer_request_keeps_the_place_of_the_one_that_it_replaces():
    async def hall():
        hall = Hall()
        hall.ask("a", "at work")
        old, other = hall.ask("b", "b", "old"), hall.ask("c", "c")
        await settle()
        hall.ask("b", "b", "new")
        await settle()
        await hall.let("at work")
        await hall.let("new")
        await hall.let("c")
        assert hall.served == ["at work", "new", "c"] and old.exception() and await other == "c"

    finish(hall())


def test_who_leaves_takes_no_turn(monkeypatch):
    async def hall():
        hall = Hall()
        working, waiting, last = hall.ask("a", "a"), hall.ask("b", "b"), hall.ask("c", "c")
        await settle()
        waiting.cancel()
        await settle()
        working.cancel()
        await settle()
        assert hall.served == ["a", "c"]
        hall.gates["c"].set()
        assert await last == "c"
        # in the same moment its turn comes and it leaves
        hall.ask("a", "a")
        leaving = hall.ask("b", "b")
        await settle()
        hall.gates["a"].set()
        leaving.cancel()
        await settle()
        assert await asyncio.wait_for(asyncio.ensure_future(ended(hall)), 5)

    async def ended(hall: Hall) -> bool:
        task = hall.ask("d", "d")
        await settle()
        await hall.let("d")
        return await task == "d"

    finish(hall())


def test_too_many_are_refused_and_the_others_of_other_addresses_are_not(monkeypatch):
    monkeypatch.setattr(round_robin, "MOST_OF_ADDRESS", 3)
    monkeypatch.setattr(round_robin, "MOST_WAITING", 5)

    async def hall():
        hall = Hall()
        tasks = [hall.ask("a", "at work"), *(hall.ask("a", str(n)) for n in range(3))]
        await settle()
        with pytest.raises(Busy):
            await hall.ask("a", "one more")
        tasks += [hall.ask("b", "b"), hall.ask("c", "c")]
        await settle()
        with pytest.raises(Busy):
            await hall.ask("d", "d")
        while not all(task.done() for task in tasks):
            await hall.let(*hall.served)
        assert len(hall.served) == len(tasks)

    finish(hall())


@pytest.mark.parametrize("addresses", [["same"] * 10, [f"10.0.0.{n}" for n in range(10)]])
def test_ten_visitors_who_ask_without_end_get_equally_much(addresses):
    async def hall():
        turns, answers = RoundRobin(2), Counter()

        async def visit(number: int) -> None:
            while answers.total() < 500:
                async with turns.turn(addresses[number], str(number)):
                    await asyncio.sleep(0)
                    answers[number] += 1

        await asyncio.gather(*map(visit, range(10)))
        return answers

    answers = finish(hall())
    assert max(answers.values()) - min(answers.values()) <= 2
