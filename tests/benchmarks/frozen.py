"""Measure training a last layer on features that are computed once, against running the whole network in every step.

Both begin from the same values and do the same steps on the same images, in fp32, in turn in one process. This project
does so as a run: with its log, its checkpoints, and validation after each epoch; the reference is bare steps. The ratio
is of whole runs, the time for the features included, so it is at most the number of epochs. Not collected by pytest.

  python tests/benchmarks/frozen.py
  python tests/benchmarks/frozen.py --network resnet18 --images 200 --rounds 2   # random values, which cost the same
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import torch  # noqa: E402
from whole_network import train_last_layer  # noqa: E402

from resnet_demo.data.dataset import Dataset, Split  # noqa: E402
from resnet_demo.data.datasets import load_dataset  # noqa: E402
from resnet_demo.engine.batches import Batches  # noqa: E402
from resnet_demo.engine.config import TrainConfig  # noqa: E402
from resnet_demo.engine.device import hardware_name  # noqa: E402
from resnet_demo.engine.distributed import World  # noqa: E402
from resnet_demo.engine.evaluate import predict_logits  # noqa: E402
from resnet_demo.engine.events import EpochDone, RunStarted  # noqa: E402
from resnet_demo.models import ModelSpec, build_model  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.runs.execute import execute, save_initial  # noqa: E402
from resnet_demo.runs.folder import RunFolder  # noqa: E402
from resnet_demo.runs.writer import create_run  # noqa: E402

CPU = torch.device("cpu")
PUBLISHED = "cifar10-resnet20-a"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", default=PUBLISHED, help=f"a published run, or a network's name ({PUBLISHED})")
    parser.add_argument("--images", type=int, default=1000, help="of the drawn shapes (1000)")
    parser.add_argument("--epochs", type=int, default=30, help="of each run (30)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (3)")
    args = parser.parse_args()
    spec, initial = beginning(args.network)
    dataset = shapes(args.images, spec.input_size)
    config = TrainConfig(
        spec, length=args.epochs, batch_size=32, lr=0.05, precision="fp32", freeze=True, initial=args.network
    ).for_dataset(dataset)
    print(
        f"{hardware_name(CPU)}, torch {torch.__version__}: {args.network}, {args.images} images, {args.epochs} epochs"
    )
    as_a_run(replace(config, length=1), dataset, initial)  # loads what is loaded once in a process
    ratios = []
    for number in range(1, args.rounds + 1):
        taken, first, events = as_a_run(config, dataset, initial)
        began = time.perf_counter()
        reference = train_last_layer(config, dataset, initial, steps=events[-1].step)
        whole = time.perf_counter() - began
        ratios.append(whole / taken)
        print(
            f"round {number}: {whole:.1f} s with the whole network, {taken:.2f} s as a run "
            f"(first epoch {first:.2f} s), {whole / taken:.1f} x; validation accuracy "
            f"{accuracy(reference, config, dataset):.2%}, {events[-1].validation_accuracy:.2%}",
            flush=True,
        )
    print(f"ratio {median(ratios):.1f} x ({min(ratios):.1f} to {max(ratios):.1f}), n = {len(ratios)}")


def beginning(network: str) -> tuple[ModelSpec, dict[str, torch.Tensor]]:
    """The network and the values to begin from."""
    folder = PROJECT / "weights" / network
    if folder.is_dir():
        model = RunFolder(folder).load_model()
        return model.spec, model.state_dict()
    spec = ModelSpec.from_name(network)
    return spec, build_model(spec, seed=1).state_dict()


def shapes(images: int, size: int) -> Dataset:
    """So many of the drawn shapes, brought to `size` pixels by repeating theirs."""
    places = Places.from_environment()
    drawn = load_dataset("shapes", data=places.data, cache=places.cache)
    repeat = size // drawn.image_shape[0]
    pixels = drawn.train.images[:images].repeat(repeat, 1).repeat(repeat, 2)
    return replace(drawn, train=Split(pixels, drawn.train.labels[:images]), test=None)


def as_a_run(config: TrainConfig, dataset: Dataset, initial: dict[str, torch.Tensor]):
    """Seconds from the first line of the log to the last epoch's, those of the first epoch, and the epochs."""
    with tempfile.TemporaryDirectory() as root:
        folder = create_run(Path(root), config, "run")
        save_initial(folder, initial)
        times, epochs = [], []
        for event in execute(folder, dataset, CPU, evaluate=False):
            if isinstance(event, RunStarted | EpochDone):
                times.append(time.perf_counter())
            if isinstance(event, EpochDone):
                epochs.append(event)
    return times[-1] - times[0], times[1] - times[0], epochs


def accuracy(model: torch.nn.Module, config: TrainConfig, dataset: Dataset) -> float:
    """Share of right answers on the validation images."""
    data = Batches(config, dataset, CPU, World())
    answers = predict_logits(model, data.images, data.validation_rows, data.mean, data.std).argmax(1)
    return (answers == data.labels[data.validation_rows]).float().mean().item()


if __name__ == "__main__":
    main()
