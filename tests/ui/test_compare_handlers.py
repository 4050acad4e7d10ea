"""The tab Compare answers without a browser: what the handlers of each section fill, and what they leave alone."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from compared_runs import make_compared_runs
from made_published import make_published
from made_race import make_race
from made_recorded import make_recorded
from made_runs import NASTY, photograph, shapes_dataset, write_weights
from named_parts import named_parts
from small_page import idle_services

from resnet_demo.benchmarks.latency import Latency
from resnet_demo.data.errors import DataError
from resnet_demo.engine.events import RunFinished
from resnet_demo.engine.reasons import because
from resnet_demo.errors import Refusal
from resnet_demo.places import Places
from resnet_demo.runs.files import PREDICTIONS
from resnet_demo.runs.ownership import write_meta
from resnet_demo.runs.queue.standing import SubmittedRace
from resnet_demo.services import Services
from resnet_demo.ui.compare import agreement, depth, published, race, shortcuts
from resnet_demo.ui.compare.agreement.answers import ChosenImage
from resnet_demo.ui.compare.agreement.comparisons import PublishedComparisons
from resnet_demo.ui.compare.depth import gradients
from resnet_demo.ui.compare.race.form import NAMES, NUMBERS
from resnet_demo.ui.compare.shortcuts.example import NUMBERS as X
from resnet_demo.ui.compare.shortcuts.example_views import spelled
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.shared.training_form import first_form
from resnet_demo.ui.text import LANGUAGES

ENGLISH = LANGUAGES["en"]
REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="127.0.0.1"))
DIVERGED = RunFinished("failed", 60, 3.0, **because("ended.loss", step=60, lr=100.0))


def event(**values):
    """An event of a component with this data."""
    return SimpleNamespace(**values)


def column(table, key):
    """The words of a column of a table."""
    return [row[key]["text"] if isinstance(row[key], dict) else row[key] for row in table["rows"]]


# --- what A, B and C do


@pytest.fixture
def what_they_do():
    return shortcuts.handlers.Handlers(ENGLISH, named_parts(shortcuts.layout.Parts))


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_cards_costs_and_the_example_come_in_the_language_of_the_page(text):
    values = shortcuts.handlers.Handlers(text, named_parts(shortcuts.layout.Parts)).mount()
    assert [card["title"] for card in values["cards"]["cards"]] == [text(f"shortcuts.{one}") for one in "ABC"]
    assert values["costs"]["rows"] and values["example"]["option"] == "A"
    assert values["example"]["titles"]["x"][0] == text("shortcuts.step.x")


def test_a_block_is_opened_stepped_through_and_closed(what_they_do):
    values = what_they_do.open_block(event(index="C", value="layer2.1"))
    assert values["cards"]["open"] == ["C", "layer2.1"] and values["option"] == "C" and values["panel"]["sources"]
    values = what_they_do.step(event(name="layer2.0"), "C")
    assert values["cards"]["open"] == ["C", "layer2.0"] and values["option"] == "C"
    for option, name in (("C", None), ("D", "layer2.0"), ("A", "layer9.0")):
        values = what_they_do.open_block(event(index=option, value=name))
        assert values["panel"] is values["cards"]["open"] is None
    assert what_they_do.close_block() == {"cards": values["cards"], "panel": None}


def test_numbers_are_computed_refused_or_begin_anew(what_they_do):
    typed = {"option": "A", "place": "identity", "x": spelled(X), "turn": 7}
    values = what_they_do.edit(event(_data=typed))["example"]
    assert values["out"] == spelled(X) and values["turn"] == 7
    typed["x"][0][0][0] = "many"
    assert what_they_do.edit(event(_data=typed))["example"]["wrong"] == ["x", 0, 0, 0]
    assert what_they_do.edit(event(_data=None))["example"]["option"] == "A"


# --- published runs


def of_published(services, **nested):
    parts = named_parts(published.layout.Parts, **nested)
    return published.handlers.Handlers(services, ENGLISH, parts)


def comparison_of(handlers, epochs):
    """The title of the comparison of runs of this length."""
    return next(one for one in handlers.mount()["which"]["choices"] if f"{epochs} epochs" in one)


@pytest.fixture
def compared(tmp_path):
    """Services with short runs of two seeds each, of three variants, and single ones of full length."""
    services = idle_services(tmp_path)
    for shortcut, seeds in {"A": (800, 802), "B": (850, 853), "none": (760, 764)}.items():
        for seed, right in enumerate(seeds):
            name = f"{shortcut}-{seed}"
            make_published(services.places.weights, name, shortcut=shortcut, seed=seed, right=right, epochs=5.0)
        long = {"right": seeds[0] + 50, "epochs": 30.0}
        make_published(services.places.weights, f"{shortcut}-long", shortcut=shortcut, **long)
    return services


def test_the_comparison_of_the_most_seeds_comes_first_and_full_runs_are_another(compared):
    handlers = of_published(compared)
    values = handlers.mount()
    assert values["which"]["visible"] and values["which"]["value"] == values["which"]["choices"][0]
    assert column(values["costs"], "network") == ["ResNet-8 A", "ResNet-8 B", "Plain-8"]
    assert column(values["costs"], "test")[0] == "80.10 ± 0.14 %" and column(values["costs"], "weights") == ["none"] * 3
    assert values["about"]["text"] == ENGLISH("comparison.short")
    assert ENGLISH("comparison.networks.hint") in values["models_note"]["text"]
    full = handlers.choose(comparison_of(handlers, 30))
    assert column(full["costs"], "network") == column(values["costs"], "network")
    assert column(full["costs"], "test") == ["85.00 %", "90.00 %", "81.00 %"]  # n = 1: no standard deviation
    assert "n = 1" in full["verdicts"] and full["decided"]["visible"] is False and full["about"]["text"] == ""


def test_the_largest_difference_is_the_first_sentence(compared):
    for shortcut, right in (("A", 804), ("B", 854), ("none", 759)):
        made = {"shortcut": shortcut, "seed": 2, "right": right, "epochs": 5.0}
        make_published(compared.places.weights, f"{shortcut}-2", **made)
    first, second, third, costs = re.findall("<li>(.*?)</li>", of_published(compared).mount()["findings"])
    assert first == "B beats plain by 9.1 points (3 seeds)." and second.startswith("B beats A by 5.0 points")
    assert third.startswith("A beats plain by 4.1 points") and costs.startswith("Parameters: A ")


def test_what_few_seeds_show_is_not_tested(compared):
    findings = of_published(compared).mount()["findings"]
    assert "B is 8.9 points ahead of plain (2 seeds, not tested)." in findings and "beats" not in findings


def test_without_published_runs_one_sentence_says_so(tmp_path):
    values = of_published(idle_services(tmp_path)).mount()
    assert ENGLISH("comparison.none") in values["findings"] and values["which"]["visible"] is False
    assert values["measure"]["visible"] is values["decided"]["visible"] is False
    assert values["chart"] == {} and values["costs"] is None


def test_another_comparison_is_chosen_and_one_that_is_gone_is_empty(compared):
    handlers = of_published(compared)
    assert column(handlers.choose(comparison_of(handlers, 30))["costs"], "test")[0] == "85.00 %"
    for gone in ("gone", None, 3, ["gone"]):
        assert handlers.choose(gone)["costs"] is None


def test_latency_is_measured_and_stands_in_the_table(compared, monkeypatch):
    latency = Latency((2.0, 9.0, 3.0))
    monkeypatch.setattr(published.handlers, "measure_latency", lambda specs: [latency for _ in specs])
    handlers = of_published(compared)
    first, last = handlers.measure(comparison_of(handlers, 30))
    assert set(first) == {"measure", "measured"} and not first["measure"]["interactive"]
    assert last["measure"]["interactive"] and "median of 15 rounds" in last["measured"]["text"]
    assert column(last["costs"], "latency") == ["3.00 ms (2.00 to 9.00)"] * 3
    assert list(handlers.measure("gone")) == []


def test_a_pair_opens_in_confusion_and_damaged_predictions_are_named(compared):
    handlers = of_published(compared)
    title = comparison_of(handlers, 30)
    values = handlers.open_pair(event(index=0), title)
    assert set(values) == {"tabs", "confusion"}
    assert (values["confusion"]["run"], values["confusion"]["other"]) == ("B-long", "A-long")
    assert handlers.open_pair(event(index=99), title) == handlers.open_pair(event(index=0), "gone") == {}
    (compared.places.weights / "A-long" / PREDICTIONS).write_bytes(b"nothing")
    assert handlers.open_pair(event(index=0), title) == {}
    values = handlers.choose(title)
    assert values["models_note"]["error"] and not values["models"]["rows"] and values["costs"]["rows"]


def test_where_there_is_no_confusion_no_row_is_said_to_open_it(compared):
    values = of_published(compared, confusion=None).mount()
    assert ENGLISH("comparison.networks.hint") not in values["models_note"]["text"]


# --- the race


@pytest.fixture
def services(tmp_path, monkeypatch):
    """Services of one's own machine that start no process."""
    places = Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights")
    services = Services.create(places, local=True)
    monkeypatch.setattr(services.manager, "warm_up", lambda: None)
    return services


