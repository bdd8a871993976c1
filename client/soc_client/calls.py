"""Calls, and when they are tried again: what the sync and the async client share.

A POST carries an Idempotency-Key, so that trying it again has one effect. A PATCH or DELETE is
tried again only where the platform says that it did nothing, or could not be reached at all.
"""

import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from soc_client import errors

TRIES = 4
LONGEST_WAIT = 30.0  # seconds
NOT_DONE = {429, 503}
BROKEN_OFF = {502, 504}


@dataclass(frozen=True)
class Call:
    """One request, before it is sent."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    json: Any = None
    content: bytes | None = None
    files: Mapping[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_repeatable(self) -> bool:
        """Whether a second try cannot have a second effect: reading, a POST with a key, and intake,
        which counts repeats itself.
        """
        return self.method == "GET" or "Idempotency-Key" in self.headers or self.content is not None

    def arguments(self, token: str | None) -> dict[str, Any]:
        """What httpx is given."""
        given = dict(self.headers)
        if token:
            given["Authorization"] = f"Bearer {token}"
        if self.content is not None:
            given.setdefault("Content-Type", "application/x-ndjson")
        return {
            "method": self.method,
            "url": self.path,
            "params": self.params,
            "json": self.json,
            "content": self.content,
            "files": self.files,
            "headers": given,
        }


def get(path: str, filters: Mapping[str, Any] | None = None) -> Call:
    return Call("GET", path, params=_as_query(filters or {}) or None)


def follow(url: str) -> Call:
    """The page that a list names. Only its path is taken: a token goes to the platform itself
    and nowhere else.
    """
    parts = urlsplit(url)
    return Call("GET", f"{parts.path}?{parts.query}")


def post(path: str, body: Any = None) -> Call:
    return Call("POST", path, json=body or {}, headers={"Idempotency-Key": str(uuid.uuid4())})


def patch(path: str, changes: Any, version: int | None = None) -> Call:
    return Call("PATCH", path, json=changes, headers=_if_match(version))


def delete(path: str, version: int | None = None) -> Call:
    return Call("DELETE", path, headers=_if_match(version))


def wait_after(
    answer: httpx.Response | None, fault: Exception | None, call: Call, tries: int
) -> float | None:
    """How long to wait before the next try, in seconds; None when this is the last one.

    `answer` is None where none came, because of `fault`.
    """
    if tries >= TRIES:
        return None
    if isinstance(fault, httpx.ConnectError):
        return _backoff(tries)  # nothing was sent
    if answer is not None and answer.status_code in NOT_DONE:
        told = answer.headers.get("Retry-After", "")
        return min(float(told), LONGEST_WAIT) if told.isdigit() else _backoff(tries)
    broken = answer is None or answer.status_code in BROKEN_OFF
    return _backoff(tries) if broken and call.is_repeatable else None


def settled(answer: httpx.Response | None, fault: Exception | None) -> httpx.Response:
    """The last answer; where none came, what stood in the way."""
    if answer is None:
        raise errors.Unreachable(f"The platform does not answer: {fault}") from fault
    return answer


def read(answer: httpx.Response) -> Any:
    """The body of an answer; a refusal is raised with its problem document."""
    if answer.status_code < 400:
        told = answer.headers.get("Content-Type", "").partition(";")[0]
        is_json = told == "application/json"
        return answer.json() if is_json else (answer.content or None)
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": answer.reason_phrase, "detail": answer.text[:500]}
    if not isinstance(problem, dict):
        problem = {"detail": str(problem)}
    raise errors.of(answer.status_code, problem, answer.headers.get("X-Request-ID"))


def _as_query(filters: Mapping[str, Any]) -> dict[str, str]:
    """Filters as the URL has them: lists with commas, flags in lower case, None left out."""
    return {name: _as_text(value) for name, value in filters.items() if value is not None}


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(_as_text(each) for each in value)
    return str(value)


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"v{version}"'}


def _backoff(tries: int) -> float:
    """Half a second, one, two …, each with a part by chance, so that callers spread out."""
    whole: float = min(LONGEST_WAIT, 0.5 * 2.0 ** (tries - 1))
    return whole * (0.5 + random.random() / 2)  # noqa: S311 - no secret
