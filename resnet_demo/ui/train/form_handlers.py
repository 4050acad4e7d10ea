"""What the form of the tab Train does: it is filled, checked, shared, and starts a run.

Each handler returns the new values by component; `values` of the form are in the order of `Form`. What may be typed,
and which configuration it makes, is decided in `shared.training_form`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.runs import first_run, usable_run
from ...library.visitors import Visitor
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..latest import Entries
from ..runs import choices, data_choices
from ..shared import form_link as link
from ..shared import training_form as forms
from ..shared.own_images import all_data
from ..shared.training_form import Form
from ..text import Text
from ..visitor import visitor
from .elsewhere import HERE, Elsewhere
from .form_views import Properties, form_properties, form_snippets, number_properties
from .run_view import RunView, Values

if TYPE_CHECKING:
    from ...services import Services
    from .layout import Parts

TAB = "train"


def initial_options(services: Services, text: Text, who: Visitor) -> list[tuple[str, str]]:
    """(title, id) of the models that a run can be initialized from; "" for random values."""
    return [(text("train.scratch"), ""), *choices(services, text, who)]


class FormHandlers:
    """The handlers of one page. first: the form as it begins. elsewhere: where a run may train beside this server."""

    def __init__(self, view: RunView, parts: Parts, first: Form, elsewhere: Elsewhere) -> None:
        self.elsewhere = elsewhere
        self.services, self.text, self.view, self.parts, self.first = view.services, view.text, view, parts, first

    def mount(self, event: gr.EventData, kept: Any, request: gr.Request) -> Values:
        """Fill the tab: the form as the address asks, and the run that it names, else the one to begin with."""
        self.services.manager.warm_up()
        who, address = visitor(self.services, request, kept), event._data or {}
        data = all_data(self.services, kept, self.text)
        form = forms.from_address(address, self.first, tuple(name for _, name in data))
        run = first_run(self.services, who, str(address.get("run") or ""), form.data)
        properties = form_properties(form, self.text)
        properties["data"]["choices"] = data
        properties["initial"] = {"choices": initial_options(self.services, self.text, who), "value": ""}
        return {
            **self._updates(properties),
            **self.view.run(run, who, []),
            **self.view.runs(who, []),
            **self.view.epoch(run, who),
        }

    def start(
        self, request: gr.Request, kept: Any, others: Any, where: Any, flavor: Any, minutes: Any, *values: Any
    ) -> Values:
        """Start a run where the form says, or say what is wrong."""
        return self._start(request, kept, others, (where, flavor, minutes), values)

    def start_here(self, request: gr.Request, kept: Any, others: Any, *values: Any) -> Values:
        """Start a run on this server: the button beside a run names no cost."""
        return self._start(request, kept, others, (HERE, "", 0), values)

    def _start(
        self, request: gr.Request, kept: Any, others: Any, choice: tuple[Any, Any, Any], values: Sequence[Any]
    ) -> Values:
        who, form = visitor(self.services, request, kept), Form(*values).settled()
        checked = self._updates(number_properties(form, self.text))
        if form.problems(self.text):
            return {self.parts.form_status: said(self.text("train.wrong.form"), error=True), **checked}
        try:
            made = forms.launch(self.services, form, who, self.elsewhere.executor(*choice, request))
        except REFUSALS as error:
            return {self.parts.form_status: said(sentence(error, self.text), error=True), **checked}
        kept = Entries(kept, {made.run.id: made.token})
        who = replace(who, keys=kept)
        return {
            self.parts.form_status: said(),
            **checked,
            self.parts.kept: kept,
            **self.view.run(made.run, who, others),
            **self.view.runs(who, others),
            **self.view.epoch(None, who),
        }

    def settle(self, *values: Any) -> Values:
        """Change what does not fit another family or depth."""
        return self._updates(form_properties(Form(*values).settled(), self.text, Form(*values)))

    def apply_preset(self, *values: Any) -> Values:
        """Fill in the recipe of a preset."""
        form = Form(*values).settled()
        return self._updates(form_properties(forms.with_preset(form, form.preset), self.text, Form(*values)))

    def check(self, *values: Any) -> Values:
        """Say beside each typed field what is wrong with it."""
        return self._updates(number_properties(Form(*values).settled(), self.text))

    def use_settings(self, run_id: str, *values: Any) -> Values:
        """Fill in the settings of a run; its data set only where it is on this machine."""
        run, form = usable_run(self.services, run_id), Form(*values).settled()
        if run is not None:
            known = run.config.data in [name for _, name in data_choices(self.services, self.text)]
            settings = forms.for_config(run.config)
            form = settings if known else replace(settings, data=form.data)
        return self._updates(form_properties(form, self.text))

    def share(self, event: gr.EventData, *values: Any) -> Values:
        """Make a link that fills the form like this, and the texts that train what it describes."""
        form = Form(*values).settled()
        address = link.shown(event.address, {"tab": TAB, **form.address(self.first)})
        return {self.parts.link: address, self.parts.snippets: form_snippets(self.services, form, self.text)}

    def _updates(self, properties: Properties) -> Values:
        return {self.parts.controls[name]: gr.update(**values) for name, values in properties.items()}