@pytest.fixture
def racing(services):
    return of_race(services)


def of_race(services):
    parts = named_parts(race.layout.Parts, controls={name: name for name in NAMES})
    return race.handlers.Handlers(services, ENGLISH, parts, first_form(services))


def asked(**changes):
    """Values of the form, in their order."""
    usual = {
        "variants": ["A", "B"], "data": "shapes", "depth": 8, "length": 30, "unit": "steps", "batch_size": 16,
        "lr": 0.1, "seed": 7,
    }  # fmt: skip
    return (usual | changes).values()


def test_without_a_race_there_is_the_form_to_begin_with(racing):
    values = racing.mount(event(_data=None), None, REQUEST)
    first = race.form.beginning()
    assert {name: values[name]["value"] for name in NAMES} == asdict(first) | {"variants": list(first.variants)}
    assert first.problems(ENGLISH) == {} and values["form_notice"]["text"] == ""
    assert values["head"]["title"] == ENGLISH("race.empty") and values["current"] == "" and values["members"] is None
    assert not any(values[name]["visible"] for name in ("stop", "resume", "to_classify", "to_confusion", "pair"))
    assert values["clock"]["active"] is False and values["equal"]["text"] == values["about"]["text"] == ""


def test_before_a_race_recorded_runs_are_shown(racing, services):
    for name in ("resnet20", "plain20", "resnet56", "plain56"):
        make_recorded(services.places.weights, name, fingerprint="recorded")
    values = racing.mount(event(_data=None), None, REQUEST)
    assert values["head"]["title"] == "Recorded: ResNet-56 A · Plain-56" and values["members"] is None
    assert [run["style"] for run in values["curves"]["runs"]] == ["A", "plain"] and not values["clock"]["active"]


