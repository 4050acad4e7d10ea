"""A place full of damaged runs: pages, programs and downloads work for all others, and say what is wrong with these."""

from __future__ import annotations

import shutil

import gradio as gr
import gradio_client
import httpx
import orjson
import pytest
from garble import FILES, GARBLES, make_whole_run
from made_runs import make_trained_run, make_untrained_run
from named_parts import named_parts
from pages import page_of

from resnet_demo.errors import Refusal
from resnet_demo.library.runs import damage, find_run, first_run, may_change
from resnet_demo.library.visitors import Visitor
from resnet_demo.places import Places
from resnet_demo.runs.folder import RunError
from resnet_demo.services import Services
from resnet_demo.ui.api.files import GivenOut
from resnet_demo.ui.api.runs import Runs
from resnet_demo.ui.compare.race import views as race_views
from resnet_demo.ui.confusion.choice import Choice, chosen_answers, epoch_update, run_choices, set_update
from resnet_demo.ui.confusion.timeline_handlers import TimelineHandlers
from resnet_demo.ui.confusion.timeline_layout import TimelineParts
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.shared.epoch_views import epoch_of
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train import listing, views

PATIENCE = {"timeout": 240}  # seconds; httpx would wait for five
EACH = ("null", "deep", "types", "surrogates", "directory")
pytestmark = pytest.mark.timeout(1200)


def ident(file: str, how: str) -> str:
    return f"{file.replace('/', '-')}-{how.replace(' ', '-')}"


@pytest.fixture(scope="module")
def damaged(tmp_path_factory) -> Services:
    """Sound runs, and one for each file and way; the published ones too."""
    root = tmp_path_factory.mktemp("damaged")
    places = Places(data=None, cache=root / "cache", runs=root / "runs", weights=root / "weights")
    whole = make_whole_run(root / "whole", "whole")
    make_trained_run(places.runs, "sound", evaluate=True)
    make_trained_run(places.weights, "published", evaluate=True)
    for file in FILES:
        for how in EACH:
            place = places.weights if how == "null" else places.runs
            run = shutil.copytree(whole.path, place / ident(file, how))
            GARBLES[how](run / file)
    return Services.create(places, local=True)


@pytest.fixture(scope="module")
def address(damaged):
    """Of a page without tabs: for programs and downloads."""
    with page_of(damaged) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    return gradio_client.Client(address, verbose=False, analytics_enabled=False, httpx_kwargs=PATIENCE)


def described(services: Services) -> set[str]:
    """The ids of the runs that nothing can be done with."""
    return {run.id for run in services.runs.all() if run.damage}


def test_models_lists_all_others(damaged, client):
    listed = {model["model"] for model in client.predict(api_name="/models")}
    assert {"sound", "published"} <= listed and not listed & described(damaged)
    assert len(described(damaged)) == 3 * len(EACH)


def test_a_program_that_names_a_damaged_run_gets_its_sentence(damaged, client):
    endpoints = Runs(damaged, GivenOut())
    for run in damaged.runs.all():
        for asked in (endpoints.get_training_run, endpoints.get_confusion_matrix):
            try:
                assert asked(run.id)
            except gr.Error as error:
                assert "is damaged" in str(error) or "no answers on" in str(error), (run.id, error)
        assert run.damage is None or "is damaged" in str(run.damage)
    for name in ("/run", "/confusion"):
        with pytest.raises(gradio_client.exceptions.AppError, match="is damaged"):
            client.predict(min(described(damaged)), api_name=name)
    assert client.predict("sound", api_name="/run")["state"] == "finished"
    assert client.predict("sound", api_name="/confusion")["rows"]


def test_a_download_of_a_damaged_run_says_why(damaged, address):
    for run in damaged.runs.all():
        if run.id.startswith(("lock", "stop", "output.txt", "initial", "resume")):
            continue  # these do not leave the server
        answer = httpx.get(f"{address}download/{run.id}.zip", **PATIENCE)
        assert answer.status_code in (200, 404), run.id
        if run.damage or run.id.startswith(("events.jsonl", "predictions.npz", "epochs")):
            assert answer.status_code == 404 and "is damaged: " in answer.text, run.id
            assert run.id.partition("-")[0] in answer.text
        if run.damage or run.id.startswith("predictions.npz"):
            answer = httpx.get(f"{address}confusion/{run.id}/test/matrix.csv", **PATIENCE)
            assert answer.status_code == 404 and "is damaged: " in answer.text, run.id
    assert httpx.get(f"{address}download/sound.zip", **PATIENCE).status_code == 200
    assert httpx.get(f"{address}download/predictions-example.csv", **PATIENCE).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_train_lists_them_and_says_what_is_wrong(damaged, language):
    text, who = LANGUAGES[language], Visitor(local=True)
    value, runs = listing.rows(damaged, who, text)
    orjson.dumps(value)
    assert {"sound", "published"} <= {run.id for run in runs} and described(damaged) <= {run.id for run in runs}
    states = {run.id: row["state"] for run, row in zip(runs, value["rows"], strict=True)}
    assert states["sound"] != text("train.state.damaged")
    assert first_run(damaged, who, "", "shapes").id not in described(damaged)
    for run in runs:
        for one in (run, find_run(damaged, run.id)):
            shown = views.shown(damaged, one, ["sound"], who, text, False)
            orjson.dumps([shown.head, shown.curves])
            epoch_of(damaged, one, None, who, text)
        error = damage(run)
        assert bool(error) == (run.damage is not None or run.id.startswith("events.jsonl"))
        if error:
            assert states[run.id] == text("train.state.damaged")
            assert shown.head["note"] == sentence(error, text) and run.id.partition("-")[0] in shown.head["note"]
            assert not any(shown.buttons.values())


def test_confusion_opens_whichever_run_comes_first(damaged):
    text, who = LANGUAGES["en"], Visitor(local=True)
    offered = {run for _, run in run_choices(damaged, who, text, described(damaged))}
    assert {"sound", "published"} <= offered and not offered & described(damaged)
    timeline = TimelineHandlers(damaged, text, named_parts(TimelineParts))
    for run in offered:
        sets = set_update(damaged, run, None, text)
        steps = epoch_update(damaged, run, sets["value"], None, text)
        timeline.values(run)
        choice = Choice(run, sets["value"], steps["value"])
        if run.startswith(("events.jsonl", "predictions.npz")):
            with pytest.raises(RunError, match="is damaged"):
                chosen_answers(damaged, choice, who)
        else:
            assert chosen_answers(damaged, choice, who).matrix.total


def test_races_and_other_lists_leave_them_out(damaged):
    assert race_views.races(damaged, Visitor(local=True)) == []
    assert {one.id for one in damaged.catalogue.ready()}.isdisjoint(described(damaged))


def test_a_visitor_s_own_damaged_run_can_be_deleted_by_them(tmp_path):
    places = Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights")
    services = Services.create(places, local=False)
    made = services.manager.adopt(lambda root: make_untrained_run(root, "mine"))
    (made.run.path / "config.json").write_text("null")
    who = Visitor(keys={made.run.id: made.token})
    (row,) = listing.rows(services, who, LANGUAGES["en"])[0]["rows"]
    assert row["state"] == "damaged" and may_change(services, find_run(services, made.run.id), who)
    with pytest.raises(Refusal, match="belongs to somebody else"):
        services.manager.delete(made.run.id, "another")
    services.manager.delete(made.run.id, made.token)
    assert services.runs.all() == []
