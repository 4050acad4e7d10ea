"""What visitors make a server hold: bounded for one address and for all, on disk, in memory, among uploads."""

from __future__ import annotations

import gc
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hub_layout import write_pictures
from managed import Puppets, make_manager, make_places, wait_until
from tiny import tiny_config, tiny_dataset

from resnet_demo.data.own import OwnPictures
from resnet_demo.errors import Refusal
from resnet_demo.errors.english import SENTENCES
from resnet_demo.runs.accounts import MEGABYTE, Account
from resnet_demo.runs.index import UnknownRun
from resnet_demo.runs.queue.limits import Limits
from resnet_demo.runs.writer import create_run

CONFIG = tiny_config(tiny_dataset())


def refused(call, *arguments, **options) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)
    return caught.value


def test_an_account_bounds_an_address_and_all_together():
    account = Account("memory", server=100 * MEGABYTE, address=60 * MEGABYTE)
    mine = account.hold("a", 50 * MEGABYTE)
    error = refused(account.hold, "a", 20 * MEGABYTE)
    assert error.code == "memory_address" and error.values == {"used": 50.0, "size": 20.0, "most": 60.0}
    theirs = account.hold("b", 40 * MEGABYTE)
    error = refused(account.hold, "c", 20 * MEGABYTE)
    assert error.code == "memory_full" and error.values == {"used": 90.0, "size": 20.0, "most": 100.0}
    assert (account.used(), account.used("a"), account.used("c")) == (90 * MEGABYTE, 50 * MEGABYTE, 0)
    mine.release()
    mine.release()  # once is enough
    account.hold("c", 20 * MEGABYTE).release()
    with theirs:
        pass
    assert account.used() == 0


def test_what_is_garbage_collected_is_held_no_longer():
    account = Account("memory", server=10)
    held = [account.hold("a", 10)]
    refused(account.hold, "b", 1)
    held.append(held)  # a cycle, as pages of a server have them
    del held
    gc.collect()
    assert account.hold("b", 10)


def test_only_the_whole_server_bounds_who_has_no_address():
    account = Account("memory", server=10, address=1)
    held = account.hold("", 10)
    assert refused(account.hold, "", 1).code == "memory_full"
    held.release()


def test_many_threads_never_hold_more_than_there_is():
    account, most, lock, now = Account("disk", server=10), [0], threading.Lock(), [0]

    def work() -> None:
        for _ in range(200):
            try:
                held = account.hold("a", 3)
            except Refusal:
                continue
            with lock:
                now[0] += 3
                most[0] = max(most[0], now[0])
            with lock:
                now[0] -= 3
            held.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < most[0] <= 10 and account.used() == 0


def test_room_is_made_before_a_server_is_full():
    stored = [80]
    account = Account("disk", 100, stored=lambda address: stored[0], make_room=lambda missing: stored.append(missing))
    assert refused(account.hold, "a", 30).code == "disk_full" and stored == [80, 10]
    account = Account("disk", 100, stored=lambda address: stored[0], make_room=lambda missing: stored.insert(0, 10))
    assert account.hold("a", 30)


def test_counting_that_takes_long_keeps_nobody_else_waiting():
    counting, done = threading.Event(), threading.Event()

    def stored(address: str | None) -> int:
        if address == "slow":
            counting.set()
            assert done.wait(60), "others wait for it"
        return 0

    account = Account("disk", 100, 60, stored=stored)
    held = []
    slow = threading.Thread(target=lambda: held.append(account.hold("slow", 50)))
    slow.start()
    assert counting.wait(60)
    account.check("b", 10)
    mine = account.hold("b", 40)
    assert refused(account.hold, "c", 20).code == "disk_full"  # what is being decided on counts already
    done.set()
    slow.join()
    assert len(held) == 1 and account.used() == 90
    mine.release()
    held.pop().release()
    assert account.used() == 0


def test_what_is_written_and_released_while_others_count_is_never_forgotten():
    """Bytes that move from what is held to the disk: a count that began before must not lose them."""
    disk, writing = [0], []

    def stored(address: str | None) -> int:
        seen = disk[0]
        if writing:  # it ends as soon as the disk has been looked at
            disk[0] = 60
            writing.pop().release()
        return seen

    account = Account("disk", 100, stored=stored)
    writing.append(account.hold("a", 60))
    assert refused(account.hold, "b", 60).code == "disk_full"
    assert account.used() == 60 and account.hold("b", 40)


