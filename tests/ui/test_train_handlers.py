"""The tab Train answers without a browser: what each handler fills, what it leaves alone, and what it refuses."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import Future
from dataclasses import fields, replace
from types import SimpleNamespace

import pytest
from hub_layout import write_pictures
from loops import finish
from made_runs import make_untrained_run, shapes_dataset
from managed import Puppets, make_places, wait_until
from named_parts import named_parts
from PIL import Image

from resnet_demo.data.errors import DataError
from resnet_demo.data.own import OWN
from resnet_demo.engine.events import EpochDone, RunFinished, RunStarted, StepMetrics, to_line
from resnet_demo.library import datasets
from resnet_demo.runs.exchange.transfer import pack
from resnet_demo.runs.exchange.uploaded import make_uploaded_run
from resnet_demo.runs.files import LOG, RESUME, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.shared import data_download, hub_save, own_images
from resnet_demo.ui.shared.training_form import NUMBERS, Form, first_form
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train import elsewhere
from resnet_demo.ui.train import form_handlers as of_form
from resnet_demo.ui.train.elsewhere import Elsewhere
from resnet_demo.ui.train.form_handlers import FormHandlers
from resnet_demo.ui.train.form_views import NAMES
from resnet_demo.ui.train.handlers import Handlers
from resnet_demo.ui.train.layout import Parts
from resnet_demo.ui.train.managing import Manage, Upload
from resnet_demo.ui.train.managing_handlers import ManagingHandlers
from resnet_demo.ui.train.run_view import RunView
from resnet_demo.ui.train.views import BUTTONS

ENGLISH = LANGUAGES["en"]
REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="192.0.2.1"))
PUBLISHED = "published"


def section(parts: type, prefix: str):
    """Stand-ins for the components of a section, whose names may be those of others."""
    return parts(**{field.name: f"{prefix}.{field.name}" for field in fields(parts)})


def shown_buttons(values) -> set[str]:
    return {name for name in BUTTONS if values[name]["visible"]}


PARTS = named_parts(
    Parts,
    controls={name: f"form.{name}" for name in NAMES},
    buttons={name: name for name in BUTTONS},
    manage=section(Manage, "manage"),
    save=section(hub_save.Parts, "save"),
    upload=section(Upload, "upload"),
    own=section(own_images.Parts, "own"),
    elsewhere=section(elsewhere.Parts, "elsewhere"),
    download=section(data_download.Parts, "download"),
)
RUN, LISTS, EPOCH = set(PARTS.of_run), set(PARTS.lists), set(PARTS.of_epoch)


@pytest.fixture
def puppets():
    return Puppets()


@pytest.fixture
def services(tmp_path, puppets):
    """A server that strangers use, with a published run; nothing is trained on it but as a test tells it."""
    places = make_places(tmp_path)
    make_untrained_run(places.weights, PUBLISHED, data="shapes")
    services = Services.create(places, executor=puppets)
    yield services
    services.close()


@pytest.fixture
def first(services):
    return first_form(services)


@pytest.fixture
def view(services, first):
    return RunView(services, ENGLISH, PARTS, first.data)


@pytest.fixture
def runs(view):
    return Handlers(view, PARTS)


@pytest.fixture
def form(view, first):
    return FormHandlers(view, PARTS, first, Elsewhere(view.services, view.text, PARTS.elsewhere, "start"))


@pytest.fixture
def managing(view):
    return ManagingHandlers(view, PARTS)


@pytest.fixture
def mine(services):
    """A finished run of the visitor's, and what their browser keeps of it."""
    made = services.manager.adopt(lambda root: make_untrained_run(root, "mine", data="shapes"))
    events = [RunStarted(10, 10, {}, "a machine", "fp32"), StepMetrics(10, 1.0, 1.0, 1.0, 1, 0.5, 0.1, 1.0, 900.0)]
    log = "".join(to_line(event) + "\n" for event in [*events, RunFinished("finished", 10, 1.0)])
    (made.run.path / LOG).write_text(log, encoding="utf-8")
    return RunFolder(made.run.path), {made.run.id: made.token}


def values_of(form: Form) -> list:
    return [getattr(form, name) for name in NAMES]


# --- the form


