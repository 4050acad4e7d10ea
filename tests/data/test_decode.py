"""The decoder: every way a picture can be stored, and every way a file can fail to be one."""

from __future__ import annotations

import importlib.util
import io
import os
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from resnet_demo.data.decode import ImageError, decode

RANDOM = np.random.default_rng(0)
PIXELS = RANDOM.integers(0, 256, (24, 36, 3), dtype=np.uint8)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(width: int, height: int, depth: int, colour: int, raw: bytes) -> bytes:
    """A PNG from its filtered rows: Pillow writes neither 16-bit colour nor bombs."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def gif_bomb(side: int) -> bytes:
    """A small screen and a first frame of `side`, to be disposed of: Pillow allocates it while opening."""
    extension = b"!\xf9\x04" + bytes([2 << 2, 0, 0, 0]) + b"\0"
    frame = b"," + struct.pack("<4HB", 0, 0, side, side, 0) + b"\x02\x02L\x01\0;"
    return b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + bytes(6) + extension + frame


def webp_bomb(kind: str) -> bytes:
    side = 12_000 - 1
    body = {
        "VP8X": bytes(4) + side.to_bytes(3, "little") * 2,
        "VP8L": b"\x2f" + (side | side << 14).to_bytes(4, "little"),
        "VP8 ": b"\0\0\0\x9d\x01\x2a" + (side + 1).to_bytes(2, "little") * 2,
    }[kind]
    body = kind.encode() + struct.pack("<I", len(body)) + body + bytes(64)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def array(source, **options) -> np.ndarray:
    image = decode(source, **options)
    assert image.mode == "RGB" and type(image) is Image.Image
    return np.asarray(image)


def failure(source, **options) -> ImageError:
    """The error, after a look at its sentence: it names the file and what is accepted."""
    with pytest.raises(ImageError) as caught:
        decode(source, **{"name": "x.jpg", **options})
    sentence = str(caught.value)
    assert sentence.startswith("“x.jpg” ") and "accepted are JPEG, PNG" in sentence and sentence.endswith(".")
    assert "\n" not in sentence and caught.value.values["name"] == "x.jpg"
    return caught.value


# ---- formats ----

LOSSLESS = [
    ("PNG", {}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("WEBP", {"lossless": True}),
]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS, ids=str)
def test_lossless_formats_give_the_pixels_back(kind, options, tmp_path):
    data = encoded(Image.fromarray(PIXELS), kind, **options)
    path = tmp_path / "picture.jpg"  # the name says nothing about the content
    path.write_bytes(data)
    for source in (data, bytearray(data), memoryview(data), path, str(path), Image.open(path)):
        assert np.array_equal(array(source), PIXELS)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
def test_jpeg_equals_pillows_full_decoding(options):
    data = encoded(Image.fromarray(PIXELS).resize((400, 300)), "JPEG", **options)
    assert np.array_equal(array(data), np.asarray(Image.open(io.BytesIO(data))))


def test_a_jpeg_with_a_second_picture_inside_gives_the_first():
    first = Image.fromarray(PIXELS)
    data = encoded(first, "MPO", save_all=True, append_images=[Image.new("RGB", first.size)])
    assert np.array_equal(array(data), np.asarray(Image.open(io.BytesIO(encoded(first, "JPEG")))))


@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})], ids=str
)
def test_the_first_frame_of_an_animation(kind, options):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert Image.open(io.BytesIO(data)).n_frames == 3
    assert np.array_equal(array(data), np.asarray(frames[0]))


# ---- orientation ----

UPRIGHT = {  # EXIF 2.32, tag 274: where the 0th row and the 0th column of the stored picture are to be shown
    1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, -1), 7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a),
}  # fmt: skip


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize(("kind", "options"), [*LOSSLESS[:1], *LOSSLESS[2:], ("JPEG", {})], ids=str)
def test_pictures_are_turned_upright_once(kind, options, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    stored = Image.fromarray(PIXELS)
    data = encoded(stored, kind, exif=exif, **options)
    expected = UPRIGHT[orientation](PIXELS)
    if kind == "JPEG":
        expected = UPRIGHT[orientation](np.asarray(Image.open(io.BytesIO(encoded(stored, kind)))))
    image = decode(data)
    assert np.array_equal(np.asarray(image), expected)
    assert np.array_equal(array(Image.open(io.BytesIO(data))), expected)
    assert np.array_equal(array(image), expected)  # no note is left that turns it a second time


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
@pytest.mark.parametrize("exif", [b"Exif\0\0MM\0*\0\0\0\x08\0\x05", b"Exif\0\0nonsense", b"Exif\0\0"])
def test_a_damaged_note_does_not_cost_the_picture(exif):
    assert array(encoded(Image.fromarray(PIXELS), "PNG", exif=exif)).shape == PIXELS.shape


# ---- depth ----

RAMP = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
RAMP_8 = np.rint(RAMP / 257).astype(np.uint8)


def is_grey(result: np.ndarray, expected: np.ndarray) -> bool:
    return all(np.array_equal(result[..., channel], expected) for channel in range(3))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(kind):
    assert is_grey(array(encoded(Image.fromarray(RAMP), kind)), RAMP_8)
    assert is_grey(array(Image.fromarray(RAMP)), RAMP_8)


@pytest.mark.parametrize("value", [0, 255, 257, 40_000, 65_535])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_constant_16_bit_grey_keeps_its_level(kind, value):
    result = array(encoded(Image.fromarray(np.full((20, 20), value, np.uint16)), kind))
    assert set(result.ravel()) == {round(value / 257)}


def test_big_endian_16_bit_grey():
    tags = [
        (256, 4, 64),
        (257, 4, 64),
        (258, 3, 16),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, 64),
    ]
    tags.append((279, 4, RAMP.nbytes))
    fields = b"".join(
        struct.pack(">HHI", tag, kind, 1) + (struct.pack(">HH", value, 0) if kind == 3 else struct.pack(">I", value))
        for tag, kind, value in tags
    )
    data = b"MM\0*" + struct.pack(">I", 8 + RAMP.nbytes) + RAMP.astype(">u2").tobytes()
    data += struct.pack(">H", len(tags)) + fields + bytes(4)
    assert Image.open(io.BytesIO(data)).mode == "I;16B"
    assert is_grey(array(data), RAMP_8)


@pytest.mark.parametrize("colour", [2, 6, 4], ids=["RGB", "RGBA", "grey and alpha"])
def test_16_bit_colour_keeps_its_range(colour):
    channels = {2: 3, 6: 4, 4: 2}[colour]
    values = RANDOM.integers(0, 65536, (20, 20, channels)).astype(">u2")
    if channels in (2, 4):
        values[..., -1] = 65535
    data = png(20, 20, 16, colour, b"".join(b"\0" + row.tobytes() for row in values))
    expected = values[..., :3] / 257 if channels > 2 else values[..., :1] / 257
    assert np.abs(array(data) - expected).max() <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (RAMP.astype(np.int32), RAMP_8),
        (np.arange(256, dtype=np.int32).reshape(16, 16), np.arange(256).reshape(16, 16)),
        (np.array([[-100, 0], [100, 200]], np.int32), [[0, 85], [170, 255]]),
        (np.array([[2**31 - 1, -(2**31)], [0, 0]], np.int32), [[255, 0], [128, 128]]),
        (np.array([[70_000, 70_010]], np.int32), [[0, 255]]),
        (np.array([[0, 0.25], [0.5, 1]], np.float32), [[0, 64], [128, 255]]),
        (np.array([[0, 100], [200, 255]], np.float32), [[0, 100], [200, 255]]),
        (np.array([[0, 65535]], np.float32), [[0, 255]]),
        (np.array([[-3e38, 3e38], [0, 0]], np.float32), [[0, 255], [128, 128]]),
        (np.array([[np.nan, 1], [np.inf, 0.2]], np.float32), [[0, 255], [0, 51]]),
        (np.full((2, 2), np.nan, np.float32), [[0, 0], [0, 0]]),
        (np.full((2, 2), -7.5, np.float32), [[0, 0], [0, 0]]),
        (np.full((2, 2), 1e6, np.float32), [[0, 0], [0, 0]]),
        (np.full((2, 2), 0.4, np.float32), [[102, 102], [102, 102]]),
    ],
)
def test_integers_and_floats_of_32_bits(values, expected):
    values, expected = (np.repeat(np.repeat(np.asarray(a), 8, 0), 8, 1) for a in (values, expected))
    assert is_grey(array(Image.fromarray(values)), expected)
    assert is_grey(array(encoded(Image.fromarray(values), "TIFF")), expected)


def test_bands_of_a_tall_16_bit_picture_join():
    tall = np.tile(RAMP, (11, 1))
    assert is_grey(array(encoded(Image.fromarray(tall), "PNG")), np.tile(RAMP_8, (11, 1)))


# ---- colour modes and transparency ----


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (40, 180, 90)])
def test_cmyk(kind, colour):
    ink = Image.new("RGB", (32, 32), colour).convert("CMYK")
    data = encoded(ink, kind, **({"quality": 100} if kind == "JPEG" else {}))
    if kind == "JPEG":
        assert b"Adobe" in data  # with this mark the inks are stored inverted
    assert np.abs(array(data).astype(int) - colour).max() <= 3
    assert np.abs(array(ink).astype(int) - colour).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBX", "YCbCr", "HSV"])
def test_modes_without_transparency(mode):
    image = Image.fromarray(PIXELS).convert(mode)
    assert np.array_equal(array(image), np.asarray(image.convert("RGB")))
    if mode in ("1", "L", "P"):  # those that PNG can hold
        assert np.array_equal(array(encoded(image, "PNG")), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("kind", ["TIFF", None])
def test_lab(kind):
    grey = Image.new("LAB", (20, 20), (138, 128, 128))  # L* = 54, no colour
    result = array(encoded(grey, kind) if kind else grey)
    assert np.abs(result.astype(int) - 129).max() <= 2


def thirds(opaque, half, clear) -> np.ndarray:
    return np.repeat(np.repeat(np.array([[opaque, half, clear]], np.uint8), 10, 0), 10, 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", None])
def test_alpha_lies_on_white(kind):
    image = Image.fromarray(thirds((200, 0, 0, 255), (0, 0, 0, 128), (0, 255, 0, 0)))
    source = encoded(image, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {})) if kind else image
    result = array(source)
    assert result[0, 0].tolist() == [200, 0, 0] and result[0, 15].tolist() == [127] * 3
    assert result[0, 25].tolist() == [255] * 3


@pytest.mark.parametrize("mode", ["LA", "PA", "La", "RGBa"])
def test_other_modes_with_alpha(mode):
    image = Image.fromarray(thirds((90, 90, 90, 255), (0, 0, 0, 128), (0, 0, 0, 0)))
    if mode == "PA":
        alpha, image = image.getchannel("A"), image.convert("RGB").quantize(4)
        image.putalpha(alpha)
        assert image.mode == "PA"
    result = array((image.convert("LA") if mode == "La" else image).convert(mode))
    assert [result[0, x].tolist() for x in (0, 15, 25)] == [[90] * 3, [127] * 3, [255] * 3]


@pytest.mark.parametrize("transparency", [1, bytes([255, 0])])
def test_palette_with_transparency(transparency):
    image = Image.fromarray(np.repeat(np.array([[0, 1]], np.uint8), 16, 0).repeat(8, 1), "L").convert("P")
    image.putpalette([10, 20, 30, 200, 0, 0])
    result = array(encoded(image, "PNG", transparency=transparency))
    assert result[0, 0].tolist() == [10, 20, 30] and result[0, 15].tolist() == [255] * 3


@pytest.mark.parametrize(("mode", "clear"), [("L", 7), ("RGB", (7, 7, 7))])
def test_a_transparent_colour(mode, clear):
    image = Image.new(mode, (20, 20), clear)
    image.paste((50,) * len(mode) if mode == "RGB" else 50, (0, 0, 10, 20))
    result = array(encoded(image, "PNG", transparency=clear))
    assert result[0, 0].tolist() == [50] * 3 and result[0, 15].tolist() == [255] * 3


def test_gif_with_transparency():
    image = Image.fromarray(thirds((200, 0, 0, 255), (0, 0, 250, 255), (0, 0, 0, 0)))
    result = array(encoded(image, "GIF"))
    assert [result[0, x].tolist() for x in (0, 15, 25)] == [[200, 0, 0], [0, 0, 250], [255] * 3]


def test_a_result_is_nobody_elses():
    mine = Image.fromarray(PIXELS)
    decode(mine).paste("black", (0, 0, 36, 24))
    assert np.array_equal(np.asarray(mine), PIXELS)


# ---- refused, in a sentence ----


def test_what_is_no_picture(tmp_path):
    (tmp_path / "x.jpg").write_text("Dear diary")
    (tmp_path / "empty").touch()
    assert failure(tmp_path / "x.jpg", name=None).code == "image.format"
    assert failure(tmp_path / "empty").code == "image.empty"
    assert failure(b"").code == "image.empty"
    assert failure(tmp_path).code == "image.directory"
    assert failure(tmp_path / "sub" / "x.jpg", name=None).code == "image.missing"
    assert failure("a\0b").code == "image.unopened"
    for source in (None, 5, [1], np.zeros((20, 20, 3), np.uint8), b"BM", b"<svg/>", b"%PDF-1.7", b"\0" * 100):
        assert failure(source).code in ("image.format", "image.broken")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes belong to POSIX")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert failure(tmp_path / "pipe").code == "image.unopened"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_truncated(kind):
    data = encoded(Image.fromarray(PIXELS), kind)
    assert failure(data[: len(data) // 2]).code == "image.broken"


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ((1, 1), "small"), ((7, 30), "small"), ((10_000, 1), "ratio"), ((1, 10_000), "ratio"),
        ((8, 161), "ratio"),
        ((8, 8), None), ((8, 160), None), ((28, 28), None), ((32, 32), None),
    ],
)  # fmt: skip
def test_sizes(size, reason):
    image = Image.new("RGB", size)
    for source in (image, encoded(image, "PNG"), encoded(image, "GIF"), encoded(image, "WEBP")):
        if reason is None:
            assert decode(source).size == size
        else:
            error = failure(source)
            assert error.code == f"image.{reason}" and f"{size[0]}×{size[1]}" in str(error)


def test_limits_are_the_callers():
    image = Image.fromarray(PIXELS)
    data = encoded(image, "PNG")
    assert failure(data, max_pixels=36 * 24 - 1).code == "image.pixels" and decode(data, max_pixels=36 * 24)
    assert failure(image, max_pixels=36 * 24 - 1).code == "image.pixels"
    assert failure(data, max_bytes=len(data) - 1).code == "image.bytes" and decode(data, max_bytes=len(data))


def test_a_large_file_is_not_read(tmp_path):
    with open(tmp_path / "x.jpg", "wb") as file:
        file.truncate(2**40)  # sparse: a terabyte that takes no room
    assert "1048576.0 MB" in str(failure(tmp_path / "x.jpg"))


@pytest.mark.parametrize("side", [6_400, 9_500, 13_400, 60_000])
def test_bombs_of_every_size_are_refused_without_pillows_warning(side):
    bombs = [png(side, side, 1, 0, b""), gif_bomb(side)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for data in bombs:
            error = failure(data)
            assert error.code == "image.pixels" and error.values["width"] == error.values["height"] == side


@pytest.mark.parametrize("kind", ["VP8X", "VP8L", "VP8 "])
def test_webp_bombs_are_seen_in_the_header(kind):
    error = failure(webp_bomb(kind))
    assert error.code == "image.pixels" and error.values["width"] == error.values["height"] == 12_000


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0nothing"}], ids=str)
def test_webp_sizes_read_from_the_header_are_the_pictures(options):
    data = encoded(Image.fromarray(PIXELS), "WEBP", **options)
    assert decode(data, max_pixels=36 * 24).size == (36, 24)
    assert failure(data, max_pixels=36 * 24 - 1).values["width"] == 36


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and limits the address space, as Linux does")
def test_memory_does_not_jump_for_a_bomb(tmp_path):
    side = 12_000
    data = png(side, side, 1, 0, bytes((side // 8 + 1) * side))
    assert len(data) < 30_000
    (tmp_path / "bomb.png").write_bytes(data)
    (tmp_path / "bomb.gif").write_bytes(gif_bomb(side))
    code = """
