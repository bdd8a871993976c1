"""Taking alerts out of the platform leaves a trace: who took how many, and by which filters."""

from collections.abc import Mapping, Sequence

from core import audit
from core.actors import Actor


@audit.verb
def record(
    *, actor: Actor, count: int, filters: Mapping[str, Sequence[str]], ordering: str, is_cut: bool
) -> None:
    """Write down that a list of alerts was taken as a file; `is_cut` says that it ended at its
    bound.
    """
    details = {"count": count, "filters": dict(filters), "ordering": ordering, "is_cut": is_cut}
    audit.record("alert.export", actor=actor, object_type="alert", object_id=None, details=details)
