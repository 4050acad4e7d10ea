"""The states of open pages that Gradio keeps, 1.5 MB each: of each address so many, so that whoever makes up pages
evicts none but their own.

A state belongs to the address whose request had Gradio make it, whichever request that was. This module knows no tab
and no handler.
"""

from __future__ import annotations

from contextvars import ContextVar
from weakref import WeakKeyDictionary

from gradio.state_holder import SessionState, StateHolder
from starlette.types import ASGIApp, Receive, Scope, Send

from ..library.visitors import limited_address

MOST_SESSIONS = 500  # states that are kept, those used last
MOST_OF_ADDRESS = 100  # of them
ADDRESS: ContextVar[str] = ContextVar("address", default="")  # of the request that is being answered


class SharedStates(StateHolder):
    """Gradio's states by the names of their sessions. Those made outside a request share one more address, ""."""

    def __init__(self) -> None:
        super().__init__()
        self._addresses: WeakKeyDictionary[SessionState, str] = WeakKeyDictionary()

    def __getitem__(self, session_id: str) -> SessionState:
        """Return the state of a session; where it has none one is made, and the oldest of its address may go for it."""
        address = ADDRESS.get()
        if session_id not in self.session_data:
            self._make_room(address)
        state = super().__getitem__(session_id)
        self._addresses.setdefault(state, address)
        return state

    def _make_room(self, address: str) -> None:
        names = list(self.session_data)
        mine = [name for name in names if self._addresses.get(self.session_data[name]) == address]
        for some, most in ((mine, MOST_OF_ADDRESS), (names, self.capacity)):
            for name in some[: max(0, len(some) + 1 - most)]:
                self._forget(name)

    def _forget(self, name: str) -> None:
        """Forget a state, and answers of the queue that nobody has read, which Gradio would keep for ever."""
        self.session_data.pop(name, None)
        self.time_last_used.pop(name, None)
        queue = self.blocks._queue
        if all(event.session_hash != name for event in queue.event_ids_to_events.values()):
            queue.pending_messages_per_session.pop(name, None)
            queue.pending_event_ids_session.pop(name, None)


class SharedSessions:
    """ASGI middleware that has the application of Gradio's which it is in keep `SharedStates`."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the states in place before the first request, and tell them where each request comes from."""
        if scope["type"] == "lifespan":
            gradio, states = scope["app"], SharedStates()
            states.set_blocks(gradio.get_blocks())
            gradio.state_holder = states
        elif scope["type"] == "http" and not scope["path"].endswith("/startup-events"):  # which starts the queue's loop
            ADDRESS.set(limited_address((scope.get("client") or ("",))[0]))
        await self.app(scope, receive, send)
