"""Own pictures: folders and zips as people have them, and as nobody should."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resnet_demo.data.decode import decode
from resnet_demo.data.folder import Pictures, _natural, load_folder
from resnet_demo.data.preprocess import square


def content(seed: int, size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


PETS = {f"{name}/{i}.png": content(10 * n + i) for n, name in enumerate(("cat", "dog")) for i in range(3)}


def as_folder(place: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = place / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return place / "pictures"


def as_zip(place: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place / "pictures.zip", "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place / "pictures.zip"


@pytest.fixture(params=[as_folder, as_zip])
def store(request, tmp_path):
    """Either way of keeping files."""
    return lambda files: request.param(tmp_path, files)


def said(pictures: Pictures) -> list[str]:
    return list(map(str, pictures.skipped))


def same(a: Pictures, b: Pictures) -> bool:
    return (
        (a.classes, a.files, a.fingerprint, said(a)) == (b.classes, b.files, b.fingerprint, said(b))
        and np.array_equal(a.images, b.images)
        and np.array_equal(a.labels, b.labels)
        and {k: v.tolist() for k, v in a.splits.items()} == {k: v.tolist() for k, v in b.splits.items()}
    )


# ---- as people have them ----


def test_a_folder_for_each_class(store):
    seen = []
    pictures = load_folder(store(PETS), progress=lambda done, total: seen.append((done, total)))
    assert pictures.classes == ("cat", "dog") and pictures.skipped == ()
    assert pictures.images.shape == (6, 32, 32, 3) and pictures.images.dtype == np.uint8
    assert pictures.labels.tolist() == [0, 0, 0, 1, 1, 1] and pictures.labels.dtype == np.int64
    assert pictures.files == tuple(sorted(PETS))
    for image, name in zip(pictures.images, pictures.files, strict=True):
        assert np.array_equal(image, np.asarray(square(decode(PETS[name]), 32)))
    assert {name: rows.tolist() for name, rows in pictures.splits.items()} == {"train": [0, 1, 2, 3, 4, 5]}
    assert seen == [(i, 6) for i in range(1, 7)]


def test_folder_and_zip_are_the_same(tmp_path):
    files = {**PETS, "cat/broken.png": b"no picture", "notes.txt": b"hello"}
    folder = load_folder(as_folder(tmp_path, files))
    assert same(folder, load_folder(as_zip(tmp_path, files)))
    assert same(folder, load_folder(str(as_zip(tmp_path, dict(reversed(files.items())), zipfile.ZIP_LZMA))))
    assert same(folder, load_folder(as_zip(tmp_path, {f"around/it/{name}": files[name] for name in files})))


def test_the_fingerprint_is_over_names_and_bytes(tmp_path):
    digest = hashlib.sha256()
    for name, data in sorted(PETS.items()):
        digest.update(f"{len(name)} {len(data)} ".encode() + name.encode() + data)
    assert load_folder(as_zip(tmp_path, PETS), size=16).fingerprint == digest.hexdigest()
    swapped = {**PETS, "cat/0.png": PETS["cat/1.png"], "cat/1.png": PETS["cat/0.png"]}
    assert load_folder(as_zip(tmp_path, swapped)).fingerprint != digest.hexdigest()


def test_what_systems_leave_behind_is_passed_over(store):
    litter = [
        "__MACOSX/cat/._0.png",
        ".DS_Store",
        "cat/.DS_Store",
        "cat/Thumbs.db",
        "dog/desktop.ini",
        ".git/x/y",
    ]
    pictures = load_folder(store({**PETS, **dict.fromkeys(litter, b"litter")}))
    assert len(pictures.files) == 6 and pictures.skipped == ()


def test_classes_and_files_are_in_natural_order(store):
    files = {f"class {c}/{i}.png": content(c + i) for c in (10, 2, 1) for i in (100, 20, 3)}
    pictures = load_folder(store(files))
    assert pictures.classes == ("class 1", "class 2", "class 10")
    assert pictures.files[:3] == ("class 1/3.png", "class 1/20.png", "class 1/100.png")
    assert pictures.labels.tolist() == [0] * 3 + [1] * 3 + [2] * 3


@settings(max_examples=100)
@given(st.lists(st.text(st.sampled_from("aBb0019é. ²"), max_size=6), unique=True), st.randoms())
def test_natural_order_is_total(names, random):
    expected = sorted(names, key=_natural)
    random.shuffle(names)
    assert sorted(names, key=_natural) == expected


def test_natural_order_of_numbers():
    numbers = list(map(str, range(1000)))
    assert sorted(sorted(numbers), key=_natural) == numbers


@pytest.mark.parametrize(("held", "name"), [("test", "test"), ("Val", "validation"), ("validation", "validation")])
def test_train_and_test_above_the_classes(store, held, name):
    files = {f"{split}/{file}": data for split in ("train", held) for file, data in PETS.items()}
    pictures = load_folder(store({**files, "train/list.txt": b"0 1 2", "README": b"hello"}))
    assert pictures.classes == ("cat", "dog") and set(pictures.splits) == {"train", name}
    for split, rows in pictures.splits.items():
        assert {pictures.files[row].split("/")[0].lower() for row in rows} == {
            held.lower() if split == name else "train"
        }
        assert pictures.labels[rows].tolist() == [0, 0, 0, 1, 1, 1] and rows.dtype == np.int64
    assert sorted(said(pictures)) == [f"“{n}” lies in no class folder." for n in ("README", "train/list.txt")]


def test_train_beside_other_names_is_a_class(store):
    files = {f"{name}/{i}.png": content(i) for name in ("train", "plane", "test") for i in range(2)}
    pictures = load_folder(store(files))
    assert pictures.classes == ("plane", "test", "train") and set(pictures.splits) == {"train"}


def test_only_train_is_a_folder_around_everything(store):
    pictures = load_folder(store({f"train/{name}": data for name, data in PETS.items()}))
    assert pictures.classes == ("cat", "dog") and pictures.files == tuple(sorted(PETS))


def test_pictures_further_down_belong_to_the_class_above(store):
    pictures = load_folder(store({**PETS, "cat/old/9.png": content(9)}))
    assert pictures.classes == ("cat", "dog") and pictures.labels.tolist() == [0] * 4 + [1] * 3


def test_broken_pictures_are_skipped_and_said(store):
    broken = {
        "cat/text.jpg": b"Dear diary", "dog/empty.png": b"", "dog/cut.png": PETS["dog/0.png"][:300],
        "cat/dot.png": content(0, (1, 1)), "cat/inner.zip": b"PK\5\6" + bytes(18),
    }  # fmt: skip
    fingerprint = load_folder(store(PETS)).fingerprint
    pictures = load_folder(store({**PETS, **broken}))
    assert pictures.files == tuple(sorted(PETS)) and len(pictures.skipped) == len(broken)
    for name in broken:
        assert sum(sentence.startswith(f"“{name}” ") and "accepted are" in sentence for sentence in said(pictures)) == 1
    assert pictures.fingerprint == fingerprint


def test_names_stay_text(store):
    name = "${alert(1)}<img onerror=…>" if os.name == "posix" else "${alert(1)}"
    pictures = load_folder(store({**PETS, f"{name}/1.png": content(1), f"{name}/2.png": content(2)}))
    assert name in pictures.classes and f"{name}/1.png" in pictures.files


def test_accents_are_spelled_one_way(tmp_path):
    composed = unicodedata.normalize("NFC", "café")
    apart = unicodedata.normalize("NFD", "café")
    files = {f"{composed}/1.png": content(1), f"{apart}/2.png": content(2), **PETS}
    assert load_folder(as_zip(tmp_path, files)).classes == (composed, "cat", "dog")


def test_utf_8_names_without_the_mark(tmp_path):
    """macOS writes them so."""
    path = as_zip(tmp_path, {**PETS, "猫/1.png": content(1), "猫/2.png": content(2)})
    data = path.read_bytes()
    for mark in (b"PK\3\4\x14\0", b"PK\1\2\x14\3\x14\0"):
        data = data.replace(mark + b"\0\x08", mark + b"\0\0")
    path.write_bytes(data)
    assert "猫" not in zipfile.ZipFile(path).namelist()[-1]
    assert load_folder(path).classes == ("cat", "dog", "猫")


def test_backslashes_of_old_windows_zips(tmp_path):
    path = as_zip(tmp_path, {name.replace("/", "\\"): data for name, data in PETS.items()})
    assert load_folder(path).files == tuple(sorted(PETS))


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_to_files_are_read_and_links_to_folders_are_not(tmp_path):
    folder = as_folder(tmp_path, PETS)
    (folder / "cat" / "link.png").symlink_to(folder / "dog" / "0.png")
    (folder / "cat" / "circle").symlink_to(folder)
    os.mkfifo(folder / "cat" / "pipe.png")
    assert len(load_folder(folder).files) == 7


# ---- as nobody should ----


def refused(path, **limits) -> str:
    with pytest.raises(ValueError) as caught:
        load_folder(path, **limits)
    sentence = str(caught.value)
    assert "accepted" in sentence and sentence.endswith(".") and "\n" not in sentence
    assert str(Path(path).parent) not in sentence
    return sentence


def test_what_is_no_folder_and_no_zip(tmp_path):
    assert "does not exist" in refused(tmp_path / "gone.zip")
    (tmp_path / "x.zip").write_bytes(b"hello")
    assert "not a readable zip" in refused(tmp_path / "x.zip")
    (tmp_path / "x.zip").write_bytes(b"")
    assert "not a readable zip" in refused(tmp_path / "x.zip")
    data = as_zip(tmp_path, PETS).read_bytes()
    (tmp_path / "x.zip").write_bytes(data[:-200])
    assert "not a readable zip" in refused(tmp_path / "x.zip")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"cat/1.png": content(1), "cat/2.png": content(2)}, "only one class folder"),
        ({"1.png": content(1), "2.png": content(2)}, "no class folder"),
        ({"pictures.zip": b""}, "no class folder"),
        ({**PETS, "owl/1.png": content(1)}, "Class “owl” has too few usable images to train on (1)"),
        ({**PETS, "owl/1.png": b"", "owl/2.png": content(2)}, "first: “owl/1.png” is empty"),
        ({**{f"train/{n}": d for n, d in PETS.items()}, "test/owl/1.png": content(1)},
         "Class “owl” has too few usable images to train on (0)"),
    ],
)  # fmt: skip
def test_too_little_to_learn_from(store, files, said):
    assert said in refused(store(files))


def test_too_much(store):
    path = store(PETS)
    assert "more files than the 5" in refused(path, max_files=5) and load_folder(path, max_files=6)
    assert "(unpacked)" in refused(path, max_total=sum(map(len, PETS.values())) - 1)
    assert "6 images of 100 × 100" in refused(path, size=100, max_total=6 * 100 * 100 * 3 - 1)


def test_a_zip_bomb_is_never_unpacked(tmp_path):
    path = as_zip(tmp_path, {**PETS, "cat/bomb.bmp": b"BM" + bytes(101 * 2**20)})
    assert path.stat().st_size < 200_000
    assert "times its size" in refused(path)


def test_a_large_member_is_skipped_by_its_size(tmp_path):
    path = as_zip(tmp_path, {**PETS, "cat/large.bmp": b"BM" + bytes(40 * 2**20)})
    assert said(load_folder(path)) == ["“cat/large.bmp” has 40.0 MB; accepted are images up to 32 MB."]


def test_a_member_that_lies_about_its_size_is_skipped(tmp_path):
    path = as_zip(tmp_path, {**PETS, "cat/a.png": bytes(10**6)})
    data = path.read_bytes()
    assert data.count(struct.pack("<I", 10**6)) == 2
    path.write_bytes(data.replace(struct.pack("<I", 10**6), struct.pack("<I", 500)))
    pictures = load_folder(path)
    assert len(pictures.files) == 6 and said(pictures)[0].startswith("“cat/a.png” cannot be read")


def test_a_link_in_a_zip_is_no_picture(tmp_path):
    path = as_zip(tmp_path, PETS)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("cat/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../dog/0.png")
    assert said(load_folder(path)) == ["“cat/link.png” is a link; accepted are images."]


def test_small_files_that_decode_to_much_are_refused(tmp_path):
    flat = io.BytesIO()
    Image.new("RGB", (1000, 1000)).save(flat, "PNG")
    path = as_zip(tmp_path, {**PETS, **{f"cat/flat{i}.png": flat.getvalue() for i in range(5)}})
    assert load_folder(path, max_pixels=5e6 + 6 * 40 * 30) and path.stat().st_size < 100_000
    assert "more than 0.004 gigapixels" in refused(path, max_pixels=4e6)


def test_sentences_call_it_by_the_name_that_people_know(tmp_path):
    path = as_zip(tmp_path, {"cat/1.png": content(1)})
    assert refused(path, name="my cats.zip").startswith("“my cats.zip” has only one class folder")


def test_a_damaged_member_is_skipped(tmp_path):
    path = as_zip(tmp_path, PETS, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(PETS["dog/1.png"]) + 500] ^= 1  # the check sum of the zip sees it
    path.write_bytes(data)
    pictures = load_folder(path)
    assert len(pictures.files) == 5 and said(pictures)[0].startswith("“dog/1.png” cannot be read")


def test_a_long_table_of_contents_is_not_read(tmp_path):
    path = as_zip(tmp_path, PETS)
    data = path.read_bytes()
    end = data.rindex(b"PK\5\6")
    path.write_bytes(data[: end + 12] + struct.pack("<I", 10**8) + data[end + 16 :])
    assert "lists far more files" in refused(path)
    zip64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 6, 6, 10**8, 0)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    path.write_bytes(data[:end] + zip64 + locator + data[end:])
    assert "lists far more files" in refused(path)


def test_a_zip64_of_ordinary_size_is_read(tmp_path):
    path = as_zip(tmp_path, PETS)
    data = path.read_bytes()
    end = data.rindex(b"PK\5\6")
    size, start = struct.unpack_from("<II", data, end + 12)
    zip64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 6, 6, size, start)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    see_there = data[end : end + 12] + b"\xff" * 8 + data[end + 20 :]
    path.write_bytes(data[:end] + zip64 + locator + see_there)
    assert load_folder(path).files == tuple(sorted(PETS))


def test_encrypted(tmp_path):
    path = as_zip(tmp_path, PETS)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


@pytest.mark.parametrize(
    "name", ["../../evil.png", "/etc/evil.png", "C:/evil.png", "cat/../../evil.png", "..\\evil.png"]
)
def test_a_path_that_leaves_the_zip(tmp_path, name):
    assert "leaves it" in refused(as_zip(tmp_path, {**PETS, name: content(1)}))


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_zip_gives_pictures_or_a_sentence(tmp_path_factory, data):
    place = tmp_path_factory.getbasetemp()
    valid = bytearray(as_zip(place, PETS).read_bytes())
    end = len(valid) - 1
    for _ in range(data.draw(st.integers(1, 5))):  # most of it in the table of contents
        valid[data.draw(st.integers(end - 350, end) | st.integers(0, end))] = data.draw(st.integers(0, 255))
    path = place / "damaged.zip"
    path.write_bytes(valid)
    try:
        pictures = load_folder(path, size=8)
    except ValueError as error:
        assert "accepted" in str(error)
    else:
        assert len(pictures.images) == len(pictures.labels) == len(pictures.files) >= 4
