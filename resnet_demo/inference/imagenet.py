"""ResNet-18, 34, 50, 101 and 152 with the weights that torchvision calls IMAGENET1K_V1, v1.5 layout.

Their names, where their files may lie on this machine, and how to load them strictly. timm's `tv_in1k` repositories on
the Hub hold the same tensors under the same names as safetensors. Downloading them is in `fetch`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..data.hub import find_files
from ..data.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess
from ..errors import Refusal
from ..models import ModelSpec, ResNet, blank_model, load_checkpoint
from ..places import Places
from .classifier import Classifier

HUB_FILE = "model.safetensors"
OTHER_WEIGHTS = ("resnet50-11ad3fa6.pth", "resnet101-cd907fc2.pth", "resnet152-f82ba261.pth")  # IMAGENET1K_V2
CLASS_NAMES = Path(__file__).with_name("imagenet_classes.txt")


@dataclass(frozen=True)
class Pretrained:
    """One of torchvision's ImageNet networks.

    depth: 18, 34, 50, 101 or 152.
    torchvision_file: what torchvision calls the file of its weights.
    size_bytes: of the Hub's file for 18, else of the tensors in it, to which it adds less than 0.1 %.
    sha256: how the checksum of the Hub's file begins, "" where that is not known beforehand.
    """

    depth: int
    torchvision_file: str
    size_bytes: int
    sha256: str = ""

    @property
    def name(self) -> str:
        """Of the network: "resnet50"."""
        return f"resnet{self.depth}"

    @property
    def id(self) -> str:
        """Of its classifier: "imagenet/resnet50"."""
        return f"imagenet/{self.name}"

    @property
    def repository(self) -> str:
        """Where the Hub keeps the weights, in HUB_FILE."""
        return f"timm/{self.name}.tv_in1k"

    @property
    def spec(self) -> ModelSpec:
        """1000 classes, 224 px, option B, the stride in the 3x3 (v1.5)."""
        return ModelSpec.from_name(self.name)


PRETRAINED = (
    Pretrained(18, "resnet18-f37072fd.pth", 46_807_446, "694f673df652"),
    Pretrained(34, "resnet34-b627a593.pth", 87_259_072),
    Pretrained(50, "resnet50-0676ba61.pth", 102_441_032, "5d061a3c593d"),
    Pretrained(101, "resnet101-63fe2227.pth", 178_618_848),
    Pretrained(152, "resnet152-394f9c45.pth", 241_378_168),
)


@cache
def class_names() -> tuple[str, ...]:
    """ImageNet's 1000 classes as torchvision calls them, without importing it, which takes seconds."""
    return tuple(CLASS_NAMES.read_text(encoding="utf-8").splitlines())


def find(pretrained: Pretrained, places: Places) -> Path | None:
    """The file of weights on this machine, or None.

    Looks in the user's own folder (`RESNET_DEMO_IMAGENET`), where `fetch` keeps its files, in the Hub's cache and in
    torchvision's. Nothing is read: whether the file is the right one shows when it is loaded.
    """
    return next((path for path in _candidates(pretrained, places) if path.is_file()), None)


def fetched_to(pretrained: Pretrained, places: Places) -> Path:
    """Where `fetch` keeps the weights."""
    return places.cache / "imagenet" / f"{pretrained.name}.safetensors"


def _candidates(pretrained: Pretrained, places: Places) -> Iterator[Path]:
    if folder := places.imagenet:
        yield folder / f"{pretrained.name}.safetensors"
        yield folder / f"{pretrained.name}.tv_in1k" / HUB_FILE
        yield folder / pretrained.torchvision_file
        yield from (path for path in sorted(folder.glob(f"{pretrained.name}*.pth")) if path.name not in OTHER_WEIGHTS)
    yield fetched_to(pretrained, places)
    if places.hub:
        yield from find_files(pretrained.repository, [HUB_FILE], places.hub, "model") or ()
    if places.torch_hub:
        yield places.torch_hub / pretrained.torchvision_file


def classifier(pretrained: Pretrained, weights: Path, *, disposable: bool = False) -> Classifier:
    """The classifier with the weights in a file; nothing is read yet.

    disposable: whether the file is a download of ours, to be deleted if it turns out damaged, so that it can be
    downloaded anew.
    """
    spec = pretrained.spec

    def loader() -> ResNet:
        try:
            return load_checkpoint(weights, blank_model(spec)).eval()
        except Refusal as error:
            if disposable and not isinstance(error.__cause__, OSError | MemoryError):
                weights.unlink(missing_ok=True)
                raise Refusal("damaged_download", file=weights.name, detail=error) from error
            raise Refusal("damaged_weights", file=weights.name, detail=error) from error

    preprocess = Preprocess("imagenet", spec.input_size, 3, IMAGENET_MEAN, IMAGENET_STD)
    return Classifier(pretrained.id, spec, class_names(), preprocess, weights, None, loader)