def test_the_tab_is_filled_as_the_address_asks(form, mine):
    run, kept = mine
    event = SimpleNamespace(_data={"run": run.id, "depth": "20", "lr": "${alert(1)}", "data": "own:theirs"})
    values = form.mount(event, kept, REQUEST)
    assert set(values) == {*PARTS.form, *PARTS.everything}
    assert values["form.depth"]["value"] == 20 and values["form.lr"]["value"] == form.first.lr
    assert values["form.data"]["value"] == form.first.data in [name for _, name in values["form.data"]["choices"]]
    assert {name for _, name in values["form.initial"]["choices"]} >= {"", run.id}
    assert values["current"] == run.id and values["listed"][0] == run.id


def test_without_an_address_it_begins_with_a_published_run_that_nobody_may_change(form):
    values = form.mount(SimpleNamespace(_data=None), {}, REQUEST)
    assert values["current"] == PUBLISHED and not values["manage.fold"]["visible"]
    assert {name: values[f"form.{name}"]["value"] for name in NAMES} == dict(
        zip(NAMES, values_of(form.first), strict=True)
    )
    assert shown_buttons(values) == {"classify", "fill"}
    assert values["head"]["title"] == "A recorded run: ResNet-8 on shapes"
    assert values["again"]["value"] == ENGLISH("train.like") and values["again"]["elem_classes"] == ["like"]


def test_a_run_is_started_kept_and_shown(form, services, puppets):
    asked = replace(form.first, unit="steps", length=20)
    values = form.start_here(REQUEST, {"older": "key"}, [PUBLISHED, "gone"], *values_of(asked))
    (run,) = (run for run in services.runs.list() if run.id != PUBLISHED)
    assert set(values) == {"form_status", "kept", *PARTS.numbers, *PARTS.everything}
    assert set(values["kept"]) == {"older", run.id} and values["kept"].entries.keys() == {run.id}
    assert values["current"] == run.id == values["listed"][0] and values["form_status"]["text"] == ""
    assert {"stop", "confusion"} <= shown_buttons(values) and values["manage.fold"]["visible"]
    assert [line["id"] for line in values["curves"]["runs"]] == [run.id, PUBLISHED]
    assert values["beside"]["value"] == [PUBLISHED]
    assert run.config.length == 20 and wait_until(lambda: puppets.begun)
    assert values["again"]["value"] == ENGLISH("train.start") and values["again"]["elem_classes"] == ["another"]


def test_a_wrong_value_is_said_beside_its_field_and_nothing_starts(form, services):
    values = form.start_here(REQUEST, {}, [], *values_of(replace(form.first, lr=-3)))
    assert set(values) == {"form_status", *PARTS.numbers} and values["form_status"]["error"]
    assert values["form.lr"]["info"].startswith("✗ a number from 0") and values["form.seed"]["elem_classes"] == []
    assert form.check(*values_of(replace(form.first, lr=-3))).keys() == {f"form.{name}" for name in NUMBERS}
    assert [run.id for run in services.runs.list()] == [PUBLISHED]


def test_what_cannot_be_started_is_a_sentence(form):
    values = form.start_here(REQUEST, {}, [], *values_of(replace(form.first, data="/etc")))
    assert set(values) == {"form_status", *PARTS.numbers}
    assert "/etc" in values["form_status"]["text"] and values["form_status"]["error"]


def test_a_family_changes_what_does_not_fit_it(form):
    asked = replace(form.first, family="imagenet")
    values = form.settle(*values_of(asked))
    assert values["form.depth"]["value"] == 18 in [depth for _, depth in values["form.depth"]["choices"]]
    assert "form.seed" in values and "value" not in values["form.seed"] and "form.family" not in values


def test_a_preset_fills_in_its_recipe(form):
    values = form.apply_preset(*values_of(replace(form.first, preset="paper")))
    assert values["form.length"]["value"] == 64_000 and values["form.lr"]["value"] == 0.1
    assert "value" not in values["form.depth"] and "form.family" not in values


