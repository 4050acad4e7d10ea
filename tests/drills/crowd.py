"""Drill: visitors who do all that the page offers, at once, for minutes."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from outcome import Outcome
from server import Server
from visitor import Refusal, Unexpected, Visitor

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples"
MODEL, OTHER = "cifar10-resnet20-a", "shapes-resnet8"  # ship with the project
FILES = ("matrix.csv", "matrix.png", "matrix.svg", "classes.csv", "report.md", "report.json", "reliability.png")
REST = 20.0  # seconds after the last visitor, before the server is looked at


def drill(root: Path, visitors: int, seconds: float, seed: int) -> Outcome:
    """Each visitor from an address of their own, one thing after the other, in an order of their own."""
    outcome = Outcome(f"{visitors} visitors, {seconds / 60:g} minutes")
    waited: list[float] = []
    with Server(root, ("--public",)) as server:
        with Visitor(server.address, "127.0.1.1") as first:  # so that what is loaded once counts as before
            for what, act in ACTIONS.items():
                outcome.check(f"the first: {what}", attempt(first, act, random.Random(seed), waited))
        waited.clear()
        outcome.look(server)
        opened, until = server.open_files(), time.monotonic() + seconds

        def visit(number: int) -> None:
            chance = random.Random(seed * 1000 + number)
            while time.monotonic() < until:
                with Visitor(server.address, f"127.0.0.{number + 2}") as visitor:  # a page for ten things
                    for _ in range(10):
                        what = chance.choice(list(ACTIONS))
                        outcome.check(f"visitor {number}: {what}", attempt(visitor, ACTIONS[what], chance, waited))

        with ThreadPoolExecutor(visitors) as pool:
            list(pool.map(visit, range(visitors)))
        time.sleep(REST)
        outcome.look(server)
        outcome.problems += server.tracebacks()
        print(f"file descriptors {opened} and {server.open_files()}")
    p95 = statistics.quantiles(waited, n=20)[-1]
    outcome.name += f" (median {statistics.median(waited):.2f} s, p95 {p95:.1f} s)"
    return outcome


Act = Callable[[Visitor, random.Random], object]


def attempt(visitor: Visitor, act: Act, chance: random.Random, waited: list[float]) -> str:
    """What was not in order; a sentence that refuses is."""
    began = time.perf_counter()
    try:
        act(visitor, chance)
    except Refusal:
        pass
    except Unexpected as error:
        return str(error)
    waited.append(time.perf_counter() - began)
    return ""


def sample(chance: random.Random) -> Path:
    return chance.choice(sorted(ASSETS.glob("*.jpg")))


def answer(visitor: Visitor, chance: random.Random) -> None:
    visitor.call("classify", visitor.upload(sample(chance)), chance.choice([MODEL, OTHER]), 5)


def look(visitor: Visitor, chance: random.Random) -> None:
    """Classify an image on the page and ask for the heat map of its best class."""
    values = {"picture": [{"image": visitor.upload(sample(chance)), "caption": None}], "run": [MODEL]}
    shown = visitor.event("picture", "change", values)
    card = next(one for one in shown if isinstance(one, dict) and one.get("cards"))["cards"][0]
    best = card["rows"][0]
    visitor.event("result", "select", values, {"index": best["index"], "value": card["id"]})


def train(visitor: Visitor, chance: random.Random) -> None:
    """A run of two seconds; every other one is stopped, all are followed to their end and taken home."""
    made = visitor.train(2, "seconds", shortcut=chance.choice("ABC"))
    if chance.random() < 0.5:
        visitor.call("stop", made["run"], made["token"])
    until = time.monotonic() + 240
    while visitor.call("run", made["run"])["state"] in ("queued", "running"):
        if time.monotonic() > until:
            raise Unexpected(f"{made['run']} does not end")
        time.sleep(0.5)
    visitor.get(f"/download/{made['run']}.zip")


def open_page(visitor: Visitor, chance: random.Random) -> None:
    visitor.get(chance.choice(["/", "/zh"]))


def matrix(visitor: Visitor, chance: random.Random) -> None:
    visitor.call("confusion", chance.choice([MODEL, OTHER]), "test", "")


def take(visitor: Visitor, chance: random.Random) -> None:
    visitor.get(f"/confusion/{chance.choice([MODEL, OTHER])}/test/{chance.choice(FILES)}")


def compare(visitor: Visitor, chance: random.Random) -> None:
    visitor.call("compare")


def send_nonsense(visitor: Visitor, chance: random.Random) -> None:
    visitor.call("classify", visitor.upload(ASSETS.parent / "CREDITS.md"), MODEL, 5)


ACTIONS: dict[str, Act] = {
    "page": open_page,
    "classify": answer,
    "heat map": look,
    "train": train,
    "matrix": matrix,
    "file": take,
    "compare": compare,
    "nonsense": send_nonsense,
}
