"""The family for photographs: a 7x7 stem with max pooling, then four stages of 64 to 512 filters.

Source: He et al. 2015 (arXiv:1512.03385), table 1 and section 4.1. 18 and 34 have basic blocks; 50, 101 and 152 have
bottlenecks. The default shortcut is B, as in torchvision. Must not depend on names.
"""

from __future__ import annotations

from .resnet import Family

TABLE_1 = {
    18: ("basic", (2, 2, 2, 2)),
    34: ("basic", (3, 4, 6, 3)),
    50: ("bottleneck", (3, 4, 6, 3)),
    101: ("bottleneck", (3, 4, 23, 3)),
    152: ("bottleneck", (3, 8, 36, 3)),
}


def counts(depth: int, block: str) -> tuple[int, ...]:
    """Blocks of each stage as in table 1, or () if the table has no such network."""
    kind, blocks = TABLE_1.get(depth, ("", ()))
    return blocks if kind == block else ()


IMAGENET = Family(
    name="imagenet",
    depths="18 and 34 with basic blocks, 50, 101 and 152 with bottlenecks",
    counts=counts,
    listed=tuple(TABLE_1),
    stem_kernel=7,
    widths=(64, 128, 256, 512),
    num_classes=1000,
    shortcut="B",
    input_size=224,
    smallest_input=32,
)
