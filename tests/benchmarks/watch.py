"""Measure what it costs to watch a run: a client that polls as the page does, against nobody looking. No pytest.

A server of its own (`RunManager`, `Tails`, the page's curves) trains runs of equal length, watched and unwatched in
turn; the ratio of their images/s counts, median over the pairs. Then: from a click until the first point, bytes an
update, and the server's memory after many runs. Run nothing else meanwhile.

  python tests/benchmarks/watch.py
  python tests/benchmarks/watch.py --pairs 1 --seconds 3 --clicks 2 --runs 2    # a quick look whether it works
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import httpx  # noqa: E402
from serving import resident, served  # noqa: E402

SERVER = (sys.executable, str(Path(__file__).resolve()), "--serve")
EVERY = 0.4  # seconds between two polls of the page
PATIENCE = 300  # seconds for anything that does not happen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="resnet20")
    parser.add_argument("--data", default="shapes", help="a data set that is there already, or is drawn (shapes)")
    parser.add_argument("--pairs", type=int, default=7, help="of runs, watched and unwatched (7)")
    parser.add_argument("--seconds", type=float, default=20, help="of training for each run of a pair (20)")
    parser.add_argument("--clicks", type=int, default=7, help="from a click to the first point, the cold one apart (7)")
    parser.add_argument("--runs", type=int, default=20, help="after which memory is looked at (20)")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return 0
    with tempfile.TemporaryDirectory() as runs, served(SERVER, {"RESNET_DEMO_RUNS": runs}) as address:
        with httpx.Client(base_url=address, timeout=PATIENCE) as http:
            client = Client(http, args.model, args.data)
            print(client.ask("about"))
            print(client.clicks(args.clicks), flush=True)
            print(client.pairs(args.pairs, args.seconds, Path(runs)), flush=True)
            print(client.memory(args.runs))
    return 0


def serve(port: int) -> None:
    """The server: the page's curves with all that is behind them, and a door for the client."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    import torch

    from resnet_demo.data.datasets import load_dataset
    from resnet_demo.engine.config import preset
    from resnet_demo.engine.device import hardware_name
    from resnet_demo.models import ModelSpec
    from resnet_demo.places import Places
    from resnet_demo.services import Services
    from resnet_demo.ui.components.curves import curves
    from resnet_demo.ui.text import LANGUAGES

    places = Places.from_environment()
    services = Services.create(places, local=True)

    def start(model: str, data: str, seconds: float) -> str:
        config = preset("demo", ModelSpec.from_name(model), data, length=seconds)
        dataset = load_dataset(data, data=places.data, cache=places.cache)
        return services.manager.submit(config.for_dataset(dataset)).run.id

    def stop(run_id: str) -> str:
        services.manager.stop(run_id, None)
        return run_id

    def about() -> str:
        return f"{hardware_name(torch.device('cpu'))}, torch {torch.__version__}, Gradio {gr.__version__}"

    def pid() -> int:
        return os.getpid()

    with gr.Blocks(analytics_enabled=False) as demo:
        curves(LANGUAGES["en"], services.tails.poll)
        for function in (start, stop, about, pid):
            gr.api(function, api_name=function.__name__)
    demo.queue().launch(server_port=port, quiet=True, run_history=False, ssr_mode=False)


