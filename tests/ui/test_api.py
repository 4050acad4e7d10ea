"""The interface for programs, through gradio_client; `/confusion` and `/compare` have tests of their own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import gradio_client
import httpx
import pytest
from PIL import Image

from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.ui.api.models import described

PATIENCE = {"timeout": 240}  # seconds; httpx would wait for five
LONG = 20_000  # steps: no machine is at their end before the test is, and few enough for not being compiled


@pytest.fixture(scope="module")
def client(server):
    return gradio_client.Client(server, verbose=False, analytics_enabled=False, httpx_kwargs=PATIENCE)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "grey.png"
    Image.new("RGB", (64, 48), "grey").save(path)
    return gradio_client.handle_file(str(path))


def test_models_lists_what_classify_accepts(client, picture):
    models = client.predict(api_name="/models")
    assert models[0]["model"] == "trained" and {"trained", "nasty"} <= {model["model"] for model in models}
    for model in models:
        found = client.predict(picture, model["model"], 2, api_name="/classify")
        assert found["model"] == model["model"] and found["classes"] == model["classes"]
        assert len(found["labels"]) == len(found["probabilities"]) == 2
        assert found["labels"] == [model["classes"][index] for index in found["indices"]]
        assert model["imagenet"] is False and (model["network"], model["shortcut"]) == ("resnet8", "A")


def test_models_lists_imagenet_networks_too(tmp_path):
    one = described(classifier(PRETRAINED[2], tmp_path / "resnet50.safetensors"))
    assert (one["model"], one["network"], one["data"]) == ("imagenet/resnet50", "resnet50", "imagenet")
    assert one["imagenet"] is True and len(one["classes"]) == 1000


def test_a_wrong_argument_gives_a_sentence_without_a_path(client, picture, tmp_path, places):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    upload = gradio_client.handle_file(str(broken))
    for arguments, words in (
        ((picture, "../weights/trained", 1), "There is no model called"),
        ((picture, "imagenet/resnet152", 1), "weights of ResNet-152 are not on this machine"),
        ((picture, "trained", 0), "top_k must be"),
        ((upload, "trained", 1), "“broken.png” is damaged"),
        ("trained", "image must be"),
    ):
        arguments = arguments if isinstance(arguments, tuple) else ({"path": str(broken)}, arguments, 1)
        with pytest.raises(gradio_client.exceptions.AppError, match=words) as caught:
            client.predict(*arguments, api_name="/classify")
        assert str(tmp_path) not in str(caught.value) and str(places.weights) not in str(caught.value)


def test_explain_gives_the_evidence_for_a_class_or_a_contrast(client, picture):
    classes = client.predict(picture, "trained", 1, api_name="/classify")["classes"]
    named = client.predict(picture, "trained", classes[3], api_name="/explain")
    assert named == client.predict(picture, "trained", 3, api_name="/explain")
    assert {key: named[key] for key in ("model", "label", "against", "method", "layer")} == {
        "model": "trained", "label": classes[3], "against": None, "method": "grad-cam", "layer": "layer3"
    }  # fmt: skip
    contrast = client.predict(picture, "trained", 3, classes[5], "hires-cam", "layer2.0", api_name="/explain")
    assert (contrast["label"], contrast["against"], contrast["layer"]) == (classes[3], classes[5], "layer2.0")
    saliency = client.predict(picture, "trained", 3, method="saliency", api_name="/explain")
    for found, size in ((named, 8), (contrast, 16), (saliency, 32)):
        assert [len(row) for row in found["values"]] == [size] * size
        numbers = [number for row in found["values"] for number in row]
        assert min(numbers) >= 0 and max(numbers) == (0 if found["blank"] else 1)
    assert saliency["layer"] is None and not saliency["blank"]


def test_cut_answers_without_a_shortcut_and_leaves_the_model_as_it_was(client, picture):
    before = client.predict(picture, "trained", 10, api_name="/classify")
    assert client.predict(picture, "trained", [], 10, api_name="/cut") == before | {"cuts": []}
    cut = client.predict(picture, "trained", ["layer2.0.branch", "layer1.0.shortcut"], 10, api_name="/cut")
    assert cut["cuts"] == ["layer1.0.shortcut", "layer2.0.branch"] and cut["probabilities"] != before["probabilities"]
    assert client.predict(picture, "trained", 10, api_name="/classify") == before
    with pytest.raises(gradio_client.exceptions.AppError, match="has no 'layer9.0.shortcut' that could be cut"):
        client.predict(picture, "trained", ["layer9.0.shortcut"], api_name="/cut")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"label": "unicorn"}, "0 classes called 'unicorn'"),
        ({"label": 10}, "classes 0 to 9, not 10"),
        ({"label": 1.5}, "classes 0 to 9, not 1.5"),
        ({"against": -1}, "classes 0 to 9, not -1"),
        ({"against": 0}, "two classes; both are"),
        ({"method": "lime"}, "no heat map called 'lime'"),
        ({"layer": "fc"}, "not 'fc'"),
        ({"model": "nowhere"}, "no model called"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_a_sentence(client, picture, wrong, words):
    with pytest.raises(gradio_client.exceptions.AppError, match=words):
        client.predict(**{"image": picture, "model": "trained", "label": 0, **wrong}, api_name="/explain")


def test_a_file_of_the_server_cannot_be_read(client, tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (32, 32)).save(secret)
    stolen = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    arguments = {
        "classify": ["trained", 1],
        "explain": ["trained", 1],
        "heat_map": ["trained", 1],
        "confusion_file": ["", "", False],
    }
    for endpoint, others in arguments.items():
        url = f"{client.src}gradio_api/call/{endpoint}"
        answer = httpx.post(url, json={"data": [stolen, *others]}, **PATIENCE)
        events = httpx.get(f"{url}/{answer.json()['event_id']}", **PATIENCE).text
        assert "event: error" in events and "label" not in events


def test_handlers_of_the_page_are_private(client):
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {
        "/classify",
        "/explain",
        "/heat_map",
        "/cut",
        "/models",
        "/train",
        "/run",
        "/stop",
        "/confusion",
        "/matrix",
        "/confusion_file",
        "/compare",
    }
    parameters = {p["parameter_name"] for p in named["/classify"]["parameters"]}
    assert parameters == {"image", "model", "top_k"}


def ended(client, run: str) -> dict:
    """How the run stands once it neither waits nor trains."""
    while (now := client.predict(run, api_name="/run"))["state"] in ("queued", "running"):
        time.sleep(0.2)
    return now


def test_a_run_is_started_watched_and_used(client, picture):
    made = client.predict(length=20, unit="steps", batch_size=16, api_name="/train")
    now = ended(client, made["run"])
    assert now["state"] == "finished" and now["position"] == 0 and not now["reason"]
    assert now["training"]["step"] == 20 and 0 <= now["validation"]["accuracy"] <= 1
    assert client.predict(picture, made["run"], 1, api_name="/classify")["model"] == made["run"]


def test_a_run_is_stopped_by_its_token_alone(client):
    made = client.predict(length=LONG, unit="steps", batch_size=16, api_name="/train")
    for token in ("", "wrong"):
        with pytest.raises(gradio_client.exceptions.AppError, match="belongs to somebody else"):
            client.predict(made["run"], token, api_name="/stop")
    client.predict(made["run"], made["token"], api_name="/stop")
    assert ended(client, made["run"])["state"] == "stopped"


def test_several_runs_train_in_the_order_in_which_they_came(client, services):
    before = client.predict(length=LONG, unit="steps", batch_size=16, api_name="/train")  # else the queue moves on
    with ThreadPoolExecutor(1) as one_by_one:
        asked = {"length": 1, "unit": "steps", "batch_size": 16, "api_name": "/train"}
        made = [one_by_one.submit(client.predict, **asked) for _ in range(3)]
        runs = [job.result()["run"] for job in made]
    positions = [client.predict(run, api_name="/run")["position"] for run in runs]
    assert positions == sorted(positions)
    client.predict(before["run"], before["token"], api_name="/stop")
    assert {ended(client, run)["state"] for run in runs} == {"finished"}
    began = [next(services.runs.get(run).raw_events()).time for run in runs]
    assert began == sorted(began)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"model": "resnet9"}, "there is no network"),
        ({"data": "cifar10"}, "cifar10|CIFAR-10"),
        ({"data": "/etc"}, "no data set"),
        ({"length": -1}, "length must be"),
        ({"unit": "years"}, "unit must be"),
        ({"preset_name": "slow"}, "preset must be"),
        ({"batch_size": 10**6}, "batch_size"),
    ],
)
def test_a_run_that_cannot_be_is_refused_in_a_sentence(client, wrong, words):
    with pytest.raises(gradio_client.exceptions.AppError, match=words):
        client.predict(**{"length": 5, "unit": "steps", **wrong}, api_name="/train")


def test_a_file_is_counted_with_its_slices(client, tmp_path, places):
    path = tmp_path / "mine.csv"
    path.write_text("y_true,cat,dog,camera\n" + "cat,0.7,0.3,a\ncat,0.2,0.8,b\ndog,0.1,0.9,a\ndog,0.4,0.6,b\n" * 2)
    file = gradio_client.handle_file(str(path))
    found = client.predict(file, slices="camera", api_name="/confusion_file")
    assert found["counts"] == [[2, 2], [0, 4]] and found["about"] == {"file": "mine.csv"}
    assert found["auc"]["macro"]["value"] == 0.75 and found["per_class"][0]["average_precision"] == pytest.approx(5 / 6)
    assert [(one["value"], one["rows"], one["right"]) for one in found["slices"]] == [("a", 4, 4), ("b", 4, 2)]
    counts = tmp_path / "counts.csv"
    counts.write_text(",cat,dog\ncat,5,1\ndog,2,4\n")
    found = client.predict(gradio_client.handle_file(str(counts)), transposed=True, api_name="/confusion_file")
    assert found["counts"] == [[5, 2], [1, 4]] and "calibration" not in found and "slices" not in found
    broken = tmp_path / "broken.csv"
    broken.write_text(",cat,dog\ncat,5,-1\ndog,2,4\n")
    for arguments, words in (
        ({"file": gradio_client.handle_file(str(broken))}, "Row 2, column 3 of “broken.csv” has “-1”"),
        ({"file": file, "slices": "weather"}, "Columns that can part the rows: camera"),
        ({"file": file, "groups": "x: unicorn"}, "there is no class “unicorn”"),
        ({"file": {"path": str(path)}}, "file must be"),
    ):
        with pytest.raises(gradio_client.exceptions.AppError, match=words) as caught:
            client.predict(**arguments, api_name="/confusion_file")
        assert str(tmp_path) not in str(caught.value) and str(places.weights) not in str(caught.value)
