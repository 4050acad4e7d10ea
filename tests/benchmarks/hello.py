"""The least that a page with PyTorch can be, for `page.py` and `redraw.py` to compare with: `python hello.py PORT`."""

import os
import sys

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import torch  # noqa: F401  only the time that it takes counts here
import torchvision  # noqa: F401

with gr.Blocks(title="Hello", analytics_enabled=False) as demo:
    button = gr.Button("Hello", elem_id="samples")
    said = gr.Number(0, elem_id="said")
    button.click(lambda number: number + 1, said, said, queue=False, show_progress="hidden")

demo.queue().launch(
    server_port=int(sys.argv[1]),
    quiet=True,
    footer_links=["api"],
    run_history=False,
    show_error=False,
    enable_monitoring=False,
    strict_cors=True,
    ssr_mode=False,
)
