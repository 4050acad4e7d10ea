"""Measure what explaining an answer costs, in bare forward passes of the same model on the same image.

All take turns in one process; numbers are medians over rounds. Run nothing else meanwhile. Not collected by pytest.

  python tests/benchmarks/evidence.py
  python tests/benchmarks/evidence.py --rounds 2 --models cifar10-resnet20-a   # a quick look whether it works
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
from PIL import Image  # noqa: E402

from resnet_demo.data.decode import decode  # noqa: E402
from resnet_demo.engine.device import hardware_name  # noqa: E402
from resnet_demo.inference.classifier import Classifier  # noqa: E402
from resnet_demo.inference.classify import see  # noqa: E402
from resnet_demo.inference.explain import heat_map  # noqa: E402
from resnet_demo.inference.store import ModelStore  # noqa: E402
from resnet_demo.inside.faithfulness import faithfulness, sanity_check  # noqa: E402
from resnet_demo.inside.occlusion import classify_painted  # noqa: E402
from resnet_demo.inside.receptive_field import receptive_field  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.services import Services  # noqa: E402

STEPS = 32  # of the curves: 4 times 33 images


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--models", nargs="+", default=["cifar10-resnet20-a", RESNET50.id], help="which (a run, ResNet-50)"
    )
    parser.add_argument("--rounds", type=int, default=7, help="each in turn (7)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        services = Services.create(with_resnet50(Places.from_environment(), Path(folder)))
        image = decode(make_picture(Path(folder) / "picture.jpg"))
        print(f"{hardware_name(torch.device('cpu'))}, {torch.get_num_threads()} threads, torch {torch.__version__}")
        for model in args.models:
            print(measured(services.catalogue.get(model), services.store, image, args.rounds))
    return 0


def measured(classifier: Classifier, store: ModelStore, image: Image.Image, rounds: int) -> str:
    """A line for each: milliseconds, and as many bare forward passes as take the same time."""
    calls = kinds(classifier, store, image)
    prepared = see(image, classifier.preprocess)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    bare, *others = alternate([bare_forward(store.get(classifier).model, batch), *calls.values()], rounds)
    lines = [f"{classifier.id}: bare forward pass {1e3 * statistics.median(bare):.1f} ms"]
    for name, seconds in zip(calls, others, strict=True):
        passes = [one / forward for one, forward in zip(seconds, bare, strict=True)]
        took = 1e3 * statistics.median(seconds)
        lines.append(f"  {name}: {took:.1f} ms, {statistics.median(passes):.3g} forward passes {span(passes)}")
    return "\n".join(lines)


def kinds(classifier: Classifier, store: ModelStore, image: Image.Image) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    shown = heat_map(image, classifier, store, 0)
    mask = np.zeros(shown.view.size[::-1], bool)
    mask[: len(mask) // 2] = True
    last = f"layer{len(classifier.spec.stage_blocks)}"
    return {
        "painted over": lambda: classify_painted(shown.view, mask, "blur", classifier, store),
        "heat map": lambda: heat_map(image, classifier, store, 0),
        "contrast": lambda: heat_map(image, classifier, store, 0, against=1),
        "saliency": lambda: heat_map(image, classifier, store, 0, "saliency"),
        "sanity check, two heat maps": lambda: sanity_check(image, classifier, store, 0),
        f"deletion and insertion, {4 * (STEPS + 1)} images": lambda: faithfulness(shown, classifier, store, 0, STEPS),
        "effective receptive field": lambda: receptive_field(image, classifier, store, last, 3, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
