"""The recorded slice of a published run: written, read, and refused where it is damaged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from resnet_demo.errors import Refusal
from resnet_demo.inside.surface import Slice
from resnet_demo.inside.surface_file import NORMALIZATION, SURFACE, SurfaceRecord, read_surface

PLANE = Slice(
    (-1.0, 0.0, 1.0),
    (-1.0, 0.0, 1.0),
    ((2.30258509, None, 1e6), (0.123456, 0.5, 1.0), (1.0, 2.0, 3.0)),
    ((0.9, 0.9, 0.9), (0.123456, 0.25, 0.5), (0.9, 0.9, 0.9)),
    images=8,
    seed=0,
)
RECORD = SurfaceRecord(PLANE, "trained again", 0.75, NORMALIZATION, "python -m resnet_demo …")


def test_what_is_written_is_read_with_four_digits(tmp_path):
    assert read_surface(tmp_path) is None
    (tmp_path / SURFACE).write_bytes(RECORD.content())
    read = read_surface(tmp_path)
    assert read == replace(RECORD, plane=PLANE.rounded(4))
    assert read.plane.loss[0] == (2.303, None, 1e6) and read.plane.error[1] == (0.1235, 0.25, 0.5)
    assert read.plane.centre == (0.5, 0.25) and b"NaN" not in RECORD.content()


@pytest.mark.parametrize(
    "change",
    [
        {"plane": {"loss": [[1.0]]}},
        {"plane": {"error": [[0.5] * 3] * 2}},
        {"plane": {"loss": [["a"] * 3] * 3}},
        {"plane": {"x": [0.1, 0.2, 0.3]}},
        {"plane": {"seed": "first"}},
        {"weights": "other"},
        {"agreement": None},
    ],
)
def test_damage_is_a_sentence(tmp_path, change):
    values = json.loads(RECORD.content())
    plane = {**values["plane"], **change.get("plane", {})}
    (tmp_path / SURFACE).write_text(json.dumps({**values, **change, "plane": plane}))
    with pytest.raises(Refusal) as refused:
        read_surface(tmp_path)
    assert refused.value.code == "damaged_file" and f"{tmp_path.name}/{SURFACE}" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 100_000, b" " * (2**21 + 1)])
def test_other_bytes_are_a_sentence(tmp_path, content):
    (tmp_path / SURFACE).write_bytes(content)
    with pytest.raises(Refusal, match="is damaged"):
        read_surface(tmp_path)