import resource, sys
from resnet_demo.data.decode import ImageError, decode
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
room = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + 64 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (room, room))
before = peak()
for path in sys.argv[1:]:
    try: decode(path)
    except ImageError as error: print(error.code)
print(peak() - before)
try: decode(sys.argv[1], max_pixels=10**9)  # what it would take without the limit: more room than there is
except ImageError as error: print(error.code, type(error.__cause__).__name__)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "bomb.png"), str(tmp_path / "bomb.gif")]
    root = Path(__file__).parents[2]
    result = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=240)
    assert result.returncode == 0, result.stderr
    *codes, grown, unlimited = result.stdout.split("\n")[:4]
    assert codes == ["image.pixels", "image.pixels"]
    assert int(grown) < 10
    assert unlimited == "image.broken MemoryError"


def test_names_stay_plain_text_and_folders_stay_private(tmp_path):
    name = "${alert(1)}<img onerror=…>"
    assert f"“{name}”" in str(pytest.raises(ImageError, decode, b"", name=name).value)
    sentence = str(pytest.raises(ImageError, decode, tmp_path / "gone.png").value)
    assert "“gone.png”" in sentence and str(tmp_path) not in sentence
    sentence = str(pytest.raises(ImageError, decode, b"", name="two\nlines\u202e" + "n" * 500 + ".jpg").value)
    assert "\n" not in sentence and "\u202e" not in sentence and len(sentence) < 320 and ".jpg” is" in sentence


