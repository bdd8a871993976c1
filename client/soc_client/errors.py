"""What the platform refuses, as exceptions that carry its problem document (RFC 9457)."""

from typing import Any


class ApiError(Exception):
    """A refusal. `problem` is the document: type, title, status, detail, and field, errors or
    allowed where they help. `request_id` is what history and audit know the request by.
    """

    def __init__(self, status: int, problem: dict[str, Any], request_id: str | None = None) -> None:
        self.status = status
        self.problem = problem
        self.request_id = request_id
        super().__init__(f"{status}: {self.detail}")

    @property
    def detail(self) -> str:
        """The sentence that says why, and what to do."""
        return str(self.problem.get("detail") or self.problem.get("title") or "no reason given")

    @property
    def field(self) -> str | None:
        """The name of the input at fault, where there is one."""
        return self.problem.get("field")

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong with each input, by name."""
        return dict(self.problem.get("errors") or {})


class BadInput(ApiError):
    """400: malformed, an unknown name, a bad value."""


class NotSignedIn(ApiError):
    """401: no credentials, or some that do not count any more."""


class Forbidden(ApiError):
    """403: a scope is missing; the sentence names it."""


class NotFound(ApiError):
    """404: unknown, deleted or another tenant's."""


class Conflict(ApiError):
    """409: the move is not allowed from here, or something else stands in the way."""

    @property
    def allowed(self) -> list[str]:
        """The moves that are allowed instead."""
        return list(self.problem.get("allowed") or [])


class Stale(ApiError):
    """412: the row changed since the version that was given."""


class TooLarge(ApiError):
    """413: over a limit."""


class InputNeeded(ApiError):
    """422: the move needs an input, which `field` names."""


class TooManyRequests(ApiError):
    """429, after the retries were used up."""


class ServerError(ApiError):
    """5xx, after the retries were used up."""


class Unreachable(Exception):
    """No answer came: the connection failed, or took too long."""


KINDS: dict[int, type[ApiError]] = {
    400: BadInput,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Stale,
    413: TooLarge,
    422: InputNeeded,
    429: TooManyRequests,
}


def of(status: int, problem: dict[str, Any], request_id: str | None) -> ApiError:
    """The exception for a status."""
    other = ServerError if status >= 500 else ApiError
    return KINDS.get(status, other)(status, problem, request_id)