def test_an_address_shows_a_race_and_its_settings_or_says_that_it_is_gone(racing, services):
    runs = make_race(services.places.runs, "race-failed", ("A", "B", "none"), {"A": DIVERGED})
    write_meta(runs[1], name=NASTY)
    values = racing.mount(event(_data={"race": "race-failed"}), None, REQUEST)
    assert values["variants"]["value"] == ["A", "B", "none"] and values["data"]["value"] == "shapes"
    assert "ResNet-8 A: The loss had values that are not finite numbers" in values["failed"]["text"]
    assert column(values["members"], "network")[1] == NASTY
    assert column(values["members"], "state") == ["failed", "finished", "finished"]
    assert [run["id"] for run in values["curves"]["runs"]] == [runs[1].id, runs[2].id, runs[0].id]
    assert values["resume"]["visible"] is False and "n = 1" in values["about"]["text"]
    gone = racing.mount(event(_data={"race": "race-gone"}), None, REQUEST)
    assert gone["form_notice"]["text"] == ENGLISH("race.gone") and gone["form_notice"]["error"]


def test_another_race_is_shown_with_the_pairs_that_have_weights(racing, services):
    runs = make_race(services.places.runs, "race-1", ("A", "B", "C"))
    for run in runs[:2]:
        write_weights(run, seed=0)
    make_race(services.places.runs, "race-2")
    kept = {run.id: "" for run in services.runs.list()}
    values = racing.look_at("race-1", kept, REQUEST)
    assert values["current"] == values["earlier"]["value"] == "race-1" and values["earlier"]["visible"]
    pair = f"{runs[1].id} {runs[0].id}"
    assert values["pair"]["choices"] == [("ResNet-8 B − ResNet-8 A", pair)] and values["pair"]["value"] == pair
    assert values["to_classify"]["visible"] and values["to_confusion"]["visible"]