# ---- HEIC ----

HEIC = b"\0\0\0\x18ftypheic" + bytes(100)


def test_heic_says_how_to_convert(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    error = failure(HEIC)
    assert error.code == "image.heic" and "JPEG" in str(error) and "pillow-heif" in str(error)


def test_heic_is_read_where_pillow_heif_is():
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (200, 30, 30))).save(file, quality=95)
    result = array(file.getvalue())
    assert result.shape == (48, 64, 3) and np.abs(result.astype(int) - (200, 30, 30)).max() < 12
    assert failure(HEIC).code == "image.broken"


# ---- whatever else ----

VALID = [encoded(Image.fromarray(PIXELS), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")]
VALID += [encoded(Image.fromarray(RAMP), kind) for kind in ("PNG", "TIFF")]
VALID.append(encoded(Image.fromarray(PIXELS), "TIFF", compression="tiff_lzw"))
VALID.append(encoded(Image.fromarray(PIXELS).convert("CMYK"), "JPEG"))
HEADS = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"MM\0*",
    b"GIF89a",
    b"BM",
    b"RIFF\0\0\0\0WEBPVP8X",
]


def picture_or_sentence(data: bytes) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            image = decode(data, max_pixels=200_000)
        except ImageError as error:
            assert str(error).startswith("“the picture” ")
        else:
            assert image.mode == "RGB" and image.width * image.height <= 200_000
    assert not [w for w in caught if issubclass(w.category, Image.DecompressionBombWarning)]


@settings(max_examples=200)
@given(st.sampled_from(HEADS), st.binary(max_size=300))
@example(b"GIF89a", struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b"!\xf9\0!\xf9\0")
def test_random_bytes(head, tail):
    picture_or_sentence(head + tail)


@settings(max_examples=400)
@given(st.data())
def test_damaged_files(data):
    valid = bytearray(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 4))):
        # half of the damage goes to the header, where it matters most
        end = data.draw(st.sampled_from([64, len(valid)])) - 1
        valid[data.draw(st.integers(0, min(end, len(valid) - 1)))] = data.draw(st.integers(0, 255))
    picture_or_sentence(bytes(valid[: data.draw(st.integers(0, len(valid)) | st.just(len(valid)))]))
