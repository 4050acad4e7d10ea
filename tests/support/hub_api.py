"""A stand-in on this machine for the Hub's HTTP API, as the installed `huggingface_hub` talks to it.

It keeps accounts, repositories, branches and files in memory: whoami, creation and deletion of repositories, commits
with small and large files (LFS), listing, information, downloads with redirects, private repositories, and signing in
by OAuth. A test may let it refuse the next requests, or let the network fail and come back. `routes` takes further
ones, as for Jobs and for downloads that go wrong (`hub_server`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from hub_store import Account, Refused, Repo, Store, git_sha1, is_large, sha256

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}


@dataclass
class Request:
    """One request. token: as it came, "" for none. parts: what the route's pattern captured."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    token: str
    parts: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass
class Answer:
    """content: bytes, or what becomes JSON; an iterator of bytes is sent as it comes."""

    content: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Route = Callable[["HubApi", Request], Answer]


@dataclass
class Failure:
    """The next `times` requests whose path holds `path` are answered with `status`; 0 breaks the connection."""

    path: str
    status: int
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class HubApi:
    """The stand-in while it runs.

    asked: "METHOD path" of all requests. failures: see `fail`. down: whether the network is lost, so that each
    connection breaks. codes: of OAuth, what each is worth.
    """

    store: Store = field(default_factory=Store)
    asked: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    routes: list[tuple[str, re.Pattern, Route]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    signed_in: str = ""  # the token that OAuth gives, which stands for who sits at the browser
    down: bool = False
    address: str = ""

    def add_account(self, token: str, name: str, role: str = "write", **more: Any) -> Account:
        self.store.accounts[token] = Account(name, role, **more)
        return self.store.accounts[token]

    def repo(self, name: str, kind: str = "model") -> Repo:
        return self.store.repos[kind, name]

    def fail(self, path: str, status: int, times: int = 1, **headers: str) -> None:
        self.failures.append(Failure(path, status, times, headers))

    def route(self, method: str, pattern: str) -> Callable[[Route], Route]:
        """Let a function answer the requests whose whole path matches."""

        def add(function: Route) -> Route:
            self.routes.append((method, re.compile(pattern), function))
            return function

        return add

    def environment(self, home: Path, token: str = "") -> dict[str, str]:
        """The variables under which another process takes this for the Hub; home: a folder of its own."""
        variables = {"HF_ENDPOINT": self.address, "HF_HUB_DISABLE_XET": "1", "HF_HOME": str(home)}
        return variables | {"HF_TOKEN": token, "NO_PROXY": "127.0.0.1"}

    def answer(self, request: Request) -> Answer | None:
        """What is answered; None: the connection breaks."""
        self.asked.append(f"{request.method} {request.path}")
        if self.down:
            return None
        for failure in self.failures:
            if failure.times and failure.path in request.path:
                failure.times -= 1
                return (
                    Answer({"error": "as the test wants it"}, failure.status, failure.headers)
                    if failure.status
                    else None
                )
        for method, pattern, function in self.routes + ROUTES:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                request.parts = {name: unquote(value) for name, value in match.groupdict().items() if value is not None}
                try:
                    return function(self, request)
                except Refused as refused:
                    codes = {"X-Error-Code": refused.code} if refused.code else {}
                    told = {"X-Error-Message": refused.words} | codes
                    return Answer({"error": refused.words}, refused.status, told)
        return Answer({"error": f"the stand-in has no {request.method} {request.path}"}, 404)


ROUTES: list[tuple[str, re.Pattern, Route]] = []
REPO = r"/api/(?P<kinds>models|datasets|spaces)/(?P<repo>[^/]+/[^/]+)"


def route(method: str, pattern: str) -> Callable[[Route], Route]:
    def add(function: Route) -> Route:
        ROUTES.append((method, re.compile(pattern), function))
        return function

    return add


def readable(hub: HubApi, request: Request) -> Repo:
    return hub.store.readable(KINDS[request.parts.get("kinds") or "models"], request.parts["repo"], request.token)


def writable(hub: HubApi, request: Request) -> Repo:
    return hub.store.writable(KINDS[request.parts.get("kinds") or "models"], request.parts["repo"], request.token)


@route("GET", "/api/whoami-v2")
def whoami(hub: HubApi, request: Request) -> Answer:
    who = hub.store.account(request.token)
    if who is None:
        raise Refused(401, "", "Invalid username or password.")
    auth = {"type": "access_token", "accessToken": {"displayName": "test", "role": who.role}}
    orgs = [{"type": "org", "name": org, "fullname": org} for org in who.orgs]
    return Answer({"type": "user", "name": who.name, "fullname": who.name.title(), "orgs": orgs, "auth": auth})


@route("POST", "/api/repos/create")
def create(hub: HubApi, request: Request) -> Answer:
    wanted = request.json()
    who = hub.store.account(request.token)
    namespace = wanted.get("organization") or (who.name if who else "")
    private = wanted.get("visibility") == "private" or bool(wanted.get("private"))
    repo = hub.store.create(wanted.get("type") or "model", namespace, wanted["name"], private, request.token)
    return Answer({"url": f"{hub.address}/{prefix(repo)}{repo.id}", "name": repo.id, "id": repo.id})


@route("DELETE", "/api/repos/delete")
def delete(hub: HubApi, request: Request) -> Answer:
    wanted = request.json()
    kind, name = wanted.get("type") or "model", f"{wanted['organization']}/{wanted['name']}"
    hub.store.writable(kind, name, request.token)
    del hub.store.repos[kind, name]
    return Answer(b"OK")


@route("GET", REPO + r"(/revision/(?P<revision>[^/]+))?")
def info(hub: HubApi, request: Request) -> Answer:
    repo = readable(hub, request)
    commit = repo.at(request.parts.get("revision", "main"))
    files = [{"rfilename": name, **(blob(content, name))} for name, content in sorted(commit.files.items())]
    told = {"id": repo.id, "sha": commit.oid, "private": repo.private, "siblings": files, "tags": [], "disabled": False}
    return Answer({**told, "modelId": repo.id, "gated": False, "downloads": 0, "likes": 0})


def blob(content: bytes, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"size": len(content), "blobId": git_sha1(content)}
    if is_large(name):
        told["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 134}
    return told


@route("GET", REPO + r"/tree/(?P<revision>[^/]+)(/(?P<folder>.+))?")
def tree(hub: HubApi, request: Request) -> Answer:
    files = readable(hub, request).at(request.parts["revision"]).files
    folder = request.parts.get("folder", "").rstrip("/")
    below = {name: content for name, content in files.items() if not folder or name.startswith(f"{folder}/")}
    return Answer([described(name, content) for name, content in sorted(below.items())])


@route("POST", REPO + r"/paths-info/(?P<revision>[^/]+)")
def paths_info(hub: HubApi, request: Request) -> Answer:
    files = readable(hub, request).at(request.parts["revision"]).files
    wanted = parse_qs(request.body.decode()).get("paths", [])
    return Answer([described(name, files[name]) for name in wanted if name in files])


def described(name: str, content: bytes) -> dict[str, Any]:
    told = {"type": "file", "path": name, "size": len(content), "oid": git_sha1(content)}
    return told | (
        {"lfs": {"oid": sha256(content), "size": len(content), "pointerSize": 134}} if is_large(name) else {}
    )


@route("GET", REPO + "/refs")
def refs(hub: HubApi, request: Request) -> Answer:
    branches = readable(hub, request).branches.items()
    named = [{"name": one, "ref": f"refs/heads/{one}", "targetCommit": commits[-1].oid} for one, commits in branches]
    return Answer({"branches": named, "converts": [], "tags": []})


@route("POST", REPO + "/branch/(?P<branch>[^/]+)")
def make_branch(hub: HubApi, request: Request) -> Answer:
    repo = writable(hub, request)
    if request.parts["branch"] in repo.branches:
        raise Refused(409, "", "Reference already exists")
    start = repo.at(request.json().get("startingPoint", "main"))
    repo.branches[request.parts["branch"]] = [start]
    return Answer(b"OK")


@route("GET", REPO + "/auth-check(/(?P<right>write))?")
def auth_check(hub: HubApi, request: Request) -> Answer:
    (writable if "right" in request.parts else readable)(hub, request)
    return Answer(b"OK")


@route("POST", "/api/validate-yaml")
def validate_yaml(hub: HubApi, request: Request) -> Answer:
    import yaml

    content = request.json()["content"]
    if match := re.match(r"---\n(.*?)\n---\n", content, re.DOTALL):
        yaml.safe_load(match[1])
        return Answer({"errors": [], "warnings": []})
    return Answer({"errors": [], "warnings": [{"message": "empty or missing yaml metadata in repo card"}]})


@route("POST", REPO + "/preupload/(?P<revision>[^/]+)")
def preupload(hub: HubApi, request: Request) -> Answer:
    writable(hub, request).at(request.parts["revision"])
    names = [file["path"] for file in request.json()["files"]]
    modes = {name: "lfs" if is_large(name) else "regular" for name in names}
    return Answer({"files": [{"path": name, "uploadMode": modes[name], "shouldIgnore": False} for name in names]})


@route("POST", r"/((?P<kinds>datasets|spaces)/)?(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch")
def lfs_batch(hub: HubApi, request: Request) -> Answer:
    writable(hub, request)
    objects = [{"oid": one["oid"], "size": one["size"]} for one in request.json()["objects"]]
    for one in objects:
        if one["oid"] not in hub.store.large:
            one["actions"] = {"upload": {"href": f"{hub.address}/large/{one['oid']}"}}
    return Answer({"transfer": "basic", "objects": objects})


@route("PUT", "/large/(?P<oid>[0-9a-f]{64})")
def receive(hub: HubApi, request: Request) -> Answer:
    if sha256(request.body) != request.parts["oid"]:
        raise Refused(400, "", "the content is not what its name says")
    hub.store.large[request.parts["oid"]] = request.body
    return Answer(b"")


@route("POST", REPO + "/commit/(?P<revision>[^/]+)")
def commit(hub: HubApi, request: Request) -> Answer:
    repo, branch = writable(hub, request), request.parts["revision"]
    last = repo.at(branch)
    files, header = dict(last.files), {}
    for line in request.body.splitlines():
        entry = json.loads(line)
        key, value = entry["key"], entry["value"]
        if key == "header":
            header = value
            if value.get("parentCommit", last.oid) != last.oid:
                raise Refused(412, "", "A commit has happened since. Please refresh and try again.")
        elif key == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif key == "lfsFile":
            if value["oid"] not in hub.store.large:
                raise Refused(400, "", f"{value['path']} was not uploaded")
            files[value["path"]] = hub.store.large[value["oid"]]
        elif key == "deletedFile":
            if files.pop(value["path"], None) is None:
                raise Refused(404, "EntryNotFound", "A file with this name doesn't exist")
        elif key == "deletedFolder":
            files = {name: one for name, one in files.items() if not name.startswith(value["path"].rstrip("/") + "/")}
    made = repo.commit(branch, header.get("summary", ""), files)
    return Answer({"success": True, "commitOid": made.oid, "commitUrl": f"{hub.address}/{repo.id}/commit/{made.oid}"})


def resolve(hub: HubApi, request: Request) -> Answer:
    """Large files are redirected to, as the Hub does it, to an address without rights that cannot be guessed."""
    commit, name = readable(hub, request).at(request.parts["revision"]), request.parts["name"]
    if name not in commit.files:
        raise Refused(404, "EntryNotFound", "Entry not found")
    content = commit.files[name]
    headers = {"X-Repo-Commit": commit.oid, "Accept-Ranges": "bytes"}
    if not is_large(name):
        return part(content, request, headers | {"ETag": f'"{git_sha1(content)}"'})
    oid = sha256(content)
    hub.store.large[oid] = content
    linked = {"X-Linked-ETag": f'"{oid}"', "X-Linked-Size": str(len(content))}
    other = hub.address.replace("127.0.0.1", "localhost")  # the bytes are at another host
    return Answer(b"", 302, headers | linked | {"Location": f"{other}/large/{oid}"})


@route("GET", "/large/(?P<oid>[0-9a-f]{64})")
def send(hub: HubApi, request: Request) -> Answer:
    if request.token:
        raise Refused(400, "", "a token was sent to another host than the Hub")
    return part(hub.store.large[request.parts["oid"]], request, {})


def part(content: bytes, request: Request, headers: dict[str, str]) -> Answer:
    start = request.headers.get("range", "").removeprefix("bytes=").split("-")[0]
    return Answer(content[int(start) :], 206, headers) if start else Answer(content, 200, headers)


for method in ("HEAD", "GET"):
    route(method, r"/((?P<kinds>datasets|spaces)/)?(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")(
        resolve
    )


@route("GET", "/oauth/authorize")
def authorize(hub: HubApi, request: Request) -> Answer:
    """Whoever sits at the browser agrees at once, if somebody is `signed_in`; else they decline."""
    query = request.query
    if not hub.signed_in:
        told = {"error": "access_denied", "state": query["state"]}
    else:
        code = secrets.token_urlsafe(8)
        hub.codes[code] = {**query, "token": hub.signed_in}
        told = {"code": code, "state": query["state"]}
    return Answer(b"", 302, {"Location": f"{query['redirect_uri']}?{urlencode(told)}"})


@route("POST", "/oauth/token")
def give_token(hub: HubApi, request: Request) -> Answer:
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    given = hub.codes.pop(form.get("code", ""), None)
    user, _, secret = (
        base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode().partition(":")
    )
    if given is None or (user, secret) != (given["client_id"], "client-secret"):
        raise Refused(400, "", "invalid_grant")
    if given["redirect_uri"] != form.get("redirect_uri") or not challenged(given, form.get("code_verifier", "")):
        raise Refused(400, "", "invalid_grant")
    told = {"access_token": given["token"], "token_type": "bearer", "expires_in": 28800, "scope": given["scope"]}
    return Answer(told)


@route("GET", "/oauth/userinfo")
def userinfo(hub: HubApi, request: Request) -> Answer:
    who = hub.store.account(request.token)
    if who is None:
        raise Refused(401, "", "Authentication required")
    orgs = [{"preferred_username": org, "name": org} for org in who.orgs]
    return Answer({"sub": "1", "name": who.name.title(), "preferred_username": who.name, "orgs": orgs})


def challenged(given: dict[str, str], verifier: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return given.get("code_challenge") == digest and given.get("code_challenge_method") == "S256"


def prefix(repo: Repo) -> str:
    return "" if repo.kind == "model" else f"{repo.kind}s/"


@contextmanager
def running(hub: HubApi | None = None) -> Iterator[HubApi]:
    """The stand-in on loopback, until the block ends."""
    hub = hub or HubApi()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            url = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            authorization = headers.get("authorization", "")
            token = authorization.removeprefix("Bearer ") if authorization.startswith("Bearer ") else ""
            answer = hub.answer(Request(self.command, url.path, query, headers, body, token))
            if answer is None:
                self.close_connection = True
                return
            content = answer.content
            if isinstance(content, dict | list):
                content = json.dumps(content).encode()
                answer.headers.setdefault("Content-Type", "application/json")
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            with suppress(ConnectionError):  # whoever asked has had enough
                if isinstance(content, bytes):
                    if "Content-Length" not in answer.headers:
                        self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(content)
                else:
                    self.end_headers()
                    for piece in content:
                        self.wfile.write(piece)
                        self.wfile.flush()

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = respond

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield hub
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def as_the_hub(monkeypatch: Any, home: Path, token: str = "") -> Iterator[HubApi]:
    """The stand-in, which is the Hub for this process; token: the one that `huggingface_hub` finds, none by default."""
    from huggingface_hub import constants

    with running() as hub:
        template = hub.address + "/{repo_id}/resolve/{revision}/{filename}"
        for name, value in {
            "ENDPOINT": hub.address,
            "HUGGINGFACE_CO_URL_TEMPLATE": template,
            "HF_HUB_DISABLE_XET": True,
            "HF_HUB_CACHE": str(home / "hub"),
            "HF_TOKEN_PATH": str(home / "token"),
            "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
        }.items():
            monkeypatch.setattr(constants, name, value)
        monkeypatch.setattr("huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE", template, raising=False)
        for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        if token:
            monkeypatch.setenv("HF_TOKEN", token)
        yield hub
