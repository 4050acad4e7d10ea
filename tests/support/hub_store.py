"""What the stand-in for the Hub stores: accounts with tokens, repositories with branches and commits, large files.

Nothing here knows HTTP; `hub_api` answers requests from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

LARGE = (".safetensors", ".onnx", ".npz", ".pt", ".png", ".bin", ".zip")


class Refused(Exception):
    """A request that the Hub does not grant: status, the code it names in a header, and words."""

    def __init__(self, status: int, code: str = "", words: str = ""):
        super().__init__(words or code)
        self.status, self.code, self.words = status, code, words or code


@dataclass(frozen=True)
class Account:
    """Whom a token belongs to. role: "read" or "write". created_only: whether it reaches only repositories that were
    created with it, like OAuth's scope contribute-repos."""

    name: str
    role: str = "write"
    orgs: tuple[str, ...] = ()
    created_only: bool = False


@dataclass(frozen=True)
class Commit:
    """A state of all files of a repository."""

    oid: str
    message: str
    files: dict[str, bytes]


@dataclass
class Repo:
    """A repository; branches: its commits, the oldest first."""

    kind: str
    id: str
    private: bool = False
    creator: str = ""
    branches: dict[str, list[Commit]] = field(default_factory=dict)

    def commit(self, branch: str, message: str, files: dict[str, bytes]) -> Commit:
        commits = self.branches.setdefault(branch, [])
        text = f"{self.id} {branch} {len(commits)} {message}"
        commits.append(Commit(hashlib.sha1(text.encode()).hexdigest(), message, files))
        return commits[-1]

    def at(self, revision: str) -> Commit:
        """The commit that a branch, or the id of a commit, names."""
        if revision in self.branches:
            return self.branches[revision][-1]
        for commits in self.branches.values():
            for commit in commits:
                if commit.oid == revision:
                    return commit
        raise Refused(404, "RevisionNotFound")

    @property
    def files(self) -> dict[str, bytes]:
        """The files of `main`, for tests to look at."""
        return self.at("main").files


@dataclass
class Store:
    """Everything that the stand-in knows. accounts: by token. repos: by kind ("model", "dataset") and name. large:
    uploaded files by SHA-256."""

    accounts: dict[str, Account] = field(default_factory=dict)
    repos: dict[tuple[str, str], Repo] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)

    def account(self, token: str) -> Account | None:
        """Whose token it is, None where there is none."""
        if token and token not in self.accounts:
            raise Refused(401, "", "Invalid credentials in Authorization header")
        return self.accounts.get(token)

    def put(self, name: str, files: dict[str, bytes], kind: str = "model", private: bool = False) -> Repo:
        """Put a repository there as if somebody had pushed it."""
        repo = self.repos.setdefault((kind, name), Repo(kind, name, private))
        repo.commit("main", "Upload", dict(files))
        return repo

    def readable(self, kind: str, name: str, token: str) -> Repo:
        """The repository, if whoever has the token may read it; the Hub hides what one may not."""
        who = self.account(token)
        repo = self.repos.get((kind, name))
        if repo is None or repo.private and not (who and self._owns(who, token, repo)):
            raise Refused(404 if who else 401, "RepoNotFound", "Repository not found")
        return repo

    def writable(self, kind: str, name: str, token: str) -> Repo:
        repo = self.readable(kind, name, token)
        who = self.account(token)
        if who is None:
            raise Refused(401, "", "Authentication required")
        if who.role != "write" or not self._owns(who, token, repo):
            raise Refused(403, "", "you must use a write token to commit to a repository.")
        return repo

    def create(self, kind: str, namespace: str, name: str, private: bool, token: str) -> Repo:
        who = self.account(token)
        if who is None:
            raise Refused(401, "", "Authentication required")
        if who.role != "write" or namespace not in (who.name, *who.orgs):
            raise Refused(403, "", f"You don't have the rights to create a {kind} under the namespace {namespace!r}")
        if (kind, f"{namespace}/{name}") in self.repos:
            raise Refused(409, "", "You already created this repo")
        repo = Repo(kind, f"{namespace}/{name}", private, token)
        repo.commit("main", "initial commit", {".gitattributes": b""})
        self.repos[kind, repo.id] = repo
        return repo

    @staticmethod
    def _owns(who: Account, token: str, repo: Repo) -> bool:
        mine = repo.id.split("/")[0] in (who.name, *who.orgs)
        return mine and (not who.created_only or repo.creator == token)


def is_large(path: str) -> bool:
    return path.endswith(LARGE)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
