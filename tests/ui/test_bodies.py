"""What requests may carry: whatever is too much, or has the server ask another host, is refused in a sentence."""

from __future__ import annotations

import json
from types import SimpleNamespace

import gradio as gr
import gradio_client
import httpx
import pytest
from gradio.data_classes import FileData
from pages import served

from resnet_demo.ui import bodies
from resnet_demo.ui.text import LANGUAGES

HOST = "https://example.com/large.bin"
FILE = {"path": HOST, "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def small():
    """(the address of a page with inputs for files, what its handlers were given)."""
    given = []

    def take(value):
        given.append(value)

    def take_file(image: FileData) -> str:
        given.append(image)
        return ""

    with gr.Blocks(analytics_enabled=False) as demo:
        file, gallery = gr.File(), gr.Gallery(type="filepath")
        state = gr.Textbox()
        gr.Button().click(take, file, api_name="file")
        gr.Button().click(take, gallery, api_name="gallery")
        gr.Button().click(take, state, api_name="text")
        gr.api(take_file, api_name="program")
    bodies.refuse_addresses(demo)
    with served(demo) as place:
        yield SimpleNamespace(place=place, given=given)


@pytest.fixture
def downloads(monkeypatch):
    """What Gradio is made to download."""
    from gradio import processing_utils

    made = []

    async def download(url, *arguments, **options):
        made.append(url)
        raise OSError("downloaded")

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", download)
    return made


def post(small, path: str, **options) -> httpx.Response:
    return httpx.post(f"{small.place}gradio_api/{path}", timeout=90, **options)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["run/text", "call/text", "queue/join", "component_server", "cancel", "reset"])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_that_is_too_large_is_refused(small, path, chunked, language):
    text, body = LANGUAGES[language], json.dumps({"data": ["x" * bodies.MOST_BYTES]}).encode()
    headers = {"Content-Type": "application/json", "Referer": f"{small.place}{text.path}"}
    answer = post(small, path, content=iter([body[:1000], body[1000:]]) if chunked else body, headers=headers)
    words = text("error.request_size", most=1)
    assert answer.status_code == 413 and answer.json() == {"detail": words, "error": words}
    assert not small.given


def test_what_the_page_sends_is_far_from_too_large(small):
    assert post(small, "run/text", json={"data": ["x" * (bodies.MOST_BYTES - 1000)]}).status_code == 200
    small.given.clear()


@pytest.mark.parametrize("path", ["component_server", "process_recording", "run/text", "component_server/"])
def test_forms_with_files_are_accepted_as_uploads_alone(small, path):
    fields = {"component_id": "1", "session_hash": "a", "fn_name": "x"}
    answer = post(small, path, data=fields, files=[("f", (f"{n}.bin", b"x")) for n in range(9)], follow_redirects=True)
    assert answer.status_code == 413 and answer.json()["error"] == LANGUAGES["en"]("error.request_form")
    assert post(small, "upload", files=[("files", ("a.bin", b"x"))]).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file", FILE),
        ("file", FILE | {"path": "http://example.com/a"}),
        ("gallery", [{"image": FILE, "caption": None}]),
        ("program", FILE),
    ],
)
def test_the_address_of_a_file_is_not_downloaded(small, downloads, name, value, language):
    text = LANGUAGES[language]
    headers = {"Referer": f"{small.place}{text.path}"}
    answer = post(small, f"run/{name}", json={"data": [value]}, headers=headers)
    assert answer.status_code == 500 and answer.json()["error"] == text("error.request_host")
    event = post(small, f"call/{name}", json={"data": [value]}, headers=headers).json()["event_id"]
    told = httpx.get(f"{small.place}gradio_api/call/{name}/{event}", timeout=90).text
    assert "event: error" in told and text("error.request_host") in json.loads(told.rpartition("data: ")[2])["error"]
    assert not downloads and not small.given


def test_a_program_is_told_so_too(small, downloads):
    client = gradio_client.Client(small.place, verbose=False, analytics_enabled=False)
    with pytest.raises(gradio_client.exceptions.AppError, match="upload the file itself"):
        client.predict(gradio_client.handle_file(HOST), api_name="/program")
    assert not downloads and not small.given


def test_no_file_of_another_host_is_passed_on(small):
    answer = httpx.get(f"{small.place}gradio_api/file={HOST}", timeout=90)
    assert answer.status_code == 413 and answer.json()["error"] == LANGUAGES["en"]("error.request_host")


def test_the_page_refuses_addresses(built):
    assert built.process_api.__wrapped__.__wrapped__.__name__ == "process_api"  # numbered, and looked at before