def test_the_settings_of_a_run_fill_the_form_but_data_that_is_not_here(form, services):
    values = form.use_settings(PUBLISHED, *values_of(replace(form.first, seed=3, lr=1)))
    assert values["form.seed"]["value"] == 0 and values["form.data"]["value"] == "shapes"
    make_untrained_run(services.places.weights, "elsewhere", data="gone", seed=5)
    values = form.use_settings("elsewhere", *values_of(form.first))
    assert values["form.seed"]["value"] == 5 and values["form.data"]["value"] == form.first.data
    assert form.use_settings("no such run", *values_of(form.first))["form.seed"]["value"] == form.first.seed


def test_a_link_has_what_differs_from_the_first_form(form):
    event = SimpleNamespace(address="http://127.0.0.1:7860/?run=x")
    values = form.share(event, *values_of(replace(form.first, seed=7)))
    assert values["link"]["address"] == "http://127.0.0.1:7860/?tab=train&seed=7" and values["link"]["code"]
    assert form.share(SimpleNamespace(address="javascript:alert(1)"), *values_of(form.first))["link"] == {}


def test_beside_the_link_is_the_form_as_a_command_and_as_python(form):
    def shared(**changes):
        event = SimpleNamespace(address="http://127.0.0.1:7860/")
        return form.share(event, *values_of(replace(form.first, **changes)))["snippets"]

    command, lines = (item["code"] for item in shared(seed=7)["items"])
    assert command.startswith("python -m resnet_demo train --model resnet8") and "--seed 7" in command
    compile(lines, "lines", "exec")
    assert "seed=7" in lines and shared(seed=7)["note"] == ""
    assert shared(processes=2)["items"][0]["code"].startswith("torchrun --nproc_per_node=2 -m resnet_demo train")
    assert "own:pets" in shared(data="own:pets")["items"][0]["code"] and shared(data="own:pets")["note"]
    assert shared(lr=-3) == {"note": ENGLISH("train.wrong.form")}
    gone = shared(initial="gone")
    assert set(gone) == {"note"} and "gone" in gone["note"]


# --- runs


def test_a_run_is_looked_at_and_replayed_and_opened_by_its_row(runs, mine):
    run, kept = mine
    values = runs.look(run.id, [PUBLISHED, run.id], kept, REQUEST)
    assert set(values) == RUN | EPOCH and values["current"] == run.id and values["curves"]["replay"] is None
    assert not values["save.fold"]["visible"]  # where nobody can sign in, strangers have no account to save to
    assert [line["id"] for line in values["curves"]["runs"]] == [run.id, PUBLISHED]
    assert shown_buttons(values) == {"classify", "replay", "fill"} and values["manage.further"]["visible"]
    assert runs.replay(run.id, None, kept, REQUEST)["curves"]["replay"] == run.id
    opened = runs.open_row(SimpleNamespace(index=1), ["x", run.id], [], kept, REQUEST)
    assert opened["current"] == run.id
    for index in (-1, 2):
        assert runs.open_row(SimpleNamespace(index=index), ["x", run.id], [], kept, REQUEST) == {}


def test_whoever_has_a_link_alone_only_looks(runs, mine):
    values = runs.look(mine[0].id, [], {}, REQUEST)
    assert ENGLISH("train.only_look") in values["head"]["facts"]
    assert not values["manage.fold"]["visible"] and not values["manage.further"]["visible"]


def test_without_a_run_the_page_says_what_to_do(runs):
    values = runs.look("gone", [], {}, REQUEST)
    assert values["head"] == {"title": ENGLISH("train.empty")} and values["current"] == "" and not shown_buttons(values)
    assert {values[name] for name in EPOCH} == {None}


def test_a_recorded_run_on_other_data_is_not_like_the_one_that_the_form_starts(runs, services):
    make_untrained_run(services.places.weights, "elsewhere", data="gone")
    values = runs.look("elsewhere", [], {}, REQUEST)
    assert values["head"]["title"] == "A recorded run: ResNet-8 on gone"
    assert values["again"]["value"] == ENGLISH("train.start")


