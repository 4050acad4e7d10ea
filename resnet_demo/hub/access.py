"""Who of a server's visitors is signed in on the Hub: by OAuth on a Space, else by this machine's token.

OAuth's authorization code with PKCE, as the Hub offers it to Spaces with `hf_oauth: true`. Tokens stay in this
process's memory until they expire; a browser has a cookie with a random number, no script can read it, and it is
another one before and after signing in. Must not depend on a page or on Gradio.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ..errors import Refusal
from .account import SECONDS, Account, account_of, ask_hub, machine_token

CALLBACK = "login/callback"
BASE = ("openid", "profile")
SCOPES = {  # by what somebody signs in for: no more is asked than that takes
    "save": frozenset({"contribute-repos"}),  # create repositories, and write to those created here
    "jobs": frozenset({"contribute-repos", "jobs"}),
}
SIGNING_IN = 600.0  # seconds that somebody may take
LONGEST = 30 * 86400.0
MOST, MOST_PER_ADDRESS = 2000, 20  # who is signing in, and who has signed in
REMEMBERED = 600.0  # seconds for which the name behind this machine's token is kept


@dataclass(frozen=True)
class OAuth:
    """What the Hub gives to a Space. provider: the Hub. home: where the page is, without a slash at its end."""

    client_id: str
    client_secret: str = field(repr=False)
    provider: str
    home: str

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> OAuth | None:
        """As a Space with `hf_oauth: true` has it; None elsewhere."""
        names = ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OPENID_PROVIDER_URL", "SPACE_HOST")
        identity, secret, provider, host = (environment.get(name, "") for name in names)
        if not (identity and secret and provider and host):
            return None
        return OAuth(identity, secret, provider.rstrip("/"), f"https://{host.split(',')[0].strip()}")

    @property
    def callback(self) -> str:
        """Where the Hub sends a browser back to."""
        return f"{self.home}/{CALLBACK}"


@dataclass(frozen=True)
class _Begun:
    """Somebody who was sent to the Hub: from which browser, until when, and where the page sends them afterwards."""

    browser: str
    verifier: str = field(repr=False)
    back: str
    address: str
    until: float


class Access:
    """The accounts of one server's visitors."""

    def __init__(self, oauth: OAuth | None = None) -> None:
        self.oauth = oauth
        self._begun: dict[str, _Begun] = {}  # by OAuth's state
        self._signed_in: dict[str, tuple[Account, float]] = {}  # by the browser's number, until when
        self._machine: tuple[Account, float] | None = None
        self._lock = threading.Lock()

    def begin(self, purpose: str, back: str, address: str = "") -> tuple[str, str]:
        """Where to send a browser to sign in for `purpose`, and the number that it shall come back with.

        back: the page's own address, to return to. address: whose sign-ins are bounded.
        """
        if self.oauth is None or purpose not in SCOPES:
            raise Refusal("hub.not_here")
        state, browser, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        now = time.monotonic()
        with self._lock:
            self._begun = {key: one for key, one in self._begun.items() if one.until > now}
            mine = [key for key, one in self._begun.items() if one.address == address]
            for key in mine[: max(0, len(mine) + 1 - MOST_PER_ADDRESS)]:
                del self._begun[key]
            if len(self._begun) >= MOST:
                raise Refusal("hub.busy")
            self._begun[state] = _Begun(browser, verifier, local_path(back), address, now + SIGNING_IN)
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.oauth.client_id,
            "redirect_uri": self.oauth.callback,
            "scope": " ".join([*BASE, *sorted(SCOPES[purpose])]),
            "state": state,
            "code_challenge": digest,
            "code_challenge_method": "S256",
        }
        return f"{self.oauth.provider}/oauth/authorize?{urlencode(asked)}", browser

    def finish(self, state: str, code: str, browser: str) -> tuple[str, str]:
        """The new number of a browser that comes back, "" where somebody declined, and where to send it.

        Refusal for one that was not sent from here, or not this browser, or too long ago.
        """
        with self._lock:
            begun = self._begun.get(state)
            fits = begun and begun.until > time.monotonic() and secrets.compare_digest(begun.browser, browser)
            if not begun or not fits:
                raise Refusal("hub.sign_in_failed")
            del self._begun[state]
        if not code:
            return "", begun.back
        account, lasts = self._exchange(code, begun.verifier)
        number = secrets.token_urlsafe(32)
        with self._lock:
            now = time.monotonic()
            self._signed_in = {key: one for key, one in self._signed_in.items() if one[1] > now}
            while len(self._signed_in) >= MOST:
                del self._signed_in[next(iter(self._signed_in))]
            self._signed_in[number] = (account, now + min(lasts, LONGEST))
        return number, begun.back

    def account(self, browser: str) -> Account | None:
        """Who signed in with the browser that has this number."""
        with self._lock:
            account, until = self._signed_in.get(browser, (None, 0.0))
        return account if until > time.monotonic() else None

    def sign_out(self, browser: str) -> None:
        """Forget the token that a browser stands for."""
        with self._lock:
            self._signed_in.pop(browser, None)

    def machine(self) -> Account:
        """The account whose token is on this machine; Refusal if there is none or the Hub does not know it."""
        token = machine_token()
        with self._lock:
            kept = self._machine
        if kept and kept[0].token == token and kept[1] > time.monotonic():
            return kept[0]
        account = account_of(token)
        with self._lock:
            self._machine = (account, time.monotonic() + REMEMBERED)
        return account

    def _exchange(self, code: str, verifier: str) -> tuple[Account, float]:
        """The account that a code of the Hub stands for, and for how many seconds its token lasts."""
        from huggingface_hub import get_session

        oauth = self.oauth
        assert oauth is not None  # else nobody was sent to the Hub
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": oauth.callback}

        def ask() -> tuple[Account, float]:
            session = get_session()
            answer = session.post(
                f"{oauth.provider}/oauth/token",
                data={**form, "code_verifier": verifier},
                auth=(oauth.client_id, oauth.client_secret),
                timeout=SECONDS,
                follow_redirects=False,
            )
            answer.raise_for_status()
            given = answer.json()
            token = given["access_token"]
            who = session.get(
                f"{oauth.provider}/oauth/userinfo",
                headers={"Authorization": f"Bearer {token}"},
                timeout=SECONDS,
                follow_redirects=False,
            )
            who.raise_for_status()
            told = who.json()
            name, scopes = str(told["preferred_username"]), frozenset(str(given.get("scope", "")).split())
            orgs = tuple(str(org.get("preferred_username", "")) for org in told.get("orgs") or ())
            return Account(name, token, (name, *orgs), scopes=scopes), float(given.get("expires_in", 3600))

        try:
            return ask_hub(ask, seconds=2 * SECONDS, code_401="hub.token")
        except Refusal as refusal:
            if refusal.code == "hub.offline":
                raise
            raise Refusal("hub.sign_in_failed") from None


def local_path(back: str) -> str:
    """The address of a page here, for a browser that comes back: another server's becomes that of the first page."""
    plain = all(32 < ord(letter) < 127 for letter in back) and "\\" not in back
    return back if plain and back.startswith("/") and not back.startswith("//") else "/"
