"""The interface for programs: `/classify` and `/models`, through gradio_client."""

from __future__ import annotations

import gradio_client
import httpx
import pytest
from PIL import Image

from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.ui.api import described


@pytest.fixture(scope="module")
def client(server):
    return gradio_client.Client(server, verbose=False, analytics_enabled=False)


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
        ((picture, "../weights/trained", 1), "There is no network called"),
        ((picture, "imagenet/resnet152", 1), "weights of ResNet-152 are not on this machine"),
        ((picture, "trained", 0), "top_k must be"),
        ((upload, "trained", 1), "“broken.png” is damaged"),
        ("trained", "image must be"),
    ):
        arguments = arguments if isinstance(arguments, tuple) else ({"path": str(broken)}, arguments, 1)
        with pytest.raises(gradio_client.exceptions.AppError, match=words) as caught:
            client.predict(*arguments, api_name="/classify")
        assert str(tmp_path) not in str(caught.value) and str(places.weights) not in str(caught.value)


def test_a_file_of_the_server_cannot_be_read(client, tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (32, 32)).save(secret)
    stolen = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    answer = httpx.post(f"{client.src}gradio_api/call/classify", json={"data": [stolen, "trained", 1]})
    events = httpx.get(f"{client.src}gradio_api/call/classify/{answer.json()['event_id']}").text
    assert "event: error" in events and "labels" not in events


def test_handlers_of_the_page_are_private(client):
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/classify", "/models"}
    parameters = {p["parameter_name"] for p in named["/classify"]["parameters"]}
    assert parameters == {"image", "model", "top_k"}
