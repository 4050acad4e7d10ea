"""A page with three small tabs and no network: all that tests of the frame around the tabs need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from resnet_demo.places import Places
from resnet_demo.services import Services

NAMES = ("one", "two", "three")


def small_tab(name: str) -> SimpleNamespace:
    """A tab with a column of controls and something to see."""

    def build(frame) -> None:
        import gradio as gr

        with gr.Row():
            with gr.Column(elem_classes="controls"):
                gr.Slider(0, 10, value=5, step=1, interactive=True, elem_id=f"slider-{name}")
                gr.Textbox(interactive=True, elem_id=f"box-{name}")
            with gr.Column():
                gr.Markdown(f"output {name}", elem_id=f"output-{name}")

    return SimpleNamespace(TAB=name, build=build)


def idle_services(root: Path) -> Services:
    """Services without any network."""
    places = replace(Places.from_environment({}), cache=root, runs=root / "runs", weights=root / "weights")
    return Services.create(places)


@contextmanager
def small_page(services: Services) -> Iterator[str]:
    """The address of a server with the three tabs."""
    from pages import built, served

    with served(built(services, *map(small_tab, NAMES))) as address:
        yield address
