"""What phones ask for over HTTP: each sees its own, wrong keys get nothing, and refusals are sentences."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from dataclasses import replace
from types import SimpleNamespace

import httpx
import pytest
from loops import finish
from made_runs import make_trained_run, photograph
from small_page import idle_services
from starlette.applications import Starlette

from resnet_demo.library.teaching import threshold_of
from resnet_demo.rooms.images import small
from resnet_demo.rooms.limits import RoomLimits
from resnet_demo.rooms.rooms import Rooms
from resnet_demo.ui import phones

PHOTO = photograph()


@pytest.fixture
def app(tmp_path):
    """(an application, its services, an open room of cats and dogs)."""
    services = replace(idle_services(tmp_path), rooms=Rooms(RoomLimits(burst=8, per_second=1e-6)))
    routes = Starlette(routes=phones.routes(services))
    yield SimpleNamespace(routes=routes, services=services, room=services.rooms.open(["cat", "dog"]))
    services.close()


def call(app, method: str, path: str, key: str = "", **options) -> httpx.Response:
    async def ask():
        transport = httpx.ASGITransport(app.routes, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, f"/room/{path}", headers={phones.PHONE: key} if key else {}, **options)

    return finish(ask())


def joined(app, name: str = "Ada") -> str:
    return call(app, "POST", f"{app.room.id}/join", json={"name": name}).json()["key"]


def send(app, key: str, label: str = "cat", content: bytes = PHOTO) -> httpx.Response:
    return call(app, "POST", f"{app.room.id}/send?label={label}", key, content=content)


def state(app, key: str = "", version: int = 0) -> dict:
    return call(app, "GET", f"{app.room.id}/state?version={version}", key).json()


@pytest.mark.parametrize(("language", "word"), [("en", "Join"), ("zh", "加入"), ("xx", "Join")])
def test_the_page_of_a_room_in_both_languages(app, language, word):
    answer = call(app, "GET", f"{app.room.id}?language={language}")
    assert answer.status_code == 200 and f">{word}</button>" in answer.text
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    given = json.loads(re.search(r'id="given">(.*?)</script>', answer.text)[1])
    assert given["room"] == app.room.id and app.room.key not in answer.text
    ids = set(re.findall(r'id="(\w+)"', answer.text))
    script = (phones.phone_page.static.WEB / "phone.js").read_text()
    used = set(re.findall(r"get\('(\w+)'\)", script))
    assert len(used) > 15 and used <= ids
    assert {name for name in re.findall(r"\btext\.(\w+)", script)} <= {key.partition(".")[0] for key in given["text"]}


def test_a_room_that_is_not_there_is_said_on_a_page_and_in_answers(app):
    app.services.rooms.close(app.room)
    for path in (app.room.id, "nonsense"):
        answer = call(app, "GET", f"{path}?language=zh")
        assert answer.status_code == 404 and "该房间已关闭" in answer.text
        assert call(app, "GET", f"{path}/state").status_code == 404
        assert "closed" in call(app, "POST", f"{path}/join", json={"name": "Ada"}).json()["error"]
        assert call(app, "POST", f"{path}/send?label=cat", "key", content=PHOTO).status_code == 404


def test_a_phone_joins_sends_and_sees_its_images_alone(app):
    ada, bob = joined(app), joined(app, "Bob")
    sent = send(app, ada).json()["id"]
    send(app, bob, "dog")
    assert state(app, ada)["pictures"] == [{"id": sent, "label": "cat", "accepted": False}]
    app.room.accept([sent])
    seen = state(app, ada)
    assert seen["pictures"][0]["accepted"] and seen["name"] == "Ada" and seen["classes"] == ["cat", "dog"]
    assert "Bob" not in json.dumps(seen) and app.room.key not in json.dumps(seen) and ada not in json.dumps(seen)
    assert state(app, ada, seen["version"]) == {"version": seen["version"]}
    assert "pictures" not in state(app)


def test_an_image_is_for_whoever_knows_its_id(app):
    sent = send(app, joined(app)).json()["id"]
    image = call(app, "GET", f"{app.room.id}/image/{sent}")
    assert image.headers["content-type"] == "image/jpeg" and image.headers["cache-control"] == "no-store"
    assert image.content == app.room.picture(sent).content != PHOTO
    other = app.services.rooms.open(["a", "b"])
    for path in (f"{other.id}/image/{sent}", f"{app.room.id}/image/x", f"nonsense/image/{sent}"):
        assert call(app, "GET", path).status_code == 404
    app.services.rooms.close(app.room)
    assert call(app, "GET", f"{app.room.id}/image/{sent}").status_code == 404


def test_an_image_is_taken_back_by_its_phone_alone(app):
    ada, bob = joined(app), joined(app, "Bob")
    sent = send(app, ada).json()["id"]
    call(app, "POST", f"{app.room.id}/back", bob, json={"id": sent})
    assert app.room.picture(sent)
    call(app, "POST", f"{app.room.id}/back", ada, json={"id": sent})
    assert app.room.picture(sent) is None


@pytest.mark.parametrize("path", ["send?label=cat", "try", "train", "back"])
def test_whoever_has_not_joined_this_room_gets_nothing(app, path):
    other = app.services.rooms.open(["cat", "dog"])
    app.room.turn_to({"try": "try", "train": "train"}.get(path, "collect"))
    for key in ("", "nonsense", app.room.key, other.join("Eve")):
        answer = call(app, "POST", f"{app.room.id}/{path}", key, content=b"{}")
        assert answer.status_code == 403 and "not in this room" in answer.json()["error"]


def test_what_is_wrong_is_a_sentence_in_the_language_of_the_page(app):
    ada = joined(app)
    assert "photo.jpg" in send(app, ada, content=b"hello").json()["error"]
    assert "no such class" in send(app, ada, "bird").json()["error"]
    answer = call(app, "POST", f"{app.room.id}/try?language=zh", ada, content=PHOTO)
    assert answer.status_code == 400 and "老师" in answer.json()["error"]
    for content in (b"", b"[]", b'{"name": 3', b"\xff", b'{"name": ' + b"[" * 100_000):
        assert "name" in call(app, "POST", f"{app.room.id}/join", content=content).json()["error"]
    for _ in range(8):
        last = send(app, ada)
    assert last.status_code == 429 and "Too fast" in last.json()["error"]


def test_the_model_answers_phones_once_it_is_there(app):
    ada = joined(app)
    app.room.turn_to("try")
    ask = lambda: call(app, "POST", f"{app.room.id}/try", ada, content=small(PHOTO))  # noqa: E731
    assert "no trained model" in ask().json()["error"]
    run = make_trained_run(app.services.places.runs, "sound")
    app.room.trained(run.id)
    answers = ask().json()["answers"]
    assert ask().json()["sure"]  # it has not been evaluated, so that no threshold is known
    assert len(answers) == 2 and answers[0][1] >= answers[1][1] and answers[0][0] in run.config.classes
    assert app.room.state.pictures == ()


def test_an_answer_below_the_threshold_of_the_model_is_unsure(app):
    ada = joined(app)
    app.room.turn_to("try")
    app.room.trained(make_trained_run(app.services.places.runs, "evaluated", evaluate=True).id)
    answer = call(app, "POST", f"{app.room.id}/try", ada, content=small(PHOTO)).json()
    threshold = threshold_of(app.services.runs.get("evaluated"))
    assert answer["sure"] is (answer["answers"][0][1] >= threshold.value)
    assert threshold.value > 1 or threshold.answered  # whichever it is, it was chosen on images


def test_the_gate_does_little_at_once_and_refuses_what_is_too_much():
    gate, free, together = phones.Gate(), threading.Event(), []
    lock, running = threading.Lock(), [0]

    def work() -> str:
        with lock:
            running[0] += 1
            together.append(running[0])
        free.wait(30)
        with lock:
            running[0] -= 1
        return "done"

    async def many() -> list:
        tasks = [asyncio.create_task(gate.run(work)) for _ in range(phones.AT_ONCE + phones.MOST_WAITING + 5)]
        await asyncio.sleep(0.2)
        free.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    done = finish(many())
    refused = [one for one in done if one != "done"]
    assert len(refused) == 5 and {one.code for one in refused} == {"room.busy"} and max(together) == phones.AT_ONCE