@dataclass
class Client:
    """What a page does, without a page. sizes: bytes of the answers that brought points, and of those that did not."""

    http: httpx.Client
    model: str
    data: str
    sizes: dict[bool, list[int]] = field(default_factory=lambda: {True: [], False: []})

    def ask(self, name: str, *values: object) -> object:
        """The answer of one of the server's doors."""
        asked = self.http.post(f"/gradio_api/call/{name}", json={"data": values}).raise_for_status().json()
        said = self.http.get(f"/gradio_api/call/{name}/{asked['event_id']}").raise_for_status().text
        if "event: complete" not in said:
            raise RuntimeError(f"{name} failed: {said[-500:]}")
        return json.loads(said.rsplit("data: ", 1)[1].split("\n")[0])[0]

    def start(self, seconds: float) -> str:
        return self.ask("start", self.model, self.data, seconds)

    def polls(self, run_id: str) -> Iterator[dict]:
        """Answers as the page gets them, every EVERY seconds, until the run has ended."""
        curves = next(one["id"] for one in self.http.get("/config").json()["components"] if is_curves(one))
        cursor, until = 0, time.monotonic() + PATIENCE
        while time.monotonic() < until:
            began = time.monotonic()
            body = {"session_hash": "watch", "component_id": curves, "fn_name": "poll_runs"}
            body["data"] = {"runs": {run_id: cursor}}
            reply = self.http.post("/gradio_api/component_server", json=body).raise_for_status()
            answer = reply.json()[run_id]
            self.sizes[bool(answer.get("points"))].append(len(reply.content))
            cursor = answer.get("next", cursor)
            yield answer
            if answer["state"] not in ("queued", "running"):
                return
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        raise RuntimeError(f"{run_id} did not end")

    def watch(self, run_id: str) -> None:
        for answer in self.polls(run_id):
            if answer["state"] in ("failed", "interrupted", "gone"):
                raise RuntimeError(f"{run_id} {answer['state']}: {answer.get('reason')}")

    def clicks(self, times: int) -> str:
        """Seconds from the request for a run until an answer with its first point."""
        took = []
        for _ in range(times + 1):
            began = time.perf_counter()
            run_id = self.start(60)
            for answer in self.polls(run_id):
                if answer.get("points"):
                    took.append(time.perf_counter() - began)
                    break
            self.ask("stop", run_id)
            self.watch(run_id)
        cold, *warm = took
        return f"click to first point: {told(warm, 's')}; the first after the server's start {cold:.2f} s (at most 2)"

    def pairs(self, number: int, seconds: float, runs: Path) -> str:
        """images/s of watched runs over unwatched ones, in turn, each first in every second pair."""
        rates: dict[bool, list[float]] = {True: [], False: []}
        self.sizes = {True: [], False: []}
        for pair in range(number):
            for watched in (True, False) if pair % 2 else (False, True):
                run_id = self.start(seconds)
                if watched:
                    self.watch(run_id)
                wait_for_end(runs / run_id)
                rates[watched].append(rate(runs / run_id))
        ratios = [one / other for one, other in zip(rates[True], rates[False], strict=True)]
        full, idle = (self.sizes[kind] or [0] for kind in (True, False))
        return (
            f"{self.model} on {self.data}, {seconds:g} s: unwatched {statistics.median(rates[False]):,.0f} images/s, "
            f"watched {statistics.median(rates[True]):,.0f}; watched / unwatched {told(ratios)} (at least 0.97)\n"
            f"an update: {statistics.median(full):.0f} bytes with points ({len(full)} of them, at most {max(full)}), "
            f"{statistics.median(idle):.0f} without"
        )

    def memory(self, runs: int) -> str:
        """What the server and its children have in memory, before and after so many watched runs of two seconds."""
        pid = self.ask("pid")
        before = resident(pid)
        for _ in range(runs):
            self.watch(self.start(2))
        return f"memory of the server: {before:.0f} MB, after {runs} more runs {resident(pid):.0f} MB"


def is_curves(component: dict) -> bool:
    return component.get("props", {}).get("elem_id") == "curves"


def wait_for_end(run: Path) -> None:
    """Until the log has its last line, looking once a second: nobody watches."""
    until, log = time.monotonic() + PATIENCE, run / "events.jsonl"
    while not log.exists() or '"RunFinished"' not in log.read_text(encoding="utf-8")[-600:]:
        if time.monotonic() > until:
            raise RuntimeError(f"{run.name} did not end")
        time.sleep(1)


def rate(run: Path) -> float:
    """images/s over the reports of the run's last nine tenths, by the run's own clock."""
    lines = [json.loads(line) for line in (run / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    reports = [line for line in lines if line["event"] == "StepMetrics" and line["progress"] >= 0.1]
    batch = json.loads((run / "config.json").read_text(encoding="utf-8"))["batch_size"]
    first, last = reports[0], reports[-1]
    return (last["step"] - first["step"]) * batch / (last["seconds"] - first["seconds"])


def told(values: list[float], unit: str = "") -> str:
    shown = f"{statistics.median(values):.3f}{unit and ' '}{unit}"
    return f"{shown} (median of {len(values)}, {min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    sys.exit(main())
