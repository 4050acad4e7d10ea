"""Files of runs that the page reads for what a visitor does: how often, how many bytes, and which more than once.

A page on the published runs and copies of them (`--runs`) answers in this process, whose opened files are counted.

  python tests/benchmarks/reads.py
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), *(str(PROJECT / "tests" / name) for name in ("support", "drills", "benchmarks"))]

from visitor import Visitor  # noqa: E402

from resnet_demo.places import Places  # noqa: E402
from resnet_demo.services import Services  # noqa: E402
from resnet_demo.ui import build as page  # noqa: E402

MODEL, OTHER = "cifar10-resnet20-a", "cifar10-resnet20-b"


class Reads:
    """What this process opens below some folders while `counting`."""

    def __init__(self, *roots: Path):
        self.roots, self.opened, self._on = tuple(map(str, roots)), Counter(), False
        sys.addaudithook(self._see)

    def _see(self, event: str, args: tuple) -> None:
        if self._on and event == "open" and args[1] and str(args[0]).startswith(self.roots):  # not what `open` calls
            if Path(args[0]).is_file():
                self.opened[str(args[0])] += 1

    @contextmanager
    def counting(self):
        self.opened.clear()
        self._on = True
        try:
            yield
        finally:
            self._on = False

    def row(self, what: str) -> str:
        size = sum(count * Path(path).stat().st_size for path, count in self.opened.items())
        again = sum(count > 1 for count in self.opened.values())
        return f"| {what} | {sum(self.opened.values()):,} | {len(self.opened):,} | {again:,} | {size / 1024:,.0f} |"


def actions(visitor: Visitor) -> dict[str, object]:
    chosen = {"confusion-run": MODEL, "confusion-set": "test"}
    return {
        "Train opened": lambda: visitor.event("curves", "mount", data={"run": MODEL}),
        "its state refreshed": lambda: visitor.event("curves", "state", data={"run": MODEL, "state": "finished"}),
        "Confusion opened": lambda: visitor.event("confusion-opening", "mount", data={"run": MODEL}),
        "another set chosen": lambda: visitor.event("confusion-set", "input", chosen),
        "a cell opened": lambda: visitor.event("confusion-matrix", "select", chosen, {"index": [3, 5], "value": None}),
        "a class marked": lambda: visitor.event("confusion-classes", "select", chosen, {"index": 3, "value": None}),
        "Classify's models listed": lambda: visitor.call("models"),
        "a matrix by the API": lambda: visitor.call("confusion", MODEL, "test", ""),
        "published comparisons": lambda: visitor.call("compare"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="copies of a published run, as a visitor's (20)")
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(count):
            shutil.copytree(PROJECT / "weights" / MODEL, root / "runs" / f"run-{number}")
        places = replace(Places.from_environment({}), cache=root / "cache", runs=root / "runs")
        services = Services.create(places, local=True)
        reads = Reads(places.weights, places.runs)
        demo = page.build(services)
        _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **page.launch_options(services))
        print("| what | files opened | different | more than once | KiB | again: opened | KiB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        with Visitor(address.rstrip("/")) as visitor:
            for what, act in actions(visitor).items():
                with reads.counting():
                    act()
                first = reads.row(what)
                with reads.counting():
                    act()
                again = reads.row(what).split("|")
                print(f"{first}{again[2]}|{again[5]}|", flush=True)
        demo.close(verbose=False)
        services.close()


if __name__ == "__main__":
    main()
