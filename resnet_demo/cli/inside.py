"""Look inside a model while it classifies an image, and cut parts of it.

Into --out go predictions.json and predictions.csv (with and without what is cut), a PNG of the activations of each
stage (stem.png, layer1.png …), blocks.csv and layers.csv (norms of what each block carries and adds, standard deviation
of layer responses), heat-map.png, and curves.png and curves.csv (whether it is true: deletion and insertion). Cuts
concern the activations, the second of the predictions, and heat-map-with-cuts.png; the rest is of the model as it is.
Files of these names are replaced. --record instead measures what a published run ships: accuracy without each block,
responses, and a slice of its loss surface. Examples:

  python -m resnet_demo inside cat.jpg --model cifar10-resnet20-a --out inside
  python -m resnet_demo inside cat.jpg --model cifar10-resnet20-a --cut layer2.0.shortcut layer3.1.branch --out inside
  python -m resnet_demo inside cat.jpg --model imagenet/resnet50 --class "tiger cat" --against tabby --out inside
  python -m resnet_demo inside --record weights/cifar10-resnet20-a --only surface.json
"""

from __future__ import annotations

import argparse
import json
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..data.decode import decode
from ..figures.inside import TILES, curves_png, heat_map_png, tiles_png
from ..inference.catalogue import Catalogue
from ..inference.classifier import class_index
from ..inference.classify import CROPS, Prediction, classify
from ..inference.explain import METHODS, HeatMap, heat_map
from ..inference.store import ModelStore
from ..inside.activations import Activation, Activations, activations
from ..inside.faithfulness import Faithfulness, faithfulness
from ..inside.responses import Responses, image_responses
from ..metrics.report import as_csv, unarmed
from ..models.cuts import check_cuts
from ..places import Places
from ..runs.folder import RunFolder
from ..runs.index import RunIndex
from .recording import RECORDED, record

Classes = tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An image and a model, or a run to record."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("image", metavar="IMAGE", nargs="?", help="a file; needs --model and --out")
    what.add_argument("--record", metavar="RUN", help="the folder of a published run, into which is written")
    parser.add_argument("--model", metavar="ID", help="a run, or imagenet/resnet18 to 152")
    parser.add_argument("--out", metavar="DIR", help="a folder for the files, made if need be")
    parser.add_argument("--cut", metavar="PART", nargs="+", default=[], help="layer2.0.shortcut, layer2.0.branch, …")
    parser.add_argument("--class", dest="label", metavar="NAME", help="that is explained, or its number (the best one)")
    parser.add_argument(
        "--against", metavar="NAME", help="why the class and not this one: their difference is explained"
    )
    parser.add_argument("--method", choices=METHODS, default=METHODS[0], help=f"of the heat map ({METHODS[0]})")
    parser.add_argument("--crop", choices=CROPS, default=CROPS[0], help=f"of the image ({CROPS[0]})")
    parser.add_argument("--only", choices=RECORDED, help="of what --record writes (both; the first needs weights)")
    parser.add_argument(
        "--weights", metavar="RUN", help="with --record, of a run published without weights: the same, trained again"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace, places: Places) -> int:
    """Write the files and print their names; 0 when done."""
    if args.record:
        again = RunFolder(Path(args.weights)) if args.weights else None
        with tqdm(disable=args.quiet) as bar:
            names = record(RunFolder(Path(args.record)), again, places, args.only, lambda *at: _show(bar, *at))
        print(f"{args.record}: {', '.join(names)}")
        return 0
    if not (args.model and args.out):
        raise ValueError("an image needs --model and --out")
    files = _files(args, places)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    print(f"{out}: {', '.join(files)}")
    return 0


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


