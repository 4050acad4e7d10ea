"""Tables 1 and 6 of He et al. 2015 (arXiv:1512.03385) beside what `describe` counts in our own networks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ....models.spec import ModelSpec
from ...shared.model_views import columns, described
from ...text import Text

# depth: multiply-adds in thousands of millions ("FLOPs" there), at 224 x 224 pixels
TABLE_1 = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}
# depth: millions of parameters, test error on CIFAR-10 in percent; of 110 layers the best of five, and their mean ± std
TABLE_6 = {
    20: (0.27, "8.75"),
    32: (0.46, "7.51"),
    44: (0.66, "7.17"),
    56: (0.85, "6.97"),
    110: (1.7, "6.43 (6.61 ± 0.16)"),
    1202: (19.4, "7.93"),
}


@lru_cache
def table_1(text: Text) -> dict[str, Any]:
    """Networks for ImageNet: blocks, multiply-adds of the paper and ours, for v1 and v1.5, and our parameters."""
    rows = []
    for depth, paper in TABLE_1.items():
        spec = ModelSpec.from_name(f"resnet{depth}", shortcut="A" if depth < 50 else "B")
        if depth >= 50:
            later, spec = spec, ModelSpec.from_name(spec.name, stride_in="1x1")
        counted = described(spec)[0]
        row = {
            "network": spec.title,
            "blocks": ", ".join(map(str, spec.stage_blocks)),
            "paper_work": {"text": f"{paper} × 10⁹", "sort": paper * 1e9},
            "our_work": counted.multiply_adds,
            "our_parameters": counted.parameters,
        }
        if depth >= 50:
            row["our_work_v15"] = described(later)[0].multiply_adds
        rows.append(row)
    keys = ("network", "blocks", "paper_work", "our_work", "our_work_v15", "our_parameters")
    found = columns(text, keys, set(keys[2:]))
    found[-1]["title"] = text("column.parameters")
    return {"columns": found, "rows": rows}


@lru_cache
def table_6(text: Text) -> dict[str, Any]:
    """Networks for CIFAR-10: parameters of the paper and ours, our multiply-adds, the paper's test errors."""
    rows = []
    for depth, (millions, error) in TABLE_6.items():
        spec = ModelSpec.from_name(f"resnet{depth}")
        counted = described(spec)[0]
        rows.append(
            {
                "network": spec.title,
                "blocks": ", ".join(map(str, spec.stage_blocks)),
                "paper_parameters": {"text": f"{millions} × 10⁶", "sort": round(millions * 1e6)},
                "our_parameters": counted.parameters,
                "multiply_adds": counted.multiply_adds,
                "error": {"text": f"{error} %", "sort": float(error.split()[0])},
            }
        )
    keys = ("network", "blocks", "paper_parameters", "our_parameters", "multiply_adds", "error")
    return {"columns": columns(text, keys, set(keys[2:])), "rows": rows}
