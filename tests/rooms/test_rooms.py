"""Rooms: who may do what, how much of it, and that nothing is left of a room that is closed."""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace
from io import BytesIO

import pytest
from made_runs import photograph
from PIL import Image

from resnet_demo.data.errors import ImageError
from resnet_demo.errors import Refusal
from resnet_demo.rooms.images import MOST_BYTES, SIDE, small
from resnet_demo.rooms.limits import Rate, RoomLimits
from resnet_demo.rooms.rooms import Rooms
from resnet_demo.rooms.state import LONGEST_NAME

IMAGE = small(photograph())


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(clock):
    made = Rooms(RoomLimits(), clock)
    yield made
    made.close_all()


@pytest.fixture
def room(rooms):
    return rooms.open(["cat", "dog"])


def code(call, *arguments) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    return caught.value.code


def joined(room, name: str = "Ada"):
    key = room.join(name)
    return key, room.phone(key)


# --- opening


def test_ids_and_keys_cannot_be_guessed_and_differ(rooms):
    made = [rooms.open(["a", "b"]) for _ in range(5)]
    words = {room.id for room in made} | {room.key for room in made}
    assert len(words) == 10 and all(len(word) >= 16 for word in words)


@pytest.mark.parametrize("names", [[], ["cat"], ["cat", "Cat"], ["cat", "  ", "\x00"], [str(n) for n in range(11)]])
def test_a_room_needs_several_different_classes(rooms, names):
    assert code(rooms.open, names) == "room.classes"


@pytest.mark.parametrize("name", ["../etc", "a/b", "a\\b", "c:", ".hidden", "__MACOSX", "Train", "validation"])
def test_a_class_must_be_able_to_name_a_folder(rooms, name):
    assert code(rooms.open, ["cat", name]) == "room.class"


def test_names_are_short_and_on_one_line(rooms):
    room = rooms.open(["  big\n\tcat ", "x" * 99])
    assert room.state.classes == ("big cat", "x" * LONGEST_NAME)
    _, phone = joined(room, " A\u202eda\r\nB ")
    assert phone.name == "A da B" and code(room.join, "\n ") == "room.name"


def test_only_so_many_rooms_are_open(clock):
    rooms = Rooms(RoomLimits(rooms=3, rooms_per_address=2), clock)
    first = rooms.open(["a", "b"], "1.2.3.4")
    rooms.open(["a", "b"], "1.2.3.4")
    assert code(rooms.open, ["a", "b"], "1.2.3.4") == "room.address"
    rooms.open(["a", "b"], "5.6.7.8")
    assert code(rooms.open, ["a", "b"], "9.9.9.9") == "room.rooms"
    rooms.close(first)
    rooms.open(["a", "b"], "1.2.3.4")


# --- who may what


def test_a_wrong_key_is_told_nothing_else_than_a_wrong_id(rooms, room):
    other = rooms.open(["a", "b"])
    assert rooms.of_teacher(room.id, room.key) is room
    for id, key in (
        (room.id, other.key),
        (room.id, room.id),
        (room.id, ""),
        (room.id, None),
        ("", ""),
        (None, "é\ud800"),
    ):
        assert code(rooms.of_teacher, id, key) == "room.gone"
    assert code(rooms.get, room.key) == "room.gone"


def test_a_phone_of_one_room_is_nobody_in_another(rooms, room):
    other = rooms.open(["cat", "dog"])
    key, phone = joined(room)
    assert code(other.allow, key, "collect") == "room.phone"
    assert code(other.add, phone, "cat", IMAGE) == "room.phone"
    picture = room.add(phone, "cat", IMAGE)
    assert other.picture(picture.id) is None and other.state.pictures == ()
    other.accept([picture.id])
    other.remove([picture.id])
    assert room.state.pictures == (picture,)


def test_a_phone_sees_and_takes_back_only_its_own_images(room):
    (_, ada), (_, bob) = joined(room), joined(room, "Bob")
    hers, his = room.add(ada, "cat", IMAGE), room.add(bob, "dog", IMAGE)
    assert room.state.of_phone(ada.id) == (hers,)
    room.take_back(ada, his.id)
    assert room.state.pictures == (hers, his)
    room.take_back(ada, hers.id)
    assert room.state.pictures == (his,)


