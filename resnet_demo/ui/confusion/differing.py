"""The difference of what is looked at and of another run, set or epoch: choosing it, seeing it, and being sent to it.

Other tabs open it through `context.shared["confusion"]`, with what `difference_of` makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from ...library.answers import Answers
from ...library.visitors import Visitor
from ...services import Services
from ..components.choices import Choices
from ..components.into_view import into_view
from ..components.matrix import matrix
from ..components.mistakes import mistakes
from ..components.notice import notice, said
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, QUIET
from ..text import Text
from ..visitor import visitor
from . import choosing, comparing
from .choosing import Choice
from .comparing import OTHER, THIS

SCROLL = into_view("#confusion-told", only_if="#confusion-told")  # a difference that a link or another tab asked for


class Differing:
    """The folded part to choose the other side with, and below `output` what is seen of the difference.

    `sides` are the lists, filled by `chosen`; `outputs` are filled by `filled`.
    """

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        plain = {"filterable": False, "interactive": True}
        with gr.Accordion(text("confusion.difference"), open=False, elem_id="confusion-difference") as self.part:
            self.run = Choices([], label=text("confusion.difference.run"), elem_id="confusion-other", **plain)
            self.on = Choices([], label=text("confusion.set"), elem_id="confusion-other-set", **plain)
            self.step = Choices(
                [], label=text("confusion.epoch"), elem_id="confusion-other-epoch", visible=False, **plain
            )
            self.go = gr.Button(text("confusion.difference.go"), size="sm", elem_id="confusion-compare")
        self.sides = [self.run, self.on, self.step]

    def output(self) -> None:
        """Lay out what is seen of it."""
        text, hidden = self.text, {"visible": False, "size": "sm", "min_width": 80}
        with gr.Column(visible=False) as self.seen:
            gr.Markdown(f"### {text('confusion.difference')}")
            self.told = notice(elem_id="confusion-told")
            self.change = matrix(text, elem_id="confusion-change", selectable=False)
            self.changes = table(
                text, elem_id="confusion-changes", name="changes", label=text("confusion.difference"), selectable=False
            )
            self.whose = gr.Radio(
                [(text(f"confusion.alone.{one}"), one) for one in (THIS, OTHER)], value=THIS,
                label=text("confusion.alone"), visible=False, interactive=True, elem_id="confusion-alone",
            )  # fmt: skip
            self.strip = mistakes(text, elem_id="confusion-alone-pictures", selectable=False)
            with gr.Row(elem_id="confusion-alone-pages"):
                self.before = gr.Button(text("confusion.before"), **hidden)
                self.after = gr.Button(text("confusion.after"), **hidden)
            self.page = gr.State(0)
        self.alone = [self.strip, self.before, self.after, self.page]
        self.outputs = [self.seen, self.told, self.change, self.changes, self.whose, *self.alone]

    def closed(self) -> list[Any]:
        """Values of `outputs` while nothing is compared."""
        hidden = gr.update(visible=False)
        return [hidden, said(), {}, None, gr.update(visible=False, value=THIS), {}, hidden, hidden, 0]

    def filled(self, choice: Choice, other: Choice, who: Visitor) -> list[Any]:
        """Values of `outputs` for two sides; other: of a run, whatever the visitor brought."""
        try:
            both = self.both(choice, other, who)
            if both is None:
                return self.refused(self.text("confusion.empty"))
            value, rows, words = comparing.compared(*both, self.text)
        except REFUSALS as error:
            return self.refused(sentence(error, self.text))
        same = comparing.alone(*both) is not None
        whose = gr.update(visible=same, value=THIS)
        return [gr.update(visible=True), said(words), value, rows, whose, *self.pictures(both, THIS, 0)]

    def refused(self, words: str) -> list[Any]:
        """Values of `outputs` where two sides cannot be compared."""
        return [gr.update(visible=True), said(words, error=True), *self.closed()[2:]]

    def both(self, choice: Choice, other: Choice, who: Visitor) -> tuple[Answers, Answers] | None:
        """(the other side, this side), None where one of them has no answers."""
        found = [
            choosing.merged(choosing.answers(self.services, one, who), choice.groups)
            for one in (other._replace(own=None), choice)
        ]
        return None if None in found or not all(len(one.labels) for one in found) else tuple(found)

    def pictures(self, both: tuple[Answers, Answers] | None, whose: str, page: int) -> list[Any]:
        """Values of `alone`."""
        value, pages = comparing.strip(self.services, *both, whose, page, self.text) if both else ({}, 0)
        more = bool(value.get("items"))
        shown = gr.update(visible=more and page > 0), gr.update(visible=more and page < pages - 1)
        return [value, *shown, page]

    def chosen(self, runs: Sequence[tuple[str, str]], run_id: Any, on: Any, step: Any = 0) -> list[Any]:
        """Values of `sides`."""
        sets = choosing.set_update(self.services, run_id, on, self.text)
        epochs = choosing.epoch_update(self.services, run_id, sets["value"], step, self.text)
        return [gr.update(choices=runs, value=run_id), sets, epochs]

    def arrived(self, asked: Mapping[str, Any], choice: Choice, other: Choice, who: Visitor) -> list[Any]:
        """Values of `part` and `outputs` for what a link or another tab asks for."""
        wanted = bool(asked.get("other"))
        return [gr.update(open=wanted), *(self.filled(choice, other, who) if wanted else self.closed())]

    def wire(self, looked_at: Sequence[Any]) -> None:
        """Connect the parts; looked_at: components with the fields of a `Choice`."""
        services, text = self.services, self.text

        def choose_run(run_id: Any, on: Any) -> list[Any]:
            sets = choosing.set_update(services, run_id, on, text)
            return [sets, choosing.epoch_update(services, run_id, sets["value"], 0, text)]

        def choose_set(run_id: Any, on: Any) -> Any:
            return choosing.epoch_update(services, run_id, on, 0, text)

        def set_against(request: gr.Request, run_id: Any, on: Any, step: Any, *values: Any) -> list[Any]:
            choice = Choice(*values)
            return self.filled(choice, Choice(run_id, on, step), visitor(services, request, choice.kept))

        def look(turned: int | None) -> Callable[..., list[Any]]:
            def looked(
                request: gr.Request, whose: Any, page: int, run_id: Any, on: Any, step: Any, *values: Any
            ) -> list[Any]:
                choice = Choice(*values)
                try:
                    both = self.both(choice, Choice(run_id, on, step), visitor(services, request, choice.kept))
                except REFUSALS as error:
                    hidden = gr.update(visible=False)
                    return [{"note": sentence(error, self.text), "items": []}, hidden, hidden, 0]
                side = OTHER if whose == OTHER else THIS
                return self.pictures(both, side, 0 if turned is None else max(0, page + turned))

            return looked

        self.run.input(choose_run, [self.run, self.on], [self.on, self.step], **EVERY, **QUIET)
        self.on.input(choose_set, [self.run, self.on], self.step, **EVERY, **QUIET)
        self.go.click(set_against, [*self.sides, *looked_at], self.outputs, **QUIET)
        place = [self.whose, self.page, *self.sides, *looked_at]
        self.whose.input(look(None), place, self.alone, **EVERY, **QUIET)
        self.before.click(look(-1), place, self.alone, **QUIET)
        self.after.click(look(1), place, self.alone, **QUIET)
