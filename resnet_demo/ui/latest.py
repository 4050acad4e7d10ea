"""The later request wins, always: what a page shows is what its requests, answered in their order, would have left.

Requests of one page are answered at the same time, and the answers come as they are ready. The page numbers its
requests (`web/answers.js`); `keep_order` wraps every handler so that an answer leaves out each property of a component
that a later request has filled already. The rules, by session:

- What the visitor sets counts as filled with the request that tells of it, so that no earlier answer sets it back.
- A handler that is `background`, which brings up to date what is shown, gives way to every request of the visitor's
  that is under way, was sent later, or was answered meanwhile.
- What a tab begins with (FIRST) fills only what no request of the visitor's has filled: a tab may be used before that.
- Of a component that holds a dict each answer may set some entries only (`Entries`); then none is left out.
- A request without a number, as other programs send them, is answered as it is.
- Answers are numbered in the order in which they were let through, and the page lets them in in that order: some come
  as the answer to their request, others through the queue's stream, and either way may be the slower one.

Of the sessions that are remembered here each address has a share, as of Gradio's (`sessions.py`).

This module knows no tab.
"""

from __future__ import annotations

import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

import gradio as gr
from gradio.context import LocalContext

from ..library.visitors import limited_address
from .sessions import MOST_OF_ADDRESS, MOST_SESSIONS

NUMBER = "x-request-number"  # the header in which a page numbers its requests
ANSWER = "answer_number"  # what an answer says of its place among the answers to its page
NUMBERS: ContextVar[list[int] | None] = ContextVar("numbers", default=None)  # of the answers to one call of Gradio's
SET_BY_VISITOR = ("input", "upload", "clear", "submit")  # events of a component whose value the visitor has just set
FIRST = ("mount", "load")  # events that a tab or a page begins with
VALUE = "value"
Handler = TypeVar("Handler", bound=Callable)
VISITORS, BACKGROUND, BEGINNING = "visitors", "background", "beginning"  # kinds of requests
Property = tuple[int, str]  # a component's id, and what of it is filled


@dataclass(eq=False)
class Session:
    """What one page's requests have filled. `filled`, `refreshed`: by whom last, requests of the visitor's and those of
    background handlers; `at`: at which turn of `turns`; `under_way`: components that unanswered requests will fill;
    `answers`: how many have been let through; `entries`: what they have set in dicts, by component; `address`: where
    the page is."""

    address: str = ""
    filled: dict[Property, int] = field(default_factory=dict)
    refreshed: dict[Property, int] = field(default_factory=dict)
    at: dict[Property, int] = field(default_factory=dict)
    turns: int = 0
    under_way: list[frozenset[int]] = field(default_factory=list)
    answers: int = 0
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)

    def fill(self, key: Property, number: int) -> bool:
        """Whether an answer to the request `number` of the visitor's may fill this; then it counts as filled."""
        if self.filled.get(key, 0) > number:
            return False
        self.turns += 1
        self.filled[key], self.at[key] = number, self.turns
        return True

    def refresh(self, key: Property, number: int, since: int) -> bool:
        """The same for a background request that was taken up at the turn `since`."""
        waits = any(key[0] in components for components in self.under_way)
        if waits or self.at.get(key, 0) > since or max(self.filled.get(key, 0), self.refreshed.get(key, 0)) > number:
            return False
        self.refreshed[key] = number
        return True

    def begin_with(self, key: Property, number: int) -> bool:
        """The same for what a tab begins with."""
        if key in self.filled or self.refreshed.get(key, 0) > number:
            return False
        self.refreshed[key] = number
        return True

    def add(self, component: int, value: Entries) -> Entries:
        """The new value of a component that holds a dict, with the entries that other answers have set meanwhile."""
        entries = self.entries.setdefault(component, {})
        entries.update(value.entries)
        return Entries(value, entries)


