"""An account on the Hub, and calls to the Hub whose failures are sentences.

A token is in memory alone: it is in no `repr`, cannot be pickled, and no error raised here has it or the Hub's words.
Must not depend on pages or on how somebody signed in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from ..errors import Refusal

Result = TypeVar("Result")
LOGIN = "hf auth login"  # stores a token on a machine
SECONDS = 20.0  # for one question; what sends files takes its own
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """Somebody on the Hub.

    token: given to `huggingface_hub` alone. namespaces: where they can have repositories, their own first. read_only:
    whether the token is known to write nothing. scopes: of OAuth; None for a token that was not asked for any.
    """

    name: str
    token: str = field(repr=False)
    namespaces: tuple[str, ...] = ()
    read_only: bool = False
    scopes: frozenset[str] | None = None

    def has(self, scopes: frozenset[str]) -> bool:
        """Whether these scopes were granted, as far as that can be told."""
        return self.scopes is None or scopes <= self.scopes

    def __reduce__(self) -> NoReturn:
        raise TypeError("an account is kept in memory only")


def machine_token() -> str:
    """The token that `huggingface_hub` finds on this machine (HF_TOKEN, `hf auth login`); "" if there is none."""
    from huggingface_hub import get_token  # a tenth of a second, paid only by those who ask

    return get_token() or ""


def account_of(token: str) -> Account:
    """Whose token it is, by asking the Hub; Refusal for none, a wrong one, and where the Hub cannot be reached."""
    if not token:
        raise Refusal("hub.no_token", command=LOGIN)
    from huggingface_hub import HfApi

    told = ask_hub(lambda: HfApi(token=token).whoami(), code_401="hub.token")
    orgs = tuple(str(org.get("name", "")) for org in told.get("orgs") or ())
    role = ((told.get("auth") or {}).get("accessToken") or {}).get("role")
    name = str(told.get("name", ""))
    return Account(name, token, (name, *orgs), read_only=role == "read")


def ask_hub(
    call: Callable[[], Result],
    *,
    repository: str = "",
    seconds: float = SECONDS,
    code_401: str = "hub.missing",
    reading: bool = False,
) -> Result:
    """What `call` returns, within so many seconds; any failure becomes a Refusal without the error's own words.

    repository: what sentences name. code_401: what it means when the Hub knows nobody with this token. reading: whether
    nothing is written, so that what is forbidden is the repository itself.
    """
    answer: list[Result] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if answer:
        return answer[0]
    if errors and isinstance(errors[0], Refusal):
        raise errors[0]
    refusal = meaning(errors[0], repository, code_401, reading) if errors else Refusal("hub.offline")
    log.info("the Hub: %s", refusal.code)
    raise refusal from None  # the error's request has the token


def meaning(
    error: BaseException, repository: str = "", code_401: str = "hub.missing", reading: bool = False
) -> Refusal:
    """What an error of `huggingface_hub` means, as a sentence."""
    response: Any = None
    seen: BaseException | None = error
    while seen is not None and response is None:  # of a file that is uploaded, the error lies in another one
        response = getattr(seen, "response", None)
        seen = seen.__cause__
    status = getattr(response, "status_code", None)
    if type(error).__name__ == "HFValidationError":
        return Refusal("hub.name", name=repository[:120])
    if status is None:
        return Refusal("hub.offline")
    if status == 401:
        wrong = "Invalid credentials" in response.headers.get("X-Error-Message", "")
        return Refusal("hub.token") if wrong or code_401 == "hub.token" else Refusal("hub.missing", name=repository)
    if status == 404 or (status == 403 and reading):
        return Refusal("hub.missing", name=repository)
    if status == 403:
        return Refusal("hub.rights", name=repository)
    if status in (402, 413):
        return Refusal("hub.quota", status=status)
    if status == 429:
        return Refusal("hub.rate")
    if status in (409, 412):
        return Refusal("hub.changed", name=repository)
    return Refusal("hub.refused", status=status)
