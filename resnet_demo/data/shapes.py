"""`shapes`: ten classes of 32x32 colour pictures, made from a seed, always there and never downloaded.

A picture is one of ten shapes in random place, size, turn and colours on a soft background, with a few
strokes behind and before it and a little noise. Some classes are alike, and these a network takes for each
other, so that its mistakes tell a story: circle and oval, ring and moon, star and cross.
Every class stays what it is in a mirror, so flipping left to right is a valid augmentation. Turning by 45
degrees is not: it makes a square a diamond; both are tilted by 22 degrees at most. Colours are drawn without
a look at the class.

Everything is integer arithmetic on arrays of stated width, and randomness is a hash of (seed, split, picture, slot): no
floating point, no generator of a library, so the pixels are the same on every platform and version, and image i is the
same whether ten or ten thousand are made.

Must not depend on training, normalisation, validation splits or caching.
"""

from __future__ import annotations

import hashlib

import numpy as np

CLASSES = ("circle", "oval", "ring", "moon", "triangle", "heart", "square", "diamond", "star", "cross")
CLASSES_ZH = ("圆形", "椭圆", "圆环", "月牙", "三角形", "爱心", "正方形", "菱形", "五角星", "十字")
SIZE = 32
TRAIN_ROWS = 20_000
TEST_ROWS = 4_000
# of the training pictures, as `channel_statistics` gives them
MEAN, STD = (0.567002, 0.504202, 0.469677), (0.321622, 0.265369, 0.259608)
FINGERPRINT = "ea61cbaf8506f4c834059490a6a8b0f8e9d6c6c0d78e6a4bbf7efb56d96b7ce0"

_SPLITS = {"train": TRAIN_ROWS, "test": TEST_ROWS}
_CHUNK = 100  # pictures drawn at once: the sub-samples of so many fit a processor's cache

# Lengths are in eighths of a pixel unless they say otherwise: a picture is 256 of them wide. The centre of a
# pixel lies at 4, the centres of its 4x4 sub-samples at 1, 3, 5 and 7.
_EIGHTHS = 8 * SIZE
_CENTRES = np.arange(4, _EIGHTHS, 8, dtype=np.int64)
_SUBSAMPLES = np.arange(1, _EIGHTHS, 2, dtype=np.int64)

_PALETTE = np.array(
    [
        (28, 42, 74), (18, 84, 92), (38, 88, 58), (88, 38, 92), (150, 48, 44), (104, 68, 44), (52, 54, 60),
        (36, 88, 170), (110, 180, 225), (140, 210, 170), (232, 208, 160), (245, 238, 220), (240, 120, 96),
        (238, 150, 40), (246, 208, 70), (242, 160, 186), (178, 150, 214), (200, 36, 70), (70, 160, 80),
        (205, 208, 212),
    ],
    dtype=np.int32,
)  # fmt: skip
_MIN_CONTRAST = 50  # of luma between shape and background, of 255

# A tilt is stored as 256 * tan(angle / 2): 106 is 45 degrees, which with quarter turns gives the full circle.
_ANY_TURN, _TILT_25, _TILT_22 = (106, 4), (57, 1), (49, 1)
_TURNS = np.array(
    [_TILT_25 if name == "heart" else _TILT_22 if name in ("square", "diamond") else _ANY_TURN for name in CLASSES],
    dtype=np.int64,
)