class Entries(dict):
    """A new value of a component that holds a dict: `base`, as its request sent it, with `entries` set, or removed
    where they are None.

    Whichever request it answers, it is never left out, and requests of a page that are answered at the same time keep
    one another's entries.
    """

    def __init__(self, base: Any, entries: Mapping[str, Any]) -> None:
        merged = {**(base if isinstance(base, dict) else {}), **entries}
        super().__init__((key, value) for key, value in merged.items() if value is not None)
        self.entries = dict(entries)


class Order:
    """The sessions of an application."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def forget(self, request: gr.Request) -> None:
        """A page has been closed."""
        with self._lock:
            self._sessions.pop(request.session_hash or "", None)

    def begin(
        self, request: gr.Request | None, outputs: Sequence[int], set_by_visitor: int | None, kind: str
    ) -> Answering | None:
        """Take up a request whose answer fills components; None for one without a number. kind: VISITORS, BACKGROUND
        or BEGINNING.

        outputs: the components' ids, in their order. set_by_visitor: the component whose value the visitor set.
        """
        number, name = _number(request), getattr(request, "session_hash", None)
        if request is None or not name:
            return None
        with self._lock:
            session = self._session(name, limited_address(getattr(request.client, "host", "") or ""))
            answering = None
            if number is not None:
                if set_by_visitor is not None:
                    session.fill((set_by_visitor, VALUE), number)
                may_fill = {
                    VISITORS: partial(session.fill, number=number),
                    BACKGROUND: partial(session.refresh, number=number, since=session.turns),
                    BEGINNING: partial(session.begin_with, number=number),
                }[kind]
                answering = Answering(self._lock, session, outputs, may_fill, kind == VISITORS)
                if kind == VISITORS:
                    session.under_way.append(answering.components)
        return answering

    def _session(self, name: str, address: str) -> Session:
        """The session, now the latest one; others are forgotten for it, the oldest of its address first."""
        session = self._sessions.setdefault(name, Session(address))
        self._sessions.move_to_end(name)
        mine = [other for other, one in self._sessions.items() if one.address == session.address]
        too_many = {*mine[:-MOST_OF_ADDRESS], *list(self._sessions)[:-MOST_SESSIONS]}
        for other in too_many:
            del self._sessions[other]
        return session


class Answering:
    """A request that is being answered. may_fill: whether its answer may fill a property, see `Session`."""

    def __init__(
        self,
        lock: threading.Lock,
        session: Session,
        outputs: Sequence[int],
        may_fill: Callable[[Property], bool],
        of_visitor: bool,
    ):
        self._lock, self._session, self._may_fill, self._of_visitor = lock, session, may_fill, of_visitor
        self._outputs, self.components = outputs, frozenset(outputs)

    def left(self, answer: Any) -> Any:
        """An answer, as a handler returns it, without what a later request has filled. A list or tuple holds a value
        for each output, a dict values by their components, none of several; else it is that of the only output."""
        if isinstance(answer, dict) and not answer and len(self._outputs) > 1:
            return [gr.skip()] * len(self._outputs)
        if isinstance(answer, dict) and answer and all(isinstance(key, gr.blocks.Block) for key in answer):
            ids = [component._id for component in answer]
            return dict(zip(answer, self._values_left(ids, list(answer.values())), strict=True))
        if len(self._outputs) == 1:
            return self._values_left(self._outputs, [answer])[0]
        if isinstance(answer, list | tuple) and len(answer) == len(self._outputs):
            return self._values_left(self._outputs, answer)
        return answer

    def end(self) -> None:
        """The last answer has been given."""
        with self._lock:
            if self._of_visitor:
                self._session.under_way.remove(self.components)

    def _values_left(self, components: Sequence[int], values: Sequence[Any]) -> list[Any]:
        with self._lock:
            self._session.answers += 1
            if (numbers := NUMBERS.get()) is not None:
                numbers.append(self._session.answers)
            return [self._value_left(*one) for one in zip(components, values, strict=True)]

    def _value_left(self, component: int, value: Any) -> Any:
        if isinstance(value, Entries):
            return self._session.add(component, value)
        if not (isinstance(value, dict) and value.get("__type__") == "update"):
            return value if self._may_fill((component, VALUE)) else gr.skip()
        return {name: one for name, one in value.items() if name == "__type__" or self._may_fill((component, name))}


def background(handler: Handler) -> Handler:
    """Mark a handler that brings up to date what is shown, without the visitor asking for it."""
    vars(handler)["is_background"] = True
    return handler


def keep_order(page: gr.Blocks) -> Order:
    """Have all handlers of a page that is built answer in order."""
    order = Order()
    for event in page.fns.values():
        if event.fn is not None and event.outputs:
            outputs = [component._id for component in event.outputs]
            begins = any(name in FIRST for _, name in event.targets)
            event.fn = in_order(event.fn, order, outputs, set_by_visitor(event.targets), begins)
    page.process_api = _numbered(page.process_api)  # type: ignore[method-assign]  # Gradio has no place for such
    page.postprocess_data = _whole_props(page.postprocess_data)  # type: ignore[method-assign]  # as above
    page.unload(order.forget)
    return order


def _numbered(process: Callable) -> Callable:
    """Gradio's processing of a call, its answer with its number."""

    @wraps(process)
    async def processed(*values: Any, **named: Any) -> Any:
        numbers: list[int] = []
        NUMBERS.set(numbers)
        output = await process(*values, **named)
        return {**output, ANSWER: numbers[-1]} if numbers and isinstance(output, dict) else output

    return processed


