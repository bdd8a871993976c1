"""Verbs of the submission: drafted from the case, approved by a second person, recorded as sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict, InputNeeded, MoveRefused
from core.texts import clean_text
from grc.models import Incident, Obligation, Submission
from grc.services import drafts, obligations, texts
from grc.workflows import OPEN, WRITE

LONGEST = 100_000


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Submission:
    """A draft for the duty `obligation_id`, filled from the case; a later version begins with what
    was sent last.
    """
    actor.require(WRITE)
    obligation = values.get("obligation_id")
    if obligation is None:
        raise InputNeeded("Name the duty that this is for.", field="obligation_id")
    duty = _lock(obligation)
    if not duty.applies:
        raise Conflict(f"{duty} does not apply: {duty.because}")
    rows = list(Submission.objects.filter(obligation=duty).order_by("number"))
    if rows and rows[-1].status != "sent":
        raise Conflict(f"Version {rows[-1].number} is not sent yet. Go on with that one.")
    sections = drafts.filled(duty)
    if rows:
        sections |= {name: text for name, text in rows[-1].sections.items() if name in sections}
    made = Submission(
        obligation=duty,
        number=len(rows) + 1,
        sections=sections | _sections(duty, values.get("sections")),
        changes_note=clean_text(values.get("changes_note") or "", field="changes_note"),
        author_ids=[str(actor.person_id)],
    )
    return records.create(made, actor=actor, note=note)


@audit.verb
def update(
    submission: Submission, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Submission:
    """Edit a draft. Whoever writes in it is one of its authors, and cannot approve it."""
    actor.require(WRITE)
    fresh = records.lock(submission)
    wanted = values.get("status")
    if wanted and wanted != fresh.status:
        raise Conflict("Use the verbs of a submission: submit, approve, reject, send.")
    changes = texts.clean(values, ("changes_note", "tags"))
    if values.get("sections") is not None:
        changes["sections"] = fresh.sections | _sections(fresh.obligation, values["sections"])
    changes = {name: value for name, value in changes.items() if getattr(fresh, name) != value}
    if not changes:
        return fresh
    if fresh.status != "draft":
        raise Conflict(f"This is {fresh.status.replace('_', ' ')}. Send it back to edit it.")
    author = str(actor.person_id)
    if author not in fresh.author_ids:
        changes["author_ids"] = [*fresh.author_ids, author]
    return records.change(fresh, changes, actor=actor, note=note)


@audit.verb
def perform(
    submission: Submission,
    verb: str,
    *,
    actor: Actor,
    note: str = "",
    at: datetime | None = None,
    channel: str = "",
    receipt: str = "",
    delay_reason: str = "",
) -> Submission:
    """Make a move; `send` records time, channel and receipt, and asks why where the limit has
    passed.
    """
    if verb == "send":
        return _send(submission, actor, note, at, channel, receipt, delay_reason)

    def follow(fresh: Submission) -> dict[str, Any]:
        if verb == "submit" and fresh.number > 1 and not fresh.changes_note:
            raise InputNeeded("Say what changed since the last version.", field="changes_note")
        if verb == "approve":
            _not_an_author(fresh, actor)
            return {"approved_by": actor.person_id}
        return {}

    return workflow.perform(submission, verb, actor=actor, note=note, follow=follow)


def missing(submission: Submission) -> list[str]:
    """The labels of the sections that are empty."""
    names = drafts.sections_of(submission.obligation)
    return [drafts.label(name) for name in names if not submission.sections.get(name)]


def _send(
    submission: Submission,
    actor: Actor,
    note: str,
    at: datetime | None,
    channel: str,
    receipt: str,
    delay_reason: str,
) -> Submission:
    actor.require(WRITE)
    duty = _lock(submission.obligation)
    moment = at or timezone.now()
    reason = clean_text(delay_reason, field="delay_reason") or duty.delay_reason

    def follow(fresh: Submission) -> dict[str, Any]:
        if moment > timezone.now():
            raise BadInput("This lies in the future; say when it was sent.", field="at")
        if fresh.approved_at and moment < fresh.approved_at:
            raise BadInput("This lies before its approval; correct the time.", field="at")
        late = duty.sent_at is None and duty.due_at is not None and moment > duty.due_at
        if late and not reason:
            raise InputNeeded("The limit has passed. Give the reason.", field="delay_reason")
        return {"sent_at": moment}

    values = {"channel": channel, "receipt": receipt}
    sent = workflow.perform(
        submission, "send", actor=actor, note=note, values=values, follow=follow
    )
    if reason != duty.delay_reason:
        records.change(duty, {"delay_reason": reason}, actor=actor, verb="delay", note=reason)
    obligations.recount(duty.incident, actor=actor, note=f"{duty} was sent")
    return sent


def _lock(obligation: Obligation) -> Obligation:
    """The duty, locked after its incident, which is open."""
    incident: Incident = records.lock(Incident(pk=obligation.incident_id))
    if incident.status not in OPEN:
        raise Conflict("This incident is closed. Reopen it first.")
    duty = records.lock(Obligation(pk=obligation.pk))
    duty.incident = incident
    return duty


def _not_an_author(submission: Submission, actor: Actor) -> None:
    if str(actor.person_id) in submission.author_ids:
        raise MoveRefused(
            "You wrote in this. Another person who may write here approves it.",
            allowed=["reject"],
        )


def _sections(obligation: Obligation, given: Any) -> dict[str, str]:
    if given is None:
        return {}
    known = drafts.sections_of(obligation)
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise BadInput("Sections are texts by their names.", field="sections")
    unknown = [name for name in given if name not in known]
    if unknown:
        raise BadInput(
            f"'{unknown[0]}' is no section here. Use: {', '.join(known)}.", field="sections"
        )
    if any(len(text) > LONGEST for text in given.values()):
        raise BadInput(f"A section has at most {LONGEST} characters.", field="sections")
    return {name: clean_text(text, field="sections") for name, text in given.items()}
