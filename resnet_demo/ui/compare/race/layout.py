"""The components of the race and how they are connected; what they show is decided in `handlers`.

The race itself is `runs.manager`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....services import Services
from ...components.curves import curves
from ...components.difference import difference
from ...components.into_view import into_view
from ...components.link import link
from ...components.notice import notice
from ...components.prose import fold, lead, note
from ...components.run_head import run_head
from ...components.table import table
from ...events import EVERY, FILLS_STATE, LAST, QUIET
from ...page_context import PageContext
from ...shared.confusion_link import CONFUSION
from ...shared.training_form import first_form
from ...text import Text
from .controls import race_controls
from .form import NUMBERS, beginning
from .handlers import Handlers, data_sets

CLASSIFY = "classify"  # Classify's choice of models, among the components that tabs share
FOLLOW_SECONDS = 3  # between two looks at the table of a race that goes on
STEEPNESS = 0.34  # of the charts: curves and differences fit on one screen of 1280 x 720
# an address that names a race, or a start, brings all of it into view; after a start a reload shows the new race,
# whatever the address named
NAMED = into_view("#race-head", asked="race")
STARTED = """() => setTimeout(() => {
  if (document.querySelector('#race-said-form .notice').textContent) return;
  const address = new URL(location.href);
  address.searchParams.delete('race');
  history.replaceState(history.state, '', address);
  document.querySelector('#race-head').scrollIntoView();
}, 200)"""


@dataclass(frozen=True)
class Parts:
    """The components of the part, and those of the page that it fills.

    controls: by the fields of `RaceForm`, with `start` and its `form_notice`. earlier: the visitor's races. link: to
    the race that is shown. head, curves, differences: of that race; `current` is its id. stop, resume, to_classify,
    to_confusion, pair: buttons and the pair that the last one opens, with their `race_notice`. failed, equal, members,
    about: what the logs say, again and again while `clock` ticks. kept, tabs: as in `PageContext`. models, confusion:
    of the tabs Classify and Confusion; None where they are not on the page.
    """

    controls: dict[str, Any]
    start: Any
    form_notice: Any
    earlier: Any
    link: Any
    head: Any
    curves: Any
    differences: Any
    stop: Any
    resume: Any
    to_classify: Any
    to_confusion: Any
    pair: Any
    race_notice: Any
    failed: Any
    equal: Any
    members: Any
    about: Any
    current: Any
    clock: Any
    kept: Any
    tabs: Any
    models: Any = None
    confusion: Any = None

    @property
    def numbers(self) -> list[Any]:
        """The typed fields of the form."""
        return [self.controls[name] for name in NUMBERS]

    @property
    def logged(self) -> list[Any]:
        """What changes while a race goes on."""
        return [self.failed, self.equal, self.members, self.about, self.clock]

    @property
    def going(self) -> list[Any]:
        """What changes with a race's state."""
        buttons = [self.stop, self.resume, self.to_classify, self.to_confusion, self.pair]
        return [self.head, self.curves, self.differences, *buttons, *self.logged]

    @property
    def race(self) -> list[Any]:
        """Everything about the race that is shown."""
        return [*self.going, self.earlier, self.current]


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    services, text = context.services, context.text
    with gr.Column(elem_id="race"):
        first = beginning()
        lead(text, "race.lead", steps=first.length, depth=first.depth)
        requested = form(services, text)
        shown = charts(services, text) | buttons(text) | results(text)
    current, clock = gr.State(""), gr.Timer(FOLLOW_SECONDS, active=False)
    of_page: dict[str, Any] = {"kept": context.kept, "tabs": context.tabs}
    of_page |= {"models": context.shared.get(CLASSIFY), "confusion": context.shared.get(CONFUSION)}
    parts = Parts(**requested, **shown, current=current, clock=clock, **of_page)
    handlers = Handlers(services, text, parts, first_form(services))
    wire_race(parts, handlers)
    wire_form_and_buttons(parts, handlers)


