"""Save a run that has ended to a repository on the Hub: all of it in one commit, so that nothing half written looks
whole.

A repository of another run is never written over unless that is asked for, and a private one is never made public.
What can fail is a Refusal with a sentence. Must not depend on pages, nor on where the account comes from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ...errors import Refusal
from ...hub.account import Account, ask_hub
from ..files import CONFIG, WEIGHTS
from ..folder import RunFolder
from .hub_card import FILES, LIBRARY, LICENSES, Draw, repository_files, run_digest

SAVABLE = ("finished", "stopped")
SECONDS = 900.0  # for sending; the largest network has 241 MB
SMALL = 2 * 2**20  # bytes of a configuration that is looked at
Say = Callable[[str, float], None]  # a stage ("preparing", "sending"), and the megabytes to be sent


@dataclass(frozen=True)
class Saved:
    """Where a run has been saved. address: of its page on the Hub. commit: what was written."""

    repository: str
    address: str
    commit: str


def proposed_name(run: RunFolder, account: Account) -> str:
    """A name for the run's repository: the account's, and what the run is."""
    spec, data = run.config.model, run.config.data
    shortcut = "" if spec.shortcut == "none" else f"-{spec.shortcut.lower()}"
    own = "own" if ":" in data or "/" in data or "\\" in data else data
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in own.lower())
    return f"{account.name}/{spec.name}{shortcut}-{'-'.join(filter(None, plain.split('-'))) or 'own'}"[:96]


def check_name(repository: str) -> None:
    """Refusal unless a repository can be called so."""
    from huggingface_hub.utils import HFValidationError, validate_repo_id

    try:
        validate_repo_id(repository)
    except HFValidationError as error:
        raise Refusal("hub.name", name=str(repository)[:120]) from error
    if repository.count("/") != 1:
        raise Refusal("hub.name", name=repository[:120])


def check_savable(run: RunFolder) -> None:
    """Refusal unless the run has ended by itself or was stopped, and has weights."""
    if run.damage:
        raise run.damage
    state = run.state()
    if state not in SAVABLE:
        raise Refusal("hub.unfinished", name=run.name or run.config.model.title)
    if not run.has_weights():
        raise Refusal("no_weights", name=run.name or run.config.model.title)


def push(
    run: RunFolder,
    repository: str,
    account: Account,
    draw: Draw,
    *,
    private: bool = False,
    revision: str = "main",
    license: str = LICENSES[0],
    replace: bool = False,
    say: Say = lambda stage, megabytes: None,
) -> Saved:
    """Save the run to `repository` ("user/name"), which is made where there is none.

    private: of a repository that is made; one that is public is refused then. revision: a branch, made from `main`
    where there is none. replace: write over another run's model, too. draw: see `repository_files`.
    """
    check_name(repository)
    check_savable(run)
    if account.read_only:
        raise Refusal("hub.read_only")
    if license not in LICENSES:
        raise Refusal("wrong.choice", field="license", allowed=", ".join(LICENSES), given=repr(license[:40]))
    say("preparing", 0)
    files = repository_files(run, repository, license, draw)
    say("sending", sum(map(len, files.values())) / 1e6)
    return ask_hub(
        lambda: _send(run, files, repository, account, private, revision, replace), repository=repository,
        seconds=SECONDS, code_401="hub.token",
    )  # fmt: skip


def _send(
    run: RunFolder,
    files: dict[str, bytes],
    repository: str,
    account: Account,
    private: bool,
    revision: str,
    replace: bool,
) -> Saved:
    from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    hub = HfApi(token=account.token)
    there: Any = None
    with suppress(RepositoryNotFoundError):
        there = hub.model_info(repository)
    if there is None:
        try:
            hub.create_repo(repository, private=private, repo_type="model")
        except HfHubHTTPError as error:
            if error.response.status_code == 409:  # it is there, and not for this account or sign-in
                raise Refusal("hub.not_ours", name=repository) from None
            raise
        there = hub.model_info(repository)
    if private and not there.private:
        raise Refusal("hub.public", name=repository)
    if revision != "main":
        try:
            there = hub.model_info(repository, revision=revision)
        except RevisionNotFoundError:
            hub.create_branch(repository, branch=revision)
    names = {file.rfilename for file in there.siblings or ()}
    if not replace and names & {CONFIG, WEIGHTS} and _digest_there(hub, repository, there.sha) != run_digest(run):
        raise Refusal("hub.other_run", name=repository)
    operations: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete] = [
        *(CommitOperationAdd(name, content) for name, content in files.items()),
        *(CommitOperationDelete(name) for name in FILES if name in names and name not in files),
    ]
    title = f"Save {run.config.model.title} with {LIBRARY}"
    commit = hub.create_commit(
        repository, operations, commit_message=title, revision=revision, parent_commit=there.sha
    )  # fmt: skip
    return Saved(repository, f"{hub.endpoint}/{repository}", commit.oid)


def _digest_there(hub: Any, repository: str, commit: str) -> str:
    """Of which run a repository is, "" where it is none of ours."""
    from huggingface_hub import get_session, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

    address = hf_hub_url(repository, CONFIG, revision=commit, endpoint=hub.endpoint)
    answer = get_session().get(address, headers=build_hf_headers(token=hub.token), follow_redirects=True)
    if answer.status_code == 404:
        return ""
    hf_raise_for_status(answer)
    try:
        ours = json.loads(answer.content[:SMALL])[LIBRARY]
        return str(ours["run"])
    except (ValueError, KeyError, TypeError):
        return ""