def test_room_is_made_once_where_many_need_it_at_once():
    stored, removed, together = [90], [], threading.Barrier(4)

    def make_room(missing: float) -> None:
        removed.append(missing)
        stored[0] -= 50

    account = Account("disk", 100, stored=lambda address: stored[0], make_room=make_room)

    def work() -> None:
        together.wait()
        account.check("a", 20)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert removed == [10]


def test_each_kind_of_account_has_its_sentences():
    for kind in ("disk", "memory", "uploads"):
        assert {f"{kind}_full", f"{kind}_address"} <= SENTENCES.keys()


# --- the disk


@pytest.fixture
def make(tmp_path):
    made = []

    def make(**limits):
        made.append(make_manager(make_places(tmp_path), executor=Puppets(), limits=replace(Limits.none(), **limits)))
        return made[-1]

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def images(tmp_path) -> dict[str, Path]:
    """Files of two classes."""
    root = tmp_path / "images"
    write_pictures(root, {"cat": 10, "dog": 10})
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*.png")}


def aged(path: Path, seconds: float) -> None:
    for one in (path, *path.rglob("*")):
        os.utime(one, (time.time() - seconds,) * 2)


def test_images_and_runs_of_an_address_count_together(make, images):
    probe = make()
    one = probe.room.pictures.add(images, address="a")
    each = probe.room.disk.used("a")
    assert each > sum(path.stat().st_size for path in images.values())
    probe.room.pictures.remove(one)
    manager = make(bytes_per_address=2.5 * each)
    for _ in range(2):
        manager.room.pictures.add(images, address="a")
    assert refused(manager.room.pictures.add, images, address="a").code == "disk_address"
    assert len(list(manager.room.pictures.root.iterdir())) == 2  # nothing is left of what was refused
    manager.room.pictures.add(images, address="b")
    run = manager.submit(CONFIG, address="b").run
    (run.path / "padding").write_bytes(bytes(2 * each))
    assert refused(manager.submit, CONFIG, address="b").code == "disk_address"
    manager.submit(CONFIG, address="c")


