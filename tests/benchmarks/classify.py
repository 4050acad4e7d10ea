"""Measure answering: a handler against bare PyTorch in the same process, and a page with many visitors at once.

Ratios and differences are medians over alternating rounds. Run nothing else meanwhile. Not collected by pytest.

  python tests/benchmarks/classify.py
  python tests/benchmarks/classify.py --rounds 5 --visitors 4 --questions 1   # a quick look whether it works
  python tests/benchmarks/classify.py --url http://127.0.0.1:7860             # visitors of a page that is open already
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Barrier

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import httpx  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from made_weights import random_network, write_weights_file  # noqa: E402
from PIL import Image  # noqa: E402
from serving import APP, served  # noqa: E402

from resnet_demo.data.decode import decode  # noqa: E402
from resnet_demo.engine.device import hardware_name  # noqa: E402
from resnet_demo.inference.classifier import Classifier  # noqa: E402
from resnet_demo.inference.classify import see  # noqa: E402
from resnet_demo.inference.imagenet import PRETRAINED, find  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.services import Services  # noqa: E402
from resnet_demo.ui.shared.answers import Options, figure  # noqa: E402
from resnet_demo.ui.text import LANGUAGES  # noqa: E402

RESNET50 = next(one for one in PRETRAINED if one.depth == 50)
SECONDS_TO_ANSWER = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cifar10-resnet20-a", help="a run (cifar10-resnet20-a)")
    parser.add_argument("--rounds", type=int, default=30, help="handler and bare in turn (30); 0: only visitors")
    parser.add_argument("--visitors", type=int, default=50, help="at once (50)")
    parser.add_argument("--questions", type=int, default=4, help="pictures that each visitor asks about (4)")
    parser.add_argument("--url", help="address of an open page, instead of one started for the purpose")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = with_resnet50(Places.from_environment(), Path(folder))
        picture = make_picture(Path(folder) / "picture.jpg")
        print(f"{hardware_name(torch.device('cpu'))}, {torch.get_num_threads()} threads, torch {torch.__version__}")
        if args.rounds:
            services = Services.create(places)
            print(small_network(services, args.model, picture, args.rounds))
            print(large_network(services, picture, args.rounds))
        settings = {"RESNET_DEMO_IMAGENET": str(places.imagenet)} if places.imagenet else {}
        for model in (args.model, RESNET50.id):
            with nullcontext(args.url.rstrip("/")) if args.url else served(APP, settings) as address:
                print(f"{model}: {crowd(address, model, picture, args.visitors, args.questions)}")
    return 0


def with_resnet50(places: Places, folder: Path) -> Places:
    """These places, with random weights for ResNet-50 where it has none: they cost the same time."""
    if find(RESNET50, places):
        return places
    print("ResNet-50 has no weights here: random ones are used")
    write_weights_file(folder / "resnet50.safetensors", random_network(50))
    return replace(places, imagenet=folder)


def make_picture(path: Path) -> Path:
    """A JPEG of 500 x 375 pixels with details of all sizes, as a photograph has."""
    random = np.random.default_rng(0)
    layers = [
        Image.fromarray(random.integers(0, 256, (side * 3 // 4, side, 3), dtype=np.uint8)).resize((500, 375))
        for side in (4, 16, 64, 256, 500)
    ]
    Image.fromarray(np.mean([np.asarray(layer) for layer in layers], 0).astype(np.uint8)).save(path, quality=90)
    return path


def handler(services: Services, picture: Path, model: str) -> Callable[[], None]:
    """What the page does for an upload, queue excluded: decode, prepare, forward, and the figure's properties."""

    def answer() -> None:
        found = figure(services, LANGUAGES["en"], str(picture), [model], Options())
        assert found["cards"][0]["rows"], found

    return answer


def bare_forward(model: torch.nn.Module, batch: torch.Tensor) -> Callable[[], None]:
    def forward() -> None:
        with torch.inference_mode():
            model(batch)

    return forward


