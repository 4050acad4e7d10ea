"""A page with confusion matrices of every kind, made from a seed: no network, no data. Also what a benchmark opens."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import numpy as np
from made_runs import NASTY
from pages import served
from PIL import Image
from renewed import renewable

from resnet_demo.ui.components.matrix import as_text, matrix
from resnet_demo.ui.components.mistakes import mistakes

CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def made_counts(size: int, seed: int = 0, rows: int = 500) -> list[list[int]]:
    """size x size counts, about `rows` in each row, most of them right, and neighbours confused more than others."""
    random = np.random.default_rng(seed)
    away = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    chance = np.where(away == 0, random.uniform(4, 12, size)[:, None], np.exp(-away) + 0.2 / size)
    chance *= random.uniform(0.2, 1.8, (size, size))
    return [random.multinomial(rows, row / row.sum()).tolist() for row in chance]


def names(size: int) -> list[str]:
    """Class names, the fourth of them hostile."""
    found = [*CIFAR10, *(f"class number {index}" for index in range(10, size))][:size]
    return [NASTY if index == 3 and size != 10 else name for index, name in enumerate(found)]


def made_value(size: int, seed: int = 0, **more: Any) -> dict[str, Any]:
    """A value of the matrix; that of many classes has its counts as text."""
    counts = made_counts(size, seed)
    shown = as_text(counts) if size > 10 else counts
    return {"title": f"{size} classes", "classes": names(size), "counts": shown, **more}


def made_items(count: int, seed: int = 0) -> dict[str, Any]:
    """A value of the mistakes: noise of 32 x 32 pixels; the last one is right."""
    random = np.random.default_rng(seed)
    items = []
    for index in range(count):
        buffer = io.BytesIO()
        Image.fromarray(random.integers(0, 256, (32, 32, 3), dtype=np.uint8)).save(buffer, "PNG")
        true = NASTY if index == 0 else CIFAR10[index % 10]
        items.append(
            {
                "source": f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}",
                "true": true,
                "predicted": true if index == count - 1 else CIFAR10[(index + 3) % 10],
                "probability": None if index == 1 else 0.93,
                "index": 100 + index,
            }
        )
    return {"note": f"{count} pictures", "items": items, "pixelated": True}


@contextmanager
def matrix_page(language: str = "en") -> Iterator[str]:
    """The address of a page: `#matrix`, a button a value (id and title are its name), `#said` tells what is opened."""
    from resnet_demo.ui.text import LANGUAGES

    given = np.array(made_counts(10))
    reverse = {"name": "backwards", "title": "backwards", "order": list(range(9, -1, -1))}
    values = {
        "again": made_value(10, seed=1),
        "ordered": made_value(10, orders=[reverse]),
        "marked": made_value(10, highlight=5, selected=[3, 5], normalise="column"),
        "signed": made_value(10, signed=True) | {"counts": (np.array(made_counts(10, 1)) - given).tolist()},
        "shares": made_value(10, signed=True, shares=True) | {"counts": ((np.eye(10) - 0.1) / 3).tolist()},
        "empty-class": made_value(10) | {"counts": (given * (np.arange(10) != 2)[:, None]).tolist()},
        "nothing": {"note": "It comes after the first epoch."},
        "nowhere": {},
        "ten": made_value(10),
        "two": made_value(2),
        "hostile": made_value(4),
        "thirty": made_value(30),
        "hundred": made_value(100),
        "hundred-again": made_value(100, seed=1),
        "part": made_value(10, order=[5, 3], totals={"rows": [5000] * 10, "columns": [4000] * 10, "all": 50_000}),
    }
    text = LANGUAGES[language]
    with gr.Blocks(analytics_enabled=False) as demo:
        with gr.Tabs(elem_id="tabs"), gr.Tab("one", id="one"):
            with renewable():
                shown = matrix(text, elem_id="matrix", value=made_value(10))
                said = gr.Textbox(elem_id="said")
                strip = mistakes(text, elem_id="mistakes", value=made_items(12))
            fresh = gr.Button("fresh", elem_id="fresh")
            fresh.click(lambda: made_items(8, 1), None, strip, queue=False)
            for name, value in values.items():
                titled = value | {"title": f"Value {name}"}
                gr.Button(name, elem_id=name).click(lambda value=titled: value, None, shown, queue=False)

        def opened(event: gr.SelectData) -> str:
            return f"{event.index}: {event.value}"

        shown.select(opened, None, said, queue=False)
        strip.select(opened, None, said, queue=False)
    with served(demo) as address:
        yield address
