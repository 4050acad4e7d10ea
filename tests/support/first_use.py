"""What somebody does first with a server that has just been started: classify, and train a little."""

from __future__ import annotations

import time
from pathlib import Path

import gradio_client

CAT = Path(__file__).parents[2] / "assets" / "samples" / "cat.jpg"
PATIENCE = 240  # seconds: this machine may be busy


def classify_and_train(address: str) -> str:
    """The id of a run that this server has trained for two steps; a published model has said before what a cat is."""
    client = gradio_client.Client(address, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": PATIENCE})
    cat = gradio_client.handle_file(str(CAT))
    assert client.predict(cat, "cifar10-resnet20-a", 1, api_name="/classify")["labels"] == ["cat"]
    run = client.predict(model="resnet8", data="shapes", length=2, unit="steps", api_name="/train")["run"]
    until = time.monotonic() + PATIENCE
    while (state := client.predict(run, api_name="/run")["state"]) in ("queued", "running"):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert state == "finished"
    return run
