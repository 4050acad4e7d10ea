"""Measures what one visitor's loop of requests costs another one: `python tests/benchmarks/loop.py`.

One address asks for the picture of a matrix over and over, on no, one and four connections; meanwhile another one asks
for the counts as CSV, and clicks on cells in a browser. Run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

sys.path[:0] = [str(folder) for folder in Path(__file__).resolve().parents[1:3]]

from confusion import CELL  # noqa: E402
from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, PROJECT, served  # noqa: E402

from resnet_demo.runs.folder import RunFolder  # noqa: E402

LOOPS = (0, 1, 4)  # connections
PATIENCE = 300  # seconds


def client_at(source: str) -> httpx.Client:
    """Somebody who asks from this address of the machine."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address=source), timeout=PATIENCE)


@contextmanager
def loop(address: str, classes: Sequence[str], connections: int) -> Iterator[list[int]]:
    """Another visitor who asks without a pause, each time for another picture; the status codes of the answers."""
    ended, answers = threading.Event(), []

    def ask(number: int) -> None:
        with client_at("127.0.0.2") as client:
            while not ended.is_set():
                groups = f"group {number} {len(answers)}: {', '.join(classes)}"  # no answer can be one that was kept
                answers.append(client.get(address, params={"groups": groups}).status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def told(name: str, values: list[float], alone: float) -> None:
    """One line: the median, the spread, and the speed as a share of that without a loop."""
    spread = f"{min(values):.0f} to {max(values):.0f}, n = {len(values)}"
    print(f"  {name:22} {median(values):6.0f} ms ({spread}), {alone / median(values):.2f} x", flush=True)


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", default="cifar10-resnet20-a", help="a published run (cifar10-resnet20-a)")
    parser.add_argument("--rounds", type=int, default=15, help="of which the median counts (15)")
    args = parser.parse_args()
    if not 1 <= args.rounds <= 20:
        parser.error(f"--rounds must be 1 to 20, not {args.rounds}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, {args.run}")
    with (
        TemporaryDirectory() as runs,
        served(APP, {"RESNET_DEMO_RUNS": runs}) as address,
        client_at("127.0.0.3") as client,
        sync_playwright() as playwright,
    ):
        files = f"{address}/confusion/{args.run}/test"
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(f"{address}/?tab=confusion&run={args.run}")
        page.locator("#confusion-pairs tbody tr").nth(1).wait_for()
        first, classes = {}, RunFolder(PROJECT / "weights" / args.run).config.classes[:2]
        for name in ("matrix.png", "matrix.csv"):  # warm
            client.get(f"{files}/{name}")
        for connections in LOOPS:
            taken = {"matrix.csv": [], "click on a cell": []}
            with loop(f"{files}/matrix.png", classes, connections) as answers:
                while connections and not answers:
                    time.sleep(0.01)
                before, start = len(answers), time.perf_counter()
                page.evaluate(CELL, args.rounds % 2)
                for k in range(args.rounds):
                    began = time.perf_counter()
                    client.get(f"{files}/matrix.csv").raise_for_status()
                    taken["matrix.csv"].append(1000 * (time.perf_counter() - began))
                    taken["click on a cell"].append(page.evaluate(CELL, (k + 1 + args.rounds) % 2))
                assert set(answers) <= {200}, answers
                rate = (len(answers) - before) / (time.perf_counter() - start)
            print(f"a loop on {connections} connections, {rate:.1f} pictures/s")
            for name, values in taken.items():
                told(name, values, first.setdefault(name, median(values)))
        browser.close()


if __name__ == "__main__":
    main()