def test_another_state_leaves_the_curves_and_the_chosen_pair(racing, services):
    runs = make_race(services.places.runs, "race-1", ("A", "B", "C"))
    for run in runs:
        write_weights(run, seed=0)
    values = racing.refresh("race-1", None, f"{runs[2].id} {runs[0].id}", REQUEST)
    assert not {"curves", "differences", "earlier", "current"} & set(values) and "value" not in values["pair"]
    assert racing.refresh("race-1", None, "gone gone", REQUEST)["pair"]["value"] == values["pair"]["choices"][0][1]
    make_race(services.places.runs, "race-2", ("A", "B"), {"A": DIVERGED})
    assert racing.refresh("race-2", None, None, REQUEST)["curves"]["runs"]  # of one that has not failed first


def test_logs_are_read_for_proofs_until_epochs_end(racing, services):
    make_race(services.places.runs, "race-1")
    logged = {"failed", "members", "about", "clock"}
    assert set(racing.end_epoch("race-1")) == {*logged, "equal"} and set(racing.follow("race-1")) == logged
    early = RunFinished("stopped", 20, 1.0)
    make_race(services.places.runs, "race-2", ("A", "B"), {"A": early, "B": early})
    assert "equal" in racing.follow("race-2") and racing.follow("gone")["members"] is None
    for handler in (racing.refresh, racing.end_epoch, racing.follow):
        assert handler.is_background


def test_a_form_with_problems_starts_nothing(racing, services, monkeypatch):
    monkeypatch.setattr(race.handlers, "launch", lambda *_: pytest.fail("started all the same"))
    values = racing.start(REQUEST, None, *asked(variants=["B"], length=-3))
    assert values["form_notice"] == {"text": ENGLISH("race.few"), "error": True}
    assert values["length"]["info"] == "✗ a whole number from 1 to 10,000,000"
    assert set(values) == {"form_notice", *NUMBERS}
    values = racing.start(REQUEST, None, *asked(length=-3))
    assert values["form_notice"]["text"] == ENGLISH("train.wrong.form") and set(values) == {"form_notice", *NUMBERS}


def test_a_race_that_is_refused_says_why(racing):
    values = racing.start(REQUEST, None, *asked(data="own:gone"))
    assert values["form_notice"]["error"] and set(values) == {"form_notice", *NUMBERS}


def test_a_race_is_started_shown_and_remembered(racing, services, monkeypatch):
    runs = make_race(services.places.runs, "race-1", ("A", "B"))
    made = SubmittedRace("race-1", tuple(runs), "a token")
    monkeypatch.setattr(race.handlers, "launch", lambda *_: made)
    values = racing.start(REQUEST, {"other": "key"}, *asked())
    assert values["kept"] == {"other": "key", **{run.id: "a token" for run in runs}}
    assert values["current"] == "race-1" and values["form_notice"]["text"] == "" and "variants" not in values
    assert racing.judge(*asked(lr=None))["lr"]["elem_classes"] == ["wrong"]
    assert set(racing.judge(*asked())) == set(NUMBERS)


