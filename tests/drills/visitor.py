"""A visitor of a page, without a browser: the endpoints for programs, and the events of the page's own components.

Depends on nothing of the project: it knows the page as a stranger does, by its addresses and by `elem_id`.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import httpx

SECONDS_TO_ANSWER = 300


class Unexpected(Exception):
    """An answer that is neither a result nor a sentence: an error without words, a status of 500, a lost connection."""


class Refusal(Exception):
    """A sentence: what was wrong, and what is accepted."""


class Visitor:
    """One visitor with a session of their own. source: the loopback address that they ask from."""

    def __init__(self, address: str, source: str = "127.0.0.1"):
        transport = httpx.HTTPTransport(local_address=source, retries=1)
        self.http = httpx.Client(base_url=address, timeout=SECONDS_TO_ANSWER, transport=transport)
        self.session = secrets.token_hex(6)
        self._page: dict[str, Any] = {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str) -> httpx.Response:
        """A page or a file; Refusal for a sentence with a status of 4xx, Unexpected for anything else but success."""
        try:
            answer = self.http.get(path)
        except httpx.HTTPError as error:
            raise Unexpected(f"{path}: {type(error).__name__}") from error
        if 400 <= answer.status_code < 500 and " " in answer.text and len(answer.text) < 2000:
            raise Refusal(answer.text)
        if answer.status_code != 200:
            raise Unexpected(f"{path}: status {answer.status_code}")
        return answer

    def upload(self, path: Path) -> dict[str, Any]:
        """A file as a handler is given it."""
        try:
            with path.open("rb") as file:
                answer = self.http.post("/gradio_api/upload", files={"files": (path.name, file)})
            where = answer.raise_for_status().json()[0]
        except (httpx.HTTPError, ValueError) as error:
            raise Unexpected(f"upload of {path.name}: {error}") from error
        return {"path": where, "orig_name": path.name, "meta": {"_type": "gradio.FileData"}}

    def call(self, name: str, *values: object) -> Any:
        """The answer of an endpoint for programs."""
        try:
            event = self.http.post(f"/gradio_api/call/{name}", json={"data": values}).raise_for_status().json()
            told = self.http.get(f"/gradio_api/call/{name}/{event['event_id']}").raise_for_status().text
        except (httpx.HTTPError, ValueError) as error:
            raise Unexpected(f"/{name}: {error}") from error
        data = told.rpartition("data: ")[2].split("\n")[0]
        if "event: complete" in told:
            return json.loads(data)[0]
        words = (json.loads(data) or {}).get("error") if data.strip() else None
        if words:
            raise Refusal(words)
        raise Unexpected(f"/{name}: {told[-300:]!r}")

    def train(self, length: float, unit: str, batch_size: int = 32, shortcut: str = "A") -> dict[str, str]:
        """A new run of a ResNet-8 on `shapes`: {"run": its id, "token": to stop it}."""
        return self.call("train", "resnet8", shortcut, "shapes", length, unit, "demo", batch_size, 0.1, 0)

    def event(self, target: str, kind: str, values: dict[str, Any] | None = None, data: Any = None) -> list[Any]:
        """What the page's handler of an event answers, the last answer where it gives several.

        target: `elem_id` of the component. values: of components that it reads, by `elem_id`; others are as they were
        when the page came. data: of the event, {"index", "value"} of a selection. Unexpected where it fails.
        """
        page = self._page = self._page or self.get("/config").json()
        components = {one["id"]: one for one in page["components"]}
        names = {number: one["props"].get("elem_id") for number, one in components.items()}
        handler = next(
            one
            for one in page["dependencies"]
            if any((names.get(number), event) == (target, kind) for number, event in one["targets"])
        )

        def value(number: int) -> Any:
            if (values or {}).keys() & {names[number]}:
                return values[names[number]]
            return None if components[number]["type"] == "state" else components[number]["props"].get("value")

        body = {
            "data": [value(number) for number in handler["inputs"]],
            "fn_index": handler["id"],
            "session_hash": self.session,
            "event_data": data,
        }
        try:
            if not handler["queue"]:
                answer = self.http.post("/gradio_api/run/predict", json=body)
                if answer.status_code != 200:
                    raise Unexpected(f"{target}.{kind}: status {answer.status_code} {answer.text[:200]}")
                return answer.json()["data"]
            joined = self.http.post("/gradio_api/queue/join", json=body)
            if joined.status_code in (429, 503):
                raise Refusal(joined.text[:300])
            event_id = joined.raise_for_status().json()["event_id"]
            return self._listen(event_id, f"{target}.{kind}")
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise Unexpected(f"{target}.{kind}: {type(error).__name__} {error}") from error

    def _listen(self, event_id: str, what: str) -> list[Any]:
        with self.http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("event_id") == event_id and message.get("msg") == "process_completed":
                    if message.get("success"):
                        return message["output"]["data"]
                    words = (message.get("output") or {}).get("error")
                    if words:
                        raise Refusal(words)
                    raise Unexpected(f"{what}: {str(message)[:300]}")
        raise Unexpected(f"{what}: no answer")


def words(outputs: Any) -> str:
    """All the text in an answer, for looking whether it says something."""
    if isinstance(outputs, dict):
        return " ".join(words(one) for one in outputs.values())
    if isinstance(outputs, list):
        return " ".join(map(words, outputs))
    return outputs if isinstance(outputs, str) else ""