def make(split: str, n: int | None = None, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The first `n` pictures of a split: uint8 (n, 32, 32, 3) in RGB, and their labels, int64 (n,).

    `n` is `TRAIN_ROWS` or `TEST_ROWS` by default; it may be larger. Each ten in a row hold every class once,
    in an order of their own. Raises ValueError for another split, a negative `n`, or a seed beyond 2**63 - 1.
    """
    if split not in _SPLITS:
        raise ValueError(f"split is {split!r}, but shapes has only {' and '.join(map(repr, _SPLITS))}")
    n = _SPLITS[split] if n is None else n
    if n < 0:
        raise ValueError(f"n is {n}, but the number of pictures must be 0 or more")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed is {seed}, but it must be in 0 ... 2**63 - 1")
    key = _hash(_hash(np.array([seed], np.uint64)) + np.uint64(list(_SPLITS).index(split)))
    labels = _labels(key, n)
    images = np.empty((n, SIZE, SIZE, 3), np.uint8)
    stencils = _stencils()
    for start in range(0, n, _CHUNK):
        part = slice(start, min(start + _CHUNK, n))
        images[part] = _draw(key, np.arange(part.start, part.stop, dtype=np.uint64), labels[part], stencils)
    return images, labels


def fingerprint(*arrays: np.ndarray) -> str:
    """sha256, in hex, of the arrays' bytes in C order and little-endian, one array after the other."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).data)
    return digest.hexdigest()


# Randomness: a counter-based hash.


def _hash(x: np.ndarray) -> np.ndarray:
    """SplitMix64's step and finaliser (Steele, Lea and Flood 2014): uint64 -> uint64, wrapping around."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


class _Dice:
    """Random integers of some pictures: call k of each method gives the same numbers to the same picture."""

    def __init__(self, key: np.ndarray, rows: np.ndarray) -> None:
        self._state = _hash(key ^ _hash(rows))
        self._slot = 0

    def __call__(self, low: int | np.ndarray, high: int | np.ndarray) -> np.ndarray:
        """int64 (rows,), uniform in low ... high, both included."""
        self._slot += 1
        bits = (_hash(self._state + np.uint64(self._slot)) >> np.uint64(33)).astype(np.int64)
        return low + (bits * (high - low + 1) >> 31)

    def noise(self) -> np.ndarray:
        """int16 (rows, 3, 32, 32) in -255 ... 255, the sum of two even bytes: a triangle about 0."""
        self._slot += 1
        pixels = np.arange(SIZE * SIZE, dtype=np.uint64)
        bits = _hash(_hash(self._state + np.uint64(self._slot))[:, None] + pixels)
        octets = bits.astype("<u8").view(np.uint8).reshape(-1, SIZE, SIZE, 8)[..., :6]
        planes = np.ascontiguousarray(np.moveaxis(octets, -1, 1), np.int16)
        return planes[:, 0:3] + planes[:, 3:6] - np.int16(255)


def _labels(key: np.ndarray, n: int) -> np.ndarray:
    """int64 (n,): one permutation of the classes after another."""
    tens = -(-n // len(CLASSES))
    lots = _hash(_hash(~key) + np.arange(tens * len(CLASSES), dtype=np.uint64)).reshape(tens, len(CLASSES))
    return np.argsort(lots, axis=1, kind="stable").astype(np.int64).reshape(-1)[:n]


# Shapes: integer inequalities, drawn once as stencils.


def _stencils() -> np.ndarray:
    """uint8 (10, 256, 256) of 0 and 1: the shapes, within 240 half texels of the middle, y downwards."""
    y, x = np.mgrid[-255:256:2, -255:256:2].astype(np.int64)
    ax, ay = abs(x), abs(y)

    def disc(radius: int, cx: int = 0, cy: int = 0) -> np.ndarray:
        return (x - cx) ** 2 + (y - cy) ** 2 <= radius**2

    # The five lines of a pentagram: a point is in the star if it is on the inner side of at least four.
    normals = ((0, 1000), (951, 309), (588, -809), (-588, -809), (-951, 309))
    inner_sides = sum((nx * x + ny * y <= 309 * 240).astype(np.int64) for nx, ny in normals)
    shapes = {
        "circle": disc(200),
        "oval": (5 * x) ** 2 + (9 * y) ** 2 <= (5 * 235) ** 2,
        "ring": disc(210) & ~disc(125),
        "moon": disc(215) & ~disc(155, 80, 0),
        "triangle": (7 * ax <= 4 * (y + 235)) & (y <= 117),
        "heart": ((ax + abs(y + 20) <= 235) & (y > -20)) | ((ax - 105) ** 2 + (y + 75) ** 2 <= 125**2),
        "square": (ax <= 165) & (ay <= 165),
        "diamond": 5 * ax + 4 * ay <= 4 * 235,
        "star": inner_sides >= 4,
        "cross": (np.minimum(ax, ay) <= 62) & (np.maximum(ax, ay) <= 205),
    }
    return np.stack([shapes[name] for name in CLASSES]).astype(np.uint8)


def _unit(tilt: np.ndarray, quarters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine, times 2**14, of 2 * atan(tilt / 256) + quarters * 90 degrees: a rational rotation."""
    across = 65536 + tilt * tilt
    cos, sin = ((65536 - tilt * tilt) << 14) // across, (tilt << 23) // across
    cases = [quarters == k for k in range(4)]
    return np.select(cases, [cos, -sin, -cos, sin]), np.select(cases, [sin, cos, -sin, -cos])


# Pictures.


def _draw(key: np.ndarray, rows: np.ndarray, labels: np.ndarray, stencils: np.ndarray) -> np.ndarray:
    """uint8 (rows, 32, 32, 3): the pictures with these row numbers and labels."""
    dice = _Dice(key, rows)
    back, fore = _colours(dice)
    canvas = _background(dice, back)
    for _ in range(3):
        _paint(canvas, _stroke(dice, width=(3, 10), length=(0, 90)), _mixed(dice, back))
    mask = _shape(dice, labels, stencils)
    _paint(canvas, mask, fore)
    _paint(canvas, _stroke(dice, width=(2, 5), length=(20, 80)), _mixed(dice, back))
    canvas += dice.noise() * dice(1, 11).astype(np.int16)[:, None, None, None] >> 6
    return np.moveaxis(np.clip(canvas, 0, 255).astype(np.uint8), 1, -1)


def _colours(dice: _Dice) -> tuple[np.ndarray, np.ndarray]:
    """Background and foreground, int32 (rows, 3) each: palette colours of enough contrast, both varied."""
    luma = _PALETTE @ np.array([77, 150, 29], np.int32) >> 8
    pairs = np.argwhere(abs(luma[:, None] - luma) >= _MIN_CONTRAST)
    pair = pairs[dice(0, len(pairs) - 1)]
    back, fore = (_PALETTE[pair[:, k]] + np.stack([dice(-14, 14) for _ in "rgb"], 1) for k in (0, 1))
    return back.astype(np.int32), fore.astype(np.int32)


def _mixed(dice: _Dice, back: np.ndarray) -> np.ndarray:
    """int32 (rows, 3): a palette colour, blended with the background."""
    other = _PALETTE[dice(0, len(_PALETTE) - 1)]
    return back + ((other - back) * dice(4, 12).astype(np.int32)[:, None] >> 4)


def _paint(canvas: np.ndarray, mask: np.ndarray, colour: np.ndarray) -> None:
    """Lays a colour, int32 (rows, 3), on the canvas, in place, where the mask, 0 ... 16, lets it through."""
    canvas += (colour.astype(np.int16)[..., None, None] - canvas) * mask[:, None] >> 4


def _background(dice: _Dice, back: np.ndarray) -> np.ndarray:
    """int16 (rows, 3, 32, 32): the background colour, running to a neighbouring one, with soft stripes."""
    along = _along(dice, _CENTRES)[0]
    drift = np.stack([dice(-36, 36) for _ in "rgb"], 1).astype(np.int16)[..., None, None]
    period = dice(24, 80).astype(np.int16)[:, None, None]
    wave = abs(_along(dice, _CENTRES)[0] % (2 * period) - period) * 32 // period - 16
    depth = np.maximum(dice(-12, 14), 0).astype(np.int16)[:, None, None]
    return back.astype(np.int16)[..., None, None] + (drift * along[:, None] >> 7) + (wave * depth >> 4)[:, None]


def _along(
    dice: _Dice, grid: np.ndarray, cx: int | np.ndarray = 128, cy: int | np.ndarray = 128
) -> tuple[np.ndarray, np.ndarray]:
    """Distances along and across a random direction from a point: two int16 (rows, len(grid), len(grid))."""
    cos, sin = (part.astype(np.int32)[:, None] for part in _unit(dice(-106, 106), dice(0, 3)))
    x, y = ((grid - np.reshape(c, (-1, 1))).astype(np.int32) for c in (cx, cy))
    along = (cos * x)[:, None, :] + (sin * y)[:, :, None]
    across = (cos * y)[:, :, None] - (sin * x)[:, None, :]
    return (along >> 14).astype(np.int16), (across >> 14).astype(np.int16)


def _stroke(dice: _Dice, width: tuple[int, int], length: tuple[int, int]) -> np.ndarray:
    """int16 (rows, 32, 32) in 0 ... 16: a straight stroke anywhere; width and length are halves."""
    along, across = _along(dice, _CENTRES, dice(0, _EIGHTHS), dice(0, _EIGHTHS))
    wide, long = (dice(*bounds).astype(np.int16)[:, None, None] for bounds in (width, length))
    outside = np.maximum(abs(along) - long, abs(across) - wide)
    return np.clip(8 - 2 * outside, 0, 16)


def _shape(dice: _Dice, labels: np.ndarray, stencils: np.ndarray) -> np.ndarray:
    """int16 (rows, 32, 32) in 0 ... 16: how many of a pixel's 4x4 sub-samples lie in the shape."""
    tilt, quarters = _TURNS[labels].T
    cos, sin = _unit(dice(-tilt, tilt), dice(0, quarters - 1))
    radius = dice(60, 108)
    room = 136 - radius  # the shape may touch the edge of the picture, its middle stays well inside
    cx, cy = 128 + dice(-room, room), 128 + dice(-room, room)
    squash = dice(-4, 4)
    # The placing undone: from eighths of a pixel to texels times 2**14, of which 120 are the shape's radius.
    wide, high = (120 * (128 + sign * squash) for sign in (1, -1))
    x, y = (_SUBSAMPLES - centre[:, None] for centre in (cx, cy))

    def texel(stretch: np.ndarray, for_x: np.ndarray, for_y: np.ndarray) -> np.ndarray:
        """int32 (rows, 128, 128): column or row of the stencil under each sub-sample."""
        px, py = (((stretch * turn) // (128 * radius))[:, None] for turn in (for_x, for_y))
        sums = (px * x).astype(np.int32)[:, None, :] + ((py * y).astype(np.int32) + (128 << 14))[:, :, None]
        sums >>= 14
        return np.clip(sums, 0, 255, out=sums)

    index = texel(high, -sin, cos)
    index <<= 8
    index |= texel(wide, cos, sin)
    index |= labels.astype(np.int32)[:, None, None] << 16
    inside = np.take(stencils.reshape(-1), index)
    # Four neighbours make a word: four rows are added word by word, then a word's bytes by a multiplication.
    words = inside.view(np.uint32).reshape(-1, SIZE, 4, SIZE)
    words = words[:, :, 0] + words[:, :, 1] + words[:, :, 2] + words[:, :, 3]
    return (words * np.uint32(0x01010101) >> np.uint32(24)).astype(np.int16)