def test_a_race_is_stopped_and_resumed_through_any_of_its_members(racing, services, monkeypatch):
    runs, acts = make_race(services.places.runs, "race-1", ("A", "B")), []
    monkeypatch.setattr(services.manager, "stop", lambda run, key: acts.append(("stop", run)))
    monkeypatch.setattr(services.manager, "resume", lambda run, key, address: acts.append(("resume", run)))
    assert racing.stop("race-1", None, REQUEST) == racing.resume("race-1", None, REQUEST)
    assert acts == [("stop", runs[0].id), ("resume", runs[0].id)]
    assert racing.stop("gone", None, REQUEST)["race_notice"]["text"] == ENGLISH("race.gone")

    def refuse(*_):
        raise Refusal("finished", name=runs[0].id)

    monkeypatch.setattr(services.manager, "resume", refuse)
    notice = racing.resume("race-1", None, REQUEST)["race_notice"]
    assert notice["error"] and notice["text"]


def test_a_race_has_a_link_and_leads_to_classify_and_confusion(racing, services):
    a, b = make_race(services.places.runs, "race-1", ("A", "B"))
    write_weights(a, seed=0)
    link = racing.share(event(address="http://demo.org/?tab=train"), "race-1")["link"]
    assert link["address"] == "http://demo.org/?tab=compare&part=race&race=race-1" and link["code"]
    assert racing.share(event(address="http://demo.org/"), "") == {"link": {}}
    values = racing.open_classify("race-1", None, REQUEST)
    assert values["tabs"]["selected"] == "classify" and values["models"]["value"] == [a.id]
    assert a.id in [one for _, one in values["models"]["choices"]]
    values = racing.open_confusion(f"{b.id} {a.id}")
    assert (values["confusion"]["run"], values["confusion"]["other"]) == (b.id, a.id) and "tabs" in values
    assert racing.open_confusion(None) == racing.open_confusion("one") == {}


# --- one image, all variants


@pytest.fixture(scope="module")
def trained(tmp_path_factory, few_shapes):
    """Services with published runs of A, B and plain on shapes."""
    root = tmp_path_factory.mktemp("compared")
    places = Places(data=None, cache=few_shapes(root / "cache"), runs=root / "runs", weights=root / "weights")
    make_compared_runs(root / "sources", places.weights)
    return Services.create(places, local=True)


def of_agreement(services):
    parts, samples = named_parts(agreement.layout.Parts), agreement.handlers.fitting_samples(services)
    published = PublishedComparisons(services.runs)
    return agreement.handlers.Handlers(services, ENGLISH, parts, published, samples)


@pytest.fixture
def agreeing(trained):
    return of_agreement(trained)


@pytest.fixture
def key(agreeing):
    return agreeing.mount()["which"]["value"]


def test_the_first_sample_is_answered_and_the_gallery_is_there_before_an_image_is_chosen(agreeing):
    values = agreeing.mount()
    ((title, key),) = values["which"]["choices"]
    assert title.endswith("A, B, plain") and values["which"]["value"] == key
    assert len(values["answers"]["networks"]) == 3 and values["image"].path == str(agreeing.samples[0].path)
    assert values["only"]["value"] == "A" and len(values["only"]["choices"]) == 3 and values["summary"]["text"]
    assert values["page"] == 0 and values["previous"]["visible"] is False


def test_without_published_models_one_sentence_says_so(tmp_path):
    values = of_agreement(idle_services(tmp_path)).mount()
    assert values["answers"] == {"message": ENGLISH("agreement.none")} and values["which"]["choices"] == []
    assert values["only"]["visible"] is False and values["strip"] == {} and values["rows"] is None


