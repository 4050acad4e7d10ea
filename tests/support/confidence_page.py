"""A page with the charts of confidence and the slider over epochs, made from a seed: no network, no data, no run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import numpy as np
from made_runs import NASTY
from pages import in_both_languages
from renewed import renewable

from resnet_demo.metrics.calibration import confidence_histogram, coverage_curve, reliability
from resnet_demo.ui.components.confidence import as_value, confidence
from resnet_demo.ui.components.scrubber import scrubber
from resnet_demo.ui.text import Text


def made_answers(rows: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (rows, 10) of a network that is surer than right, and labels (rows,)."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, rows)
    logits = random.normal(0, 1, (rows, 10))
    logits[np.arange(rows), labels] += random.uniform(0, 5, rows)
    weights = np.exp(1.6 * logits)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32), labels


def made_value(rows: int = 4000, seed: int = 0, **more: Any) -> dict[str, Any]:
    answers = made_answers(rows, seed)
    return as_value(reliability(*answers), confidence_histogram(*answers), coverage_curve(*answers), **more)


VALUES = {
    "again": made_value(seed=1, title="again"),
    "sent": made_value(title="sent", threshold=0.9),
    "repeated": made_value(seed=1, title="repeated", threshold=0.9),
    "few": made_value(3, title="few"),
    "nobody": made_value(0, title="nobody"),
    "noted": {"title": "noted", "note": "This run keeps no probabilities of its training set."},
    "hostile": made_value(title=NASTY, note=f"=1+1 {NASTY}"),
}


class Scene:
    """The page's address and what its components have told."""

    def __init__(self) -> None:
        self.address = ""
        self.told: list[tuple[str, dict[str, Any]]] = []

    def of(self, name: str) -> list[dict[str, Any]]:
        return [data for told, data in self.told if told == name]


@contextmanager
def confidence_page() -> Iterator[Scene]:
    """A page in both languages: a button a value of the charts, and a box (JSON) for the slider's."""

    scene = Scene()

    def told(name: str):
        def add(event: gr.EventData) -> None:
            scene.told.append((name, event._data))

        return add

    def fill(text: Text) -> None:
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("one", id="one"):
                with renewable():
                    epochs = gr.Textbox(elem_id="epochs", lines=1)
                    place = scrubber(text)
                    shown = confidence(text, value=made_value(title="first"))
                for name, value in VALUES.items():
                    gr.Button(name, elem_id=name).click(lambda value=value: value, None, shown, queue=False)
            with gr.Tab("two", id="two"):
                gr.Markdown("another tab")
        epochs.submit(json.loads, epochs, place, queue=False, show_progress="hidden", trigger_mode="always_last")
        shown.threshold(told("threshold"), None, None, queue=False, trigger_mode="multiple")
        place.epoch(told("epoch"), None, None, queue=False, trigger_mode="multiple")

    with in_both_languages(fill) as scene.address:
        yield scene