def test_uploaded_weights_are_no_run_that_finished(runs, services, tmp_path):
    source = make_untrained_run(tmp_path, "source")
    made = services.manager.adopt(
        lambda root: make_uploaded_run(source.path / WEIGHTS, root, mean=(0.5,) * 3, std=(0.25,) * 3, file_name="x.pt")
    )
    values = runs.look(made.run.id, [PUBLISHED], {made.run.id: made.token}, REQUEST)
    assert values["head"]["title"] == "ResNet-8 A" and values["head"]["facts"][0] == ENGLISH("train.uploaded")
    assert values["curves"] == {"runs": []} and shown_buttons(values) == {"classify"}
    assert not any("epoch" in fact or "second" in fact for fact in values["head"]["facts"])
    row = runs.refresh(made.run.id, [], {made.run.id: made.token}, REQUEST)["runs"]["rows"][0]
    assert row["state"] == "uploaded" and "epochs" not in row and "accuracy" not in row


@pytest.fixture
def timed(services):
    """`timed(steps, accuracy)`: a finished run with a limit of 30 seconds, and what its visitor keeps of it."""

    def make(steps: int, accuracy: float):
        classes = tuple("abcdefghij")
        made = services.manager.adopt(
            lambda root: make_untrained_run(root, f"timed-{steps}", classes, data="shapes", length=30.0, unit="seconds")
        )
        write_log(made.run, steps, accuracy, 30.0)
        return RunFolder(made.run.path), {made.run.id: made.token}

    return make


def write_log(run, steps: int, accuracy: float, seconds: float) -> None:
    events = (
        RunStarted(140, None, {}, "a machine", "fp32"),
        EpochDone(steps, steps / 140, seconds, 2.0, 0.1, 2.0, accuracy),
        RunFinished("finished", steps, seconds),
    )
    (run.path / LOG).write_text("".join(to_line(event) + "\n" for event in events), encoding="utf-8")


def test_a_run_that_was_too_slow_to_learn_says_so_and_is_trained_longer(runs, managing, services, timed):
    run, kept = timed(40, 0.12)
    values = runs.look(run.id, [], kept, REQUEST)
    assert values["head"]["warning"] == ENGLISH("train.slow", seconds=30, steps=40, accuracy="12.0 %")
    assert values["longer"]["visible"] and values["longer"]["value"] == "Train 3 min longer"  # the most here
    assert not runs.look(run.id, [], {}, REQUEST)["longer"]["visible"]  # whoever has a link alone

    assert managing.train_longer(run.id, [], {}, REQUEST)["manage.status"]["error"]
    values = managing.train_longer(run.id, [], kept, REQUEST)
    child = services.runs.get(values["current"]).config
    assert (child.parent, child.initial, child.length, child.unit) == (run.id, run.id, 180, "seconds")
    assert managing.train_longer("gone", [], kept, REQUEST) == {}


def test_a_recorded_run_on_the_same_images_is_the_measure_of_a_slow_one(runs, services, timed):
    write_log(RunFolder(services.places.weights / PUBLISHED), 420, 0.99, 180.0)
    run, kept = timed(100, 0.3)
    warning = runs.look(run.id, [], kept, REQUEST)["head"]["warning"]
    assert "99.0 % in 420" in warning and "30.0 %" in warning
    assert runs.look(run.id, [], kept, REQUEST)["longer"]["value"] == "Train 3 min longer"
    quick, kept = timed(300, 0.3)
    assert runs.look(quick.id, [], kept, REQUEST)["longer"]["value"] == "Train 1 min longer"


@pytest.mark.parametrize(("steps", "accuracy"), [(100, 0.6), (500, 0.1)])
def test_a_run_that_learned_or_had_time_enough_is_not_called_slow(runs, services, timed, steps, accuracy):
    write_log(RunFolder(services.places.weights / PUBLISHED), 420, 0.99, 180.0)
    run, kept = timed(steps, accuracy)
    values = runs.look(run.id, [], kept, REQUEST)
    assert values["head"]["warning"] == "" and not values["longer"]["visible"]


def test_another_state_changes_neither_what_is_typed_nor_which_run_is_looked_at(runs, mine):
    run, kept = mine
    values = runs.refresh(run.id, ["gone"], kept, REQUEST)
    assert set(values) == {*PARTS.of_state, *PARTS.lists} and values["listed"] == [run.id, PUBLISHED]
    assert values["beside"]["value"] == [] and "value" not in runs.refresh(run.id, [], kept, REQUEST)["beside"]
    assert runs.refresh.is_background and runs.recorded.is_background