def _files(args: argparse.Namespace, places: Places) -> dict[str, bytes]:
    """All files by their names."""
    image, store = decode(args.image), ModelStore(1)
    classifier = Catalogue(RunIndex(places.roots), places).get(args.model)
    cuts = check_cuts(classifier.spec, args.cut)
    crop, every = args.crop, len(classifier.classes)
    best = classify(image, classifier, store, every, crop=crop)
    without = classify(image, classifier, store, every, crop=crop, cuts=cuts) if cuts else None
    index = best.indices[0] if args.label is None else class_index(classifier, _number_or_name(args.label))
    against = None if args.against is None else class_index(classifier, _number_or_name(args.against))
    shown, with_cuts = (
        heat_map(image, classifier, store, index, args.method, crop=crop, against=against, cuts=part)
        for part in ((), cuts)
    )
    faithful = faithfulness(shown, classifier, store, index)
    responses = image_responses(image, classifier, store, crop)
    about = {"image": Path(args.image).name, "model": classifier.id, "cuts": list(cuts), "crop": crop}
    explained = {"class": shown.label, "against": shown.against, "method": shown.method, "layer": shown.layer}
    files = {
        "predictions.json": _predictions_json(best, without, about, {**explained, "areas": _areas(faithful)}),
        "predictions.csv": _predictions_csv(best, without, classifier.classes),
        **_stages(activations(image, classifier, store, crop, cuts)),
        "blocks.csv": _blocks_csv(responses),
        "layers.csv": _csv([("layer", "standard deviation"), *zip(responses.layers, responses.stds, strict=True)]),
        "heat-map.png": _heat_map(shown),
        "curves.png": curves_png(faithful.fractions, _curves(faithful), _areas(faithful)),
        "curves.csv": _curves_csv(faithful),
    }
    return files | ({"heat-map-with-cuts.png": _heat_map(with_cuts)} if cuts else {})


def _heat_map(shown: HeatMap) -> bytes:
    subject = shown.label if shown.against is None else f"{shown.label}, not {shown.against}"
    return heat_map_png(np.asarray(shown.view), shown.values, f"{subject} ({shown.method})")


def _number_or_name(given: str) -> int | str:
    return int(given) if given.isascii() and given.isdigit() else given


def _predictions_json(best: Prediction, without: Prediction | None, about: dict, explained: dict) -> bytes:
    def listed(prediction: Prediction) -> list[dict[str, Any]]:
        pairs = zip(prediction.labels, prediction.probabilities, strict=True)
        return [{"class": label, "probability": probability} for label, probability in pairs]

    values = {**about, "explained": explained, "predictions": listed(best)}
    if without:
        values["predictions with cuts"] = listed(without)
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()


def _predictions_csv(best: Prediction, without: Prediction | None, classes: Classes) -> bytes:
    """The classes in their order in the model, with their probabilities."""
    columns = [dict(zip(one.indices, one.probabilities, strict=True)) for one in (best, without) if one]
    head = ("class", "probability", "probability with cuts")[: 1 + len(columns)]
    rows = ((unarmed(name), *(column[index] for column in columns)) for index, name in enumerate(classes))
    return _csv([head, *rows])


def _stages(found: Activations) -> dict[str, bytes]:
    """A picture for each stage, what follows the stem's pooling with the stem."""

    def stage(part: Activation) -> str:
        return part.name.split(".")[0] if "." in part.name else "stem"

    return {
        f"{name}.png": tiles_png([(part.name, part.maps[part.order[:TILES]], part.zeros) for part in parts], name)
        for name, parts in groupby(found.parts, key=stage)
    }


def _blocks_csv(responses: Responses) -> bytes:
    """The norms of each block; a plain block has no shortcut, and nothing there."""
    head = ("block", "norm of the shortcut", "norm of F(x)", "norm of the sum")
    rows = (
        (one.name, one.shortcut, one.branch, one.total) for one in responses.blocks
    )  # a plain block has no shortcut
    return _csv([head, *rows])


def _curves(found: Faithfulness) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return {
        "deletion": (found.deletion, found.deletion_random),
        "insertion": (found.insertion, found.insertion_random),
    }


def _areas(found: Faithfulness) -> dict[str, tuple[float, float]]:
    return {name: (found.area(name), found.area(f"{name}_random")) for name in _curves(found)}


def _curves_csv(found: Faithfulness) -> bytes:
    columns = ("fractions", "deletion", "deletion_random", "insertion", "insertion_random")
    rows = zip(*(getattr(found, name).tolist() for name in columns), strict=True)
    return _csv([columns, *rows])


def _csv(rows: list[Any]) -> bytes:
    return as_csv(rows).encode(errors="replace")
