"""What programs can call, with `gradio_client`, plain HTTP and as tools of an MCP server.

Sentences of this interface are English: they are for programs and those who write them. Gradio describes each endpoint
by its docstring, of whose arguments it reads the first line alone. A tool has the name of its method, which says more
than the endpoint's: it stands among those of other servers.
"""

from __future__ import annotations

import inspect
from typing import Any

import gradio as gr

from ...services import Services
from .files import GivenOut
from .models import Models
from .predictions import Predictions
from .runs import Runs

TOGETHER: dict[str, Any] = {"concurrency_id": "classify", "concurrency_limit": 4}  # what uses a model
READING: dict[str, Any] = {"concurrency_id": "bring", "concurrency_limit": 2}  # with the files that pages read


def build(services: Services) -> None:
    """Add the endpoints to the page that is being built."""
    files = GivenOut()
    models, runs = Models(services, files), Runs(services, files)
    for api_name, endpoint, options in (
        ("classify", models.classify_image, TOGETHER),
        ("explain", models.explain_prediction, TOGETHER),
        ("heat_map", models.show_heat_map, TOGETHER),
        ("cut", models.classify_with_cuts, TOGETHER),
        ("models", models.list_models, {}),
        ("train", runs.train_model, {}),
        ("run", runs.get_training_run, {}),
        ("stop", runs.stop_training_run, {}),
        ("confusion", runs.get_confusion_matrix, {}),
        ("matrix", runs.show_confusion_matrix, {}),
        ("confusion_file", Predictions(services).get_confusion_matrix_of_file, READING),
        ("compare", runs.compare_shortcuts, {}),
    ):
        gr.api(endpoint, api_name=api_name, api_description=described_by(endpoint.__doc__ or ""), **options)


def described_by(docstring: str) -> str:
    """What a docstring says but for its arguments, in whole sentences: Gradio would put a comma at each line's end."""
    about, _, rest = inspect.cleandoc(docstring).partition("\nArgs:\n")
    told = (rest or about).partition("Returns:\n")[2]
    about = about.partition("Returns:\n")[0]
    return " ".join(f"{about} Returns {told}".split())