def _whole_props(postprocess: Callable) -> Callable:
    """Gradio's postprocessing without its fault that an update of a `gr.HTML` that has not been shown yet takes the
    component's properties away: it writes the update's own mark among them."""

    @wraps(postprocess)
    async def postprocessed(*values: Any, **named: Any) -> Any:
        data = await postprocess(*values, **named)
        for one in data:
            if isinstance(one, dict) and one.get("__type__") == "update" and isinstance(one.get("props"), dict):
                one["props"].pop("__type__", None)
                if not one["props"]:
                    del one["props"]
        return data

    return postprocessed


def set_by_visitor(targets: Sequence[tuple[int | None, str]]) -> int | None:
    """The component whose value the visitor set where an event has one trigger that says so."""
    return targets[0][0] if len(targets) == 1 and targets[0][1] in SET_BY_VISITOR else None


def in_order(
    handler: Callable, order: Order, outputs: Sequence[int], changed: int | None = None, begins: bool = False
) -> Callable:
    """The handler, its answers without what later requests have filled. outputs, changed: see `Order.begin`. begins:
    whether a tab begins with it."""
    kind = BACKGROUND if getattr(handler, "is_background", False) else BEGINNING if begins else VISITORS

    def begin() -> Answering | None:
        return order.begin(LocalContext.request.get(None), outputs, changed, kind)

    @wraps(handler)
    def answer(*values: Any, **named: Any) -> Any:
        answering = begin()
        if answering is None:
            return handler(*values, **named)
        try:
            return answering.left(handler(*values, **named))
        finally:
            answering.end()

    @wraps(handler)
    def answers(*values: Any, **named: Any) -> Iterator[Any]:
        answering = begin()
        if answering is None:
            yield from handler(*values, **named)
            return
        try:
            for one in handler(*values, **named):
                yield answering.left(one)
        finally:
            answering.end()

    @wraps(handler)
    async def answer_later(*values: Any, **named: Any) -> Any:
        answering = begin()
        if answering is None:
            return await handler(*values, **named)
        try:
            return answering.left(await handler(*values, **named))
        finally:
            answering.end()

    if inspect.iscoroutinefunction(handler):
        return answer_later
    return answers if inspect.isgeneratorfunction(handler) else answer


def _number(request: gr.Request | None) -> int | None:
    text = (getattr(request, "headers", None) or {}).get(NUMBER) or ""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else None
