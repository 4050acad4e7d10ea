"""Where a run trains: on this server, or in a Hugging Face job of the visitor's own account, at a price that is named.

A section of the form, folded, and there only where somebody can have an account. The account is looked up at each
request and kept nowhere. What a job does is in `runs.jobs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from ...errors import Refusal
from ...library.runs import usable_run
from ...runs.folder import RunError
from ...runs.jobs.follow import JobExecutor
from ...runs.jobs.parcel import check_parcel
from ...runs.jobs.service import Hardware, JobService
from ...services import Services
from ..components.notice import notice, said
from ..components.prose import prose
from ..errors import REFUSALS, sentence
from ..events import EVERY, LAST, QUIET
from ..shared.hub_account import require_account, sign_in_address, way
from ..text import Text
from ..visitor import visitor

Values = dict[Any, Any]  # by component; what is left out stays as it is
HERE, ACCOUNT = "here", "account"
MINUTES = (10, 30, 60, 120, 240, 480)
USUAL = 30
PURPOSE = "jobs"


@dataclass(frozen=True)
class Parts:
    """The components of the section.

    fold: all of it. where: HERE or ACCOUNT. away: what is shown for ACCOUNT. who: what happens with an account, or why
    there is none. form: for somebody with an account. offered: [title, price a minute, account] by flavor. cost: a
    sentence. resume: what continues the run that is looked at in a job, if that can be. status: a notice.
    """

    fold: Any
    where: Any
    away: Any
    who: Any
    sign_in: Any
    form: Any
    flavor: Any
    minutes: Any
    offered: Any
    cost: Any
    resume: Any
    status: Any

    @property
    def choice(self) -> list[Any]:
        """What somebody has chosen, as `Elsewhere.executor` takes it."""
        return [self.where, self.flavor, self.minutes]


def section(services: Services, text: Text) -> Parts:
    """Lay out the section."""
    possible = bool(services.hub.oauth or services.local)
    with gr.Accordion(text("jobs.label"), open=False, visible=possible, elem_id="train-elsewhere") as fold:
        where = gr.Radio(
            [(text(f"jobs.where.{name}"), name) for name in (HERE, ACCOUNT)], value=HERE, label=text("jobs.where"),
            interactive=True, elem_id="train-where",
        )  # fmt: skip
        with gr.Column(visible=False) as away:
            who = prose("", "jobs-who")
            sign_in = gr.Button(
                text("hub.sign_in"), link="hub/sign-in", link_target="_blank", size="sm", visible=False,
                elem_id="jobs-sign-in",
            )  # fmt: skip
            with gr.Column(visible=False) as form:
                flavor = gr.Dropdown(
                    [], label=text("jobs.hardware"), filterable=False, interactive=True, elem_id="jobs-hardware"
                )
                minutes = gr.Dropdown(
                    [(time_limit(count, text), count) for count in MINUTES], value=USUAL, label=text("jobs.minutes"),
                    filterable=False, interactive=True, elem_id="jobs-minutes",
                )  # fmt: skip
                cost = prose("", "jobs-cost")
                resume = gr.Button(text("jobs.resume", most="0.00"), size="sm", visible=False, elem_id="jobs-resume")
            status = notice(elem_id="jobs-said")
    return Parts(fold, where, away, who, sign_in, form, flavor, minutes, gr.State({}), cost, resume, status)


def time_limit(minutes: int, text: Text) -> str:
    """A time limit in words."""
    if minutes < 60:
        return text("jobs.minutes.some", count=minutes)
    return text("jobs.hour") if minutes == 60 else text("jobs.hours.some", count=minutes // 60)


def following(services: Services, run_id: str, request: gr.Request) -> JobExecutor | None:
    """What follows the job that a run may still be trained in; None where it has none."""
    run = usable_run(services, run_id)
    if run is None or not run.meta.get("job", {}).get("open"):
        return None
    return JobExecutor(require_account(services, request, PURPOSE))


class Elsewhere:
    """The handlers of the section on one page. start: the form's button, which names the cost."""

    def __init__(self, services: Services, text: Text, parts: Parts, start: Any) -> None:
        self.services, self.text, self.parts, self.start = services, text, parts, start

    def choose(self, where: str, flavor: Any, minutes: Any, request: gr.Request) -> Values:
        """Show what an account offers, and how to have one; here nothing of that."""
        parts, text = self.parts, self.text
        usual = {self.start: text("train.start"), parts.status: said()}
        if where != ACCOUNT:
            return {parts.away: gr.update(visible=False), **usual}
        address = sign_in_address(text, PURPOSE, {"tab": "train"})
        hidden = {parts.form: gr.update(visible=False), parts.sign_in: gr.update(visible=False, link=address)}
        shown = {parts.away: gr.update(visible=True), **usual, **hidden}
        try:
            account = require_account(self.services, request, PURPOSE)
            machines = JobService(account).offered()
        except REFUSALS as error:
            if isinstance(error, Refusal) and error.code == "hub.sign_in":
                signing_in = {parts.sign_in: gr.update(visible=True, link=address)}
                return {**shown, **signing_in, parts.who: self._words("jobs.about", "jobs.sign_in.about")}
            return {
                **shown,
                parts.who: self._words("jobs.about"),
                parts.status: said(sentence(error, text), error=True),
            }
        names = [one.name for one in machines]
        chosen = flavor if flavor in names else first_choice(machines)
        options = [(text("jobs.option", title=one.title, hour=f"{one.per_hour:.2f}"), one.name) for one in machines]
        how = "hub.who.machine" if way(self.services, request) == "machine" else "hub.who"
        return {
            **shown,
            parts.who: self._words("jobs.about") + f"<p>{escape(text(how, name=account.name))}</p>",
            parts.form: gr.update(visible=True),
            parts.flavor: gr.update(choices=options, value=chosen),
            parts.offered: {one.name: [one.title, one.per_minute, account.name] for one in machines},
            **self._priced(machines, chosen, minutes, account.name),
        }

    def price(self, flavor: Any, minutes: Any, offered: Any) -> Values:
        """Name the cost of another choice."""
        if flavor not in (offered or {}):
            return {}
        title, per_minute, name = offered[flavor]
        return self._priced([Hardware(flavor, title, per_minute)], flavor, minutes, name)

    def executor(self, where: Any, flavor: Any, minutes: Any, request: gr.Request) -> JobExecutor | None:
        """What carries out a run as chosen; None: this server. Refusal where that cannot be."""
        if where != ACCOUNT:
            return None
        account = require_account(self.services, request, PURPOSE)
        hardware = JobService(account).find_hardware(str(flavor or ""))
        if minutes not in MINUTES:
            raise Refusal("job.minutes", given=str(minutes)[:40], low=MINUTES[0], high=MINUTES[-1])
        return JobExecutor(account, hardware.name, int(minutes))

    def resume(self, run_id: str, kept: Any, where: Any, flavor: Any, minutes: Any, request: gr.Request) -> Values:
        """Continue the run that is looked at in a job, or follow the one that it has."""
        who, services = visitor(self.services, request, kept), self.services
        try:
            run = usable_run(services, run_id)
            if run is None:
                raise RunError("not_a_run", name="")
            check_parcel(run.config)
            executor = following(services, run_id, request) or self.executor(where, flavor, minutes, request)
            services.manager.resume(run_id, who.key(run_id), who.address, executor)
        except REFUSALS as error:
            return {self.parts.status: said(sentence(error, self.text), error=True)}
        return {self.parts.status: said(self.text("jobs.resumed"))}

    def _priced(self, machines: list[Hardware], flavor: Any, minutes: Any, name: str) -> Values:
        parts, text = self.parts, self.text
        one = next((machine for machine in machines if machine.name == flavor), None)
        if one is None or minutes not in MINUTES:
            return {}
        most = f"{one.most(minutes):.2f}"
        words = text("jobs.cost", title=one.title, hour=f"{one.per_hour:.2f}", most=most, name=name)
        return {
            parts.cost: f"<p>{escape(words)}</p>",
            parts.resume: text("jobs.resume", most=most),
            self.start: text("jobs.start", most=most),
        }

    def _words(self, *keys: str) -> str:
        return "".join(f"<p>{escape(self.text(key))}</p>" for key in keys)


def first_choice(machines: list[Hardware]) -> str:
    """The cheapest with a GPU, where there is one."""
    gpus = [one.name for one in machines if not one.name.startswith("cpu")]
    return (gpus or [one.name for one in machines] or [""])[0]


def wire(handlers: Elsewhere, current: Any, kept: Any) -> Any:
    """Connect the section; what happens when a run continues in a job. current: the id of the run that is looked at."""
    parts, start = handlers.parts, handlers.start
    filled = [parts.away, parts.who, parts.sign_in, parts.form, parts.flavor, parts.offered, parts.cost, parts.resume]
    parts.where.input(handlers.choose, parts.choice, [*filled, parts.status, start], **EVERY, **QUIET)
    for one in (parts.flavor, parts.minutes):
        priced = [parts.cost, parts.resume, start]
        one.input(handlers.price, [parts.flavor, parts.minutes, parts.offered], priced, **LAST)
    return parts.resume.click(handlers.resume, [current, kept, *parts.choice], parts.status, **QUIET)
