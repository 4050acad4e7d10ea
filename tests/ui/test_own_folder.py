"""A folder with a folder for each class, chosen or dropped: taken whole, previewed, refused with its sentence."""

from __future__ import annotations

import re
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hands import unfold
from made_runs import NASTY, shapes_dataset
from pages import whole_page
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.data.own import ZIP
from resnet_demo.places import Places
from resnet_demo.services import Services
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


def opened(page, folder: Path | None = None):
    unfold(page, "#own")
    page.locator("#own-folder .choose").wait_for()
    if folder:
        page.locator(INPUT).set_input_files(folder)
    return page


@pytest.fixture
def small(places, tmp_path):
    """A server that accepts 40 files and 40,000 bytes of pictures; its address."""
    from dataclasses import replace

    from resnet_demo.data.own import FOLDER, OwnPictures, UploadLimits

    here: Places = replace(places, runs=tmp_path / "runs")
    own = OwnPictures(here.runs / FOLDER, UploadLimits(packed=40_000, files=40))
    with whole_page(replace(Services.create(here, local=True), own=own)) as address:
        yield address


@pytest.mark.browser
def test_a_folder_is_taken_previewed_and_chosen(visit, services, tmp_path):
    page = opened(visit(tab="train"), class_folder(tmp_path / "pets.2", {"cat": 20, BAD_NAME: 6}))
    page.locator("#own-said", has_text="26 images in 2 classes").wait_for()
    assert "Left out" not in page.locator("#own-said").inner_text()
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


@pytest.mark.browser
def test_a_folder_with_one_class_is_refused_with_its_sentence(visit, tmp_path):
    page = opened(visit(tab="train", language="zh"), class_folder(tmp_path / "pets", {"cat": 6}))
    page.locator("#own-said [role=alert]").filter(has_text="“pets”中只有一个类别文件夹").wait_for()
    expect(page.locator("#own-classes tbody tr")).to_have_count(0)
    expect(page.locator("#own-folder .choose")).to_be_enabled()


@pytest.mark.browser
def test_what_is_too_much_is_said_before_anything_is_sent(visit, small, tmp_path):
    page = opened(visit(tab="train", address=small))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/upload" in request.url else None)
    page.locator(INPUT).set_input_files(class_folder(tmp_path / "many", {"cat": 30, "dog": 11}))
    page.locator("#own-folder [role=alert]").filter(has_text="“many” has more than 40 files").wait_for()
    large = class_folder(tmp_path / "large", {"cat": 2, "dog": 2})
    (large / "cat" / "noise.bin").write_bytes(b"x" * 50_000)
    page.locator(INPUT).set_input_files(large)
    page.locator("#own-folder [role=alert]").filter(has_text="“large” has 0.1 MB; the limit is 0.038 MB").wait_for()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden").write_bytes(b"x")
    page.locator(INPUT).set_input_files(tmp_path / "empty")
    page.locator("#own-folder [role=alert]").filter(has_text="no files").wait_for()
    assert not sent
    page.locator(INPUT).set_input_files(class_folder(tmp_path / "right", {"cat": 4, "dog": 4}))
    page.locator("#own-said", has_text="8 images in 2 classes").wait_for()
    assert len(sent) == 1
    expect(page.locator("#own-folder .told")).to_have_text("")


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
@pytest.mark.parametrize(("wrap", "name"), [(True, "pets"), (False, "images")])
def test_folders_are_dropped(visit, tmp_path, wrap, name):
    root = class_folder(tmp_path / "pets", {"cat": 8, "dog": 5})
    files = {each: each.glob("*.png") for each in root.iterdir()}
    classes = {each.name: {one.name: list(one.read_bytes()) for one in ones} for each, ones in files.items()}
    page = opened(visit(tab="train"))
    page.evaluate(DROP, {"selector": "#own-folder .folder", "entries": {"pets": classes} if wrap else classes})
    page.locator("#own-said", has_text="13 images in 2 classes").wait_for()
    expect(page.locator("#train-data input")).to_have_value(f"yours: {name}")


@pytest.mark.browser
def test_it_fits_a_phone(visit):
    page = opened(visit(tab="train", width=390, dark=True, language="zh"))
    expect(page.locator("#own-folder .ask")).to_have_text(re.compile("^或者一个文件夹"))
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def test_only_a_file_that_gradio_has_checked_is_taken(tmp_path):
    file = tmp_path / "pictures.zip"
    marked = {"path": str(file), "orig_name": "pets.2.zip", "meta": {"_type": "gradio.FileData"}}
    assert brought(marked) == (file, "pets.2")
    unmarked = {"path": str(file)}
    for value in (None, "", str(file), [], unmarked, {**marked, "meta": {"_type": "x"}}, {**marked, "path": 1}):
        assert brought(value) is None


@pytest.mark.browser
def test_a_folder_that_the_server_has_no_space_for_is_refused_with_its_sentence(browser, places, tmp_path):
    """Not through `visit`: browsers log every answer 413 as an error."""
    from dataclasses import replace

    from hands import listen

    from resnet_demo.runs.accounts import Account

    services = replace(Services.create(places, local=True), uploads=Account("uploads", server=1000))
    pets = class_folder(tmp_path / "pets", {"cat": 6, "dog": 6})
    with whole_page(services) as address, closing(browser.new_context()) as context:
        context.set_default_timeout(90_000)
        for path, sentence in (("", "The space for uploads is full"), ("zh", "上传空间已满")):
            page = context.new_page()
            listen(page)
            page.goto(f"{address}{path}?tab=train")
            opened(page, pets)
            page.locator("#own-folder .told[role=alert]").filter(has_text=sentence).wait_for()
