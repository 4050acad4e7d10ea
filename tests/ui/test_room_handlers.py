"""The teacher's part of a class of phones, without a browser; and what runs do in rooms."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_runs import make_trained_run, photograph, shapes_dataset
from named_parts import named_parts
from small_page import idle_services

from resnet_demo.data.own import FOLDER
from resnet_demo.engine.events import EpochDone
from resnet_demo.errors import Refusal
from resnet_demo.library import launching
from resnet_demo.library import rooms as work
from resnet_demo.library.visitors import Visitor
from resnet_demo.rooms.images import small
from resnet_demo.rooms.limits import RoomLimits
from resnet_demo.rooms.rooms import Rooms
from resnet_demo.runs.files import CONFIG
from resnet_demo.runs.queue.endings import Ending
from resnet_demo.runs.writer import json_bytes
from resnet_demo.services import PUBLIC, Services
from resnet_demo.ui.teach.room.handlers import Handlers, Servant, room_of
from resnet_demo.ui.teach.room.layout import Parts
from resnet_demo.ui.text import LANGUAGES

TEXT = LANGUAGES["en"]
WHO = Visitor(address="1.2.3.4")


class Waiting:
    """An executor whose runs train until they are killed."""

    slots = ("cpu",)

    def __init__(self) -> None:
        self.killed: list[str] = []

    def warm_up(self) -> None:
        pass

    def task(self, job):
        done = threading.Event()

        def run() -> Ending:
            done.wait(60)
            self.killed.append(job.path.name)
            return Ending(None, "SIGKILL")

        return SimpleNamespace(run=run, kill=done.set, abandon=done.set)


@pytest.fixture
def services(tmp_path):
    made = Services.create(idle_services(tmp_path).places, executor=Waiting())
    backbone = make_trained_run(made.places.weights, "backbone")  # only its weights are looked at
    (backbone.path / CONFIG).write_bytes(json_bytes(replace(backbone.config, data="cifar10").to_dict()))
    yield made
    made.close()


@pytest.fixture
def room(services):
    return services.rooms.open(["cat", "dog"], WHO.address)


@pytest.fixture
def handlers(services):
    return Handlers(services, TEXT, named_parts(Parts))


def fill(room, count: int = 5, labels=("cat", "dog"), accept: bool = True):
    """The phone of somebody who has sent images."""
    phone = room.phone(room.join("Ada"))
    for label in labels:
        for number in range(count):
            room.add(phone, label, small(photograph(64, 48, seed=number)))
    if accept:
        room.accept()
    return phone


def request(address: str = "1.2.3.4"):
    return SimpleNamespace(client=SimpleNamespace(host=address), headers={}, query_params={})


def key_of(room) -> dict:
    return {"room": room.id, "key": room.key}


# --- the teacher's page


@pytest.mark.parametrize("typed", ["cat, dog", "cat，dog", " cat ;dog;", "cat、 dog", "cat\ndog"])
def test_a_room_is_opened_with_the_classes_that_are_typed(handlers, typed):
    values = handlers.open(typed, request())
    room = room_of(handlers.services, values["room"])
    assert room.state.classes == ("cat", "dog") and values["board"] == values["room"] == key_of(room)
    assert values["form"]["visible"] is False and values["work"]["visible"] is True


def test_what_is_wrong_with_classes_is_said(handlers):
    values = handlers.open("cat", request())
    assert set(values) == {"form_notice"}
    assert values["form_notice"]["error"] and "2 to 10" in values["form_notice"]["text"]
    assert handlers.open("", request())["form_notice"]["error"]


def test_rooms_are_counted_by_address_unless_the_machine_is_the_visitors(services, handlers):
    for _ in range(3):
        assert "room" in handlers.open("cat, dog", request())
    assert "address" in handlers.open("cat, dog", request())["form_notice"]["text"]
    assert "room" in handlers.open("cat, dog", request("5.6.7.8"))


def test_a_reload_finds_the_room_again_and_a_wrong_key_does_not(handlers, room):
    assert handlers.mount(key_of(room))["board"] == key_of(room)
    for kept in ({}, None, "x", {"room": room.id}, {"room": room.id, "key": "x"}, {"room": [1], "key": {}}):
        values = handlers.mount(kept)
        assert values["board"] == {} and values["room"] == {} and values["form"]["visible"] is True


def test_the_board_is_told_what_is_new_alone(services, room):
    servant = Servant(services, TEXT)
    fill(room, 1, accept=False)
    seen = servant.look(key_of(room) | {"version": 0})
    assert [one["label"] for one in seen["pictures"]] == ["cat", "dog"] and seen["minutes"] in (179, 180)
    assert seen["pictures"][0]["name"] == "Ada" and not seen["pictures"][0]["accepted"] and seen["stage"] == "collect"
    again = servant.look(key_of(room) | {"version": seen["version"]})
    assert set(again) == {"version", "runs", "minutes"}


def test_the_board_moderates(services, room):
    servant, phone = Servant(services, TEXT), fill(room, 2, accept=False)

    def act(action, **values):
        return servant.moderate(key_of(room) | {"action": action, **values})

    first, second, *_ = room.state.pictures
    assert [one["accepted"] for one in act("accept", ids=[first.id])["pictures"]] == [True, False, False, False]
    assert len(act("remove", ids=[second.id])["pictures"]) == 3
    assert all(one["accepted"] for one in act("accept_all")["pictures"])
    assert act("stage", stage="try")["stage"] == "try" == act("stage", stage=["x"])["stage"]
    for nonsense in ("", None, ["accept"], "explode"):
        assert len(act(nonsense, ids="all")["pictures"]) == 3
    gone = act("away", ids=[phone.id])
    assert gone["phones"] == [] == gone["pictures"]
    assert act("close") == {"gone": True} == servant.look(key_of(room))


def test_nobody_else_may_look_or_moderate(services, room):
    servant, other = Servant(services, TEXT), services.rooms.open(["a", "b"])
    fill(room, 1)
    wrong = ({"room": room.id, "key": other.key}, {"room": other.id, "key": room.key})
    for asked in (None, [], {}, {"room": room.id}, *wrong):
        assert servant.look(asked) == {"gone": True}
        assert servant.moderate(asked if not isinstance(asked, dict) else asked | {"action": "close"}) == {"gone": True}
    assert len(room.state.pictures) == 2


def test_the_link_is_in_the_language_of_the_page(services):
    shown = Servant(services, LANGUAGES["zh"]).share({"address": "https://here/demo/room/abc"})
    assert shown["address"] == "https://here/demo/room/abc?language=zh" and shown["code"].startswith("data:image/svg")
    for nonsense in (None, {}, {"address": "javascript:alert(1)"}):
        assert Servant(services, TEXT).share(nonsense) == {}


# --- training on the images


def test_training_needs_enough_accepted_images(handlers, room):
    fill(room, accept=False)
    notice = handlers.train(key_of(room), {}, request())["train_notice"]
    assert notice["error"] and "at least 4 accepted" in notice["text"]
    room.accept([one.id for one in room.state.pictures if one.label == "cat"])
    assert handlers.train(key_of(room), {}, request())["train_notice"]["error"]
    assert handlers.train({}, {}, request())["form"]["visible"] is True


def test_the_accepted_images_are_trained_on_and_are_gone_with_the_room(services, handlers, room):
    phone = fill(room, 5)
    room.add(phone, "cat", small(photograph(64, 48, seed=77)))  # not accepted
    values = handlers.train(key_of(room), {"other": "key"}, request())
    assert not values["train_notice"]["error"] and room.state.run in values["kept"] and "other" in values["kept"]
    run = services.runs.get(room.state.run)
    assert values["curves"]["runs"][0]["id"] == run.id and run.config.classes == ("cat", "dog")
    assert services.manager.owns(run.id, values["kept"][run.id])
    own = services.places.runs / FOLDER
    (folder,) = own.iterdir()
    dataset = services.own.load(run.config.data, run.config.model.input_size)
    assert len(dataset.train.images) == 10 and np.bincount(dataset.train.labels).tolist() == [5, 5]
    services.rooms.close(room)
    assert not folder.exists()
    trash = services.places.runs / ".trash"
    wait_until(lambda: not run.path.exists() and not list(trash.iterdir()))
    assert services.manager.queue.executor.killed == [run.id]


def wait_until(is_so) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be so")


def test_what_a_crash_leaves_of_a_room_is_removed_once_it_would_have_closed(services, room, monkeypatch):
    fill(room)
    made = work.train(services, room, WHO)
    services.manager.queue.close()
    again = Services.create(services.places)  # nothing of the room is known any more
    assert again.manager.clean_up() == [] and made.run.path.exists()
    later = time.time() + room.limits.seconds + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert again.manager.clean_up() == [made.run.id]
    assert not made.run.path.exists() and not list((services.places.runs / FOLDER).iterdir())
    again.close()


# --- everybody trains one


def test_a_run_of_a_phone_has_its_name_and_the_limits_of_the_queue(services, room, monkeypatch):
    dataset = shapes_dataset()  # nothing is trained: it need not be in the cache
    monkeypatch.setattr(launching, "fitted", lambda services, config, who=None: config.for_dataset(dataset))
    phone = room.phone(room.join("Ada"))
    services.manager.limits = PUBLIC
    run_id = work.begin(services, room, phone, "resnet8", WHO)
    run = services.runs.get(run_id)
    assert run.name == "Ada" and run.config.data == "shapes" and run.config.unit == "seconds"
    (one,) = work.standings(services, room)
    assert (one.name, one.state, one.accuracy, one.begun.network) == ("Ada", "running", None, "resnet8")
    for _ in range(2):
        work.begin(services, room, phone, "plain20", WHO)
    with pytest.raises(Refusal) as caught:
        work.begin(services, room, phone, "resnet8", WHO)
    assert caught.value.code == "room.runs"
    other = room.phone(room.join("Bob"))
    with pytest.raises(Refusal) as caught:
        work.begin(services, room, other, "resnet8", WHO)
    assert caught.value.code == "too_many_waiting"
    with pytest.raises(Refusal):
        work.begin(services, room, other, "resnet1202", WHO)
    assert [one.position for one in work.standings(services, room)] == [0, 1, 2]


def test_the_table_shows_how_everybody_stands(services, handlers, room):
    assert handlers.list_runs(key_of(room)) == {"runs": {}} == handlers.list_runs({})
    phone = room.phone(room.join("Ada"))
    run = make_trained_run(services.places.runs, "sound")
    room.begin(phone, "resnet8", lambda: run.id)
    room.begin(phone, "resnet8", lambda: "gone")
    reached = [event for event in run.events() if isinstance(event, EpochDone)][-1].validation_accuracy
    table = handlers.list_runs(key_of(room))["runs"]
    assert [column["title"] for column in table["columns"]] == ["Name", "Model", "State", "Accuracy"]
    (row,) = table["rows"]
    assert row["name"] == "Ada" and row["network"] == "ResNet-8" and row["state"] == "finished"
    assert row["accuracy"]["sort"] == reached
    opened = handlers.open_run(SimpleNamespace(index=0), key_of(room))
    assert opened["curves"]["runs"][0]["id"] == "sound" and opened["trained"]["visible"] is True
    assert handlers.open_run(SimpleNamespace(index=1), key_of(room)) == {}
    assert handlers.open_run(SimpleNamespace(index=0), {}) == {}
    assert "sound" in Servant(services, TEXT).look(key_of(room))["runs"]


def test_a_room_that_expires_takes_its_runs_along(tmp_path):
    now = [0.0]
    services = replace(idle_services(tmp_path), rooms=Rooms(RoomLimits(seconds=100), lambda: now[0]))
    room = services.rooms.open(["cat", "dog"])
    run = make_trained_run(services.places.runs, "sound")
    room.on_close(lambda: work.forget(services, run.id, None))
    now[0] = 99
    services.rooms.expire()
    assert run.path.exists()
    now[0] = 100
    services.rooms.expire()
    assert not run.path.exists()
    work.forget(services, run.id, None)  # it is gone already
    services.close()
