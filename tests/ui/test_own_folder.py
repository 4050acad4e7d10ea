"""A folder with a folder for each class, chosen or dropped: taken whole, previewed, refused with its sentence."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hands import listen, unfold
from made_runs import NASTY, shapes_dataset
from pages import page_of
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.data.own import FOLDER, ZIP, OwnPictures, UploadLimits
from resnet_demo.services import Services
from resnet_demo.ui import classify, train
from resnet_demo.ui.components.folder import brought

BAD_NAME = NASTY.replace("/", "")  # no file system takes a slash in a name
INPUT = "#own-folder input[type=file]"


def class_folder(root: Path, names: dict[str, int], side: int = 32) -> Path:
    """A folder with so many pictures in a folder for each class, and what systems leave beside them."""
    pictures = shapes_dataset(train=max(sum(names.values()), 10), test=2).train.images
    at = 0
    for name, count in names.items():
        (root / name).mkdir(parents=True)
        (root / name / ".DS_Store").write_bytes(b"of the system")
        for index in range(count):
            Image.fromarray(pictures[at]).resize((side, side)).save(root / name / f"猫 {index}.png")
            at += 1
    return root


def opened(page):
    unfold(page, "#own")
    page.locator("#own-folder .choose").wait_for()
    return page


@pytest.fixture(scope="module")
def small(places, tmp_path_factory):
    """Services that accept 40 files and 100,000 bytes of pictures, and the address of Train over them."""
    here = replace(places, runs=tmp_path_factory.mktemp("runs"))
    own = OwnPictures(here.runs / FOLDER, UploadLimits(packed=100_000, files=40))
    services = replace(Services.create(here, local=True), own=own)
    with page_of(services, classify, train) as address:
        yield services, address


DROP = """({selector, entries}) => {
  const make = (name, content) => Array.isArray(content)
    ? {isFile: true, name, file: take => take(new File([Uint8Array.from(content)], name))}
    : {isFile: false, name, createReader() {
        const left = Object.entries(content).map(([inner, below]) => make(inner, below));
        return {readEntries: take => take(left.splice(0, 3))};
      }};
  const drop = new Event('drop', {bubbles: true, cancelable: true});
  drop.dataTransfer = {items: Object.entries(entries).map(([name, content]) => (
    {webkitGetAsEntry: () => make(name, content)}))};
  document.querySelector(selector).dispatchEvent(drop);
}"""


@pytest.mark.browser
def test_a_folder_is_taken_previewed_and_chosen_unless_it_is_too_much(visit, small, tmp_path):
    services, address = small
    page = opened(visit(tab="train", address=address))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/upload" in request.url else None)
    for folder, sentence in too_much(tmp_path):
        page.locator(INPUT).set_input_files(folder)
        page.locator("#own-folder [role=alert]").filter(has_text=sentence).wait_for()
    assert not sent

    page.locator(INPUT).set_input_files(class_folder(tmp_path / "pets.2", {"cat": 20, BAD_NAME: 6}))
    page.locator("#own-said", has_text="26 images in 2 classes").wait_for()
    assert len(sent) == 1 and "Left out" not in page.locator("#own-said").inner_text()
    expect(page.locator("#own-classes tbody tr")).to_have_count(2)
    expect(page.locator("#own-classes tbody img")).to_have_count(2)
    expect(page.locator("#train-data input")).to_have_value("yours: pets.2")
    expect(page.locator("#own-folder .told")).to_have_text("")
    newest = max(services.own.root.glob(f"*/{ZIP}"), key=lambda path: path.stat().st_mtime_ns)
    with zipfile.ZipFile(newest) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            f"{name}/猫 {index}.png" for name, count in (("cat", 20), (BAD_NAME, 6)) for index in range(count)
        }

    root = class_folder(tmp_path / "dropped", {"cat": 8, "dog": 5})
    files = {each: each.glob("*.png") for each in root.iterdir()}
    classes = {each.name: {one.name: list(one.read_bytes()) for one in ones} for each, ones in files.items()}
    for entries, name in (({"pets": classes}, "pets"), (classes, "images")):  # the folder of the classes, or these
        page.evaluate(DROP, {"selector": "#own-folder .folder", "entries": entries})
        page.locator("#own-said", has_text="13 images in 2 classes").wait_for()
        expect(page.locator("#train-data input")).to_have_value(f"yours: {name}")


def too_much(root: Path) -> Iterator[tuple[Path, str]]:
    """Folders that are refused before anything is sent, and what is said of them."""
    yield class_folder(root / "many", {"cat": 30, "dog": 11}), "“many” has more than 40 files"
    large = class_folder(root / "large", {"cat": 2, "dog": 2})
    (large / "cat" / "noise.bin").write_bytes(b"x" * 200_000)
    yield large, "“large” has 0.2 MB; the limit is 0.095 MB"
    (root / "empty").mkdir()
    (root / "empty" / ".hidden").write_bytes(b"x")
    yield root / "empty", "no files"


@pytest.mark.browser
def test_on_a_phone_in_chinese_it_fits_and_a_folder_with_one_class_is_refused(visit, small, tmp_path):
    page = opened(visit(tab="train", width=390, dark=True, language="zh", address=small[1]))
    expect(page.locator("#own-folder .ask")).to_have_text(re.compile("^或者一个文件夹"))
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.locator(INPUT).set_input_files(class_folder(tmp_path / "pets", {"cat": 6}))
    page.locator("#own-said [role=alert]").filter(has_text="“pets”中只有一个类别文件夹").wait_for()
    expect(page.locator("#own-classes tbody tr")).to_have_count(0)
    expect(page.locator("#own-folder .choose")).to_be_enabled()


@pytest.mark.browser
def test_a_folder_that_the_server_has_no_space_for_is_refused_with_its_sentence(browser, small, tmp_path, monkeypatch):
    """Not through `visit`: browsers log every answer 413 as an error."""
    services, address = small
    monkeypatch.setattr(services.uploads, "server", 1000)
    with closing(browser.new_context()) as context:
        context.set_default_timeout(90_000)
        page = context.new_page()
        listen(page)
        page.goto(f"{address}zh?tab=train")
        opened(page)
        page.locator(INPUT).set_input_files(class_folder(tmp_path / "pets", {"cat": 6, "dog": 6}))
        page.locator("#own-folder .told[role=alert]").filter(has_text="上传空间已满").wait_for()


def test_only_a_file_that_gradio_has_checked_is_taken(tmp_path):
    file = tmp_path / "pictures.zip"
    marked = {"path": str(file), "orig_name": "pets.2.zip", "meta": {"_type": "gradio.FileData"}}
    assert brought(marked) == (file, "pets.2")
    unmarked = {"path": str(file)}
    for value in (None, "", str(file), [], unmarked, {**marked, "meta": {"_type": "x"}}, {**marked, "path": 1}):
        assert brought(value) is None
