"""Hugging Face as a job needs it, for one account: hardware, jobs, a private repository for each, errors as sentences.

No error raised here has the token or the request that it was sent with. Must not depend on runs.
"""

from __future__ import annotations

import errno
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ...errors import Refusal
from ...hub.account import Account

SHORTEST, LONGEST = 5, 480  # minutes of a job; a sign-in on a Space is valid for eight hours
LINES = 8  # of a job's log
PATIENCE = 30.0  # seconds without a byte of an answer
OVER = ("COMPLETED", "CANCELED", "ERROR", "DELETED")  # stages of a job that has ended
BUSY = (408, 429)  # the Hub wants to be asked later, as with all statuses from 500 on
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)  # errors of this machine
UNITS = {"": 1 / 60, "s": 1 / 60, "m": 1, "h": 60}


class Lost(Exception):
    """The Hub could not be reached, or was too busy: a later try may succeed."""


class Missing(Exception):
    """What was asked for is not (or no longer) at the Hub."""


@dataclass(frozen=True)
class Hardware:
    """What a job may run on. name: its flavor. title: for people. per_minute: its price in US dollars."""

    name: str
    title: str
    per_minute: float

    @property
    def per_hour(self) -> float:
        """Its price in US dollars."""
        return 60 * self.per_minute

    def most(self, minutes: float) -> float:
        """What a job with this time limit costs at most, in US dollars, rounded up to cents; but for less than a tenth
        of one, by which the price of a minute is rounded."""
        return math.ceil(round(100 * self.per_minute * minutes, 1)) / 100


@dataclass(frozen=True)
class Stored:
    """A file of a repository. version: differs where the content does."""

    name: str
    size: int
    version: str


@dataclass(frozen=True)
class Snapshot:
    """A repository at one of its commits."""

    commit: str
    files: tuple[Stored, ...]