def test_a_run_that_another_tab_has_started_is_shown_and_its_images_are_listed(runs, services, mine, tmp_path):
    run, kept = mine
    write_pictures(tmp_path / "pets", {"cat": 3, "dog": 3})
    files = {str(file.relative_to(tmp_path / "pets")): file for file in (tmp_path / "pets").rglob("*.png")}
    key = OWN + services.own.add(files, "pets, edited")
    values = runs.follow_link({"run": run.id}, [], {**kept, key: "pets, edited"}, REQUEST)
    assert set(values) == {*PARTS.everything, "form.data"} and values["current"] == run.id == values["listed"][0]
    assert key in [name for _, name in values["form.data"]["choices"]] and "value" not in values["form.data"]


def test_an_epoch_is_shown_of_the_run_that_is_looked_at_only(runs, mine):
    event = SimpleNamespace(run=mine[0].id, step=10)
    assert set(runs.recorded(event, mine[0].id, {}, REQUEST)) == EPOCH
    assert runs.recorded(event, PUBLISHED, {}, REQUEST) == {}
    assert set(runs.show_prepared(True, "gone", {}, REQUEST)) == EPOCH
    assert runs.show_prepared(False, PUBLISHED, {}, REQUEST) == {}


def test_the_last_epoch_is_shown_again_when_the_run_that_is_looked_at_has_been_evaluated(runs, mine):
    event = SimpleNamespace(run=mine[0].id, state="finished")
    assert set(runs.evaluated(event, mine[0].id, {}, REQUEST)) == EPOCH and runs.evaluated.is_background
    assert runs.evaluated(event, PUBLISHED, {}, REQUEST) == {}
    assert runs.evaluated(SimpleNamespace(run=mine[0].id, state="running"), mine[0].id, {}, REQUEST) == {}


def test_images_are_waited_for_and_shown_even_if_they_cannot_be_prepared(runs, monkeypatch):
    def prepared(work):
        monkeypatch.setattr(datasets, "begin_preparing", lambda *asked: work)
        return finish(runs.prepare(PUBLISHED, REQUEST))

    assert prepared(None) is False
    done, failed = Future(), Future()
    done.set_result(None)
    failed.set_exception(DataError("data.unknown", name="no", known="shapes"))
    assert prepared(done) is True and prepared(failed) is True


def test_a_run_is_stopped_and_resumed_by_its_owner_only(form, runs, services, puppets):
    kept = form.start_here(REQUEST, {}, [], *values_of(form.first))["kept"]
    (run_id,) = kept
    assert runs.stop(run_id, {}, REQUEST)["run_status"]["error"]
    wait_until(lambda: puppets.begun)
    assert runs.stop(run_id, kept, REQUEST) == {"run_status": {"text": "", "error": False}}
    wait_until(lambda: services.manager.status(run_id).state == "stopped", seconds=60)
    assert shown_buttons(runs.look(run_id, [], kept, REQUEST)) >= {"resume", "fill"}
    assert "error" in runs.resume(PUBLISHED, kept, REQUEST)["run_status"]
    assert runs.resume(run_id, kept, REQUEST) == {"run_status": {"text": "", "error": False}}
    assert "stop" in shown_buttons(runs.look(run_id, [], kept, REQUEST))


def test_a_run_that_a_killed_server_left_is_resumed(runs, mine, services, puppets):
    run, kept = mine
    written = (run.path / LOG).read_text(encoding="utf-8").splitlines(keepends=True)
    (run.path / LOG).write_text("".join(written[:-1]), encoding="utf-8")  # nobody wrote how it ended
    (run.path / RESUME).write_bytes(b"its last checkpoint")
    assert services.manager.status(run.id).state == "interrupted"
    values = runs.look(run.id, [], kept, REQUEST)
    assert shown_buttons(values) >= {"resume", "fill"} and "stop" not in shown_buttons(values)
    assert not runs.resume(run.id, kept, REQUEST)["run_status"]["error"]
    assert wait_until(lambda: puppets.begun)[0].path == run.path
    assert "stop" in shown_buttons(runs.look(run.id, [], kept, REQUEST))


