"""Records that could not become alerts: mended, and sent through intake again."""

from django.utils import timezone

from core import audit, retries
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.records import NotFound
from soc.intake import formats
from soc.intake.envelope import Record
from soc.intake.window import MAX_BYTES, EnvelopeError
from soc.models import RejectedRecord
from soc.services import intake

MISSING = "Not found here. It may be in another tenant, or gone."


@retries.after_deadlock
@audit.verb
def replay(
    rejected: RejectedRecord,
    *,
    actor: Actor,
    record: str | None = None,
    format: str | None = None,
    note: str = "",
) -> list[intake.Outcome]:
    """Send a rejected record through intake again: as it came, or mended as `record`, in its own
    format or another. What becomes of it, as intake says; refused with the reason when it is
    rejected again, and then nothing has changed.
    """
    actor.require(intake.INGEST)
    row = RejectedRecord.objects.select_for_update().filter(pk=rejected.pk).first()
    if row is None:
        raise NotFound(MISSING)
    if row.replayed_at is not None:
        raise Conflict("This record has been replayed already.")
    name = format or row.format
    raw = record.encode() if record is not None else bytes(row.raw)
    outcomes = intake.take(_records(name, raw), actor=actor, format=name, origin="replay")
    _refuse_rejected(outcomes)
    RejectedRecord.objects.filter(pk=row.pk).update(
        replayed_at=timezone.now(), replayed_by=actor.person_id
    )
    details = {
        "format": name,
        "mended": record is not None,
        "alerts": [outcome.id for outcome in outcomes if outcome.id][:100],
    }
    audit.record(
        "rejectedrecord.replay",
        actor=actor,
        object_type="rejectedrecord",
        object_id=row.pk,
        note=note,
        details=details,
    )
    return outcomes


def _records(name: str, raw: bytes) -> list[Record]:
    if len(raw) > MAX_BYTES:
        raise BadInput(f"A record has at most {MAX_BYTES:,} bytes.", field="record")
    try:
        return formats.split_request(formats.get(name), raw)
    except formats.UnknownFormatError as error:
        raise BadInput(f"{error}.", field="format") from error
    except EnvelopeError as error:
        raise BadInput(f"The record cannot be read: {error}.", field="record") from error


def _refuse_rejected(outcomes: list[intake.Outcome]) -> None:
    again = next((outcome for outcome in outcomes if outcome.status == "rejected"), None)
    if again is not None:
        raise BadInput(f"The record is still at fault: {again.reason}.", field="record")
    if not outcomes:
        raise BadInput("The record holds nothing.", field="record")
