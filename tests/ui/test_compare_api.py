"""`/compare` and `/confusion`: the same numbers as everywhere else, and nothing of this machine."""

from __future__ import annotations

import json

import gradio_client
import pytest
from made_published import make_published
from made_runs import make_trained_run
from small_page import idle_services, small_page

from resnet_demo.cli import main
from resnet_demo.runs.files import PREDICTIONS


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    return idle_services(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def client(services):
    with small_page(services) as address:
        yield gradio_client.Client(address, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 240})


def test_nothing_published_is_nothing_compared(client):
    made = client.predict(api_name="/compare")
    assert made["comparisons"] == [] and len(made["reported"]) == 6


def test_the_api_gives_what_the_command_gives(client, services, capsys):
    weights = services.places.weights
    for shortcut, counts in {"A": (800, 804, 797), "C": (803, 790, 806)}.items():
        for seed, right in enumerate(counts):
            name = f"{shortcut}-{seed}"
            make_published(weights, name, shortcut=shortcut, seed=seed, right=right, weights=False)
    make_trained_run(services.places.runs, "somebody's")
    found = client.predict(api_name="/compare")
    assert main(["compare", "--format", "json"], services.places) == 0
    assert found == json.loads(capsys.readouterr().out)
    (one,) = found["comparisons"]
    assert one["verdicts"]["test"][0]["separated"] is False and one["variants"][0]["weights"] == [False] * 3

    (weights / "A-0" / PREDICTIONS).write_bytes(b"nothing")
    with pytest.raises(Exception, match="A-0/predictions.npz is damaged") as refused:
        client.predict(api_name="/compare")
    assert str(weights) not in str(refused.value)


def test_the_matrix_of_a_run_is_counted(client, services):
    made_up = make_published(services.places.runs, "answered", right=700).predictions()["test"]
    found = client.predict("answered", "test", "", api_name="/confusion")
    assert found["rows"] == 1000 and sum(map(sum, found["counts"])) == 1000
    assert found["accuracy"]["value"] == pytest.approx(made_up.accuracy) == pytest.approx(0.7)
    with pytest.raises(gradio_client.exceptions.AppError, match="no answers"):
        client.predict("answered", "nothing", "", api_name="/confusion")
