"""Measures how long the page takes until it can be used: `python tests/benchmarks/page.py`.

From the start of the process until the first sample can be clicked in a browser, `app.py` against a bare Gradio page
with one button plus `import torch, torchvision` (`hello.py`), both with the same launch options. Every round starts
both anew, in turn, with a fresh browser profile; the median of the rounds' ratios, bare page / app, counts: higher is
better. Run nothing else meanwhile. `--latency 100` puts the server 100 ms away from the browser.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, HELLO, served  # noqa: E402

CLICKABLE = "#samples button, button#samples"


def seconds_until_usable(
    browser, command: tuple[str, ...], settings: dict[str, str], latency: int
) -> tuple[float, float]:
    """(seconds until the server listens, until the first sample has been clicked) from the start of the process."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    start = time.perf_counter()
    with served(command, settings) as address:
        listening = time.perf_counter() - start
        page = context.new_page()
        page.set_default_timeout(600_000)
        network = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
        page.goto(address, wait_until="commit")
        page.locator(CLICKABLE).first.click()
        usable = time.perf_counter() - start
    context.close()
    return listening, usable


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts (7)")
    parser.add_argument("--latency", type=int, default=0, help="ms that the network adds to each request (0)")
    args = parser.parse_args()
    rounds = args.rounds
    if rounds < 1:
        parser.error(f"--rounds must be 1 or more, not {rounds}")
    commands = {"hello": HELLO, "app": APP}
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with TemporaryDirectory() as runs, sync_playwright() as playwright:
        settings = {"RESNET_DEMO_RUNS": runs}
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for number in range(-1, rounds):  # the first, which reads everything from the disk, does not count
            order = list(commands) if number % 2 else list(commands)[::-1]
            found = {name: seconds_until_usable(browser, commands[name], settings, args.latency) for name in order}
            if number >= 0:
                for name, seconds in found.items():
                    measured[name].append(seconds)
        browser.close()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, {rounds} rounds")
    for name, label in (("hello", "bare page"), ("app", "app.py")):
        listening, usable = (median(values) for values in zip(*measured[name], strict=True))
        print(f"{label:10} listens after {listening:.2f} s, can be used after {usable:.2f} s")
    ratios = [hello[1] / app[1] for app, hello in zip(measured["app"], measured["hello"], strict=True)]
    print(
        f"speed      {median(ratios):.2f} x (median of {rounds}, {min(ratios):.2f} to {max(ratios):.2f}; target 0.83)"
    )


if __name__ == "__main__":
    main()
