"""What a form begins with: a run that teaches something in half a minute on the device there is.

Those for CPUs were chosen on validation pictures; those for GPUs follow from the recipe of the published runs. Every
field may be changed afterwards. Must not depend on a form.
"""

from __future__ import annotations

from ..models import ModelSpec
from .config import TrainConfig, preset

MANY_THREADS = 8  # from here on half a minute is long enough for ResNet-20


def suggested(device_type: str, threads: int, data: str, initial: str = "", freeze: bool = False) -> TrainConfig:
    """The configuration to begin with, not yet fitted to its data.

    device_type: "cpu", "cuda" or "mps". threads: CPU threads a run will have, 0 if that is not known. data: a name for
    `load_dataset`; all but those of the Hub and `shapes` are small. initial, freeze: as in `TrainConfig`.

    On a CPU ResNet-8 with small batches learns most in half a minute: of 40,000 pictures of CIFAR-10 in batches of 64
    more than of as many in batches of 128. A GPU waits between small batches, so it gets larger ones and ResNet-20.
    Values that were learned already are destroyed by the rates that learn them anew: they begin with a smaller one, and
    a last layer on its own with one between.
    """
    own = data not in ("cifar10", "fashion-mnist", "shapes")
    accelerated = device_type in ("cuda", "mps")
    model = ModelSpec.from_name("resnet20" if accelerated or threads >= MANY_THREADS else "resnet8")
    batch, lr = (512, 0.4) if accelerated else (64, 0.2)
    if own:
        batch, lr = 32, 0.05  # of larger batches there would be few steps
    if initial:
        batch, lr = min(batch, 64), 0.05 if freeze else 0.01
    return preset("demo", model, data, batch_size=batch, lr=lr, initial=initial, freeze=freeze)