@dataclass(frozen=True)
class Progress:
    """How a job stands. stage: as the Hub names it. message: what the Hub adds, or ""."""

    stage: str
    message: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it will not run any further."""
        return self.stage in OVER


@dataclass(frozen=True)
class JobService:
    """Jobs and repositories of an account. Its methods raise Lost or Missing, and Refusal where trying again would not
    help."""

    account: Account

    @property
    def name(self) -> str:
        """Of the account."""
        return self.account.name

    def hardware(self) -> list[Hardware]:
        """What a job may run on: machines without a GPU and with one, the cheapest first."""
        with _answers(self.name):
            offered = self._api().list_jobs_hardware()
        minutes = {"minute": 1, "hour": 60}
        known = [
            Hardware(one.name, one.pretty_name, one.unit_cost_usd / minutes[one.unit_label])
            for one in offered
            if one.unit_label in minutes
            and (one.accelerator is None or (one.accelerator.type == "gpu" and str(one.accelerator.quantity) == "1"))
        ]
        return sorted(known, key=lambda one: one.per_minute)

    def offered(self) -> list[Hardware]:
        """The same; Refusal where the Hub cannot be asked."""
        try:
            return self.hardware()
        except (Lost, Missing) as error:
            raise Refusal("job.offline") from error

    def find_hardware(self, flavor: str) -> Hardware:
        """The hardware called `flavor`; Refusal names those that there are."""
        offered = self.offered()
        for one in offered:
            if one.name == flavor:
                return one
        raise Refusal("job.flavor", flavor=flavor[:40], known=", ".join(one.name for one in offered))

    def make_repository(self, name: str) -> str:
        """Make a private repository, unless it is there already; its full name."""
        with _answers(self.name):
            full = f"{self.name}/{name}"
            self._api().create_repo(full, private=True, exist_ok=True)
            return full

    def delete_repository(self, repository: str) -> None:
        """Delete a repository; one that is not there is gone already."""
        with _answers(self.name):
            self._api().delete_repo(repository, missing_ok=True)

    def send(self, repository: str, files: Mapping[str, bytes | Path], message: str) -> str:
        """Add or replace files in one commit; its id."""
        from huggingface_hub import CommitOperationAdd

        # paths as text: what is opened before is not sent as large files are
        contents = {name: one if isinstance(one, bytes) else str(one) for name, one in files.items()}
        operations = [CommitOperationAdd(name, content) for name, content in contents.items()]
        with _answers(self.name), _without_bars():
            return str(self._api().create_commit(repository, operations, commit_message=message).oid)

    def has(self, repository: str, name: str) -> bool:
        """Whether a repository has a file."""
        with _answers(self.name):
            return self._api().file_exists(repository, name)

    def look(self, repository: str, commit: str | None = None) -> Snapshot:
        """What a repository holds, now or at a commit."""
        with _answers(self.name):
            info = self._api().repo_info(repository, revision=commit, files_metadata=True, timeout=PATIENCE)
        files = (Stored(one.rfilename, one.size or 0, one.blob_id or "") for one in info.siblings or ())
        return Snapshot(info.sha or "", tuple(files))

    def receive(self, repository: str, commit: str, file: Stored, target: Path) -> None:
        """Write a file of a commit to `target`; Lost unless it arrives whole."""
        from huggingface_hub import get_session, hf_hub_url
        from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

        address = hf_hub_url(repository, file.name, revision=commit)
        headers = build_hf_headers(token=self.account.token) | {"Accept-Encoding": "identity"}
        options: dict[str, Any] = {"headers": headers, "timeout": PATIENCE, "follow_redirects": True}
        done = 0
        with _answers(self.name), open(target, "wb") as written:
            with get_session().stream("GET", address, **options) as response:
                hf_raise_for_status(response)
                for piece in response.iter_bytes():
                    done += len(piece)
                    if done > file.size:
                        break
                    written.write(piece)
        if done != file.size:
            raise Lost(f"{done} of {file.size} bytes")

    def start(
        self, image: str, command: Sequence[str], flavor: str, minutes: int, secrets: Mapping[str, str], name: str
    ) -> str:
        """Start a job that ends after so many minutes at the latest; its id."""
        with _answers(self.name):
            job = self._api().run_job(
                image=image,
                command=list(command),
                flavor=flavor,
                timeout=f"{minutes}m",
                secrets=dict(secrets),
                labels={"name": name},
                namespace=self.name,
            )
        return str(job.id)

    def inspect(self, job: str) -> Progress:
        """How a job stands."""
        with _answers(self.name):
            status = self._api().inspect_job(job_id=job, namespace=self.name).status
        return Progress(getattr(status.stage, "value", status.stage), status.message or "")

    def cancel(self, job: str) -> None:
        """End a job at once; nothing happens to one that has ended."""
        with _answers(self.name):
            self._api().cancel_job(job_id=job, namespace=self.name)

    def last_lines(self, job: str) -> tuple[str, ...]:
        """The last lines of a job's log; none where they cannot be had."""
        try:
            with _answers(self.name):
                lines = islice(self._api().fetch_job_logs(job_id=job, namespace=self.name, follow=False), 100_000)
                return tuple(line.rstrip() for line in lines if line.strip())[-LINES:]
        except (Lost, Missing, Refusal):
            return ()

    def address_of(self, job: str) -> str:
        """Where somebody may look at a job in a browser."""
        return f"{self._api().endpoint}/jobs/{self.name}/{job}"

    def _api(self) -> Any:
        from huggingface_hub import HfApi  # half a second, paid only where somebody uses an account

        return HfApi(token=self.account.token)


def minutes_of(text: str) -> int:
    """The minutes of a time limit such as 30m, 2h or, in seconds, 900 or 900s; Refusal if it is none, or out of
    bounds."""
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smh]?)", text.strip())
    minutes = float(match[1]) * UNITS[match[2]] if match else 0.0
    if not SHORTEST <= minutes <= LONGEST:
        raise Refusal("job.minutes", given=text[:40], low=SHORTEST, high=LONGEST)
    return int(minutes)


@contextmanager
def _answers(name: str) -> Iterator[None]:
    """Tell what the Hub's errors mean: a status is an answer; all else, even nonsense, that it was not reached."""
    try:
        yield
    except (Refusal, Lost, Missing):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK:
            raise
        raise _meaning(error, name) from None  # its request has the token


def _meaning(error: Exception, name: str) -> Exception:
    response: Any = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if not status or status in BUSY or status >= 500:
        return Lost(str(status or type(error).__name__))
    if status == 401:
        return Refusal("job.token")
    if status == 402:
        return Refusal("job.payment", name=name)
    if status == 403:
        return Refusal("job.forbidden", name=name)
    if status == 404:
        return Missing()
    words = str(getattr(error, "server_message", None) or "").strip()
    return Refusal("job.refused", detail=" ".join(f"{status} {words}".split())[:200])


@contextmanager
def _without_bars() -> Iterator[None]:
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    if are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()
