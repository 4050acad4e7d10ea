"""Links from other tabs to the tab Confusion. It must not depend on a tab."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

CONFUSION = "confusion"  # the tab, and the shared state that tells it what to show


def difference_of(
    run: str, other: str, on: str = "test", other_on: str = "", step: int = 0, other_step: int = 0
) -> tuple[Any, dict[str, Any]]:
    """Values for `[context.tabs, context.shared["confusion"]]` that open the tab with the difference of two runs.

    run, other: ids; shown is `run` − `other`. on, other_on: a set of each ("test", "test-lossless", "validation",
    "train", "running", "epoch"), by default the same. step, other_step: which epoch of "running" and "epoch", 0: the
    last. The address `?tab=confusion&run=…&set=…&other=…`, with other_set, step and other_step, opens the same.
    """
    link = {"run": run, "set": on, "step": step, "other": other, "other_set": other_on or on, "other_step": other_step}
    return gr.Tabs(selected=CONFUSION), link | {"turn": time.monotonic()}  # a second click opens it again
