"""Figures of what happens inside a model, where there is little or nothing to see."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from resnet_demo.figures.inside import TILES, heat_map_png, tiles_png


def opened(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_tiles_have_the_colors_of_their_values_on_one_scale():
    """A row for each part: the lightest tile is that of the largest value of all parts."""
    maps = np.zeros((TILES + 4, 4, 4), np.float32)
    maps[0], maps[1], maps[-1] = 2, 1, 5  # the last one is not drawn
    picture = opened(tiles_png([("layer1.0", maps, 0.5), ("layer1.1", maps[:3] * 2, 0.5)], "layer1"))
    colors = {tuple(color) for color in picture.reshape(-1, 3)}
    assert (253, 231, 36) in colors and (68, 1, 84) in colors  # the ends of viridis
    counts = [int((picture == color).all(2).sum()) for color in ((253, 231, 36), (32, 144, 140))]
    assert counts[0] > 500 and counts[1] > 1.5 * counts[0]  # 4 of 4 once; 2 of 4 in both rows


@pytest.mark.parametrize("channels", [1, TILES, TILES + 1])
def test_activations_that_are_all_zero(channels):
    picture = opened(tiles_png([("stem", np.zeros((channels, 3, 3), np.float32), 1.0)], "stem"))
    assert ((picture == (68, 1, 84)).all(2)).any()


@pytest.mark.parametrize("shape", [(32, 32), (32, 32, 3)])
def test_grey_and_color_views_and_names_that_fonts_lack(shape):
    view = np.full(shape, 200, np.uint8)
    assert opened(heat_map_png(view, np.zeros((4, 4), np.float32), "a\n\x00 \U0001f408 猫")).shape[2] == 3
