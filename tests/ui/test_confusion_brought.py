"""The tab Confusion in a real browser: what visitors bring and take away, pictures that are fetched or are private."""

from __future__ import annotations

import re
import threading
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest
from hands import rest, type_into, unfold
from hub_layout import hub_files, write_hub_layout, write_pictures
from hub_server import serving
from made_answered import half_right_run
from made_runs import photograph
from made_weights import random_network, write_weights_file
from managed import wait_until
from pages import page_of
from playwright.sync_api import expect

from resnet_demo.data.datasets import load_dataset
from resnet_demo.inference.imagenet import class_names
from resnet_demo.services import Services
from resnet_demo.ui import classify, confusion
from resnet_demo.ui.confusion import handlers

pytestmark = pytest.mark.browser


@pytest.fixture
def serve(places, tmp_path):
    """`serve(data=…, local=…)`: services with folders of their own, and their address."""
    running = ExitStack()

    def start(data=None, local: bool = True):
        folders = replace(
            places, data=data, cache=tmp_path / "cache", weights=tmp_path / "weights", runs=tmp_path / "runs"
        )
        services = Services.create(folders, local=local)
        return services, running.enter_context(page_of(services, classify, confusion))

    with running:
        yield start


def bring(page, content: str, name: str) -> None:
    unfold(page, "#bring-predictions")
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#bring-file input[type=file]").set_input_files(file)
    expect(page.locator("#confusion-head h2")).to_have_text(name)


def test_a_file_that_is_brought_before_the_first_answer_stays_and_images_are_fetched_on_a_click(
    visit, serve, tmp_path, monkeypatch
):
    write_hub_layout(tmp_path / "hub")
    dataset = load_dataset("cifar10", data=tmp_path / "hub", cache=tmp_path / "other-cache")
    half_right_run(tmp_path / "weights", "first", dataset, data="cifar10")
    services, address = serve()
    runs, begun, released = handlers.run_choices, threading.Event(), threading.Event()

    def slow(*given):
        if not begun.is_set():
            begun.set()
            assert released.wait(60)
        return runs(*given)

    monkeypatch.setattr(handlers, "run_choices", slow)
    page = visit(tab="confusion", address=address)
    assert begun.wait(60)
    bring(page, "y_true,y_pred\ncat,cat\ncat,dog\ndog,dog\n", "early.csv")
    released.set()
    rest(page)
    unfold(page, "#confusion-difference")
    expect(page.locator("#confusion-other input")).to_have_value("none")  # the tab's first answer is there
    expect(page.locator("#confusion-head h2")).to_have_text("early.csv")
    expect(page.locator("#confusion-run input")).to_have_value("early.csv")
    page.locator("#confusion-files a[href*='brought/']").first.wait_for()
    links = dict(page.locator("#confusion-files a").evaluate_all("all => all.map(one => [one.download, one.href])"))
    assert {"early-matrix.csv", "early-report.md"} <= links.keys()
    assert all(httpx.get(address, timeout=60).status_code == 200 for address in links.values())

    page.locator("#bring-file button[aria-label]").last.click()
    expect(page.locator("#confusion-remedy")).to_contain_text("The images of CIFAR-10 are not on this machine.")
    expect(page.locator("#confusion-fetch")).to_have_text("Download CIFAR-10 (144 MB)")
    with serving(monkeypatch, hub_files(tmp_path / "hub")):
        page.locator("#confusion-fetch").click()
        expect(page.locator("#confusion-fetch")).to_be_hidden()
    page.locator("#confusion-cell img").first.wait_for()  # of the cell that was open
    expect(page.locator("#confusion-remedy")).not_to_contain_text("not on this machine")


def test_labelled_images_are_put_to_an_imagenet_network_and_a_page_that_is_closed_leaves_none(
    visit, serve, tmp_path, monkeypatch
):
    """Neither on disk nor in memory; Gradio waits for an hour, in its own tests for a second."""
    monkeypatch.setenv("GRADIO_IS_E2E_TEST", "1")
    write_weights_file(tmp_path / "cache" / "imagenet" / "resnet18.safetensors", random_network(18))
    services, address = serve()
    page = visit(tab="confusion", address=address)
    rest(page)
    unfold(page, "#bring-labelled")
    expect(page.locator("#bring-judging input")).to_have_value(re.compile("ResNet-18"))
    names = {class_names()[one]: 3 for one in (281, 207)} | {"my thing": 2}
    folder = tmp_path / "pets"
    write_pictures(folder, names)
    (folder / "my thing" / "photo.jpg").write_bytes(photograph())
    page.locator("#bring-folder input[type=file]").set_input_files(folder)
    expect(page.locator("#bring-labelled-said")).to_contain_text("2 of 3 classes")
    mapping = page.locator("#bring-mapping textarea")
    expect(mapping).to_have_value(re.compile("my thing:"))
    type_into(mapping, mapping.input_value().replace("my thing:", "my thing: 999"))
    page.locator("#bring-judge").click()
    expect(page.locator("#confusion-head .facts")).to_contain_text("of 9")
    expect(page.locator("#confusion-matrix .note")).to_contain_text("of 1,000 classes")
    page.locator("#confusion-pairs tbody tr").first.click()
    page.locator("#confusion-cell img").first.wait_for()
    page.locator("#confusion-cell button").first.click()
    page.locator("#confusion-heat figure").nth(1).wait_for()

    rest(page)
    assert (
        list(services.own.root.iterdir())
        and services.memory.used() > 9 * 1000
        and len(services.uploaded_predictions) == 1
    )
    page.context.close()
    wait_until(lambda: not list(services.own.root.iterdir()), "the images are still on disk")
    wait_until(
        lambda: not services.memory.used() and not services.uploaded_predictions, "the answers are still in memory"
    )
