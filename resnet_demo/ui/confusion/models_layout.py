"""The components that take a model, and labelled images for one, and how they are wired; see `models_handlers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...services import Services
from ..components.choices import Choices
from ..components.folder import folder
from ..components.notice import notice
from ..events import EVERY, PRIVATE, QUIET
from ..shared.hub_load import load_form
from ..text import Text
from .models_handlers import ModelsHandlers
from .predictions_layout import LOADING

CIFAR_MEAN, CIFAR_STD = "0.4914, 0.4822, 0.4465", "0.2470, 0.2435, 0.2616"  # what published CIFAR-10 models use


@dataclass(frozen=True)
class ModelsParts:
    """The components of the section.

    weights, classes, size, mean, std: an uploaded model, which `load` loads. hub_name, hub_private, hub_load: one on
    the Hub. fold: of labelled images: the list `models`, a zip or folder, and the button `classify`. mapping: which
    class of the images is which of the model's, as text. images: what was uploaded, `Lent` for as long as the page
    holds it. own, refresh: states of the tab. kept: what the browser remembers of its runs.
    """

    weights: Any
    classes: Any
    size: Any
    mean: Any
    std: Any
    load: Any
    model_status: Any
    hub_name: Any
    hub_private: Any
    hub_load: Any
    hub_status: Any
    fold: Any
    models: Any
    zip: Any
    folder: Any
    mapping: Any
    classify: Any
    images_status: Any
    images: Any
    own: Any
    refresh: Any
    kept: Any


def models_layout(services: Services, text: Text, **states: Any) -> ModelsParts:
    """Lay out the section; states: own, refresh, kept."""
    return ModelsParts(**model_upload(text), **hub_model(text), **images_upload(services, text), **states)


def model_upload(text: Text) -> dict[str, Any]:
    """A file of weights, and what it does not say about its model."""
    with gr.Accordion(text("bring.network"), open=False, elem_id="bring-network"):
        parts = {
            "weights": gr.File(
                label=text("bring.weights"), file_types=[".pth", ".pt", ".th", ".safetensors"], height=160,
                elem_id="bring-weights",
            ),
            "classes": gr.Textbox(
                label=text("bring.classes"), info=text("bring.classes.info"), lines=2, elem_id="bring-classes"
            ),
            "size": gr.Number(32, label=text("bring.size"), precision=0, elem_id="bring-size"),
        }  # fmt: skip
        with gr.Row():
            for name, value in (("mean", CIFAR_MEAN), ("std", CIFAR_STD)):
                parts[name] = gr.Textbox(value, label=text(f"bring.{name}"), min_width=120, elem_id=f"bring-{name}")
        return parts | {
            "load": gr.Button(text("bring.take"), size="sm", elem_id="bring-take"),
            "model_status": notice(elem_id="bring-network-said"),
        }


def hub_model(text: Text) -> dict[str, Any]:
    """A model on the Hub."""
    with gr.Accordion(text("hub.load"), open=False, elem_id="bring-hub"):
        name, private, load = load_form(text, "bring-hub")
        status = notice(elem_id="bring-hub-said")
    return {"hub_name": name, "hub_private": private, "hub_load": load, "hub_status": status}


def images_upload(services: Services, text: Text) -> dict[str, Any]:
    """A zip or a folder of labelled images, and the model that classifies them."""
    limits = services.own.limits
    with gr.Accordion(text("bring.labelled"), open=False, elem_id="bring-labelled") as fold:
        return {
            "fold": fold,
            "models": Choices(
                [], label=text("bring.judging"), elem_id="bring-judging", filterable=False, interactive=True
            ),
            "zip": gr.File(label=text("own.file"), file_types=[".zip"], height=160, elem_id="bring-zip"),
            "folder": folder(text, files=limits.files, size=limits.packed, elem_id="bring-folder"),
            "mapping": gr.Textbox(
                label=text("bring.mapping"), info=text("bring.mapping.info"), lines=3, elem_id="bring-mapping"
            ),
            "classify": gr.Button(text("bring.judge"), size="sm", elem_id="bring-judge"),
            "images_status": notice(elem_id="bring-labelled-said"),
            "images": gr.State(None),
        }


def wire_models(
    parts: ModelsParts, handlers: ModelsHandlers, listed: Sequence[Any], list_runs: Callable[..., Any]
) -> None:
    """Connect the components to their handlers; list_runs: fills the first one of `listed`, the list of runs, again."""
    model = [parts.weights, parts.classes, parts.size, parts.mean, parts.std, parts.kept]
    parts.load.click(handlers.load, model, [parts.model_status, parts.kept, parts.models], **LOADING).then(
        list_runs, [*listed, parts.kept], listed[0], **QUIET
    )
    parts.hub_load.click(
        handlers.load_from_hub, [parts.hub_name, parts.hub_private, parts.kept],
        [parts.hub_status, parts.kept, parts.models], concurrency_id="fetch", concurrency_limit=2, **PRIVATE,
    ).then(list_runs, [*listed, parts.kept], listed[0], **QUIET)  # fmt: skip
    for opened in (parts.fold.expand, parts.models.focus):
        opened(handlers.list_models, [parts.models, parts.kept], parts.models, **QUIET)
    mapped = [parts.images_status, parts.mapping]
    parts.models.input(handlers.match_classes, [parts.images, parts.models], mapped, **EVERY, **QUIET)
    parts.zip.upload(handlers.take_zip, [parts.zip, parts.models], [*mapped, parts.images], **EVERY, **LOADING)
    parts.folder.bring(handlers.take_folder, [parts.folder, parts.models], [*mapped, parts.images], **EVERY, **LOADING)
    parts.classify.click(
        handlers.classify, [parts.images, parts.mapping, parts.models],
        [parts.images_status, parts.own, parts.refresh], **LOADING,
    )  # fmt: skip
