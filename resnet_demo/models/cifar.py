"""The family for small pictures: a 3x3 stem, then three stages of 16, 32 and 64 filters.

Source: He et al. 2015 (arXiv:1512.03385), section 4.2: depth 6n+2 with basic blocks, option A throughout. Depth 9n+2 is
the same layout with bottlenecks, whose outputs are four times as wide. Must not depend on names.
"""

from __future__ import annotations

from .resnet import Family

DEEPEST = 1202  # the deepest network of the paper
LAYERS = {"basic": 2, "bottleneck": 3}


def counts(depth: int, block: str) -> tuple[int, ...]:
    """Blocks of each stage, (n, n, n), or () if depth is not 6n+2 (basic) or 9n+2 (bottleneck)."""
    n, rest = divmod(depth - 2, 3 * LAYERS[block])
    return (n, n, n) if rest == 0 and n > 0 and depth <= DEEPEST else ()


CIFAR = Family(
    name="cifar",
    depths=f"6n+2 with basic blocks (8, 14 …) or 9n+2 with bottlenecks (11, 20, 29 …), up to {DEEPEST}",
    counts=counts,
    listed=(8, 14, 20, 26, 29, 32, 44, 47, 50, 56, 110, 152, 164, 1202),
    stem_kernel=3,
    widths=(16, 32, 64),
    num_classes=10,
    shortcut="A",
    input_size=32,
    smallest_input=8,
)
