"""Files that leave the server: whoever does not read them holds no more than their share, and failures are said."""

from __future__ import annotations

import asyncio
import errno
import os
from dataclasses import replace
from types import SimpleNamespace

import httpx
import pytest
from loops import finish
from made_runs import make_trained_run
from small_page import idle_services
from starlette.applications import Starlette

from resnet_demo.runs.accounts import MEGABYTE, Account
from resnet_demo.runs.exchange import onnx_file
from resnet_demo.runs.exchange.onnx_file import is_available, onnx_bytes
from resnet_demo.ui import downloads
from resnet_demo.ui.confusion import takeaway
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.turns import Turns


@pytest.fixture
def app(tmp_path):
    """(an application with a finished run "sound" and the addresses of files, the run, its services)."""
    services = idle_services(tmp_path)
    run = make_trained_run(services.places.runs, "sound", evaluate=True)
    services.manager.room.disk.address = 100 * MEGABYTE
    services = replace(services, memory=Account("memory", address=MEGABYTE))
    turns = Turns(services)
    routes = [*downloads.routes(services, turns), *takeaway.routes(services, turns)]
    yield SimpleNamespace(routes=Starlette(routes=routes), run=run, services=services)
    services.close()


def get(app, path: str, **options) -> httpx.Response:
    async def ask():
        transport = httpx.ASGITransport(app.routes, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, **options)

    return finish(ask())


def held(account: Account) -> int:
    account.used("nobody")  # what was released counts no longer
    return account._held.total()


ZIP, MATRIX = "/download/sound.zip", "/confusion/sound/test/matrix.csv"


@pytest.mark.parametrize("path", [ZIP, MATRIX])
def test_what_nobody_reads_counts_until_its_reader_has_gone(app, path):
    account = app.services.manager.room.disk if path == ZIP else app.services.memory

    async def stall():
        started = asyncio.Event()

        async def send(message):
            if message["type"] == "http.response.body":
                started.set()
                await asyncio.Event().wait()

        async def receive():
            await asyncio.Event().wait()

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [], "client": ("10.0.0.1", 1), "server": ("here", 80), "scheme": "http", "root_path": "",
        }  # fmt: skip

        readers = []
        for _ in range(3):  # none waits for the one before
            started.clear()
            readers.append(asyncio.create_task(app.routes(dict(scope), receive, send)))
            await started.wait()
        assert held(account) == 3 * size
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)

    size = int(get(app, path).headers["content-length"])
    assert size > 0 and held(account) == 0
    finish(stall())
    assert held(account) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [ZIP, MATRIX])
def test_beyond_the_share_of_an_address_nothing_is_held(app, path, language):
    account = app.services.manager.room.disk if path == ZIP else app.services.memory
    account.address = 100
    answer = get(app, path, params={"language": language})
    sentences = {"en": "from your address", "zh": "来自你的地址"}
    assert 400 <= answer.status_code < 500 and sentences[language] in answer.text and held(account) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "key"), [(errno.ENOSPC, "download.no_space"), (errno.ENOENT, "download.gone")])
def test_a_zip_that_cannot_be_made_is_a_sentence(app, monkeypatch, code, key, language):
    def fail(run, file):
        raise OSError(code, "what happened", "/a/folder")

    monkeypatch.setattr(downloads, "pack", fail)
    text = LANGUAGES[language]
    answer = get(app, ZIP, headers={"Referer": f"http://here/{text.path}?tab=train"})
    assert answer.status_code in (404, 507) and answer.text == text(key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/download/none.zip", "error.unknown_run"),
        ("/confusion/none/test/matrix.csv", "error.unknown_run"),
        ("/confusion/sound/test/nothing.csv", "download.nothing"),
        ("/confusion/sound/nothing/matrix.csv", "download.nothing"),
        ("/confusion/sound/test/matrix.csv?step=x", "download.nothing"),
        ("/confusion/sound/test/matrix.csv?step=-1", "download.nothing"),
        ("/brought/none/matrix.csv", "download.closed"),
        ("/download/predictions-example.csv", "download.nothing"),
    ],
)
def test_what_is_not_there_is_said_in_the_language_of_the_page(app, path, key, language):
    text = LANGUAGES[language]
    for options in (
        {"headers": {"Referer": f"http://here/{text.path}"}},
        {"params": httpx.URL(path).params.merge({"language": language})},
    ):
        answer = get(app, path, **options)
        assert answer.status_code == 404 and answer.text == text(key, name="none")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_run_says_so_in_the_language_of_the_page(app, language):
    (app.run.path / "model.safetensors").write_bytes(b"nothing")
    text = LANGUAGES[language]
    answer = get(app, ZIP, headers={"Referer": f"http://here/{text.path}"})
    assert answer.status_code == 404 and "model.safetensors" in answer.text
    assert any("一" <= letter <= "鿿" for letter in answer.text) == (language == "zh")


def test_the_model_alone_is_an_onnx_file(app):
    if not is_available():
        reason = "onnx and onnxruntime are not installed (tests/requirements.txt)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    assert downloads.onnx_address("sound") == "download/sound.onnx"
    answer = get(app, "/download/sound.onnx")
    assert answer.status_code == 200 and answer.content == onnx_bytes(app.run)
    assert "filename*=UTF-8''sound.onnx" in answer.headers["content-disposition"]
    assert held(app.services.memory) == 0 and get(app, "/download/nobody.onnx").status_code == 404


def test_a_large_model_as_onnx_is_refused_before_it_is_made(app, monkeypatch):
    monkeypatch.setattr(app.services.memory, "address", 1000)
    answer = get(app, "/download/sound.onnx")
    assert answer.status_code == 404 and "MB" in answer.text


def test_without_the_packages_there_is_no_link_and_a_sentence(app, monkeypatch):
    monkeypatch.setattr(onnx_file, "find_spec", lambda name: None)
    assert downloads.onnx_address("sound") == ""
    assert "pip install onnx onnxruntime" in get(app, "/download/sound.onnx").text
