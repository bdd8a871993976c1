"""What a service raises when it says no: a sentence an analyst can act on, and the kind of
refusal.
"""

from collections.abc import Sequence


class DomainError(Exception):
    """A refusal. `status` is the HTTP code that the API answers; `kind` is its short name."""

    status = 409
    kind = "refused"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class BadInput(DomainError):
    """A value that cannot be taken."""

    status = 400
    kind = "bad_input"


class TooLarge(DomainError):
    """More than the platform takes at once."""

    status = 413
    kind = "too_large"


class InputNeeded(DomainError):
    """The move needs a value that was not given."""

    status = 422
    kind = "input_needed"


class ScopeMissing(DomainError):
    """The person or application lacks a scope; the message names it."""

    status = 403
    kind = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"This needs the scope {scope}. Ask a tenant administrator, who can give it."
        )
        self.scope = scope


class MoveRefused(DomainError):
    """The life cycle has no such move from here; `allowed` names the moves that are."""

    kind = "move_refused"

    def __init__(self, message: str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = list(allowed)


class Conflict(DomainError):
    """Something else stands in the way: another row, a link, a live child."""

    kind = "conflict"


class Stale(DomainError):
    """The row changed since the caller read it."""

    status = 412
    kind = "stale"
