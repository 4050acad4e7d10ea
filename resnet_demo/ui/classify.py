"""The tab Classify: a picture, a network, its answer.

Answers appear as soon as there is a picture and again when another network is chosen. What goes wrong is said
in the place of the answer, so that no earlier answer stands beside a new picture.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from PIL import Image

from ..data import shapes
from ..data.decode import ImageError, decode
from ..inference.classify import classify
from ..runs.folder import RunError, RunFolder
from ..runs.index import RunIndex, UnknownRun
from ..services import Services
from .components.picture import picture
from .components.result import answer, message, result
from .components.samples import samples
from .runs import choices
from .text import Text

TAB = "classify"
ROWS = 10  # bars that fit a page at a glance
QUEUE = {
    "concurrency_id": "classify",
    "concurrency_limit": 4,
    "api_visibility": "private",
    "show_progress": "hidden",
}


def build(page: gr.Blocks, services: Services, text: Text) -> None:
    """Fill the tab, inside a `gr.Tab` of `page`."""
    first = choices(services.runs, text)
    chosen = first[0][1] if first else None
    pictures = sample_pictures()
    with gr.Row(elem_id="classify"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            image = picture(text)
            strip = samples(pictures, text("picture.samples"))
            network = gr.Dropdown(
                first,
                value=chosen,
                label=text("run.label"),
                filterable=False,
                interactive=True,
                elem_id="run",
            )
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            figure = result(text, respond(services, text, None, chosen))

    def list_runs(current: str | None) -> dict[str, Any]:
        now = choices(services.runs, text)
        ids = [run_id for _, run_id in now]
        return gr.update(choices=now, value=current if current in ids else ids[0] if ids else None)

    def show(path: str | None, run_id: str | None) -> dict[str, Any]:
        return respond(services, text, path, run_id)

    def take_sample(current: str | None, event: gr.SelectData) -> tuple[Image.Image, str | None]:
        return pictures[event.index][1], fitting_run(services.runs, current)

    gr.on([image.change, network.change], show, [image, network], figure, **QUEUE)
    gr.on([page.load, network.focus], list_runs, network, network, **QUEUE)
    strip.select(take_sample, network, [image, network], **QUEUE)


def respond(services: Services, text: Text, path: str | None, run_id: str | None) -> dict[str, Any]:
    """What the figure shows for an uploaded file, or None, and a run: an answer, or a sentence."""
    if run_id is None:
        if services.runs.with_weights():
            return message(text("none.chosen"))
        return message(text("none.yet"), command=text("none.command"))
    run: RunFolder | None = None
    try:
        run = services.runs.get(run_id)
        if path is None:
            return message(text("result.empty"), knows=run.config.classes)
        return answer(classify(decode(path), run, services.store, ROWS), text)
    except (ImageError, RunError, UnknownRun) as error:
        return message(str(error), knows=run.config.classes if run else (), error=True)


def fitting_run(index: RunIndex, current: str | None) -> str | None:
    """The run to show a sample to: `current` if it was trained on `shapes`, else the first that was, else `current`.

    A network that has never seen a shape would call a star an airplane, and a stranger would take that for the demo.
    """
    trained = [run.id for run in index.with_weights() if run.config.data == "shapes"]
    return current if current in trained or not trained else trained[0]


def sample_pictures() -> list[tuple[str, Image.Image]]:
    """(class, picture) from the `shapes` test set, one a class, in the order of the classes."""
    images, labels = shapes.make("test", len(shapes.CLASSES))  # every ten in a row hold each class once
    return [(shapes.CLASSES[labels[row]], Image.fromarray(images[row])) for row in labels.argsort()]
