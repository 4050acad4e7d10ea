"""Measure the live camera's route: answers per second of one visitor, and how equally many visitors share.

The server runs in a process of its own; a visitor sends the next frame when the last answer is back, as a page does.
Without a browser: what drawing costs is the visitor's. Run nothing else meanwhile. Not collected by pytest.

  python tests/benchmarks/live.py
  python tests/benchmarks/live.py --seconds 2 --rounds 2 --visitors 4   # a quick look whether it works
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import httpx  # noqa: E402
import torch  # noqa: E402
from classify import bare_forward, make_picture, span  # noqa: E402
from made_weights import random_network, write_weights_file  # noqa: E402
from PIL import Image  # noqa: E402
from serving import APP, served  # noqa: E402

from resnet_demo.data.decode import decode  # noqa: E402
from resnet_demo.engine.device import hardware_name  # noqa: E402
from resnet_demo.inference.classify import see  # noqa: E402
from resnet_demo.inference.imagenet import PRETRAINED, find  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.services import Services  # noqa: E402

RESNET18 = next(one for one in PRETRAINED if one.depth == 18)
SIDE = 256  # of a frame, as `web/camera.js` sends it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["cifar10-resnet20-a", RESNET18.id], help="which")
    parser.add_argument("--rounds", type=int, default=5, help="of one visitor, bare and through the route in turn (5)")
    parser.add_argument("--seconds", type=float, default=4, help="of each round, and of all visitors (4)")
    parser.add_argument("--visitors", type=int, default=10, help="at once (10)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = with_resnet18(Places.from_environment(), Path(folder))
        services, frame = Services.create(places), make_frame(Path(folder) / "picture.jpg")
        print(f"{hardware_name(torch.device('cpu'))}, {torch.get_num_threads()} threads, torch {torch.__version__}")
        settings = {"RESNET_DEMO_IMAGENET": str(places.imagenet)} if places.imagenet else {}
        with served(APP, settings) as address:
            for model in args.models:
                print(one_visitor(services, address, model, frame, args.rounds, args.seconds))
                print(many_visitors(address, model, frame, args.visitors, args.seconds))
        services.close()
    return 0


def with_resnet18(places: Places, folder: Path) -> Places:
    """These places, with random weights for ResNet-18 where it has none: they cost the same time."""
    if find(RESNET18, places):
        return places
    print("ResNet-18 has no weights here: random ones are used")
    write_weights_file(folder / "resnet18.safetensors", random_network(18))
    return replace(places, imagenet=folder)


def make_frame(path: Path) -> bytes:
    """A JPEG as a page sends it, with details of all sizes."""
    content = BytesIO()
    Image.open(make_picture(path)).resize((SIDE, SIDE)).save(content, "jpeg", quality=85)
    return content.getvalue()


def one_visitor(services: Services, address: str, model: str, frame: bytes, rounds: int, seconds: float) -> str:
    """Answers per second with and without heat map, and bare forward passes of the same model, in turn."""
    classifier = services.catalogue.get(model)
    batch = see(decode(frame), classifier.preprocess).tensor[None].contiguous(memory_format=torch.channels_last)
    forward = bare_forward(services.store.get(classifier).model, batch)
    rates: dict[str, list[float]] = {"bare": [], "plain": [], "heat": []}
    with httpx.Client(base_url=address, timeout=60) as client:
        asks = {
            "bare": forward,
            "plain": lambda: ask(client, model, frame, heat=False),
            "heat": lambda: ask(client, model, frame),
        }
        for call in asks.values():  # which also loads the model
            call()
        for _ in range(rounds):
            for name, call in asks.items():
                rates[name].append(rate(call, seconds))
    middle = {name: statistics.median(values) for name, values in rates.items()}
    ratios = [whole / bare for whole, bare in zip(rates["heat"], rates["bare"], strict=True)]
    return (
        f"{model}: {middle['heat']:.1f} answers/s {span(rates['heat'])}, without heat map {middle['plain']:.1f}, "
        f"bare forward passes {middle['bare']:.1f}/s; ratio {statistics.median(ratios):.2f} x {span(ratios)}"
    )


def many_visitors(address: str, model: str, frame: bytes, visitors: int, seconds: float) -> str:
    """Answers of each visitor who asks without end, all of one address, as behind a router of a school."""
    answers, failed, start = [0] * visitors, [0] * visitors, Barrier(visitors)

    def visit(number: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            start.wait()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                if ask(client, model, frame, page=str(number)):
                    answers[number] += 1
                else:
                    failed[number] += 1

    threads = [Thread(target=visit, args=[number]) for number in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    least, most = min(answers), max(answers)
    return (
        f"  {visitors} visitors: {sum(answers) / seconds:.1f} answers/s in all, of each {least} to {most} "
        f"in {seconds:g} s (least / most {least / max(1, most):.2f}), {sum(failed)} refused"
    )


def rate(call, seconds: float) -> float:
    """Calls per second."""
    count, start = 0, time.perf_counter()
    while (took := time.perf_counter() - start) < seconds:
        call()
        count += 1
    return count / took


def ask(client: httpx.Client, model: str, frame: bytes, page: str = "p", heat: bool = True) -> bool:
    """Whether a frame is answered."""
    params = {"model": model, "heat": int(heat), "page": page}
    answer = client.post("/live", params=params, content=frame, headers={"content-type": "image/jpeg"})
    return answer.status_code == 200 and bool(answer.json()["figure"]["cards"][0]["rows"])


if __name__ == "__main__":
    sys.exit(main())
