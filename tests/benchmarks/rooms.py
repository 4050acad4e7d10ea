"""Measure a class of phones: how many requests a server answers, how late the slowest is, and how much memory it takes.

A server of its own; each phone is a thread with a connection. First all send images as fast as a held button does, then
all ask the model live, while each looks at the room every three seconds and a board follows and loads the images. The
phones run on the same processors as the server, so that real ones find it faster. Run nothing else meanwhile.

  python tests/benchmarks/rooms.py
  python tests/benchmarks/rooms.py --phones 3 --seconds 2    # a quick look whether it works
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import httpx  # noqa: E402
from serving import resident, served  # noqa: E402

SERVER = (sys.executable, str(Path(__file__).resolve()), "--serve")
MODEL = "cifar10-resnet20-a"  # that phones ask
BETWEEN, LOOK, BOARD = 0.5, 3.0, 1.2  # seconds, as the pages have them
CLASSES = ("mug", "pen", "book")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20, help="of each part (20)")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return 0
    with tempfile.TemporaryDirectory() as runs, served(SERVER, {"RESNET_DEMO_RUNS": runs}) as address:
        server = int(httpx.get(f"{address}/bench/pid", timeout=60).text)
        print(f"{args.phones} phones, {os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}")
        before = resident(server)
        for stage in ("collect", "try"):
            room = httpx.post(f"{address}/bench/open", timeout=60).json()
            httpx.post(f"{address}/bench/ask", json={**room, "action": "stage", "stage": stage}, timeout=60)
            tally = crowd(address, room, stage, args.phones, args.seconds)
            print(f"{stage}: {tally.shown(args.seconds)}", flush=True)
            print(f"  memory of the server {before:.0f} MB before, {resident(server):.0f} MB after", flush=True)
            httpx.post(f"{address}/bench/ask", json={**room, "action": "close"}, timeout=60)
        print(f"memory once the rooms are closed: {resident(server):.0f} MB")
    return 0


@dataclass
class Tally:
    """What the phones were answered: seconds by kind of request, and how many answers had which status."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    status: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, kind: str, request: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask, and note how long the answer took."""
        begun = time.perf_counter()
        answer = request()
        with self.lock:
            self.seconds.setdefault(kind, []).append(time.perf_counter() - begun)
            self.status[answer.status_code] += 1
        return answer

    def shown(self, seconds: float) -> str:
        """For people."""
        every = [one for times in self.seconds.values() for one in times]
        parts = [f"{len(every) / seconds:.0f} requests/s, status {dict(self.status)}"]
        for kind, times in sorted(self.seconds.items()):
            late = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
            numbers = (1000 * one for one in (statistics.median(times), late, max(times)))
            parts.append(f"{kind}: {len(times)}, median {{:.0f}}, 95 % {{:.0f}}, slowest {{:.0f}} ms".format(*numbers))
        return "\n  ".join(parts)


def crowd(address: str, room: dict[str, str], stage: str, count: int, seconds: float) -> Tally:
    """The phones and the board of a room for a while."""
    from made_runs import photograph

    tally, until = Tally(), time.monotonic() + seconds
    threads = [threading.Thread(target=board, args=(address, room, tally, until))]
    for number in range(count):
        image = photograph(256, 192, seed=number)
        threads.append(threading.Thread(target=phone, args=(address, room["room"], stage, number, image, tally, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def phone(address: str, room: str, stage: str, number: int, image: bytes, tally: Tally, until: float) -> None:
    """One phone: joins, and sends an image or asks the model as often as the page does."""
    with httpx.Client(base_url=f"{address}/room/{room}", timeout=60) as http:
        joined = tally.ask("join", lambda: http.post("/join", json={"name": f"phone {number}"}))
        http.headers["x-phone"] = joined.json()["key"]
        path = f"/send?label={CLASSES[number % len(CLASSES)]}" if stage == "collect" else "/try"
        version, look = 0, 0.0
        while (begun := time.monotonic()) < until:
            if begun >= look:
                look = begun + LOOK
                asked = f"/state?version={version}"
                version = tally.ask("state", lambda asked=asked: http.get(asked)).json()["version"]
            tally.ask(path.partition("?")[0][1:], lambda: http.post(path, content=image))
            time.sleep(max(0.0, BETWEEN - (time.monotonic() - begun)))


def board(address: str, room: dict[str, str], tally: Tally, until: float) -> None:
    """The teacher's board, which accepts everything and loads each image once."""
    seen: set[str] = set()
    with httpx.Client(base_url=address, timeout=60) as http:
        while (begun := time.monotonic()) < until:
            asked = {**room, "action": "accept_all"}
            answer = tally.ask("board", lambda asked=asked: http.post("/bench/ask", json=asked)).json()
            for picture in answer["pictures"]:
                if picture["id"] not in seen:
                    seen.add(picture["id"])
                    at = f"/room/{room['room']}/image/{picture['id']}"
                    tally.ask("image", lambda at=at: http.get(at))
            time.sleep(max(0.0, BOARD - (time.monotonic() - begun)))


def serve(port: int) -> None:
    """The server: addresses of rooms behind all that stands before them, and doors for the teacher."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.routing import Route

    from resnet_demo.places import Places
    from resnet_demo.services import Services
    from resnet_demo.ui.build import launch_options
    from resnet_demo.ui.teach.room.handlers import Servant
    from resnet_demo.ui.text import LANGUAGES

    services = Services.create(Places.from_environment())
    servant = Servant(services, LANGUAGES["en"])

    async def open_room(request: Request) -> JSONResponse:
        room = services.rooms.open(CLASSES)
        room.trained(MODEL)
        return JSONResponse({"room": room.id, "key": room.key})

    async def ask(request: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(servant.moderate, await request.json()))

    async def pid(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(os.getpid()))

    options: dict[str, Any] = launch_options(services)
    options["app_kwargs"]["routes"] += [
        Route("/bench/open", open_room, methods=["POST"]), Route("/bench/ask", ask, methods=["POST"]),
        Route("/bench/pid", pid),
    ]  # fmt: skip
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("rooms")
    page.launch(server_port=port, quiet=True, **options)


if __name__ == "__main__":
    sys.exit(main())
