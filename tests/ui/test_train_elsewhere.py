"""The choice of where a run trains, without a browser, against a stand-in for the Hub that executes jobs here."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import astuple, fields, replace
from types import SimpleNamespace

import pytest
from hub_api import as_the_hub
from hub_jobs import add_jobs
from job_world import TOKEN
from managed import make_places, wait_until
from named_parts import named_parts
from tiny import ENDLESS

from resnet_demo.errors import Refusal
from resnet_demo.hub.account import Account
from resnet_demo.runs.jobs import follow, parcel
from resnet_demo.runs.jobs.service import JobService
from resnet_demo.runs.ownership import write_meta
from resnet_demo.services import Services
from resnet_demo.ui.shared import data_download, hub_save, own_images
from resnet_demo.ui.shared.training_form import first_form
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train import elsewhere, views
from resnet_demo.ui.train.elsewhere import Elsewhere
from resnet_demo.ui.train.form_handlers import FormHandlers
from resnet_demo.ui.train.form_views import NAMES
from resnet_demo.ui.train.handlers import Handlers
from resnet_demo.ui.train.layout import Parts
from resnet_demo.ui.train.managing import Manage, Upload
from resnet_demo.ui.train.run_view import RunView
from resnet_demo.ui.train.views import BUTTONS

pytestmark = [pytest.mark.timeout(600), pytest.mark.skipif(os.name == "nt", reason="the stand-in's image has a shell")]

ENGLISH = LANGUAGES["en"]
HOST = {"host": "127.0.0.1:7860"}
REQUEST = SimpleNamespace(client=SimpleNamespace(host="127.0.0.1"), headers=HOST, cookies={}, query_params={})
CHOSEN = ("account", "t4-small", 30)


def section(parts: type, prefix: str) -> object:
    return parts(**{field.name: f"{prefix}.{field.name}" for field in fields(parts)})


SECTIONS = {
    "elsewhere": elsewhere.Parts, "download": data_download.Parts, "own": own_images.Parts, "manage": Manage,
    "save": hub_save.Parts, "upload": Upload,
}  # fmt: skip
PARTS = named_parts(
    Parts,
    controls={name: f"form.{name}" for name in NAMES},
    buttons={name: name for name in BUTTONS},
    **{name: section(kind, name) for name, kind in SECTIONS.items()},
)


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setattr(follow, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(parcel, "PACKAGES", ("torch",))
    with as_the_hub(monkeypatch, tmp_path / "home", TOKEN) as hub:
        hub.add_account(TOKEN, "ada")
        yield hub


@pytest.fixture
def jobs(hub, tmp_path, drawn, warm_python):
    jobs = add_jobs(hub, tmp_path / "jobs", warm_python, RESNET_DEMO_JOB_SECONDS="0.1", RESNET_DEMO_CACHE=str(drawn))
    yield jobs
    jobs.close()


@pytest.fixture
def page(jobs, tmp_path, drawn):
    """A page on the visitor's own machine: its services and handlers."""
    services = Services.create(replace(make_places(tmp_path), cache=drawn), local=True)
    first = replace(first_form(services), length=6, unit="steps", batch_size=16)
    view = RunView(services, ENGLISH, PARTS, "shapes")
    away = Elsewhere(services, ENGLISH, PARTS.elsewhere, "start")
    form, runs = FormHandlers(view, PARTS, first, away), Handlers(view, PARTS)
    yield SimpleNamespace(services=services, away=away, form=form, runs=runs, first=first)
    services.close()


def started(page, where=CHOSEN, form=None):
    values = page.form.start(REQUEST, {}, [], *where, *astuple(form or page.first))
    runs = [run for run in page.services.runs.list() if run.path.parent == page.services.places.runs]
    return values, runs