def test_a_run_is_opened_in_other_tabs(runs, mine):
    values = runs.open_in_classify(mine[0].id, None, REQUEST)  # whoever has a link, too
    assert values["models"]["value"] == [mine[0].id] and values["tabs"].selected == "classify"
    assert mine[0].id in [one for _, one in values["models"]["choices"]]
    values = runs.open_in_confusion("x")
    assert values["question"]["run"] == "x" and values["tabs"].selected == "confusion"


# --- what the owner of a run does


def test_name_and_note_are_stored_and_the_fields_left(managing, services, mine):
    run, kept = mine
    values = managing.save(run.id, " Name ", "note", [], kept, REQUEST)
    assert services.runs.get(run.id).name == "Name" == values["head"]["title"] and values["manage.status"]["text"]
    assert set(values) == {"manage.status", *PARTS.everything} - {"manage.name", "manage.note"}
    values = managing.save(run.id, "Other", "", [], {}, REQUEST)
    assert set(values) == {"manage.status"} and values["manage.status"]["error"]
    assert services.runs.get(run.id).name == "Name"


def test_a_run_is_trained_further_by_a_child_that_names_it(managing, services, mine):
    run, kept = mine
    values = managing.train_further(run.id, 1, "seconds", [], kept, REQUEST)
    child = services.runs.get(values["current"])
    assert child.config.parent == run.id and set(values["kept"]) == {run.id, child.id}
    assert f"continues {run.id}" in values["head"]["facts"] and values["manage.status"]["text"] == ""
    assert set(values) == {"manage.status", "kept", *PARTS.everything}


@pytest.mark.parametrize(("length", "unit"), [(0, "seconds"), (2.5, "steps"), (None, "epochs")])
def test_a_length_that_is_not_allowed_starts_nothing(managing, services, mine, length, unit):
    values = managing.train_further(mine[0].id, length, unit, [], mine[1], REQUEST)
    assert set(values) == {"manage.status"} and values["manage.status"]["error"]
    assert len(services.runs.list()) == 2


def test_a_run_of_somebody_else_is_not_trained_further(managing, services, mine):
    for run_id in (mine[0].id, PUBLISHED, "gone"):
        values = managing.train_further(run_id, 1, "seconds", [], {}, REQUEST)
        assert set(values) == {"manage.status"} and values["manage.status"]["error"]
    assert len(services.runs.list()) == 2


def test_a_run_is_deleted_and_restored(managing, services, mine):
    run, kept = mine
    assert managing.delete(run.id, [], {}, REQUEST)["manage.status"]["error"] and run.path.is_dir()
    values = managing.delete(run.id, [], kept, REQUEST)
    assert values["current"] == PUBLISHED and values["listed"] == [PUBLISHED]
    assert values["manage.deleted"] == run.id and values["manage.undo"]["visible"]
    values = managing.undo(run.id, [], kept, REQUEST)
    assert values["current"] == run.id and values["manage.deleted"] == "" and not values["manage.undo"]["visible"]
    values = managing.undo("gone", [], kept, REQUEST)
    assert values["manage.status"]["error"] and set(values) == {"manage.status", "manage.undo", "manage.deleted"}


def test_a_run_is_uploaded_as_the_zip_that_it_was_downloaded_as(managing, services, mine, tmp_path):
    pack(mine[0], tmp_path / "run.zip")
    values = managing.upload_run(str(tmp_path / "run.zip"), [], mine[1], REQUEST)
    again = services.runs.get(values["current"])
    assert again.id != mine[0].id and set(values["kept"]) == {mine[0].id, again.id}
    assert set(values) == {"upload.status", "kept", *PARTS.everything}
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    for path in ("bad.zip", "deleted.zip"):
        values = managing.upload_run(str(tmp_path / path), [], {}, REQUEST)
        assert set(values) == {"upload.status"} and values["upload.status"]["error"]
    assert managing.upload_run(None, [], {}, REQUEST) == {"upload.status": {"text": "", "error": False}}


# --- data


@pytest.fixture
def own(services):
    return own_images.Handlers(services, ENGLISH, PARTS.own, "data", "kept")


