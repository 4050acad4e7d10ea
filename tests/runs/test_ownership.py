"""Whose run it is: tokens, addresses, and what is stored of them."""

from __future__ import annotations

import stat
import sys

import pytest
from managed import Puppets, make_manager, make_places
from tiny import tiny_config, tiny_dataset

from resnet_demo.errors import Refusal
from resnet_demo.runs.index import UnknownRun
from resnet_demo.runs.ownership import (
    LONGEST_NAME,
    LONGEST_NOTE,
    SALT,
    address_digest,
    clean_name,
    clean_note,
    is_owner,
)
from resnet_demo.runs.writer import create_run

CONFIG = tiny_config(tiny_dataset())


@pytest.fixture
def manager(tmp_path):
    manager = make_manager(make_places(tmp_path), executor=Puppets())
    yield manager
    manager.close()


def changes(manager, run_id, token):
    """Everything that only an owner may do."""
    return [
        lambda: manager.stop(run_id, token),
        lambda: manager.resume(run_id, token),
        lambda: manager.rename(run_id, token, "theirs"),
        lambda: manager.annotate(run_id, token, "theirs"),
        lambda: manager.delete(run_id, token),
    ]


def test_only_the_owners_token_changes_a_run(manager):
    first, other = manager.submit(CONFIG, name="mine"), manager.submit(CONFIG)
    assert first.token != other.token and manager.owns(first.run.id, first.token) and manager.owns(first.run.id, None)
    for token in ("", "no token", other.token, first.token[:-1], "é", "\ud800", first.run.meta["owner"]):
        assert not manager.owns(first.run.id, token)
        for change in changes(manager, first.run.id, token):
            with pytest.raises(Refusal, match="somebody else") as refusal:
                change()
            assert refusal.value.code == "not_yours" and refusal.value.values == {"name": first.run.id}
    assert first.run.name == "mine" and manager.status(first.run.id).state == "running"


def test_only_the_owner_undoes_a_deletion(manager):
    manager.submit(CONFIG)
    waiting = manager.submit(CONFIG)
    manager.delete(waiting.run.id, waiting.token)
    with pytest.raises(Refusal, match="somebody else"):
        manager.restore(waiting.run.id, "no token")
    manager.restore(waiting.run.id, waiting.token)
    assert manager.status(waiting.run.id).state == "interrupted"


def test_a_run_of_a_terminal_belongs_to_whoever_has_the_machine(manager):
    run = create_run(manager.places.runs, CONFIG)
    assert manager.owns(run.id, None) and not manager.owns(run.id, "") and not manager.owns(run.id, "a token")
    manager.rename(run.id, None, "from a terminal")
    assert run.name == "from a terminal"


def test_a_published_run_belongs_to_nobody(manager):
    run = create_run(manager.places.weights, CONFIG)
    assert not manager.owns(run.id, None)
    for change in changes(manager, run.id, None):
        with pytest.raises(Refusal, match="ships with the project"):
            change()


@pytest.mark.parametrize("name", ["", ".", "..", "../runs", ".trash", "no such run", "\ud800", "a" * 9999])
def test_an_id_that_does_not_exist_is_a_sentence(manager, name):
    mine = manager.submit(CONFIG)
    assert not manager.owns(name, None)
    for change in [
        *changes(manager, name, None),
        lambda: manager.restore(name, None),
        lambda: manager.status(name),
    ]:
        with pytest.raises(UnknownRun, match="no run called"):
            change()
    assert manager.status(mine.run.id).state == "running"


def test_neither_token_nor_address_is_stored(manager):
    made = manager.submit(CONFIG, address="192.0.2.77")
    for path in manager.places.runs.rglob("*"):
        if path.is_file():
            assert made.token.encode() not in path.read_bytes() and b"192.0.2.77" not in path.read_bytes()


def test_addresses_can_be_compared_below_one_folder_only(tmp_path):
    one = address_digest(tmp_path / "a", "192.0.2.1")
    assert one == address_digest(tmp_path / "a", "192.0.2.1") != address_digest(tmp_path / "a", "192.0.2.2")
    assert one != address_digest(tmp_path / "b", "192.0.2.1")
    assert len((tmp_path / "a" / SALT).read_bytes()) == 32
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "a" / SALT).stat().st_mode) == 0o600


@pytest.mark.parametrize("meta", ["", "{", "[]", '{"owner": 3}', '{"owner": null}', '{"owner": ""}', '{"owner": "é"}'])
def test_a_damaged_note_makes_nobody_an_owner(tmp_path, meta):
    run = create_run(tmp_path, CONFIG)
    (run.path / "meta.json").write_text(meta, encoding="utf-8")
    assert is_owner(run, None) and not is_owner(run, "") and not is_owner(run, "é")
    assert run.name == "" and run.note == ""


def test_names_and_notes_are_kept_as_short_plain_text(manager):
    made = manager.submit(CONFIG, name="  two\nlines\x00 ", note="a\n\nb\x1b[0m\t ")
    assert made.run.name == "two lines" and made.run.note == "a\n\nb[0m"
    manager.rename(made.run.id, made.token, "x" * 1000)
    manager.annotate(made.run.id, made.token, "y" * 10_000)
    assert len(made.run.name) == LONGEST_NAME and len(made.run.note) == LONGEST_NOTE
    manager.rename(made.run.id, made.token, "")
    assert made.run.name == "" and made.run.note and manager.owns(made.run.id, made.token)
    assert clean_name("<b>${x}</b> 残差") == "<b>${x}</b> 残差" and clean_note("残\n差") == "残\n差"