def test_the_account_is_asked_what_it_offers_and_the_cost_is_named(page):
    shown = page.away.choose("account", None, 30, REQUEST)
    assert shown["elsewhere.form"]["visible"] and not shown["elsewhere.sign_in"]["visible"]
    options = shown["elsewhere.flavor"]
    assert options["value"] == "t4-small"
    assert options["choices"][1] == ("Nvidia T4 - small, $0.40 an hour", "t4-small")
    assert "$0.40 an hour, so at most $0.20 within the time limit, charged to ada" in shown["elsewhere.cost"]
    assert shown["start"] == "Train, for at most $0.20"
    assert TOKEN not in str(shown)

    changed = page.away.price("cpu-basic", 480, shown["elsewhere.offered"])
    assert changed["start"] == "Train, for at most $0.08" and "CPU Basic" in changed["elsewhere.cost"]
    assert page.away.price("warp-drive", 30, shown["elsewhere.offered"]) == {}

    back = page.away.choose("here", "t4-small", 30, REQUEST)
    assert back["start"] == ENGLISH("train.start") and not back["elsewhere.away"]["visible"]


def test_without_a_token_it_says_how_to_have_one(page, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    shown = page.away.choose("account", None, 30, REQUEST)
    assert not shown["elsewhere.form"]["visible"] and "hf auth login" in shown["elsewhere.status"]["text"]
    assert started(page)[1] == []


def test_on_a_space_somebody_signs_in_and_allows_jobs_first(page):
    """Signed in for something else is not enough: saving needs no jobs."""
    signed_in: dict = {}
    hub = SimpleNamespace(oauth=True, account=signed_in.get)
    away = Elsewhere(replace(page.services, hub=hub, local=False), ENGLISH, PARTS.elsewhere, "start")
    request = SimpleNamespace(**{**vars(REQUEST), "cookies": {"resnet_demo_hub": "number"}})
    for scopes in (None, frozenset({"contribute-repos"})):
        if scopes:
            signed_in["number"] = Account("ada", TOKEN, ("ada",), scopes=scopes)
        shown = away.choose("account", None, 30, request)
        assert shown["elsewhere.sign_in"]["visible"] and "for=jobs" in shown["elsewhere.sign_in"]["link"]
        assert not shown["elsewhere.form"]["visible"] and "start jobs" in shown["elsewhere.who"]
        with pytest.raises(Refusal):
            away.executor(*CHOSEN, request)
    signed_in["number"] = Account("ada", TOKEN, ("ada",), scopes=frozenset({"contribute-repos", "jobs"}))
    assert away.choose("account", None, 30, request)["elsewhere.form"]["visible"]
    assert away.executor(*CHOSEN, request).account.name == "ada"


def test_without_a_network_it_says_so(page, hub):
    hub.down = True
    shown = page.away.choose("account", None, 30, REQUEST)
    assert not shown["elsewhere.form"]["visible"] and shown["elsewhere.status"]["error"]


def test_another_page_in_the_browser_starts_nothing(page):
    other = SimpleNamespace(**{**vars(REQUEST), "headers": {**HOST, "sec-fetch-site": "cross-site"}})
    values = page.form.start(other, {}, [], *CHOSEN, *astuple(page.first))
    assert values["form_status"]["error"] and not page.services.manager.queue.training()


def test_a_run_in_a_job_is_looked_at_like_any_other_and_followed_by_the_next_server(page, jobs, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    values, (run,) = started(page, CHOSEN, replace(page.first, **ENDLESS))
    assert values["form_status"]["text"] == "" and values["current"] == run.id
    assert jobs.jobs == [] or jobs.jobs[0].spec["flavor"] == "t4-small"
    # the page may be closed meanwhile: nothing of this depends on it
    answer = wait_until(lambda: (new := page.services.tails.poll({"runs": {run.id: 0}})[run.id])["epochs"] and new)
    assert answer["state"] == "running" and answer["points"]
    assert jobs.jobs[0].spec["timeoutSeconds"] == 1800
    head = views.head(page.services, run, True, None, ENGLISH)
    assert "in a Hugging Face job (t4-small)" in head["facts"]
    assert "t4-small" not in str(views.head(page.services, run, False, None, ENGLISH))

    page.services.manager.close()
    services = Services.create(page.services.places, local=True)
    runs = Handlers(RunView(services, ENGLISH, PARTS, "shapes"), PARTS)
    assert services.manager.status(run.id).state == "interrupted"
    monkeypatch.delenv("HF_TOKEN")
    assert "hf auth login" in runs.resume(run.id, {}, REQUEST)["run_status"]["text"]
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    step = run.last_report().step
    assert runs.resume(run.id, {}, REQUEST)["run_status"]["text"] == ""
    wait_until(lambda: run.last_report().step > step)
    assert len(jobs.jobs) == 1
    services.manager.stop(run.id, None)
    wait_until(lambda: services.manager.status(run.id).state == "stopped")
    services.close()
    assert TOKEN not in str(values) + caplog.text


def test_here_is_here_and_the_button_beside_a_run_costs_nothing(page, jobs):
    _, (run,) = started(page, ("here", "t4-small", 30))
    wait_until(lambda: page.services.manager.status(run.id).state == "finished")
    page.form.start_here(REQUEST, {}, [], *astuple(page.first))
    assert jobs.jobs == []


@pytest.mark.parametrize(
    ("flavor", "minutes"), [("warp-drive", 30), ("t4-small", 9999), (None, 30), ("t4-small", "30")]
)
def test_what_the_page_does_not_offer_is_refused(page, jobs, flavor, minutes):
    values, runs = started(page, ("account", flavor, minutes))
    assert values["form_status"]["error"] and runs == [] and jobs.jobs == []


def test_stop_and_resume_in_a_job_from_the_page(page, jobs):
    endless = replace(page.first, **ENDLESS)
    _, (run,) = started(page, ("here", "", 0), endless)
    wait_until(run.last_report)
    page.runs.stop(run.id, {}, REQUEST)
    wait_until(lambda: page.services.manager.status(run.id).state == "stopped")
    step = run.last_report().step

    assert not page.away.resume(run.id, {}, *CHOSEN, REQUEST)["elsewhere.status"]["error"]
    wait_until(lambda: run.last_report().step > step)
    assert len(jobs.jobs) == 1
    page.runs.stop(run.id, {}, REQUEST)
    wait_until(lambda: page.services.manager.status(run.id).state == "stopped")


def test_a_run_says_where_it_trains_before_its_job_has_been_started(page, jobs, monkeypatch):
    reached, go_on, send = threading.Event(), threading.Event(), JobService.send

    def slow(*given) -> str:
        reached.set()
        assert go_on.wait(60)
        return send(*given)

    def facts() -> str:
        return str(views.head(page.services, run, True, None, ENGLISH)["facts"])

    monkeypatch.setattr(JobService, "send", slow)
    _, (run,) = started(page, CHOSEN)
    assert "in a Hugging Face job (t4-small)" in facts()
    assert reached.wait(60) and run.meta["job"]["left"]
    assert "in a Hugging Face job (t4-small)" in facts() and "please delete" not in facts()
    jobs.refusal = 402
    go_on.set()
    wait_until(lambda: page.services.manager.status(run.id).state == "failed")
    assert "Hugging Face job" not in facts() and not run.meta["job"]["left"]

    write_meta(run, job={"id": "1", "flavor": "t4-small", "open": False})  # of an earlier one
    said = page.away.resume(run.id, {}, "account", "cpu-basic", 30, REQUEST)["elsewhere.status"]
    assert not said["error"], said
    wait_until(lambda: not run.meta["job"]["id"] and page.services.manager.status(run.id).state == "failed")
    wait_until(lambda: "in a Hugging Face job (t4-small)" in facts())


def test_a_repository_that_stays_is_named_to_its_owner(page, tmp_path):
    _, (run,) = started(page, ("here", "", 0))
    wait_until(lambda: page.services.manager.status(run.id).state == "finished")
    write_meta(run, job={"id": "1", "flavor": "t4-small", "repository": "ada/left", "left": True, "open": False})
    assert (
        "left in your account, please delete: ada/left" in views.head(page.services, run, True, None, ENGLISH)["facts"]
    )
    assert "ada/left" not in str(views.head(page.services, run, False, None, ENGLISH))