def class_zip(path, names: dict[str, int], extra: str = "") -> str:
    """A zip with so many images in each class folder, and perhaps a file of another name; its path."""
    images = iter(shapes_dataset(40, 10).train.images)
    with zipfile.ZipFile(path, "w") as archive:
        for name, count in names.items():
            for index in range(count):
                file = io.BytesIO()
                Image.fromarray(next(images)).save(file, "png")
                archive.writestr(f"{name}/{index}.png", file.getvalue())
        if extra:
            archive.writestr(extra, b"no image")
    return str(path)


def test_own_images_are_stored_counted_selected_and_deleted(own, services, tmp_path):
    path = class_zip(tmp_path / "pets.zip", {"cat": 5, "dog": 3}, "cat/broken.png")
    values = own.upload_zip(path, {"run": "key"}, REQUEST)
    (added,) = values["kept"].entries
    assert values["kept"] == {"run": "key", added: "pets"} and services.own.has(added)
    assert values["data"]["value"] == added and ("yours: pets", added) in values["data"]["choices"]
    assert "8 images in 2 classes" in values["own.status"]["text"] and "broken.png" in values["own.status"]["text"]
    assert [row["class"] for row in values["own.classes"]["rows"]] == ["cat", "dog"] and values["own.remove"]["visible"]
    kept = dict(values["kept"])
    values = own.remove(added, kept)
    assert values["kept"] == {"run": "key"} and values["kept"].entries == {added: None} and not services.own.has(added)
    assert values["data"]["value"] == values["data"]["choices"][0][1] and not values["own.remove"]["visible"]
    assert own.remove("run", kept)["kept"] == kept  # not what the list of data sets has


@pytest.mark.parametrize("names, extra, sentence", [({"cat": 3}, "", "only one"), ({"a": 3, "b": 3}, "../x", "leaves")])
def test_images_that_cannot_be_used_are_a_sentence(own, tmp_path, names, extra, sentence):
    values = own.upload_zip(class_zip(tmp_path / "pets.zip", names, extra), {}, REQUEST)
    assert set(values) == {"own.status", "own.classes", "own.remove"} and values["own.classes"] is None
    assert sentence in values["own.status"]["text"] and values["own.status"]["error"]


def test_a_folder_comes_as_a_zip_and_nothing_is_nothing(own, tmp_path):
    path = class_zip(tmp_path / "x.zip", {"cat": 2, "dog": 2})
    value = {"path": path, "orig_name": "pets.2.zip", "meta": {"_type": "gradio.FileData"}}
    values = own.upload_folder(value, None, REQUEST)
    assert list(values["kept"].values()) == ["pets.2"] and next(iter(values["kept"])).startswith(OWN)
    assert own.upload_folder(None, {}, REQUEST) == own.upload_zip(None, {}, REQUEST) == {}


@pytest.fixture
def download(services):
    return data_download.Handlers(services, ENGLISH, PARTS.download, "data")


def test_a_download_says_how_far_it_is_and_selects_what_is_ready(download, monkeypatch):
    monkeypatch.setattr(
        data_download, "fetched", lambda *asked: iter([({"text": "1 MB"}, False), ({"text": "2"}, True)])
    )
    first, last = download.download("cifar10", {})
    assert first == {"download.status": {"text": "1 MB"}}
    assert set(last) == {"data", *(f"download.{name}" for name in ("status", "which", "fold"))}
    assert last["data"]["value"] == "cifar10" and last["download.which"]["value"] is None
    assert list(download.download(None, {})) == []


def test_a_download_that_fails_is_a_sentence(download, monkeypatch):
    def fail(*asked, **where):
        raise DataError("download.refused", host="huggingface.co", name="CIFAR-10", status=503)

    monkeypatch.setattr(data_download, "download_dataset", fail)
    *_, last = download.download("cifar10", {})
    assert last == {
        "download.status": {
            "text": ENGLISH("error.download.refused", host="huggingface.co", name="CIFAR-10", status=503),
            "error": True,
        }
    }


def test_every_model_can_be_the_beginning_of_a_run(form, services, mine):
    options = of_form.initial_options(services, ENGLISH, SimpleNamespace(ids=(mine[0].id,)))
    assert options[0][1] == "" and {mine[0].id, PUBLISHED} <= {one for _, one in options}
