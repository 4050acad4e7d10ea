"""Uploads to a server that strangers use: so many bytes for an address and for all, and a sentence beyond."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from small_page import idle_services

from resnet_demo.runs.accounts import MEGABYTE, Account
from resnet_demo.ui import uploads


@pytest.fixture(scope="module")
def bounded(tmp_path_factory):
    """(address, account) of a server that takes 2 MB of an address, 3 MB in all, and trusts proxies on this machine."""
    import gradio as gr
    from pages import served

    account = Account("uploads", server=3 * MEGABYTE, address=2 * MEGABYTE)
    services = replace(idle_services(tmp_path_factory.mktemp("idle")), uploads=account)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
        with gr.Blocks(analytics_enabled=False) as demo:
            gr.File()
        with served(demo, services) as address:
            yield address, account


def upload(place: str, megabytes: float, visitor: str, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{place}gradio_api/upload",
        files={"files": ("a.bin", bytes(int(megabytes * MEGABYTE)))},
        headers={"X-Forwarded-For": visitor, **headers},
        timeout=90,
    )


def test_uploads_are_bounded_for_an_address_and_for_all_until_they_are_deleted(bounded, monkeypatch):
    place, account = bounded
    assert upload(place, 1.5, "192.0.2.1").status_code == 200
    refused = upload(place, 1, "192.0.2.1")
    assert refused.status_code == 413 and "from your address" in refused.text and "accepted are 2.0 MB" in refused.text
    chinese = upload(place, 1, "192.0.2.1", Referer=f"{place}zh/?tab=train").text
    assert chinese.startswith("来自你的地址最近一小时的上传")
    assert upload(place, 1, "192.0.2.2").status_code == 200
    full = upload(place, 1, "192.0.2.3")
    assert full.status_code == 413 and full.text.startswith("The space for uploads is full")
    now = uploads.time.monotonic()
    monkeypatch.setattr(uploads.time, "monotonic", lambda: now + 60 * uploads.KEPT_MINUTES + 1)
    assert upload(place, 1, "192.0.2.3").status_code == 200
    assert account.used("192.0.2.1") == 0


def test_an_upload_says_how_long_it_is(bounded):
    place, _ = bounded
    answer = httpx.post(f"{place}gradio_api/upload", content=iter([b"x" * 100]), timeout=90)
    assert answer.status_code == 411


def test_an_upload_is_counted_until_gradio_has_deleted_it():
    assert uploads.DELETED_AFTER + uploads.SECONDS_BETWEEN <= 60 * uploads.KEPT_MINUTES




def test_pages_beyond_so_many_are_forgotten_the_oldest_first(tmp_path, monkeypatch):
    """Gradio keeps the state of each page that ever asked something, and of whatever a program calls a page."""
    import gradio as gr
    from pages import served

    from resnet_demo.ui import build

    monkeypatch.setattr(build, "MOST_SESSIONS", 3)
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Button().click(lambda: None, api_name="click")
    with served(demo) as place:
        for number in range(6):
            asked = {"data": [], "session_hash": f"page-{number}"}
            assert httpx.post(f"{place}gradio_api/run/click", json=asked, timeout=90).status_code == 200
        assert list(demo.app.state_holder.session_data) == ["page-3", "page-4", "page-5"]


def test_whoever_makes_up_pages_forgets_none_but_their_own(tmp_path, monkeypatch):
    import gradio as gr
    from pages import served

    from resnet_demo.ui import latest

    monkeypatch.setattr(latest, "MOST_OF_ADDRESS", 2)
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Button().click(lambda: 1, None, gr.Number(), api_name="click")
        latest.keep_order(demo)
    with served(demo) as place:
        for address, name in (("127.0.0.2", "page"), *(("127.0.0.3", f"made up {number}") for number in range(5))):
            with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=90) as client:
                asked = {"data": [], "session_hash": name}
                assert client.post(f"{place}gradio_api/run/click", json=asked).status_code == 200
        assert list(demo.app.state_holder.session_data) == ["page", "made up 3", "made up 4"]
