"""The address that answers a camera's frames: what it answers, what it refuses, and that nobody is left behind."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64decode
from collections import Counter
from io import BytesIO
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
from loops import finish
from made_runs import NASTY, make_untrained_run, photograph
from PIL import Image
from small_page import idle_services
from starlette.applications import Starlette

from resnet_demo.data.decode import decode
from resnet_demo.ui import round_robin
from resnet_demo.ui.classify import live
from resnet_demo.ui.shared.answers import Options, answer_to
from resnet_demo.ui.text import LANGUAGES

JPEG = {"content-type": "image/jpeg"}
FRAME = photograph(256, 256)
USUAL = {"heat": "1", "page": "p"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Services with the models "a" and "b" of two classes and "c" of three, and their address."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    services = idle_services(tmp_path)
    for number, (name, classes) in enumerate({"a": ("x", "y"), "b": ("x", "y"), "c": ("u", "v", "w")}.items()):
        make_untrained_run(services.places.runs, name, classes=classes, seed=number)
    return SimpleNamespace(services=services, app=Starlette(routes=live.routes(services)))


def ask(here, models=("a",), body=FRAME, headers=JPEG, address="10.0.0.1", **query) -> httpx.Response:
    return finish(asked(here, models, body, headers, address, **query))


async def asked(here, models=("a",), body=FRAME, headers=JPEG, address="10.0.0.1", **query) -> httpx.Response:
    transport = httpx.ASGITransport(here.app, raise_app_exceptions=True, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        params = {**USUAL, "model": list(models), **query}
        return await client.post("/live", params=params, content=body, headers=headers, timeout=90)


def test_a_frame_gets_the_answer_that_the_same_image_gets_as_an_upload(here, tmp_path):
    upload = tmp_path / "frame.jpg"
    upload.write_bytes(FRAME)
    expected = answer_to(here.services, LANGUAGES["en"], str(upload), ["a", "c"], Options(top_k=2))
    answer = ask(here, ["a", "c"], top_k=2).json()
    assert [card["rows"] for card in answer["figure"]["cards"]] == [card["rows"] for card in expected.figure["cards"]]
    assert answer["figure"]["groups"] == expected.figure["groups"] == []
    views, best = answer["views"], [card["rows"][0]["label"] for card in answer["figure"]["cards"]]
    assert [item["label"] for item in views["items"]] == best
    assert [item["view"] for item in views["items"]] == [item["view"] for item in expected.views["items"]]
    assert all(item["map"].startswith("data:image/png") for item in views["items"])


def test_models_with_the_same_classes_answer_in_one_table(here):
    figure = ask(here, ["a", "b"]).json()["figure"]
    assert {row["label"] for row in figure["groups"]} == {"x", "y"}
    assert len(figure["groups"][0]["values"]) == 2


def test_without_heat_map_there_are_no_images(here):
    assert ask(here, heat="0").json()["views"] == {}


@pytest.mark.parametrize("index", [0, 1])
def test_the_evidence_is_for_the_class_that_is_asked_for(here, index):
    answer = ask(here, ["c", "a"], **{"class": ["", str(index)]}).json()
    best = answer["figure"]["cards"][0]["rows"][0]["label"]
    assert [item["label"] for item in answer["views"]["items"]] == [best, "xy"[index]]


def test_options_are_those_of_an_answer(here):
    soft = ask(here, ["c"], temperature="10", top_k="2").json()["figure"]["cards"][0]["rows"]
    sharp = ask(here, ["c"], temperature="0.1").json()["figure"]["cards"][0]["rows"]
    assert len(soft) == 2 and len(sharp) == 3 and soft[0]["probability"] < sharp[0]["probability"]


def test_class_names_are_not_markup_and_long_lists_are_not_repeated(here):
    names = (NASTY, *(f"class {number}" for number in range(30)))
    make_untrained_run(here.services.places.runs, "many", classes=names)
    card = ask(here, ["many"]).json()["figure"]["cards"][0]
    assert card["knows"] == {"line": "31 classes", "all": ""} and len(card["rows"]) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_frame_is_refused_in_the_language_of_the_page(here, language):
    text = LANGUAGES[language]

    def refused(status: int, words: str, **options) -> None:
        answer = ask(here, language=language, **options)
        assert (answer.status_code, answer.json()) == (status, {"error": words})

    name = text("camera.frame")
    named = {"name": name, "most_megabytes": 0.125, "most_megapixels": 0.262144, "least_side": 8, "most_ratio": 20}
    refused(400, text("error.image.broken", **named), body=FRAME[:2000])
    refused(400, text("error.image.empty", **named), body=b"")
    refused(400, text("error.image.format", **named), body=b"<svg/>")
    refused(400, text("error.image.pixels", **named, width=600, height=600), body=photograph(600, 600))
    refused(413, text("camera.large", kilobytes=128), body=FRAME + b"\0" * live.MOST_BYTES)
    refused(415, text("camera.kind"), headers={"content-type": "application/x-www-form-urlencoded"})
    refused(415, text("camera.kind"), headers={})


def test_a_small_file_that_asks_for_much_memory_is_refused_before_it_is_decoded(here):
    bomb = BytesIO()
    Image.new("1", (6000, 6000)).save(bomb, "png")
    assert len(bomb.getvalue()) < live.MOST_BYTES
    assert ask(here, body=bomb.getvalue()).status_code == 400


def test_no_more_of_a_body_is_read_than_is_accepted(here):
    sent = []

    async def endless():
        while len(sent) < 1000:
            sent.append(1)
            yield b"\xff" * 10_000

    assert ask(here, body=endless()).status_code == 413
    assert len(sent) <= 2 + live.MOST_BYTES / 10_000


@pytest.mark.parametrize("wrong", [{"top_k": "x"}, {"top_k": "9" * 5000}, {"temperature": "warm"}, {"class": "first"}])
def test_what_no_page_asks_is_refused(here, wrong):
    assert ask(here, **wrong).status_code == 400


@pytest.mark.parametrize(
    "wrong", [{"top_k": "0"}, {"temperature": "nan"}, {"temperature": "1e9"}, {"crop": "x"}, {"class": "7"}]
)
def test_options_out_of_bounds_are_a_sentence(here, wrong):
    answer = ask(here, **wrong)
    assert answer.status_code == 200 and answer.json()["figure"]["message"] and answer.json()["views"] == {}


@pytest.mark.parametrize("name", ["", "none", "A", "..", "../runs/a", "a/", "a\0", "x" * 10_000, "imagenet/resnet18"])
def test_a_model_that_is_not_here_is_a_sentence_and_costs_the_others_nothing(here, name):
    figure = ask(here, [name, "a"]).json()["figure"]
    wrong, right = figure["cards"]
    assert wrong["message"] and not wrong["rows"] and right["rows"] and not right["message"]


def test_somebody_elses_run_answers_only_who_has_its_id(here):
    """Its id is a secret, as everywhere: what others name of it is not enough."""
    run = make_untrained_run(here.services.places.runs, None, classes=("mine", "too"))
    secret = run.id.rpartition("-")[2]
    assert len(secret) == 16 and ask(here, [run.id]).json()["figure"]["cards"][0]["rows"]
    for guess in (run.id[:-1], run.id.replace(secret, "*"), run.id.replace(secret, "0" * 16), secret, run.id.upper()):
        figure = ask(here, [guess]).json()["figure"]
        assert figure["message"] and not figure["cards"][0]["rows"] and "mine" not in str(figure)


def test_at_most_four_models_answer(here):
    assert len(ask(here, ["a", "b"] * 5).json()["figure"]["cards"]) == 4


def test_only_posts_are_answered(here):
    async def get():
        transport = httpx.ASGITransport(here.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/live", params={"model": "a"})

    assert finish(get()).status_code == 405


def test_nothing_of_a_frame_is_written(here, tmp_path, monkeypatch):
    ask(here)  # which loads the model
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    opened = []
    monkeypatch.setattr("builtins.open", lambda file, mode="r", *rest: opened.append((file, mode)) or fail())
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *rest, **named: opened.append("temporary") or fail())
    answer = ask(here)
    monkeypatch.undo()
    assert answer.status_code == 200
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert not [one for one in opened if one == "temporary" or set(one[1]) & set("wax+")]


def fail():
    raise OSError("nothing is to be opened")


class Slow:
    """`answered`, which waits in its thread until it may go on."""

    def __init__(self, monkeypatch) -> None:
        self.go, self.working, self.most = threading.Event(), Counter(), 0
        self.guard, self.answered = threading.Lock(), live.answered
        monkeypatch.setattr(live, "answered", self)

    def __call__(self, services, text, frame, question):
        with self.guard:
            self.working["now"] += 1
            self.most = max(self.most, self.working["now"])
        self.go.wait(60)
        try:
            return self.answered(services, text, frame, question)
        finally:
            with self.guard:
                self.working["now"] -= 1


def test_few_are_in_work_at_a_time_and_of_a_page_one(here, monkeypatch):
    slow = Slow(monkeypatch)

    async def visit():
        same = [asyncio.create_task(asked(here, page="same")) for _ in range(2)]
        while slow.working["now"] < 1:
            await asyncio.sleep(0.01)
        same.append(asyncio.create_task(asked(here, page="same")))  # takes the place of the one that waits
        others = [asyncio.create_task(asked(here, page=str(n))) for n in range(5)]
        done, _ = await asyncio.wait(same, return_when=asyncio.FIRST_COMPLETED)
        (superseded,) = [task.result() for task in done]
        assert superseded.status_code == 429 and superseded.headers["retry-after"] == "1"
        assert superseded.json()["error"] == LANGUAGES["en"]("camera.busy")
        slow.go.set()
        answers = [await task for task in (*same, *others)]
        assert Counter(answer.status_code for answer in answers) == {200: 7, 429: 1}

    finish(visit())
    assert slow.most == live.AT_ONCE


def test_when_too_many_wait_the_next_is_told_to_wait(here, monkeypatch):
    monkeypatch.setattr(round_robin, "MOST_OF_ADDRESS", 2)
    slow = Slow(monkeypatch)

    async def visit():
        tasks = [asyncio.create_task(asked(here, page=str(n))) for n in range(live.AT_ONCE + 2)]
        while slow.working["now"] < live.AT_ONCE:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert (await asked(here, page="one more")).status_code == 429
        elsewhere = asyncio.create_task(asked(here, address="10.0.0.2"))
        await asyncio.sleep(0.05)
        assert not elsewhere.done()  # it waits for its turn
        slow.go.set()
        assert {(await task).status_code for task in (*tasks, elsewhere)} == {200}

    finish(visit())


@pytest.mark.parametrize("addresses", [["10.0.0.1"] * 10, [f"10.0.0.{number}" for number in range(10)]])
def test_ten_visitors_share_fairly(here, addresses):
    """Real answers, in threads: whoever asks again at once gets as many as all the others."""

    async def hall():
        answers, enough = Counter(), 120

        async def visit(number: int) -> None:
            while answers.total() < enough:
                answer = await asked(here, page=str(number), address=addresses[number])
                assert answer.status_code == 200
                answers[number] += 1

        await asyncio.gather(*map(visit, range(10)))
        return answers

    answers = finish(hall())
    assert len(answers) == 10
    assert min(answers.values()) >= 0.5 * max(answers.values())


def test_the_frame_is_decoded_as_any_image_is(here):
    """The colours that reach the model are those of the frame, up to JPEG's loss."""
    plain = BytesIO()
    Image.new("RGB", (256, 256), (200, 40, 90)).save(plain, "jpeg", quality=85)
    view = ask(here, body=plain.getvalue()).json()["views"]["items"][0]["view"]
    seen = np.asarray(decode(b64decode(view.partition(",")[2])))
    assert np.abs(seen.astype(int) - (200, 40, 90)).max() <= 6
