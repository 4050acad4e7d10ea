"""The part on the inside of a model without a browser: what each handler fills, and what it refuses."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_runs import make_trained_run, shapes_dataset
from named_parts import named_parts
from PIL import Image
from small_page import idle_services

from resnet_demo.inference.classify import classify
from resnet_demo.inside.occlusion import COVERS
from resnet_demo.models import ModelSpec
from resnet_demo.ui.components.brush import mask_of
from resnet_demo.ui.networks.inside import surface_handlers
from resnet_demo.ui.networks.inside.evidence_handlers import EvidenceHandlers
from resnet_demo.ui.networks.inside.evidence_layout import EvidenceParts
from resnet_demo.ui.networks.inside.handlers import Handlers
from resnet_demo.ui.networks.inside.layout import Parts
from resnet_demo.ui.networks.inside.measure_handlers import MeasureHandlers
from resnet_demo.ui.networks.inside.surface_handlers import SurfaceHandlers
from resnet_demo.ui.networks.inside.surface_layout import SurfaceParts
from resnet_demo.ui.shared.inside_link import look_inside
from resnet_demo.ui.shared.progress import Watched
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.text import LANGUAGES

TEXT = LANGUAGES["en"]
KEPT = {"trained": "", "plain": ""}
REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="127.0.0.1"))
STAR = next(one for one in SAMPLES if one.name == "star")
CUT = "layer1.0.shortcut"


@pytest.fixture(scope="module")
def services(tmp_path_factory, all_shapes):
    """Services with the trained run "trained" and the plain "plain", on `shapes`, for which nothing waits."""
    services = idle_services(tmp_path_factory.mktemp("inside"))
    make_trained_run(services.places.runs, "trained")
    plain = ModelSpec.from_name("plain8", num_classes=len(shapes_dataset().classes))
    make_trained_run(services.places.runs, "plain", model=plain)
    all_shapes(services.places.cache)
    return services


@pytest.fixture
def handlers(services):
    return Handlers(services, TEXT, named_parts(Parts))


@pytest.fixture
def measure(services):
    return MeasureHandlers(services, TEXT, named_parts(Parts))


@pytest.fixture
def evidence(services):
    return EvidenceHandlers(services, TEXT, named_parts(EvidenceParts))


def event(**values):
    return SimpleNamespace(_data=values, **values)


def question(cuts=(), index=None, model="trained", path=str(STAR.path)):
    return model, path, list(cuts), index


def test_the_part_opens_with_a_model_and_an_image_that_it_knows(handlers):
    values = handlers.mount(event(), KEPT, REQUEST)
    model = values["model"]["value"]
    assert model in ("trained", "plain") and Path(values["path"]).parent.name == "shapes" and values["cuts"] == []
    assert len(values["answer"]["cards"]) == 1 and values["answer"]["groups"] == []


def test_an_address_opens_the_same_view(handlers):
    first = handlers.mount(event(model="trained", image="star", cuts=f"{CUT},layer2.0.branch"), KEPT, REQUEST)
    assert first["model"]["value"] == "trained" and first["path"] == str(STAR.path)
    assert first["cuts"] == [CUT, "layer2.0.branch"]
    assert first["address"] == {"model": "trained", "image": "star", "cuts": f"{CUT},layer2.0.branch"}
    assert handlers.mount(event(**first["address"]), KEPT, REQUEST)["answer"] == first["answer"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": "no"},
        {"cuts": "layer9.0.shortcut"},
        {"image": "unicorn"},
        {"path": "/etc/hosts"},
        {"cuts": ["x"]},
    ],
)
def test_an_address_opens_nothing_that_it_may_not(handlers, wrong):
    values = handlers.mount(event(**wrong), KEPT, REQUEST)
    assert values["cuts"] == [] and Path(values["path"]).parent.name == "shapes" and values["answer"]["cards"]


def test_another_tab_opens_an_image_in_a_model(handlers, tmp_path):
    path = tmp_path / "mine.png"
    Image.new("RGB", (40, 40), "red").save(path)
    values = handlers.follow(look_inside(str(path), "trained"), KEPT, REQUEST)
    assert values["path"] == str(path) and values["model"]["value"] == "trained"
    assert values["address"]["image"] is None and handlers.follow(None, KEPT, REQUEST) == {}


def test_cuts_change_the_answer_and_leave_the_model_as_it_is(handlers, services):
    before = handlers.choose_model(*question())["answer"]
    cut = handlers.cut(event(cuts=[CUT]), *question())
    trained, without = cut["answer"]["cards"]
    assert trained["rows"] == before["cards"][0]["rows"] != without["rows"]
    assert {row["label"] for row in cut["answer"]["groups"]} >= {row["label"] for row in without["rows"]}
    assert cut["cuts"] == [CUT] and cut["address"]["cuts"] == CUT
    classifier, image = services.catalogue.get("trained"), Image.open(STAR.path).convert("RGB")
    assert without["rows"][0]["probability"] == classify(image, classifier, services.store, cuts=[CUT]).confidence
    assert handlers.choose_model(*question(cuts=[CUT]))["answer"] == before  # another model begins with nothing cut


def test_a_cut_that_does_not_exist_is_a_sentence(handlers):
    values = handlers.cut(event(cuts=["layer9.0.shortcut"]), *question())
    assert values["answer"]["error"] and "layer9.0.shortcut" in values["answer"]["message"]


def test_the_network_is_shown_with_what_it_gives_out(handlers):
    values = handlers.look(*question())
    stages = values["flow"]["stages"]
    assert [stage["title"] for stage in stages] == ["Stem", "Stage 1", "Stage 2", "Stage 3"]
    parts = [part for stage in stages for part in stage["parts"]]
    assert [part["name"] for part in parts] == ["conv1", "stem", "layer1.0", "layer2.0", "layer3.0"]
    assert [part["shortcut"] for part in parts] == ["", "", "identity", "padding", "padding"]
    assert [part["branch"] for part in parts] == [False, False, True, True, True]
    assert all(part["strip"].startswith("data:image/png") and part["tiles"] == 8 for part in parts)
    assert len(values["heat"]["items"]) == 1 and values["channels"] == {}
    both = handlers.look(*question(cuts=[CUT]))["heat"]["items"]
    assert len(both) == 2 and both[0]["map"] != both[1]["map"] and both[0]["view"] == both[1]["view"]


def test_a_plain_network_has_no_shortcut_to_cut(handlers):
    parts = [part for stage in handlers.look(*question(model="plain"))["flow"]["stages"] for part in stage["parts"]]
    assert {part["shortcut"] for part in parts} == {""} and sum(part["branch"] for part in parts) == 3


def test_all_channels_of_a_part_and_the_field_of_a_unit(handlers):
    shown = handlers.open_part(event(name="layer2.0"), *question())["channels"]
    assert sorted(shown["channels"]) == list(range(32)) and (shown["height"], shown["width"]) == (16, 16)
    place = {"name": "layer2.0", "channel": 3, "row": 0, "column": 15}
    field = handlers.point(event(**place), *question(), shown)["channels"]["field"]
    left, top, width, height = field["box"]
    assert top == 0 and left + width == 1 and 0 < width < 1 and 0 < height < 1 and field["map"]
    assert handlers.open_part(event(name="layer9"), *question())["channels"] == {}
    filters = handlers.open_part(event(name="conv1"), *question())["channels"]
    assert filters["channels"] == list(range(16)) and (filters["height"], filters["width"]) == (3, 3)
    outside = handlers.point(event(**place | {"row": 99}), *question(), shown)["channels"]["field"]
    assert "16 × 16" in outside["words"] and "map" not in outside
    assert handlers.point(event(**place | {"row": "x"}), *question(), shown) == {}
    assert handlers.shut() == {"channels": {}}


def test_accuracy_with_cuts_is_counted_on_test_images(measure):
    assert list(measure.count(*question(), KEPT, REQUEST)) == [{"accuracy": {"text": "", "error": False}}]
    *_, last = measure.count(*question(cuts=[CUT]), KEPT, REQUEST)
    assert "1000 test images" in last["accuracy"]["text"] and "Measuring" not in last["accuracy"]["text"]


def test_blocks_are_removed_in_turn_and_the_curve_grows(measure):
    recorded = measure.recorded_removal(*question())
    assert recorded["removal"]["panels"] == [] and recorded["removal_run"]["visible"]
    steps = list(measure.measure_removal(*question(), KEPT, REQUEST))
    (panel,) = steps[-2]["removal"]["panels"]
    assert len(panel["places"]) == 4 and len(panel["lines"]) == 1 and panel["ticks"][0][1] == "none"
    assert "1000 of 1000" in steps[-2]["removal_about"]["text"] and steps[-1]["removal_run"]["interactive"]


def test_what_a_block_adds_is_measured_for_the_image(measure):
    values = measure.norms(*question())
    (panel,) = values["norms"]["panels"]
    assert [line["name"] for line in panel["lines"]] == ["shortcut(x)", "F(x)", "sum"] and len(panel["places"]) == 3
    (responses,) = values["responses"]["panels"]
    assert len(responses["places"]) == 7  # the stem and two in each block
    (plain,) = measure.norms(*question(model="plain"))["norms"]["panels"]
    assert [line["name"] for line in plain["lines"]] == ["F(x)", "sum"]


def test_an_image_is_painted_over(evidence):
    *_, shown = evidence.open(*question())
    assert {panel["title"].partition(":")[0] for panel in shown["curves"]["panels"]} == {"Deletion", "Insertion"}
    lines = [line for panel in shown["curves"]["panels"] for line in panel["lines"]]
    assert len(lines) == 4 and all(np.isfinite([y for _, y in line["points"]]).all() for line in lines)
    first, *_ = evidence.open(*question())
    image = first["brush"]
    everything = base64.b64encode(np.packbits(np.ones(32 * 32, bool)).tobytes()).decode()
    for cover in COVERS:
        values = evidence.paint(event(bits=everything, cover=cover), *question(), image)
        assert values["brush"]["painted"] != image["view"] and len(values["painted"]["cards"]) == 2
    nothing = base64.b64encode(bytes(128)).decode()
    values = evidence.paint(event(bits=nothing, cover="grey"), *question(), image)
    assert values["brush"]["painted"] is None and len(values["painted"]["cards"]) == 1
    for bits in ("", "%%", everything[:-8], None):
        assert evidence.paint(event(bits=bits, cover="grey"), *question(), image) == {}
    refused = evidence.paint(event(bits=everything, cover="ink"), *question(), image)["painted"]
    assert refused["error"] and "ink" in refused["message"]


def test_what_is_painted_is_unpacked():
    mask = np.random.default_rng(0).random((5, 7)) < 0.5
    bits = base64.b64encode(np.packbits(mask.ravel()).tobytes()).decode()
    assert (mask_of(bits, 5, 7) == mask).all()
    with pytest.raises(ValueError):
        mask_of(bits, 6, 8)


def test_the_curves_follow_the_image_once_they_are_shown(evidence):
    assert list(evidence.follow(*question(), {})) == []
    assert list(evidence.follow(*question(), {"view": "data:"}))[-1]["curves"]["panels"]


def test_the_last_layer_is_randomized(evidence):
    values = evidence.randomize(*question())
    own, randomized = values["sanity"]["items"]
    assert own["map"] != randomized["map"] and "correlat" in values["sanity_about"]["text"]


def test_the_loss_is_measured_along_a_direction(services, monkeypatch):
    monkeypatch.setattr(surface_handlers, "IMAGES", 40)
    surface = SurfaceHandlers(services, TEXT, named_parts(SurfaceParts))
    assert surface.open()["planes"] == {} and surface.open()["lines"]["panels"] == []
    *_, last = surface.measure(*question(), KEPT, REQUEST)
    (panel,) = last["lines"]["panels"]
    (line,) = panel["lines"]
    assert len(line["points"]) == 21 and line["points"][10][0] == 0 and last["measure"]["visible"]
    assert surface.cancel()["about"]["text"] == "Cancelled."
    *_, refused = surface.measure(*question(model="nowhere"), KEPT, REQUEST)
    assert refused["about"]["error"]


def test_work_that_nobody_waits_for_is_cancelled():
    ended = []

    def work(progress, cancelled):
        progress(3, 10)
        while not cancelled():
            pass
        ended.append(True)

    reports = iter(Watched(work))
    assert next(reports) == (3, 10)
    reports.close()
    assert ended == [True]