def test_the_oldest_make_room_be_they_images_or_runs(make, images):
    """Images that take less than half of the disk are removed, too, before runs that are younger."""
    manager = make()
    pictures, runs = manager.room.pictures, manager.places.runs
    size = 100_000
    folders = []
    for hours in (8, 6, 4):
        key = pictures.add(images)
        folders.append(pictures.path(key).parent)
        (folders[-1] / "padding").write_bytes(bytes(size))
        aged(folders[-1], 3600 * hours)
    made = [create_run(runs, CONFIG, f"run-{hours}") for hours in (7, 5)]
    for run, hours in zip(made, (7, 5), strict=True):
        (run.path / "padding").write_bytes(bytes(5 * size))
        aged(run.path, 3600 * hours)

    def left() -> list[bool]:
        return [path.exists() for path in (folders[0], made[0].path, folders[1], made[1].path, folders[2])]

    make(stored_bytes=manager.room.disk.used() + size).room.check("a")  # there is room
    assert all(left())
    limit = manager.room.disk.used()
    full = make(stored_bytes=limit)
    full.room.disk.hold("a", size // 2).release()
    assert left() == [False, True, True, True, True]
    full.room.disk.hold("a", limit - full.room.disk.used() + size // 2).release()
    assert left() == [False, False, True, True, True]
    full.room.disk.hold("a", limit - full.room.disk.used() + size // 2).release()
    assert left() == [False, False, False, True, True]


def test_what_is_expired_goes_before_what_was_deleted_a_moment_ago(make):
    manager = make(days=3, stored_bytes=100_000)
    runs = [create_run(manager.places.runs, CONFIG, name) for name in ("old", "deleted")]
    for run, hours in zip(runs, (99, 1), strict=True):
        (run.path / "padding").write_bytes(bytes(60_000))
        aged(run.path, 3600 * hours)
    manager.delete("deleted", None)
    assert manager.clean_up() == ["old"]
    manager.restore("deleted", None)
    manager.delete("deleted", None)
    manager.room.disk.check("a", 90_000)  # then what was deleted makes room, as docs/SPACES.md says
    with pytest.raises(UnknownRun):
        manager.restore("deleted", None)


def test_what_cannot_be_removed_wins_no_room(make, monkeypatch):
    manager = make(stored_bytes=100_000)
    runs = [create_run(manager.places.runs, CONFIG, name) for name in ("stays", "goes")]
    for run, hours in zip(runs, (9, 8), strict=True):
        (run.path / "padding").write_bytes(bytes(60_000))
        aged(run.path, 3600 * hours)
    remove = manager.room.remove
    monkeypatch.setattr(manager.room, "remove", lambda run: run.id != "stays" and remove(run))
    assert manager.clean_up() == ["goes"]


def test_images_decoded_at_another_size_count_too(make, images):
    manager = make()
    key = manager.room.pictures.add(images, address="a")
    small = make(stored_bytes=manager.room.disk.used() + 1000)
    assert refused(small.room.pictures.load, f"own:{key}", 224).code == "disk_full"
    assert small.room.pictures.load(f"own:{key}", 32)


def test_images_that_are_used_stay_however_much_there_is(make, images):
    manager = make()
    pictures = manager.room.pictures
    idle, recent = pictures.add(images), pictures.add(images)
    lent = pictures.lend(images)
    for folder in pictures.root.iterdir():
        aged(folder, 7200)
    pictures.preview(recent)  # an open page
    full = make(stored_bytes=10, days=3)
    full.room.pictures = pictures
    full.clean_up()
    assert not pictures.has(idle) and pictures.has(recent) and pictures.has(lent.key)
    assert refused(full.submit, CONFIG, address="a").code == "disk_full"


def test_lent_images_end_with_whoever_holds_them(make, images):
    pictures = make().room.pictures
    lent = pictures.lend(images, address="a")
    page = {"images": lent, "other": [lent]}
    key = lent.key
    del lent
    assert pictures.has(key) and pictures.stored("a")
    page.clear()
    gc.collect()
    assert not pictures.has(key) and not list(pictures.root.iterdir()) and not pictures.stored("a")


def test_lent_images_of_a_server_that_was_killed_end_after_a_day(make, images, tmp_path):
    killed = OwnPictures(make().room.pictures.root)
    lent, kept = killed.lend(images), killed.add(images)
    server = make()  # of somebody's own machine, where nothing is too old
    for folder in killed.root.iterdir():
        aged(folder, 3600)
    server.clean_up()
    assert server.room.pictures.has(lent.key)
    for folder in killed.root.iterdir():
        aged(folder, 90_000)
    server.clean_up()
    assert not server.room.pictures.has(lent.key) and server.room.pictures.has(kept)


def test_an_uploaded_run_that_is_too_large_is_not_kept(make, tmp_path):
    manager = make(bytes_per_address=10_000)

    def large(root: Path):
        run = create_run(root, CONFIG, "large")
        (run.path / "weights").write_bytes(bytes(20_000))
        return run

    assert refused(manager.adopt, large, "a", 20_000).code == "disk_address"
    assert not (manager.places.runs / "large").exists()
    assert refused(manager.adopt, large, "a", 100).code == "disk_address"  # a zip that becomes larger
    assert not (manager.places.runs / "large").exists()
    assert manager.adopt(large, "").run.id == "large"  # on one's own machine


def test_cleaning_up_while_others_remove_the_same_raises_nothing(make, images, monkeypatch):
    """Two visitors press Start at once, and both make room."""
    manager = make(stored_bytes=1000, days=1)
    for number in range(30):
        run = create_run(manager.places.runs, CONFIG, f"run-{number}")
        aged(run.path, 90_000)
    for _ in range(10):
        manager.room.pictures._begin(manager.room.pictures.root / f"{_}", "", {"name": "x"})
    for folder in manager.room.pictures.root.iterdir():
        aged(folder, 90_000)
    together, errors = threading.Barrier(6), []

    def clean() -> None:
        together.wait()
        try:
            manager.clean_up()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=clean) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and not manager.index.list() and not list(manager.room.pictures.root.iterdir())


def test_sizes_of_folders_that_vanish_meanwhile_count_nothing(make, images, monkeypatch):
    pictures = make().room.pictures
    keys = [pictures.add(images) for _ in range(3)]
    known = pictures._folders()
    monkeypatch.setattr(pictures, "_folders", lambda: known)
    pictures.remove(keys[0])
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: pytest.fail("a folder is listed while it is removed"))
    assert pictures.stored("") >= 0
    assert len(pictures.idle(days=1)) == 2


def test_a_run_that_trains_stays(make):
    manager = make(stored_bytes=1000, days=1)
    run = manager.submit(CONFIG).run
    wait_until(lambda: manager.queue.training())
    aged(run.path, 90_000)
    (run.path / "padding").write_bytes(bytes(2000))
    manager.clean_up()
    assert run.path.is_dir() and refused(manager.submit, CONFIG, address="a").code == "disk_full"