def test_the_teacher_accepts_and_removes(room):
    _, phone = joined(room)
    a, b, c = (room.add(phone, label, IMAGE) for label in ("cat", "dog", "dog"))
    assert room.state.counts() == {"cat": 0, "dog": 0}
    room.accept([b.id, "unknown"])
    assert room.state.accepted() == (replace(b, accepted=True),)
    room.remove([c.id])
    room.accept()
    assert room.state.counts() == {"cat": 1, "dog": 1}
    room.remove([a.id])
    assert room.state.counts() == {"cat": 0, "dog": 1}


def test_somebody_who_is_sent_away_leaves_nothing_and_cannot_send(room):
    key, phone = joined(room)
    _, other = joined(room, "Bob")
    room.add(phone, "cat", IMAGE)
    kept = room.add(other, "cat", IMAGE)
    room.remove_phone(phone.id)
    assert room.state.pictures == (kept,) and room.state.phones == (other,)
    assert code(room.allow, key, "collect") == "room.phone" and code(room.add, phone, "cat", IMAGE) == "room.phone"


def test_phones_do_what_the_stage_is_for(room):
    key, _ = joined(room)
    room.allow(key, "collect")
    assert code(room.allow, key, "try") == "room.stage"
    room.turn_to("try")
    room.allow(key, "try")
    assert code(room.allow, key, "collect") == "room.stage"
    room.turn_to("nonsense")
    assert room.state.stage == "try"


# --- limits


def limited(clock, **limits):
    return Rooms(RoomLimits(**limits), clock).open(["cat", "dog"])


def test_a_room_takes_only_so_many_phones(clock):
    room = limited(clock, phones=2)
    first, _ = joined(room)
    joined(room)
    assert code(room.join, "Eve") == "room.phones"
    room.remove_phone(room.phone(first).id)
    joined(room)


def test_a_phone_keeps_only_so_many_images(clock):
    room = limited(clock, images_per_phone=2)
    (_, ada), (_, bob) = joined(room), joined(room)
    first = room.add(ada, "cat", IMAGE)
    room.add(ada, "cat", IMAGE)
    assert code(room.add, ada, "cat", IMAGE) == "room.images"
    room.add(bob, "cat", IMAGE)
    room.take_back(ada, first.id)
    room.add(ada, "dog", IMAGE)


@pytest.mark.parametrize("limits", [{"images": 2}, {"bytes": 2 * len(IMAGE)}])
def test_a_room_keeps_only_so_many_images_and_bytes(clock, limits):
    room = limited(clock, **limits)
    phones = [joined(room)[1] for _ in range(3)]
    for phone in phones[:2]:
        room.add(phone, "cat", IMAGE)
    assert code(room.add, phones[2], "cat", IMAGE) == "room.full" and len(room.state.pictures) == 2


def test_an_unknown_class_is_refused(room):
    assert code(room.add, joined(room)[1], "bird", IMAGE) == "room.label"


def test_a_phone_is_as_fast_as_its_rate(clock):
    room = limited(clock, per_second=2, burst=3)
    ada, bob = room.join("Ada"), room.join("Bob")
    for _ in range(3):
        room.allow(ada, "collect")
    assert code(room.allow, ada, "collect") == "room.rate"
    room.allow(bob, "collect")
    clock.now += 0.5
    room.allow(ada, "collect")
    assert code(room.allow, ada, "collect") == "room.rate"


def test_a_rate_saves_up_no_more_than_a_burst():
    rate = Rate(1, 2)
    assert [rate.take(0.0), rate.take(0.0), rate.take(0.0)] == [True, True, False]
    assert [rate.take(99.0), rate.take(99.0), rate.take(99.0)] == [True, True, False]


def test_a_phone_begins_only_so_many_runs_and_a_refused_one_does_not_count(clock):
    room = limited(clock, runs_per_phone=1)
    _, phone = joined(room)

    def refuse():
        raise Refusal("room.full")

    assert code(room.begin, phone, "resnet8", refuse) == "room.full" and room.state.runs == ()
    assert room.begin(phone, "resnet8", lambda: "run-1") == "run-1"
    assert code(room.begin, phone, "resnet8", lambda: "run-2") == "room.runs"
    assert [(one.run, one.phone) for one in room.state.runs] == [("run-1", phone.id)]