def small_network(services: Services, model: str, picture: Path, rounds: int) -> str:
    """Milliseconds that a handler takes beyond the bare forward pass of its network."""
    classifier: Classifier = services.catalogue.get(model)
    batch = see(decode(picture), classifier.preprocess).tensor[None].contiguous(memory_format=torch.channels_last)
    forward = bare_forward(services.store.get(classifier).model, batch)
    bare, whole = alternate([forward, handler(services, picture, model)], rounds)
    extra = [1e3 * (b - a) for a, b in zip(bare, whole, strict=True)]
    return (
        f"{model}, JPEG of 500 px: handler {1e3 * statistics.median(whole):.1f} ms, "
        f"bare forward {1e3 * statistics.median(bare):.1f} ms, "
        f"beyond it {statistics.median(extra):.1f} ms {span(extra)} (at most 20)"
    )


def large_network(services: Services, picture: Path, rounds: int) -> str:
    """A handler with ResNet-50 against torchvision's transform and network, in the faster memory format."""
    classifier = services.catalogue.get(RESNET50.id)
    image = Image.open(picture).convert("RGB")
    image.load()  # decoding is the handler's business alone
    transform = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()

    def bare(memory_format: torch.memory_format) -> Callable[[], None]:
        model = torchvision.models.resnet50()
        model.load_state_dict(classifier.loader().state_dict())
        model = model.eval().requires_grad_(False).to(memory_format=memory_format)

        def answer() -> None:
            with torch.inference_mode():
                model(transform(image)[None].contiguous(memory_format=memory_format))

        return answer

    formats = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}
    *bares, whole = alternate([*map(bare, formats.values()), handler(services, picture, classifier.id)], rounds)
    medians = [statistics.median(times) for times in bares]
    faster = medians.index(min(medians))
    ratios = [a / b for a, b in zip(bares[faster], whole, strict=True)]
    told = ", ".join(f"{name} {1e3 * median:.1f} ms" for name, median in zip(formats, medians, strict=True))
    return (
        f"{classifier.id}, JPEG of 500 px: handler {1e3 * statistics.median(whole):.1f} ms, torchvision {told}; "
        f"speed of the handler {statistics.median(ratios):.2f} x the faster {span(ratios)} (at least 0.91)"
    )


def alternate(calls: list[Callable[[], None]], rounds: int) -> list[list[float]]:
    """Seconds of each call in each round, after two rounds that do not count."""
    times: list[list[float]] = [[] for _ in calls]
    for number in range(rounds + 2):
        for call, seconds in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            if number >= 2:
                seconds.append(time.perf_counter() - start)
    return times


def span(values: list[float]) -> str:
    return f"({min(values):.3g} to {max(values):.3g}, {len(values)} rounds)"


def crowd(address: str, model: str, picture: Path, visitors: int, questions: int) -> str:
    """What visitors see who all ask at the same moment, each again as soon as there is an answer."""
    if ask(address, model, picture) is None:  # which also loads the network
        return "this page does not answer with it"
    start = Barrier(visitors)

    def visit(_: int) -> list[float | None]:
        start.wait()
        return [ask(address, model, picture) for _ in range(questions)]

    began = time.perf_counter()
    with ThreadPoolExecutor(visitors) as pool:
        waited = [seconds for one in pool.map(visit, range(visitors)) for seconds in one]
    took = time.perf_counter() - began
    good = sorted(seconds for seconds in waited if seconds is not None)
    told = f"{visitors} visitors, {questions} pictures each: {len(waited) - len(good)} of {len(waited)} failed"
    if not good:
        return told
    p50, p95 = (good[min(len(good) - 1, round(share * len(good)))] for share in (0.5, 0.95))
    return f"{told}, p50 {p50:.2f} s, p95 {p95:.2f} s, {len(good) / took:.1f} answers/s"


def ask(address: str, model: str, picture: Path) -> float | None:
    """Seconds from the upload to the answer, None if there was none."""
    began = time.perf_counter()
    try:
        with httpx.Client(base_url=f"{address}/gradio_api", timeout=SECONDS_TO_ANSWER) as client:
            path = client.post("/upload", files={"files": picture.open("rb")}).raise_for_status().json()[0]
            file = {"path": path, "meta": {"_type": "gradio.FileData"}}
            asked = client.post("/call/classify", json={"data": [file, model, 5]}).raise_for_status().json()
            told = client.get(f"/call/classify/{asked['event_id']}").raise_for_status().text
    except httpx.HTTPError:
        return None
    return time.perf_counter() - began if "event: complete" in told and '"labels"' in told else None


if __name__ == "__main__":
    sys.exit(main())