def test_a_sample_is_answered_and_explained(agreeing, key):
    values = agreeing.take_sample(event(index=0), "gone")
    assert values["which"] == key and len(values["answers"]["networks"]) == 3 and values["overlays"] == {}
    assert agreeing.samples[0].data == "shapes" and values["image"].path == str(agreeing.samples[0].path)
    maps = agreeing.explain(key, values["image"], values["class_index"])["overlays"]
    assert [item["title"] for item in maps["items"]] == ["A", "B", "plain"]
    other = agreeing.choose_class(event(index=3), key, values["image"])
    assert other["class_index"] == 3 and other["overlays"]["title"] != maps["title"]
    for nothing in ((None, values["image"], 1), (key, None, 1), (key, values["image"], None)):
        assert agreeing.explain(*nothing) == {"overlays": {}}


def test_an_upload_is_answered_or_refused_in_a_sentence(agreeing, key, tmp_path):
    good, bad = tmp_path / f"{NASTY[:8]}.jpg", tmp_path / "notes.jpg"
    good.write_bytes(photograph())
    bad.write_bytes(b"not an image")
    values = agreeing.take_upload(str(good), key)
    assert values["answers"]["caption"] == good.name and values["class_index"] in range(10)
    values = agreeing.take_upload(str(bad), key)
    assert values["answers"]["error"] and values["image"] is values["class_index"] is None
    assert "message" in agreeing.explain(key, ChosenImage(str(bad)), 0)["overlays"]
    assert agreeing.take_upload(None, key)["answers"] == {"message": ENGLISH("agreement.empty")}


def test_an_image_of_the_gallery_has_a_label_and_one_model_that_is_right(agreeing, key):
    shown = agreeing.published.gallery(key)
    model = max(shown.keys, key=lambda one: len(shown.only(one)))
    page = agreeing.choose_model(key, model)
    position = page["strip"]["items"][0]["index"]
    values = agreeing.take_test_image(event(index=position), key)
    assert values["class_index"] == shown.labels[position] and values["image"].position == position
    right = [network["option"] for network in values["answers"]["networks"] if network["right"]]
    assert right == [model]
    gone = agreeing.take_test_image(event(index=10**6), key)
    assert gone["answers"] == {"message": ENGLISH("agreement.gone"), "error": True}
    assert agreeing.explain(key, ChosenImage(position=-1), 0) == {"overlays": {}}