# --- the state


def test_each_change_is_another_version_and_no_change_is_none(room):
    seen = [room.state.version]

    def changed() -> bool:
        seen.append(room.state.version)
        return seen[-1] > seen[-2]

    _, phone = joined(room)
    assert changed()
    picture = room.add(phone, "cat", IMAGE)
    assert changed()
    room.accept()
    assert changed()
    for nothing in (room.accept, lambda: room.accept([picture.id]), lambda: room.remove(["x"])):
        nothing()
        assert not changed()
    room.turn_to("collect")
    assert not changed()
    before = room.state
    room.remove([picture.id])
    assert changed() and len(before.pictures) == 1  # a state that was read stays as it was


def test_many_phones_at_once_lose_nothing(clock):
    room = limited(clock, per_second=1e6, burst=1000)

    def send(name: str) -> None:
        key = room.join(name)
        for _ in range(20):
            room.add(room.allow(key, "collect"), "cat", b"x")
            room.accept()

    threads = [threading.Thread(target=send, args=(f"n{n}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = room.state
    assert len(state.pictures) == len({one.id for one in state.pictures}) == 400 and len(state.phones) == 20
    room.accept()
    assert room.state.counts() == {"cat": 400, "dog": 0}


# --- the end


def test_a_room_closes_when_its_time_is_over(rooms, room, clock):
    key, phone = joined(room)
    room.add(phone, "cat", IMAGE)
    clock.now += rooms.limits.seconds - 1
    assert rooms.get(room.id) is room
    clock.now += 1
    rooms.expire()
    assert code(rooms.get, room.id) == "room.gone" and code(rooms.of_teacher, room.id, room.key) == "room.gone"
    assert code(room.allow, key, "collect") == "room.gone" and room.state.pictures == ()


def test_a_room_closes_by_itself_while_nobody_asks():
    rooms, closed = Rooms(RoomLimits(seconds=0.05)), threading.Event()
    rooms.open(["a", "b"]).on_close(closed.set)
    assert closed.wait(30)


def test_closing_deletes_everything_that_belongs_to_the_room(rooms, room):
    key, phone = joined(room)
    picture = weakref.ref(room.add(phone, "cat", IMAGE))
    deleted: list[str] = []

    def fail() -> None:
        raise OSError("a disk")

    for ending in (fail, lambda: deleted.append("run")):
        room.on_close(ending)
    rooms.close(room)
    assert deleted == ["run"] and picture() is None
    assert room.state.phones == () and room.state.pictures == () and room.state.classes == ()
    room.on_close(lambda: deleted.append("late"))
    assert deleted == ["run", "late"]
    rooms.close(room)
    room.trained("run")
    assert deleted == ["run", "late"] and room.state.run == ""
    assert code(room.join, "Eve") == "room.gone" and code(room.phone, key) == "room.phone"


def test_other_rooms_stay_open(rooms, room):
    other = rooms.open(["a", "b"])
    rooms.close(room)
    assert rooms.get(other.id) is other


# --- images


def test_an_image_is_made_anew_small_and_without_metadata():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = 6, "a secret", {1: "N"}
    file = BytesIO()
    Image.open(BytesIO(photograph(1200, 800))).save(file, "jpeg", exif=exif)
    assert b"a secret" in file.getvalue()
    made = small(file.getvalue())
    image = Image.open(BytesIO(made))
    assert image.format == "JPEG" and image.size == (171, SIDE)  # upright
    assert not image.getexif() and b"a secret" not in made and len(made) < 40_000


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xd8\xff broken", b"\xff\xd8\xff" + bytes(MOST_BYTES)])
def test_what_is_no_image_is_refused_in_a_sentence(content):
    with pytest.raises(ImageError, match=r"photo\.jpg"):
        small(content)


def test_an_image_that_would_be_large_in_memory_is_refused():
    file = BytesIO()
    Image.new("1", (3000, 3000)).save(file, "png")
    assert len(file.getvalue()) < 10_000
    with pytest.raises(ImageError, match="pixels"):
        small(file.getvalue())