def form(services: Services, text: Text) -> dict[str, Any]:
    """The start of a race with its settings, and the races that were started before."""
    with gr.Row(elem_id="race-start-row"):
        start = gr.Button(text("race.start"), variant="primary", elem_id="race-start")
        earlier = gr.Dropdown(
            [], label=text("race.earlier"), visible=False, elem_id="race-earlier", filterable=False, interactive=True
        )
    form_notice = notice(elem_id="race-said-form")
    with gr.Column(elem_classes="controls"), fold(text, "race.settings", elem_id="race-settings"):
        controls = race_controls(text, beginning(), data_sets(services, None, text))
        note(text, "race.details.info", "p")
    return {"controls": controls, "start": start, "form_notice": form_notice, "earlier": earlier}


def charts(services: Services, text: Text) -> dict[str, Any]:
    """The curves of all members in one chart, and their differences."""
    poll = services.tails.poll
    return {
        "head": run_head(text, elem_id="race-head"),
        "curves": curves(text, poll, elem_id="race-curves", steepness=STEEPNESS),
        "differences": difference(text, poll, elem_id="race-difference"),
    }


def buttons(text: Text) -> dict[str, Any]:
    """What can be done with the race that is shown."""
    with gr.Row(elem_id="race-buttons"):
        made: dict[str, Any] = {
            part: gr.Button(text(f"race.{name}"), size="sm", visible=False, min_width=100, elem_id=f"race-{name}")
            for part, name in (
                ("stop", "stop"), ("resume", "resume"), ("to_classify", "classify"), ("to_confusion", "confusion")
            )
        }  # fmt: skip
        made["pair"] = gr.Dropdown(
            [], label=text("race.pair"), show_label=False, container=False, visible=False, min_width=200,
            elem_id="race-pair", filterable=False, interactive=True,
        )  # fmt: skip
    return made | {
        "race_notice": notice(elem_id="race-said"),
        "link": link(text, elem_id="race-link", words="race.link"),
    }


def results(text: Text) -> dict[str, Any]:
    """What the logs say of the race that is shown."""
    return {
        "failed": notice(elem_id="race-failed"),
        "equal": notice(elem_id="race-equal"),
        "members": table(text, elem_id="race-table", name="race", label=text("race.result"), selectable=False),
        "about": notice(elem_id="race-about"),
    }


def wire_race(parts: Parts, handlers: Handlers) -> None:
    """Connect what shows a race."""
    filled = [*parts.controls.values(), parts.form_notice, *parts.race]
    parts.curves.mount(handlers.mount, parts.kept, filled, **QUIET).then(None, js=NAMED)
    parts.curves.state(handlers.refresh, [parts.current, parts.kept, parts.pair], parts.going, **LAST)
    parts.curves.epoch(handlers.end_epoch, parts.current, parts.logged, **LAST)
    parts.clock.tick(handlers.follow, parts.current, parts.logged, **LAST)


def wire_form_and_buttons(parts: Parts, handlers: Handlers) -> None:
    """Connect what a visitor does."""
    controls = list(parts.controls.values())
    begun = [parts.form_notice, *parts.numbers, parts.kept, *parts.race]
    parts.start.click(handlers.start, [parts.kept, *controls], begun, **QUIET).then(None, js=STARTED)
    for control in (*parts.numbers, parts.controls["unit"]):
        control.input(handlers.judge, controls, parts.numbers, **LAST)
    parts.earlier.input(handlers.look_at, [parts.earlier, parts.kept], parts.race, **EVERY, **QUIET)
    race = [parts.current, parts.kept]
    parts.stop.click(handlers.stop, race, parts.race_notice, **QUIET)
    parts.resume.click(handlers.resume, race, parts.race_notice, **QUIET).then(
        handlers.look_at, race, parts.race, **QUIET
    )
    parts.link.ask(handlers.share, parts.current, parts.link, **QUIET)
    if parts.models is not None:
        parts.to_classify.click(handlers.open_classify, race, [parts.tabs, parts.models], **QUIET)
    if parts.confusion is not None:
        parts.to_confusion.click(handlers.open_confusion, parts.pair, [parts.tabs, parts.confusion], **FILLS_STATE)
