"""What the race does when it is used: each handler returns the new values by component.

`form` is what is started, `controls` how its fields look, `views` what is shown of a race. No handler makes a
component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....library.runs import may_change
from ....library.visitors import Visitor
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...latest import Entries, background
from ...runs import choices, data_choices
from ...shared import form_link, own_images
from ...shared.confusion_link import difference_of
from ...shared.training_form import Form
from ...text import Text
from ...visitor import visitor
from . import controls, views
from .form import RaceForm, beginning, form_of, launch
from .views import Race, Statuses

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class Handlers:
    """The handlers of one page. first: the form of the tab Train as it begins, for what a race does not ask."""

    def __init__(self, services: Services, text: Text, parts: Parts, first: Form) -> None:
        self.services, self.text, self.parts, self.first = services, text, parts, first

    # --- what is shown

    def mount(self, event: gr.EventData, kept: Any, request: gr.Request) -> Values:
        """Show the race that the address names, else the visitor's latest, when the part is opened."""
        self.services.manager.warm_up()
        who, named = visitor(self.services, request, kept), str((event._data or {}).get("race") or "")
        race = views.race_of(self.services, named) or views.latest(self.services, who)
        gone = bool(named) and (not race or race[0].config.race != named)
        form = form_of([run.config for run in race]) if named and not gone else beginning()
        updates = controls.filled(form, self.text, data_sets(self.services, kept, self.text))
        notice = said(self.text("race.gone"), error=True) if gone else said()
        return {**self._controls(updates), self.parts.form_notice: notice, **self._race(race, who)}

    def look_at(self, race_id: str, kept: Any, request: gr.Request) -> Values:
        """Show another race."""
        return self._race(views.race_of(self.services, race_id), visitor(self.services, request, kept))

    @background
    def refresh(self, race_id: str, kept: Any, pair: Any, request: gr.Request) -> Values:
        """Show another state of the race; its curves go on by themselves, the chosen pair stays.

        `current` stays as well: the visitor may look at another race by the time that this is answered.
        """
        race, who = views.race_of(self.services, race_id), visitor(self.services, request, kept)
        return self._going(race, who, charts=False, pair=pair)

    @background
    def end_epoch(self, race_id: str) -> Values:
        """Show what the logs say at the end of an epoch."""
        race = views.race_of(self.services, race_id)
        return self._logged(race, views.statuses(self.services, race))

    @background
    def follow(self, race_id: str) -> Values:
        """The same now and then; after the first epoch it is the ends of epochs that prove anything new."""
        race = views.race_of(self.services, race_id)
        proofs = not views.has_epochs(self.services, race)
        return self._logged(race, views.statuses(self.services, race), proofs)

    # --- what a visitor does

    def start(self, request: gr.Request, kept: Any, *values: Any) -> Values:
        """Start the race of the form, or say what is wrong with it. values: in the order of `RaceForm`."""
        who, form = visitor(self.services, request, kept), RaceForm(*values).settled()
        wrong = form.problems(self.text)
        judged = self._controls(controls.judged(form, self.text, wrong))
        if wrong:
            message = wrong.get("variants", self.text("train.wrong.form"))
            return {**judged, self.parts.form_notice: said(message, error=True)}
        try:
            submitted = launch(self.services, form, self.first, who)
        except REFUSALS as error:
            return {**judged, self.parts.form_notice: said(sentence(error, self.text), error=True)}
        kept = Entries(kept, {run.id: submitted.token for run in submitted.runs})
        race = self._race(views.race_of(self.services, submitted.race), visitor(self.services, request, kept))
        return {**judged, self.parts.form_notice: said(), self.parts.kept: kept, **race}

    def judge(self, *values: Any) -> Values:
        """Say beside each typed field what is allowed, or what is wrong."""
        form = RaceForm(*values).settled()
        wrong = form.problems(self.text)
        return self._controls(controls.judged(form, self.text, wrong))

    def stop(self, race_id: str, kept: Any, request: gr.Request) -> Values:
        """Stop the race: of any member, which stops all."""
        manager = self.services.manager
        return self._act(lambda run, who: manager.stop(run, who.key(run)), race_id, kept, request)

    def resume(self, race_id: str, kept: Any, request: gr.Request) -> Values:
        """Resume the race: of any member, which resumes all."""
        manager = self.services.manager
        return self._act(lambda run, who: manager.resume(run, who.key(run), who.address), race_id, kept, request)

    def share(self, event: gr.EventData, race_id: str) -> Values:
        """Make a link to the race."""
        shown = form_link.shown(event.address, {"tab": "compare", "part": "race", "race": race_id}) if race_id else {}
        return {self.parts.link: shown}

    def open_classify(self, race_id: str, kept: Any, request: gr.Request) -> Values:
        """Open the tab Classify with the members that have weights."""
        ids = [run.id for run in views.race_of(self.services, race_id) if run.has_weights()]
        who = visitor(self.services, request, {**(kept or {}), **dict.fromkeys(ids, "")})
        models = gr.update(choices=choices(self.services, self.text, who), value=ids)
        return {self.parts.tabs: gr.update(selected="classify"), self.parts.models: models}

    def open_confusion(self, pair: Any) -> Values:
        """Open the tab Confusion with the difference of the chosen pair."""
        run, _, other = str(pair or "").partition(" ")
        if not other:
            return {}
        tab, difference = difference_of(run, other)
        return {self.parts.tabs: tab, self.parts.confusion: difference}

    # --- values

    def _act(self, act: Callable[[str, Visitor], Any], race_id: str, kept: Any, request: gr.Request) -> Values:
        """Have the manager do something with a race, and say why where it refuses."""
        race = views.race_of(self.services, race_id)
        notice = said() if race else said(self.text("race.gone"), error=True)
        try:
            if race:
                act(race[0].id, visitor(self.services, request, kept))
        except REFUSALS as error:
            notice = said(sentence(error, self.text), error=True)
        return {self.parts.race_notice: notice}

    def _controls(self, updates: dict[str, Any]) -> Values:
        return {self.parts.controls[name]: update for name, update in updates.items()}

    def _race(self, race: Race, who: Visitor) -> Values:
        """Everything about a race."""
        listed, race_id = views.choices(self.services, race, who, self.text), race[0].config.race if race else ""
        earlier = gr.update(choices=listed, value=race_id or None, visible=len(listed) > 1)
        return {**self._going(race, who), self.parts.earlier: earlier, self.parts.current: race_id}

    def _going(self, race: Race, who: Visitor, charts: bool = True, pair: Any = None) -> Values:
        """What changes with a race's state. charts: whether they begin anew. pair: the one that stays chosen."""
        statuses = views.statuses(self.services, race)
        values: Values = {self.parts.head: views.head(self.services, race, who, self.text)}
        if charts or views.has_failed(statuses):
            lines = views.curves(self.services, race, self.text)
            values |= {self.parts.curves: lines, self.parts.differences: lines}
        return values | self._buttons(race, statuses, who, pair) | self._logged(race, statuses)

    def _buttons(self, race: Race, statuses: Statuses, who: Visitor, pair: Any) -> Values:
        """What the visitor may do with a race; `pair` stays chosen where it still can be."""
        parts, active = self.parts, views.is_active(statuses)
        theirs = bool(race) and all(may_change(self.services, run, who) for run in race)
        usable = [] if active else [run for run in race if run.has_weights()]
        pairs = views.pairs(usable, self.text)
        values = [value for _, value in pairs]
        first = {} if pair in values else {"value": values[0] if values else None}
        return {
            parts.stop: gr.update(visible=theirs and active),
            parts.resume: gr.update(visible=theirs and views.can_resume(race, statuses)),
            parts.to_classify: gr.update(visible=bool(usable)),
            parts.to_confusion: gr.update(visible=bool(pairs)),
            parts.pair: gr.update(choices=pairs, visible=bool(pairs), **first),
        }

    def _logged(self, race: Race, statuses: Statuses, proofs: bool = True) -> Values:
        """What the logs say. proofs: whether all logs are read once more for what began equal."""
        parts, ended = self.parts, bool(race) and not views.is_active(statuses)
        values = {
            parts.failed: said(views.failures(race, statuses, self.text), error=True),
            parts.members: views.table(self.services, race, statuses, self.text),
            parts.about: said(views.about(race, ended, self.text)),
            parts.clock: gr.update(active=bool(race) and not ended),
        }
        return values | ({parts.equal: said(views.equal(race, self.text))} if proofs else {})


def data_sets(services: Services, kept: Any, text: Text) -> list[tuple[str, str]]:
    """(title, name) of the data sets to race on: those of this machine, and what the visitor uploaded."""
    return [*data_choices(services, text), *own_images.choices(services, kept, text)]
