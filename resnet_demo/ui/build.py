"""The page as a whole: header, one tab a module, footer. `launch_options` is how it is to be served.

A tab is a module with `TAB` (its id, and `<id>.tab` among the words) and `build(context)`.
"""

from __future__ import annotations

from html import escape
from time import sleep
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from ..data.own import UploadLimits
from ..places import PROJECT
from ..runs.accounts import Account
from ..services import Services
from . import api, classify, compare, confusion, downloads, head, lesson, networks, phones, static, teach, train
from .bodies import BoundedBodies, refuse_addresses
from .components.header import header
from .latest import keep_order
from .page_context import PageContext
from .sessions import MOST_SESSIONS, SharedSessions
from .shared import hub_account
from .text import LANGUAGES, Text
from .theme import theme
from .turns import Turns
from .uploads import DELETED_AFTER, KEPT_MINUTES, SECONDS_BETWEEN, BoundedUploads
from .waiting import bound_queue

TABS = (classify, networks, train, teach, confusion, compare)


def build(services: Services) -> gr.Blocks:
    """The whole application, a page a language, ready to launch with `launch_options(services)`."""
    english, *others = LANGUAGES.values()
    empty = gr.Blocks(
        title=english("page.title"),
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(SECONDS_BETWEEN, DELETED_AFTER),
    )
    with bound_queue(empty) as demo:  # while it is empty: Gradio describes the whole page anew for it
        api.build(services)  # first: Gradio names endpoints after handlers, private ones too, and each name once
        fill(demo, services, english)
    for text in others:
        with demo.route(text("page.language"), f"/{text.path}", show_in_navbar=False):
            fill(demo, services, text)
    keep_order(demo)
    refuse_addresses(demo)
    return demo


def fill(page: gr.Blocks, services: Services, text: Text) -> None:
    """One page in one language, inside a `gr.Blocks` or one of its routes."""
    header(text)
    lesson.lesson(text, classify.welcome.errors(services, text))
    # stored in the browser under this name; the secret only keeps Gradio from making up a new one at each start
    kept = gr.BrowserState({}, storage_key="resnet_demo.runs", secret="resnet_demo")
    with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
        context = PageContext(page, services, text, kept, tabs)
        for module in TABS:
            with gr.Tab(text(f"{module.TAB}.tab"), id=module.TAB):
                module.build(context)
    gr.HTML(about(services, text), elem_id="about")


def about(services: Services, text: Text) -> str:
    """The last line of the page: where it runs, and how long uploads are kept."""
    device = services.device.partition(",")[0]  # the name without the number of threads
    words = f"{text('page.device', device=device)} {text('page.kept', minutes=KEPT_MINUTES)}"
    return f"<p>{escape(words)}</p>"


def launch_options(services: Services | None = None) -> dict[str, Any]:
    """Arguments of `launch()` that make the server quiet, private and strict, whoever starts it.

    services: whose runs can be downloaded, and whose accounts bound uploads; None where there are none.
    """
    routes = [*head.routes(), *static.routes()]
    account = services.uploads if services else Account("uploads")
    middleware = [Middleware(head.Head), Middleware(SharedSessions), Middleware(BoundedBodies)]
    middleware += [Middleware(BoundedUploads, account=account)]
    if services:
        turns = Turns(services)
        routes += [*downloads.routes(services, turns), *confusion.takeaway.routes(services, turns)]
        routes += classify.routes(services)
        routes += phones.routes(services)
        routes += hub_account.routes(services)
        routes += lesson.routes({one.language: classify.welcome.errors(services, one) for one in LANGUAGES.values()})
    return {
        "theme": theme(),
        "css_paths": [static.PAGE_STYLE],
        "js": f"() => {static.run('page.js')}",
        "favicon_path": PROJECT / "assets" / "favicon.svg",
        "max_file_size": UploadLimits.packed,  # of a zip of pictures; single pictures have a smaller limit of their own
        "footer_links": ["api"],  # the header has what Gradio's settings offer
        "run_history": False,
        "show_error": False,
        "enable_monitoring": False,
        "strict_cors": True,
        "ssr_mode": False,
        "state_session_capacity": MOST_SESSIONS,
        "app_kwargs": {"middleware": middleware, "routes": routes},
    }


def wait_until_closed(page: gr.Blocks) -> None:
    """Return once a launched page is closed, as Ctrl-C does it.

    That ends the connections of pages that are open in browsers; Gradio's `block_thread` waits five seconds for them.
    """
    try:
        while page.is_running:
            sleep(0.1)
    except KeyboardInterrupt:
        page.close(verbose=False)
