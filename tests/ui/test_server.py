"""The server around the page: what a shared link shows, proxies, privacy, flags and variables."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
from io import BytesIO

import brotli
import httpx
import pytest
from hands import rest
from loops import finish
from pages import built, served
from PIL import Image
from proxy import proxy
from small_page import idle_services, small_page

from resnet_demo.data.own import UploadLimits
from resnet_demo.places import PROJECT
from resnet_demo.ui.text import LANGUAGES

MOST = 100_000


def get(address: str, **options) -> httpx.Response:
    return httpx.get(address, timeout=90, **options)  # seconds: a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The address of a server with three small tabs, which takes files up to MOST bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UploadLimits, "packed", MOST)
        with small_page(idle_services(tmp_path_factory.mktemp("idle"))) as address:
            yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_shows_title_sentence_and_picture(small, language):
    text = LANGUAGES[language]
    proxied = {"X-Forwarded-Host": "example.org", "X-Forwarded-Proto": "https"}
    page = get(f"{small}{text.path}", headers=proxied).text
    meta = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))
    assert meta["og:title"] == text("page.title") and meta["description"] == text("page.sentence")
    assert page.count('"og:title"') == 1 and "gradio-app" not in page.split("<body")[0].split("gradio_config")[0]
    assert meta["og:url"] == f"https://example.org/{text.path}" and f'<html lang="{text.locale}"' in page
    assert meta["og:image"].startswith("https://example.org/")
    picture = get(small + meta["og:image"].removeprefix("https://example.org/"))
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)


@pytest.mark.parametrize("language", LANGUAGES)
def test_share_pictures_show_the_words_of_today(language):
    from resnet_demo.ui.head import share_picture

    text = LANGUAGES[language]
    with Image.open(share_picture(text)) as picture:
        again = "draw them again: python -m resnet_demo.ui.share"
        assert picture.text["Title"] == f"{text('page.title')}: {text('page.sentence')}", again


@pytest.mark.browser
def test_below_a_path_of_a_proxy_everything_is_found(visit, services):
    from resnet_demo.ui import classify

    with served(built(services, classify), root_path="/demo") as address, proxy(address, "/demo") as behind:
        # anything outside /demo is 404 and fails in `visit`
        page = visit(address=behind)
        page.locator("#samples button").first.click()
        page.locator("#result .best strong").first.wait_for()
        rest(page)
        page.locator("#header .language").click()
        page.wait_for_url("**/demo/zh")
        page.locator("#samples button").first.wait_for()
        link = page.locator("#header .language[href]").evaluate("link => link.href")
        page.context.close()
        assert link == behind
        assert f'content="{behind}share.png"' in get(behind).text


@pytest.mark.browser
def test_two_visitors_never_see_each_others_pictures_or_answers(visit, services):
    from playwright.sync_api import expect

    from resnet_demo.ui import classify

    with served(built(services, classify), services) as address:
        first, second = visit(address=address), visit(address=address)
        received = []
        second.on("response", lambda response: received.append(response))
        picture = BytesIO()
        Image.new("RGB", (300, 200), "teal").save(picture, "jpeg")
        upload = {"name": "my-secret-holiday.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
        for page in (first, second):
            page.locator("#samples button").first.wait_for()
            rest(page)
        answer = first.locator("#result .cards")
        before = answer.inner_text()
        first.locator("#picture input[type=file]").first.set_input_files(upload)
        first.locator("#picture img[src*='my-secret-holiday']").wait_for()
        expect(answer).not_to_have_text(before, use_inner_text=True)
        rest(first)
        seen = answer.inner_text()

        third = visit(address=address)
        for other in (second, third):
            other.locator("#samples button").nth(3).click()
            other.locator("#picture img").wait_for()
            rest(other)
        assert answer.inner_text() == seen
        first.reload()  # what one has shown oneself is there again
        first.locator("#picture img[src*='my-secret-holiday']").wait_for()
        for other in (second, third):
            assert "my-secret-holiday" not in other.content()
        for response in received:
            assert "my-secret-holiday" not in response.url
            if "json" in response.headers.get("content-type", ""):
                assert "my-secret-holiday" not in response.text()
        stored = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
        assert "holiday" not in first.evaluate(stored)
        rest(first)
        for page in (first, second, third):
            page.context.close()


def test_the_server_is_quiet_and_private(small):
    assert get(f"{small}gradio_api/runs").status_code == 404  # no history of calls
    assert get(f"{small}monitoring").status_code != 200
    configuration = get(f"{small}config").json()
    assert configuration["analytics_enabled"] is False and configuration["show_error"] is False
    assert str(PROJECT) not in json.dumps(configuration) and str(PROJECT) not in get(small).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_page_is_compressed_as_the_browser_wants_it_and_has_the_length_it_says(small, language, encoding):
    address, wanted = f"{small}{LANGUAGES[language].path}", {"Accept-Encoding": encoding}
    with httpx.stream("GET", address, headers=wanted, timeout=90) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert int(answer.headers["content-length"]) == len(sent)
    plain = get(address, headers={"Accept-Encoding": "identity"}).content
    decoded = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}[encoding](sent)
    assert decoded.count(b"<title>") == 1 and len(decoded) == len(plain)
    assert encoding == "identity" or len(sent) < 0.4 * len(plain)
    head = httpx.head(address, headers=wanted, timeout=90)
    assert head.status_code == 200 and head.headers["content-length"] == answer.headers["content-length"]


def test_what_is_compressed_already_and_streams_pass_as_they_are(small):
    everything = {"Accept-Encoding": "gzip, br"}
    assert "content-encoding" not in get(f"{small}{LANGUAGES['en'].path}share.png", headers=everything).headers
    stream = f"{small}gradio_api/heartbeat/abcdefg"
    with httpx.stream("GET", stream, headers=everything, timeout=90) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        assert next(answer.iter_raw())  # at once, not when it ends


def test_every_cookie_that_is_set_reaches_the_browser():
    from resnet_demo.ui.head import Head

    cookies = [(b"set-cookie", b"first=1"), (b"set-cookie", b"second=2")]

    async def app(scope, receive, send):
        headers = [(b"content-type", b"text/html"), (b"content-length", b"13"), *cookies]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<head></head>"})

    async def visit():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Head(app)), base_url="http://here") as client:
            return await client.get("/")

    answer = finish(visit())
    assert answer.headers.get_list("set-cookie") == ["first=1", "second=2"] and "<title>" in answer.text


def test_too_large_a_file_is_refused(small):
    for size, status in ((MOST, 200), (MOST + 1, 413)):
        files = {"files": ("large.png", bytes(size))}
        assert httpx.post(f"{small}gradio_api/upload", files=files, timeout=90).status_code == status


def test_flags_win_over_gradios_variables(monkeypatch):
    from resnet_demo import server as app

    settings = {"SERVER_NAME": "0.0.0.0", "SERVER_PORT": "7999", "SHARE": "True", "ROOT_PATH": "/a"}
    for name, value in settings.items():
        monkeypatch.setenv(f"GRADIO_{name}", value)
    args = app.make_parser().parse_args([])
    assert (args.host, args.port, args.share, args.root_path) == ("0.0.0.0", 7999, True, "/a")
    args = app.make_parser().parse_args(["--port", "8000", "--no-share", "--host", "127.0.0.1", "--root-path", "/b"])
    assert (args.host, args.port, args.share, args.root_path) == ("127.0.0.1", 8000, False, "/b")


def test_a_server_starts_where_gradios_variables_say_and_says_where_runs_go_that_cannot_be_written(
    tmp_path, warm_python
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "file").touch()
    places = {"RUNS": tmp_path / "file" / "runs", "WEIGHTS": tmp_path / "weights", "CACHE": tmp_path / "cache"}
    environment = {**os.environ, **{f"RESNET_DEMO_{name}": str(path) for name, path in places.items()}}
    environment |= {"GRADIO_SERVER_PORT": str(port), "GRADIO_ROOT_PATH": "/below"}
    process = subprocess.Popen(
        [warm_python, "app.py"],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert f":{port}/" in line
        page = get(f"http://127.0.0.1:{port}/")
        assert page.status_code == 200 and f'"root":"http://127.0.0.1:{port}/below"' in page.text
        with httpx.stream("GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/open", timeout=90) as heartbeat:
            beats = heartbeat.iter_lines()
            assert next(beats) == "data: ALIVE"
            process.terminate()
            assert not any(beats), "what a page keeps open is ended, not cut off"
        assert process.wait(90) == 0
    finally:
        process.kill()
        _, printed = process.communicate()
    assert printed.startswith(f"app.py: {places['RUNS']} cannot be written to, so new runs are kept in ")
    assert "RESNET_DEMO_RUNS" in printed and (tmp_path / "cache" / "runs").is_dir()