def test_pages_end_where_the_images_end(agreeing, key):
    for page, turn in ((-5, agreeing.previous_page), (500, agreeing.next_page)):
        values = turn(key, "A", page)
        assert values["page"] in (0, max(0, -(-len(agreeing.published.gallery(key).only("A")) // 24) - 1))
    assert agreeing.choose_model("gone", "A")["strip"] == {}
    assert agreeing.choose_model(key, "gone")["strip"]["items"] == []


def test_another_comparison_keeps_a_file_and_forgets_a_position(agreeing, key):
    sample = ChosenImage(str(SAMPLES[-1].path))
    assert agreeing.choose_comparison(key, sample)["image"] == sample
    assert agreeing.choose_comparison(key, ChosenImage(position=0))["image"] is None
    assert agreeing.choose_comparison("gone", sample)["answers"] == {"message": ENGLISH("agreement.none")}


def test_models_without_weights_or_with_damaged_predictions_have_a_sentence(tmp_path, few_shapes):
    services = idle_services(tmp_path)
    few_shapes(services.places.cache)
    for shortcut in "AB":
        make_published(services.places.weights, shortcut, shortcut=shortcut)
    values = of_agreement(services).mount()
    assert values["answers"] == {"message": ENGLISH("agreement.weightless")} and values["rows"]
    (services.places.weights / "A" / PREDICTIONS).write_bytes(b"nothing")
    values = of_agreement(services).mount()
    assert values["summary"]["error"] and values["only"]["visible"] is False and values["strip"] == {}


# --- deeper networks


@pytest.fixture
def recorded(tmp_path):
    """Services with recorded runs of two depths."""
    services = idle_services(tmp_path)
    for name in ("resnet20", "resnet56", "plain20", "plain56"):
        make_recorded(services.places.weights, name, fingerprint="recorded")
    return services


def of_depth(services):
    return depth.handlers.Handlers(services, ENGLISH, named_parts(depth.layout.Parts))


def test_recorded_runs_are_shown_and_one_is_played_back(recorded):
    handlers = of_depth(recorded)
    values = handlers.mount()
    assert values["recorded"]["visible"] and values["unnormalised"]["visible"] is False
    assert [line["name"] for line in values["duel"]["panels"][0]["lines"]] == ["ResNet-56 A", "Plain-56"]
    assert column(values["errors"], "network") == ["ResNet-20 A", "ResNet-56 A", "Plain-20", "Plain-56"]
    choices = [run for _, run in values["replay"]["choices"]]
    assert len(choices) == 5 and values["replay"]["value"] == choices[0] == "" and values["curves"]["replay"] is None
    assert handlers.play(choices[4])["curves"]["replay"] == choices[4]
    assert handlers.play("gone")["curves"]["replay"] is handlers.play("")["curves"]["replay"] is None


def test_runs_without_normalisation_stand_below(recorded):
    for name in ("resnet20", "plain20", "plain56"):
        make_recorded(recorded.places.weights, name, epochs=1, lr=1e-5, norm="none")
    values = of_depth(recorded).mount()
    assert values["unnormalised"]["visible"] and "1e-05" in values["unnormalised_runs"]["text"]
    assert len(values["unnormalised_errors"]["rows"]) == 3 and len(values["unnormalised_course"]["panels"]) == 2


def test_without_recorded_runs_one_sentence_says_so(tmp_path):
    values = of_depth(idle_services(tmp_path)).mount()
    assert values["answer"]["text"] == ENGLISH("degradation.empty") and values["recorded"]["visible"] is False
    assert values["curves"]["runs"] == [] and "replay" not in values and values["norms_note"]["text"]


def test_gradients_are_measured_one_network_after_another(recorded, monkeypatch):
    monkeypatch.setattr(gradients, "SPECS", tuple(product(gradients.NORMS, ("resnet8", "plain8"))))
    monkeypatch.setattr(gradients, "IMAGES", 8)
    monkeypatch.setattr(gradients, "load_dataset", lambda **_: shapes_dataset(20, 10))
    monkeypatch.setattr(recorded.preparing, "begin", lambda **_: None)
    handlers = of_depth(recorded)
    first, *going, last = handlers.measure()
    assert first["measure"]["interactive"] is False and first["norms"] == [] and "norms_chart" not in first
    assert len(going) == 4 and all(set(one) == {"progress", "norms_chart"} for one in going)
    assert last["measure"]["interactive"] and len(last["norms"]) == 4 and "Measured on" in last["progress"]["text"]
    values = handlers.list_norms(last["norms"])
    assert values["measured"]["visible"] and len(values["norms_table"]["rows"]) == 4
    assert np.isfinite([one.total for one in last["norms"][:2]]).all()


def test_without_the_images_nothing_is_measured_and_it_says_why(recorded, monkeypatch):
    def fail(**_):
        raise DataError("download.refused", host="huggingface.co", name="CIFAR-10", status=503)

    monkeypatch.setattr(gradients, "load_dataset", fail)
    monkeypatch.setattr(recorded.preparing, "begin", lambda **_: None)
    handlers = of_depth(recorded)
    *_, last = handlers.measure()
    sentence = LANGUAGES["en"]("error.download.refused", host="huggingface.co", name="CIFAR-10", status=503)
    assert last["progress"] == {"text": sentence, "error": True} and last["norms"] == []
    assert last["measure"]["interactive"] and handlers.list_norms([])["measured"]["visible"] is False
