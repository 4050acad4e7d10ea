"""Who a visitor is on the Hub: signed in by OAuth where a Space offers it, else by the token of this machine.

The token of this machine is used only for whoever sits at it, and only for requests that this page itself makes: no
other page in their browser can have anything saved or started with it. Must not depend on a tab.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ...errors import Refusal
from ...hub.access import CALLBACK, SCOPES, Access
from ...hub.account import LOGIN, Account, machine_token
from ...services import Services
from ..errors import sentence
from ..text import Text
from ..visitor import page_text, visitor

COOKIE, COMING_BACK = "resnet_demo_hub", "resnet_demo_hub_state"
SIGN_IN = "hub/sign-in"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def way(services: Services, request: Any) -> str:
    """How this visitor has an account: "sign-in", "machine", or "" where they can have none here."""
    if services.hub.oauth:
        return "sign-in"
    return "machine" if _sits_here(services, request) else ""


def find_account(services: Services, request: Any) -> Account | None:
    """The visitor's account; None where they are not signed in. Refusal if this machine's token is of no use."""
    if not _from_this_page(request):
        return None
    if services.hub.oauth:
        return services.hub.account(_cookies(request).get(COOKIE, ""))
    return services.hub.machine() if _sits_here(services, request) and machine_token() else None


def require_account(services: Services, request: Any, purpose: str = "save") -> Account:
    """The account with the scopes that `purpose` takes; a Refusal that says what is missing."""
    account = find_account(services, request)
    if account is None:
        how = way(services, request)
        if how == "machine":
            raise Refusal("hub.no_token", command=LOGIN)
        raise Refusal("hub.sign_in" if how else "hub.not_here")
    if not account.has(SCOPES[purpose]):
        raise Refusal("hub.sign_in")
    return account


def sign_in_address(text: Text, purpose: str, query: Mapping[str, str]) -> str:
    """Where a link lets a browser sign in, relative to the page; query: what the page's address has on return."""
    back = f"/{text.path}" + (f"?{urlencode(query)}" if query else "")
    return f"{SIGN_IN}?for={quote(purpose)}&back={quote(back, safe='')}"


def sign_out(services: Services, request: Any) -> None:
    """Forget the visitor's token."""
    if _from_this_page(request):
        services.hub.sign_out(_cookies(request).get(COOKIE, ""))


def routes(services: Services) -> list[Route]:
    """The addresses of signing in, where the server offers that."""
    hub: Access = services.hub
    if not hub.oauth:
        return []
    # the page may be in a frame of the Hub's: then a cookie has to be marked as another site's, and needs https
    framed = hub.oauth.home.startswith("https://")
    attributes: dict[str, Any] = {"httponly": True, "secure": framed, "samesite": "none" if framed else "lax"}

    def begin(request: Request) -> Response:
        purpose, back = (request.query_params.get(name, "") for name in ("for", "back"))
        try:
            address, number = hub.begin(purpose, back, visitor(services, request).address)
        except Refusal as error:
            return PlainTextResponse(sentence(error, page_text(request)), 400, headers=SECRET)
        answer = RedirectResponse(address, 303, headers=SECRET)
        answer.set_cookie(COMING_BACK, number, max_age=600, **attributes)
        return answer

    def finish(request: Request) -> Response:
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        try:
            number, back = hub.finish(state, code, request.cookies.get(COMING_BACK, ""))
        except Refusal as error:
            return PlainTextResponse(sentence(error, page_text(request)), 400, headers=SECRET)
        answer = RedirectResponse(back, 303, headers=SECRET)
        answer.delete_cookie(COMING_BACK, **attributes)
        if number:
            hub.sign_out(request.cookies.get(COOKIE, ""))
            answer.set_cookie(COOKIE, number, **attributes)
        return answer

    return [Route(f"/{SIGN_IN}", begin), Route(f"/{CALLBACK}", finish)]


def _sits_here(services: Services, request: Any) -> bool:
    """Whether the visitor sits at this machine, and asked for it by its own name: no name that leads here from
    elsewhere will do."""
    host = urlsplit(f"//{_headers(request).get('host', '')}").netloc.rsplit(":", 1)[0]
    return visitor(services, request).local and host in LOOPBACK


def _from_this_page(request: Any) -> bool:
    """Whether the page itself asks, or a program: browsers say from which page a request comes."""
    headers = _headers(request)
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin")
    return not origin or urlsplit(origin).netloc == headers.get("host")


def _headers(request: Any) -> Mapping[str, str]:
    return getattr(request, "headers", None) or {}


def _cookies(request: HTTPConnection) -> Mapping[str, str]:
    return getattr(request, "cookies", None) or {}
