"""Errors as RFC 9457 problem documents: type, title, status, detail, and the field or the allowed
moves.
"""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError, transaction
from django.http import Http404
from psycopg.errors import DeadlockDetected, QueryCanceled
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import DomainError, MoveRefused

NOT_FOUND = "Not found here. It may be in another tenant, or gone."
MEANWHILE = "Somebody else changed the same rows at the same moment. Look again, then repeat."
TOO_SLOW = (
    "The database did not answer in time, and nothing was changed. Ask for less, or try later."
)
CONTENT_TYPE = "application/problem+json"
# The narrow ones first: an oversized body is a suspicious operation too.
KNOWN: dict[type[Exception], tuple[int, str, str]] = {
    Http404: (404, "not_found", NOT_FOUND),
    exceptions.NotFound: (404, "not_found", NOT_FOUND),
    RequestDataTooBig: (413, "too_large", "The body is larger than the limit. Send it in parts."),
    SuspiciousOperation: (400, "bad_input", "The request cannot be taken as it is."),
    PermissionDenied: (403, "forbidden", "This is not yours to do."),
    IntegrityError: (409, "conflict", MEANWHILE),
}

# What the database says beneath Django's error.
CAUSES: dict[type, tuple[int, str, str]] = {
    DeadlockDetected: (409, "conflict", MEANWHILE),
    QueryCanceled: (503, "too_slow", TOO_SLOW),
}


class Problem(Exception):
    """A refusal of the API itself, where no service was asked."""

    def __init__(self, status: int, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


def document(status: int, kind: str, detail: str, **more: Any) -> dict[str, Any]:
    """The body of a problem."""
    title = HTTPStatus(status).phrase
    return {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail} | more


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: a refused request leaves nothing behind."""
    body = describe(error)
    if body is None:
        return None
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    headers = _headers(error)
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def describe(error: Exception) -> dict[str, Any] | None:
    """The problem document of an error; None for one that is a fault of ours."""
    if isinstance(error, DomainError):
        return _refusal(error)
    if isinstance(error, Problem):
        return document(error.status, error.kind, error.detail, **error.more)
    if isinstance(error, OperationalError) and type(error.__cause__) in CAUSES:
        return document(*CAUSES[type(error.__cause__)])
    if isinstance(error, exceptions.ValidationError):
        sentence = _first_sentence(error.detail)
        return document(400, "bad_input", sentence, errors=_plain(error.detail))
    for kind, (status, name, sentence) in KNOWN.items():
        if isinstance(error, kind):
            return document(status, name, sentence)
    if isinstance(error, exceptions.APIException):
        return document(error.status_code, str(error.default_code), str(error.detail))
    return None


def _refusal(error: DomainError) -> dict[str, Any]:
    more: dict[str, Any] = {"field": error.field} if error.field else {}
    if isinstance(error, MoveRefused):
        more["allowed"] = error.allowed
    return document(error.status, error.kind, error.message, **more)


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return headers


def _plain(detail: Any) -> Any:
    if isinstance(detail, dict):
        return {str(key): _plain(value) for key, value in detail.items()}
    if isinstance(detail, list):
        return [_plain(item) for item in detail]
    return str(detail)


def _first_sentence(detail: Any, path: str = "") -> str:
    """The first fault with the name of its field: what a person reads first."""
    if isinstance(detail, dict):
        name, value = next(iter(detail.items()))
        return _first_sentence(value, f"{path}{name}" if not path else f"{path}.{name}")
    if isinstance(detail, list):
        filled = next((item for item in detail if item), "")
        return _first_sentence(filled, path)
    return f"{path}: {detail}" if path and path != "non_field_errors" else str(detail)
