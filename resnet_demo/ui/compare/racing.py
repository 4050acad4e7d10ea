"""The section of the tab Compare where A, B, C and plain race: equal values, equal batches, and all in one chart.

This module lays it out and wires it. `entry` is the form (pure), `race_controls` its components; `standing` says what
is shown of a race. The race itself is `runs.manager`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import gradio as gr

from ...library.runs import may_change
from ...library.visitors import Visitor
from ..components.curves import curves
from ..components.difference import difference
from ..components.into_view import into_view
from ..components.link import link as link_component
from ..components.notice import notice, said
from ..components.run_head import run_head
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, FILLS_STATE, LAST, QUIET
from ..latest import background
from ..page_context import PageContext
from ..runs import choices, data_choices, network_title
from ..shared import form_link as link
from ..shared import own_images as own
from ..shared.confusion_link import difference_of
from ..shared.training_form import first_form
from ..visitor import visitor
from . import entry, standing
from .entry import Entry
from .race_controls import Controls, beginning
from .standing import Race

FOLLOW_SECONDS = 3  # between two looks at the table of a race that goes on
STEEPNESS = 0.34  # of the charts: curves and differences fit on one screen of 1280 x 720
# who comes for a race or starts one sees all of it; what was started is found again, whatever the address asked for
ASKED = into_view("#race-head", asked="race")
STARTED = """() => setTimeout(() => {
  if (document.querySelector('#race-said-form .notice').textContent) return;
  const address = new URL(location.href);
  address.searchParams.delete('race');
  history.replaceState(history.state, '', address);
  document.querySelector('#race-head').scrollIntoView();
}, 200)"""


def build(context: PageContext) -> None:
    """Lay out the section, inside the tab."""
    services, text, kept = context.services, context.text, context.kept
    first = first_form(services)
    plain = {"filterable": False, "interactive": True}
    hidden = {"size": "sm", "visible": False, "min_width": 100}

    def all_data(kept: Any) -> list[tuple[str, str]]:
        return [*data_choices(services, text), *own.choices(services, kept, text)]

    with gr.Row(elem_id="race"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            controls = Controls(text, first, all_data(None))
            start = gr.Button(text("race.start"), variant="primary", elem_id="race-start")
            said_of_form = notice(elem_id="race-said-form")
            earlier = gr.Dropdown([], label=text("race.earlier"), visible=False, elem_id="race-earlier", **plain)
            linked = link_component(text, elem_id="race-link", words="race.link")
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            head = run_head(text, elem_id="race-head")
            figure = curves(text, services.tails.poll, elem_id="race-curves", steepness=STEEPNESS)
            less = difference(text, services.tails.poll, elem_id="race-difference")
            with gr.Row(elem_id="race-buttons"):
                stop, resume, classify, confusion = (
                    gr.Button(text(f"race.{name}"), elem_id=f"race-{name}", **hidden)
                    for name in ("stop", "resume", "classify", "confusion")
                )
                pair = gr.Dropdown(
                    [], label=text("race.pair"), show_label=False, container=False, visible=False, min_width=200,
                    elem_id="race-pair", **plain,
                )  # fmt: skip
            said_of_race = notice(elem_id="race-said")
            failed = notice(elem_id="race-failed")
            equal = notice(elem_id="race-equal")
            result = table(text, elem_id="race-table", name="race", label=text("race.result"), selectable=False)
            about = notice(elem_id="race-about")
    current = gr.State("")  # the id of the race that is looked at
    clock = gr.Timer(FOLLOW_SECONDS, active=False)
    now = [failed, equal, result, about, clock]
    buttons = [stop, resume, classify, confusion, pair]
    going = [head, figure, less, *buttons, *now]
    view = [*going, earlier, current]

    # --- what is shown

    def now_of(race: Race, stands: standing.Stands, proofs: bool = True) -> list[Any]:
        """Values of `now`. proofs: whether the logs are read once more for what began equal, all of them."""
        ended = bool(race) and not standing.is_active(stands)
        words = [text(f"race.{name}") for name in (["about", "once"] if ended else ["about"])] if race else []
        return [
            said(standing.failures(race, stands, text), error=True),
            said(standing.equal(race, text)) if proofs else gr.skip(),
            standing.table(services, race, stands, text),
            said(" ".join(words)),
            gr.Timer(active=bool(race) and not ended),
        ]

    def buttons_of(race: Race, stands: standing.Stands, who: Visitor, now: Any = None) -> list[Any]:
        """Values of `buttons`; the pair `now` stays chosen."""
        theirs = bool(race) and all(may_change(services, run, who) for run in race)
        active = standing.is_active(stands)
        usable = [run for run in race if run.has_weights()] if not active else []
        pairs = [
            (text("race.pair.choice", network=network_title(b, text), other=network_title(a, text)), f"{b.id} {a.id}")
            for a, b in combinations(usable, 2)
        ]
        seen = (theirs and active, theirs and standing.can_resume(race, stands), usable, pairs)
        first = {} if now in [one for _, one in pairs] else {"value": pairs[0][1] if pairs else None}
        chosen = gr.update(choices=pairs, visible=bool(pairs), **first)
        return [*(gr.update(visible=bool(one)) for one in seen), chosen]

    def going_of(race: Race, who: Visitor, charts: bool = True, chosen: Any = None) -> list[Any]:
        """Values of `going`. charts: whether they begin anew; they go on by themselves. chosen: the pair that stays."""
        stands = standing.states(services, race)
        lines = standing.curves(race, stands, text) if charts or standing.has_failed(stands) else gr.skip()
        about = standing.head(services, race, who, text)
        return [about, lines, lines, *buttons_of(race, stands, who, chosen), *now_of(race, stands)]

    def looked_at(race: Race, who: Visitor) -> list[Any]:
        """Values of `view`."""
        listed = standing.choices(services, race, who, text)
        race_id = race[0].config.race if race else ""
        others = gr.update(choices=listed, value=race_id or None, visible=len(listed) > 1)
        return [*going_of(race, who), others, race_id]

    def mount(event: gr.EventData, kept: Any, request: gr.Request) -> list[Any]:
        services.manager.warm_up()
        who, asked = visitor(services, request, kept), str((event._data or {}).get("race") or "")
        race = standing.found(services, asked) or standing.latest(services, who)
        gone = bool(asked) and (not race or race[0].config.race != asked)
        shown = entry.entry_of([run.config for run in race]) if asked and not gone else beginning(first)
        told = said(text("race.gone"), error=True) if gone else said()
        return [*controls.filled(shown, all_data(kept)), told, *looked_at(race, who)]

    def look(race_id: str, kept: Any, request: gr.Request) -> list[Any]:
        return looked_at(standing.found(services, race_id), visitor(services, request, kept))

    @background
    def refresh(race_id: str, kept: Any, chosen: Any, request: gr.Request) -> list[Any]:
        """Another state; which race is looked at stays: it may be another one by the time that this is answered."""
        return going_of(standing.found(services, race_id), visitor(services, request, kept), False, chosen)

    @background
    def recorded(race_id: str) -> list[Any]:
        race = standing.found(services, race_id)
        return now_of(race, standing.states(services, race))

    @background
    def follow(race_id: str) -> list[Any]:
        race = standing.found(services, race_id)
        return now_of(race, standing.states(services, race), proofs=not standing.has_epochs(services, race))

    # --- what is asked for

    def begin(request: gr.Request, kept: Any, *values: Any) -> list[Any]:
        who, asked = visitor(services, request, kept), Entry(*values).settled()
        wrong = asked.problems(first, text)
        judged, same = controls.judged(asked, wrong), [gr.skip()] * len(view)
        if wrong:
            return [said(wrong.get("variants", text("train.wrong.form")), error=True), *judged, kept, *same]
        try:
            made = entry.launch(services, asked, first, who)
        except REFUSALS as error:
            return [said(sentence(error, text), error=True), *judged, kept, *same]
        kept = {**(kept or {}), **{run.id: made.token for run in made.runs}}
        race = standing.found(services, made.race)
        return [said(), *judged, kept, *looked_at(race, visitor(services, request, kept))]

    def judge(*values: Any) -> list[Any]:
        asked = Entry(*values).settled()
        return controls.judged(asked, asked.problems(first, text))

    def ordered(act: Callable[[str, Visitor], None]) -> Callable[..., dict[str, Any]]:
        """A handler that asks the manager for something, of any member for all, and says why it does not do it."""

        def handle(race_id: str, kept: Any, request: gr.Request) -> dict[str, Any]:
            race = standing.found(services, race_id)
            try:
                if race:
                    act(race[0].id, visitor(services, request, kept))
            except REFUSALS as error:
                return said(sentence(error, text), error=True)
            return said() if race else said(text("race.gone"), error=True)

        return handle

    def stop_race(run_id: str, who: Visitor) -> None:
        services.manager.stop(run_id, who.key(run_id))

    def resume_race(run_id: str, who: Visitor) -> None:
        services.manager.resume(run_id, who.key(run_id), who.address)

    def share(event: gr.EventData, race_id: str) -> dict[str, Any]:
        return link.shown(event.address, {"tab": "compare", "race": race_id}) if race_id else {}

    def to_classify(race_id: str, kept: Any, request: gr.Request) -> tuple[Any, Any]:
        ids = [run.id for run in standing.found(services, race_id) if run.has_weights()]
        listed = choices(services, text, visitor(services, request, {**(kept or {}), **dict.fromkeys(ids, "")}))
        return gr.Tabs(selected="classify"), gr.update(choices=listed, value=ids)

    def to_confusion(chosen: Any) -> tuple[Any, Any]:
        run, _, other = str(chosen or "").partition(" ")
        return difference_of(run, other) if other else (gr.skip(), gr.skip())

    asked = [current, kept]
    figure.mount(mount, kept, [*controls.all, said_of_form, *view], **QUIET).then(None, js=ASKED)
    figure.state(refresh, [*asked, pair], going, **LAST)
    figure.epoch(recorded, current, now, **LAST)
    clock.tick(follow, current, now, **LAST)
    begun = [said_of_form, *controls.numbers, kept, *view]
    start.click(begin, [kept, *controls.all], begun, **QUIET).then(None, js=STARTED)
    for part in (*controls.numbers, controls.parts["unit"]):
        part.input(judge, controls.all, controls.numbers, **LAST)
    earlier.input(look, [earlier, kept], view, **EVERY, **QUIET)
    stop.click(ordered(stop_race), asked, said_of_race, **QUIET)
    resume.click(ordered(resume_race), asked, said_of_race, **QUIET).then(look, asked, view, **QUIET)
    linked.ask(share, current, linked, **QUIET)
    if "classify" in context.shared:
        classify.click(to_classify, asked, [context.tabs, context.shared["classify"]], **QUIET)
    if "confusion" in context.shared:
        confusion.click(to_confusion, pair, [context.tabs, context.shared["confusion"]], **FILLS_STATE)
