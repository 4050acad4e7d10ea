"""The MCP server behind `--mcp`: what its tools are called, say, take and give."""

from __future__ import annotations

import base64
import io
import re
import socket
from pathlib import Path

import httpx
import pytest
from in_process import started
from loops import finish
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from resnet_demo import server
from resnet_demo.ui.api import described_by
from resnet_demo.ui.api.files import MOST, GivenOut

PROJECT = Path(__file__).parent.parent.parent
STAR = (PROJECT / "assets" / "samples" / "shapes" / "star.png").read_bytes()
IN_PLACE = f"data:image/png;base64,{base64.b64encode(STAR).decode()}"
MODEL = "shapes-resnet8"
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The address of a page that is an MCP server."""
    root = tmp_path_factory.mktemp("mcp")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started("--mcp", "--port", str(port), runs=root / "runs", cache=root / "cache") as address:
        yield address.rstrip("/")


def over_mcp(page: str, *calls):
    """(tools, what each of the calls, (name, arguments), was answered)."""

    async def ask():
        async with (
            httpx.AsyncClient(timeout=240) as web,
            streamable_http_client(f"{page}/gradio_api/mcp/", http_client=web) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return {tool.name: tool for tool in tools}, [await session.call_tool(*call) for call in calls]

    return finish(ask())


def test_tools_have_names_and_descriptions_that_say_what_they_do(page):
    tools, _ = over_mcp(page)
    assert tools.keys() == {
        "classify_image", "explain_prediction", "show_heat_map", "classify_with_cuts", "list_models", "train_model",
        "get_training_run", "stop_training_run", "get_confusion_matrix", "show_confusion_matrix",
        "get_confusion_matrix_of_file", "compare_shortcuts",
    }  # fmt: skip
    for tool in tools.values():
        assert " Returns " in tool.description and ",," not in tool.description, tool.name
        for name, about in tool.inputSchema["properties"].items():  # whole, though one line alone is read
            assert re.search(r"[.)]$", about.get("description", "")), (
                tool.name,
                name,
            )
    image = tools["classify_image"].inputSchema
    assert image["properties"]["image"]["type"] == "string" and image["required"] == ["image", "model"]


def test_an_image_in_place_or_uploaded_before_is_classified_explained_and_cut(page):
    path = httpx.post(f"{page}/gradio_api/upload", files={"files": ("star.png", STAR)}, timeout=240).json()[0]
    uploaded = f"{page}/gradio_api/file={path}"
    _, answers = over_mcp(
        page,
        ("classify_image", {"image": IN_PLACE, "model": MODEL, "top_k": 1}),
        ("classify_image", {"image": uploaded, "model": MODEL, "top_k": 1}),
        ("classify_with_cuts", {"image": IN_PLACE, "model": MODEL, "cuts": ["layer1.0.branch"]}),
        ("show_heat_map", {"image": IN_PLACE, "model": MODEL, "label": "star"}),
        ("show_confusion_matrix", {"run": MODEL}),
    )
    assert not any(answer.isError for answer in answers), answers
    first, second, cut, *pictures = answers
    assert "'labels': ['star']" in first.content[0].text and first.content == second.content
    assert "'cuts': ['layer1.0.branch']" in cut.content[0].text
    for answer in pictures:
        assert answer.content[0].type == "image"
        assert Image.open(io.BytesIO(base64.b64decode(answer.content[0].data))).width > 500


def test_what_is_no_image_here_is_refused(page):
    refused = {
        "https://example.org/cat.png": "Web addresses are not accepted",
        "/etc/passwd": "Invalid file data format",
        f"{page}/gradio_api/file=/etc/passwd": "",
        "data:image/png;base64,AAAA": "not an image",
    }
    _, answers = over_mcp(page, *(("classify_image", {"image": image, "model": MODEL}) for image in refused))
    for (image, said), answer in zip(refused.items(), answers, strict=True):
        assert answer.isError and said in answer.content[0].text and "root:" not in answer.content[0].text, image


def test_without_its_package_a_sentence_says_so(monkeypatch, capsys):
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert server.main(["--mcp"]) == 1
    assert "pip install 'gradio[mcp]'" in capsys.readouterr().err


def test_what_is_too_large_for_a_request_is_refused_before_it_is_read(page):
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"image": "A" * 2**20}}
    assert httpx.post(f"{page}/gradio_api/mcp/", json=call, timeout=240).status_code == 413


def test_descriptions_are_whole_sentences():
    said = "One.\n\n    Two\n    lines.\n\n    Args:\n        a: b.\n\n    Returns:\n        c,\n        d.\n    "
    assert described_by(said) == "One. Two lines. Returns c, d."


def test_files_that_are_given_out_do_not_pile_up(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    files = GivenOut()
    for number in range(MOST + 5):
        last = files.give(b"%d" % number, "a.png")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == MOST
    assert Path(last.path).read_bytes() == b"%d" % number
