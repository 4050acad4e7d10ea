"""Uploads to a server that strangers use: so many bytes for an address and for all, and a sentence beyond."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

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


def raw(place: str, headers: str, *pieces: bytes) -> socket.socket:
    """A connection over which the head of an upload and pieces of its body have been sent."""
    parts = urlsplit(place)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=90)
    head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
    head += f"Content-Type: multipart/form-data; boundary=limit\r\n{headers}\r\n\r\n"
    connection.sendall(head.encode())
    for piece in pieces:
        try:
            connection.sendall(piece)
        except OSError:  # it has been answered, and listens no more
            break
    return connection


def answer_to(connection: socket.socket) -> str:
    """The whole answer; what follows a reset is lost."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received.decode()


def chunked(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def part(disposition: str, content: bytes) -> bytes:
    return f"--limit\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


FILE, END = 'name="files"; filename="a.bin"', b"--limit--\r\n"


def wait_until(condition) -> None:
    for _ in range(900):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came true")


def remains() -> list[Path]:
    """Files of uploads that have not become whole, which Gradio never deletes."""
    from gradio.utils import get_upload_folder

    return [path for path in Path(get_upload_folder()).iterdir() if path.is_file()]


@pytest.fixture
def clean(tmp_path, monkeypatch):
    """A server as `bounded` has it, with a folder of its own for uploads."""
    import gradio as gr
    from pages import served

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()
    account = Account("uploads", server=3 * MEGABYTE, address=2 * MEGABYTE)
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.File()
    with served(demo, replace(idle_services(tmp_path / "idle"), uploads=account)) as address:
        yield address, account


@pytest.mark.parametrize("headers", ["Transfer-Encoding: chunked", "Content-Length: 1\r\nTransfer-Encoding: chunked"])
def test_an_upload_is_counted_by_what_arrives_whatever_it_claims(clean, headers):
    place, account = clean
    pieces = [chunked(part(FILE, b"")[:-2]), *[chunked(bytes(MEGABYTE // 4))] * 12]
    with raw(place, headers, *pieces, chunked(b"\r\n" + END), b"0\r\n\r\n") as connection:
        answer = answer_to(connection)
    if answer.startswith("HTTP/1.1 400"):  # where httptools is installed, uvicorn itself refuses who claims two things
        assert "Content-Length" in headers and answer.endswith("Invalid HTTP request received.")
    else:
        assert answer.startswith("HTTP/1.1 413") and "from your address" in answer
    wait_until(lambda: account.used() == 0)
    assert not remains()
    with raw(place, "Transfer-Encoding: chunked", chunked(part(FILE, bytes(1000)) + END), b"0\r\n\r\n") as connection:
        assert answer_to(connection).startswith("HTTP/1.1 200")
    assert 1000 < account.used() < 2000


def test_what_only_claims_to_be_large_takes_nothing_from_others(clean):
    place, account = clean
    claiming = [raw(place, f"Content-Length: {MEGABYTE}") for _ in range(5)]
    assert upload(place, 1.5, "192.0.2.1").status_code == 200
    too_large = raw(place, f"Content-Length: {2**40}", part(FILE, b"x"))
    assert answer_to(too_large).startswith("HTTP/1.1 413")
    for connection in (*claiming, too_large):
        connection.close()


def test_a_refused_upload_and_one_that_is_broken_off_leave_nothing(clean):
    place, account = clean
    connection = raw(place, f"Content-Length: {MEGABYTE}", part(FILE, bytes(MEGABYTE // 2)))
    wait_until(lambda: account.used() and remains())
    connection.close()
    wait_until(lambda: not account.used() and not remains())
    for body in (
        part(FILE, bytes(1000)) + part('name="other"', bytes(1000)) + END,  # a field, which is kept in memory
        part('name="other"; filename="b.bin"', bytes(1000)) + END,  # a file that Gradio forgets
        part(FILE, bytes(1000)),  # without its end
        part(FILE, bytes(1000))[:-9],
        b"no form at all",
    ):
        with raw(place, f"Content-Length: {len(body)}", body) as connection:
            assert answer_to(connection).startswith("HTTP/1.1 413"), body[:80]
        wait_until(lambda: not account.used())
        assert not remains(), body[:80]


def test_what_a_full_disk_has_left_of_uploads_is_deleted_in_the_end(clean, monkeypatch):
    import os

    import gradio.route_utils

    place, account = clean

    async def full(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(gradio.route_utils.GradioUploadFile, "write", full)
        assert upload(place, 0.1, "192.0.2.1").status_code == 500
    (left,) = remains()
    assert account.used() > 0.1 * MEGABYTE  # it is still there
    old = time.time() - uploads.DELETED_AFTER - 1
    os.utime(left, (old, old))
    now = uploads.time.monotonic()
    monkeypatch.setattr(uploads.time, "monotonic", lambda: now + 60 * uploads.KEPT_MINUTES + 1)
    assert upload(place, 0.01, "192.0.2.1").status_code == 200
    assert not remains() and account.used() < 0.1 * MEGABYTE


def test_an_upload_is_counted_until_gradio_has_deleted_it():
    assert uploads.DELETED_AFTER + uploads.SECONDS_BETWEEN <= 60 * uploads.KEPT_MINUTES
