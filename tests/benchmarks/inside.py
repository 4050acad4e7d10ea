"""Measure what looking inside a network costs: activations, responses, an answer and a heat map with cuts, each against
the bare forward pass of the same network; and the removal curve against the naive loop.

Ratios are medians over alternating rounds; time per pass, so lower is better. Run nothing else meanwhile. Not collected
by pytest.

  python tests/benchmarks/inside.py
  python tests/benchmarks/inside.py --rounds 5 --images 100   # a quick look whether it works
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import numpy as np  # noqa: E402
import torch  # noqa: E402
from classify import RESNET50, alternate, bare_forward, make_picture, span, with_resnet50  # noqa: E402

from resnet_demo.data.decode import decode  # noqa: E402
from resnet_demo.engine.device import hardware_name  # noqa: E402
from resnet_demo.inference.classifier import Classifier  # noqa: E402
from resnet_demo.inference.classify import classify, see  # noqa: E402
from resnet_demo.inference.explain import heat_map  # noqa: E402
from resnet_demo.inference.store import LoadedModel  # noqa: E402
from resnet_demo.inside.activations import activations  # noqa: E402
from resnet_demo.inside.removal import accuracy_with_cuts, removal_curve  # noqa: E402
from resnet_demo.inside.responses import image_responses  # noqa: E402
from resnet_demo.models import ModelSpec, build_model  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.services import Services  # noqa: E402

CUTS = ("layer2.0.shortcut", "layer3.0.branch")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cifar10-resnet20-a", help="a run (cifar10-resnet20-a), beside ResNet-50")
    parser.add_argument("--rounds", type=int, default=15, help="all in turn (15)")
    parser.add_argument("--images", type=int, default=200, help="for the removal curve, ResNet-20 and ResNet-56 (200)")
    args = parser.parse_args()
    print(f"{hardware_name(torch.device('cpu'))}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        services = Services.create(with_resnet50(Places.from_environment(), Path(folder)))
        picture = make_picture(Path(folder) / "picture.jpg")
        for model in (args.model, RESNET50.id):
            print(one_image(services, services.catalogue.get(model), picture, args.rounds))
    for name in ("resnet20", "resnet56"):
        print(curve(name, args.images, max(3, args.rounds // 5)))
    return 0


def one_image(services: Services, classifier: Classifier, picture: Path, rounds: int) -> str:
    """Each measurement of one image, as multiples of the time of a bare forward pass."""
    image, store = decode(picture), services.store
    batch = see(image, classifier.preprocess).tensor[None].contiguous(memory_format=torch.channels_last)
    measured: dict[str, Callable[[], object]] = {
        "answer": lambda: classify(image, classifier, store),
        "answer with cuts": lambda: classify(image, classifier, store, cuts=CUTS),
        "activations": lambda: activations(image, classifier, store),
        "responses": lambda: image_responses(image, classifier, store),
        "heat map with cuts": lambda: heat_map(image, classifier, store, 0, cuts=CUTS),
    }
    bare, *times = alternate([bare_forward(store.get(classifier).model, batch), *measured.values()], rounds)
    told = [f"{classifier.id}: bare forward {1e3 * statistics.median(bare):.1f} ms; the others prepare the image, too:"]
    for name, seconds in zip(measured, times, strict=True):
        ratios = [b / a for a, b in zip(bare, seconds, strict=True)]
        told.append(
            f"  {name} {statistics.median(ratios):.2f} x {span(ratios)}, {1e3 * statistics.median(seconds):.1f} ms"
        )
    return "\n".join(told)


def curve(name: str, images: int, rounds: int) -> str:
    """How many times as fast the removal curve is as scoring the network anew for each block."""
    loaded = LoadedModel(build_model(ModelSpec.from_name(name)).eval().to(memory_format=torch.channels_last))
    pixels = np.random.default_rng(0).integers(0, 256, (images, 32, 32, 3), np.uint8)
    given = loaded, pixels, np.zeros(images, np.int64), (0.5,) * 3, (0.25,) * 3
    blocks = removal_curve(*given, cancelled=lambda: True).blocks

    def naive() -> None:
        for cuts in ((), *((f"{block}.branch",) for block in blocks)):
            accuracy_with_cuts(*given, cuts)

    ours, theirs = alternate([lambda: removal_curve(*given), naive], rounds)
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    rate = images / statistics.median(ours)
    return f"{name}: curve {statistics.median(ratios):.2f} x the naive loop {span(ratios)}, {rate:.0f} images/s"


if __name__ == "__main__":
    sys.exit(main())
