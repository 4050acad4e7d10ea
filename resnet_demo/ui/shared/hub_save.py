"""Save a run to the Hub: who is signed in, the repository's name, and a button, in a fold below the run.

A section of a page: its components, handlers and wiring. What is written is made by `runs.exchange`; the account is
looked up at each request and kept nowhere. It must not depend on a tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from ...errors import Refusal
from ...figures.files import confusion_files
from ...hub.account import Account
from ...library.runs import usable_run
from ...metrics import ConfusionMatrix
from ...runs.exchange.hub_card import LICENSES
from ...runs.exchange.hub_push import SAVABLE, Saved, proposed_name, push
from ...runs.files import WEIGHTS
from ...runs.folder import RunError, RunFolder
from ...services import Services
from ..components.notice import notice, said
from ..components.prose import prose
from ..errors import REFUSALS, sentence
from ..events import PRIVATE, QUIET
from ..text import Text
from ..visitor import visitor
from ..watched import watched
from .hub_account import find_account, require_account, sign_in_address, sign_out, way

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = {"visible": False}


@dataclass(frozen=True)
class Parts:
    """The components of the section. fold: all of it. who: whose account it is, or why there is none. form: what is
    shown to somebody with an account. status: a notice. saved: where the run is."""

    fold: Any
    who: Any
    sign_in: Any
    sign_out: Any
    form: Any
    repository: Any
    license: Any
    private: Any
    save: Any
    status: Any
    saved: Any

    @property
    def opened(self) -> list[Any]:
        """What opening the fold fills."""
        return [self.who, self.sign_in, self.sign_out, self.form, self.repository, self.status, self.saved]


def save_section(text: Text) -> Parts:
    """Lay out the section, folded, and hidden until a run can be saved."""
    licenses = [(text("hub.license.other") if name == "other" else name, name) for name in LICENSES]
    with gr.Accordion(text("hub.save"), open=False, visible=False, elem_id="hub-save") as fold:
        who = prose("", "hub-who")
        sign_in = gr.Button(
            text("hub.sign_in"), link="hub/sign-in", link_target="_blank", size="sm", visible=False,
            elem_id="hub-sign-in",
        )  # fmt: skip
        with gr.Column(visible=False) as form:
            with gr.Row():
                repository = gr.Textbox(
                    label=text("hub.repository"), info=text("hub.repository.info"), max_length=120, min_width=200,
                    elem_id="hub-repository",
                )  # fmt: skip
                license = gr.Dropdown(
                    licenses, value=LICENSES[0], label=text("hub.license"), info=text("hub.license.info"),
                    filterable=False, interactive=True, min_width=160, elem_id="hub-license",
                )  # fmt: skip
            private = gr.Checkbox(True, label=text("hub.private"), interactive=True, elem_id="hub-private")
            save = gr.Button(text("hub.button"), variant="primary", size="sm", elem_id="hub-save-button")
        status, saved = notice(elem_id="hub-said"), prose("", "hub-saved")
        leave = gr.Button(text("hub.sign_out"), size="sm", visible=False, elem_id="hub-sign-out")
    return Parts(fold, who, sign_in, leave, form, repository, license, private, save, status, saved)


def can_save(services: Services, run: RunFolder | None, local: bool) -> bool:
    """Whether the section is offered for a run: it has ended, and a visitor can have an account here."""
    if run is None or run.damage or not (services.hub.oauth or local):
        return False
    return run.has_weights() and services.manager.status(run.id).state in SAVABLE


class Handlers:
    """The handlers of the section on one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def open(self, run_id: str, request: gr.Request) -> Values:
        """Show who is signed in, and propose a name."""
        try:
            account = find_account(self.services, request)
        except REFUSALS as error:
            return self._opened(run_id, request, None, sentence(error, self.text))
        return self._opened(run_id, request, account)

    def leave(self, run_id: str, request: gr.Request) -> Values:
        """Sign out."""
        sign_out(self.services, request)
        return self._opened(run_id, request, None)

    def save(self, run_id: str, repository: str, license: str, private: bool, request: gr.Request) -> Iterator[Values]:
        """Save the run, with a line about how far it is."""
        parts, text = self.parts, self.text
        results: list[Saved] = []
        stage = ["preparing", 0.0]

        def say(name: str, megabytes: float) -> None:
            stage[:] = name, megabytes

        try:
            run = usable_run(self.services, run_id)
            if run is None:
                raise RunError("not_a_run", name="")
            account = require_account(self.services, request)
            address = visitor(self.services, request).address
            with self.services.memory.hold(address, (run.path / WEIGHTS).stat().st_size):
                work = watched(
                    lambda report: results.append(
                        push(run, (repository or "").strip(), account, self._draw, private=bool(private),
                             license=license, say=say)
                    )
                )  # fmt: skip
                for _ in work:
                    name, megabytes = stage
                    words = text(f"hub.{name}", megabytes=f"{megabytes:.1f}", name=(repository or "").strip())
                    yield {parts.status: said(words), parts.saved: ""}
        except OSError:  # deleted meanwhile
            yield {parts.status: said(sentence(Refusal("no_weights", name=""), text), error=True), parts.saved: ""}
            return
        except REFUSALS as error:
            yield {parts.status: said(sentence(error, text), error=True), parts.saved: ""}
            return
        yield {parts.status: said(), parts.saved: saved_words(results[0], text)}

    def _opened(self, run_id: str, request: gr.Request, account: Account | None, problem: str = "") -> Values:
        parts, text, how = self.parts, self.text, way(self.services, request)
        run = usable_run(self.services, run_id)
        offered = how == "sign-in" and account is None
        if account:
            who = text("hub.who.machine" if how == "machine" else "hub.who", name=account.name)
        elif offered:
            who = text("hub.sign_in.about")
        else:
            who = problem or self._missing(request)
        address = sign_in_address(text, "save", {"tab": "train", "run": run_id})
        return {
            parts.who: f"<p>{escape(text('hub.about'))}</p><p>{escape(who)}</p>",
            parts.sign_in: gr.update(visible=offered, link=address),
            parts.sign_out: gr.update(visible=how == "sign-in" and account is not None),
            parts.form: gr.update(visible=account is not None),
            parts.repository: proposed_name(run, account) if run and account else "",
            parts.status: said(problem, error=True) if problem and offered else said(),
            parts.saved: "",
        }

    def _missing(self, request: gr.Request) -> str:
        """Why there is no account."""
        try:
            require_account(self.services, request)
        except REFUSALS as error:
            return sentence(error, self.text)
        return ""

    def _draw(self, matrix: ConfusionMatrix, title: str) -> bytes:
        """A matrix as PNG, in a process of its own."""
        return confusion_files(matrix, title=title, draw=self.services.drawing.run)["matrix.png"]()


def saved_words(saved: Saved, text: Text) -> str:
    """Where a run has been saved, as HTML."""
    address, name = escape(saved.address, quote=True), escape(saved.repository)
    link = f'<a href="{address}" target="_blank" rel="noopener">{name}</a>'
    return f"<p>{escape(text('hub.saved'))} {link}</p>"


def wire(handlers: Handlers, current: Any) -> None:
    """Connect the section. current: the id of the run that is looked at."""
    parts = handlers.parts
    parts.fold.expand(handlers.open, current, parts.opened, **QUIET)
    parts.sign_out.click(handlers.leave, current, parts.opened, **QUIET)
    parts.save.click(
        handlers.save, [current, parts.repository, parts.license, parts.private], [parts.status, parts.saved],
        concurrency_id="hub", concurrency_limit=2, **PRIVATE,
    )  # fmt: skip
