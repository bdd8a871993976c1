"""Telling people: on the page, and by e-mail from a job.

Which kinds there are, their words and whom they concern are the apps' to say (`register`); a person
may wish for another way of being told of each. An e-mail is sent before it is marked as sent: after
a crash in between it may come twice. One that the mail server would not have is tried again for a
day.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from core import audit, tenancy
from core.actors import Actor
from core.errors import BadInput
from core.models import Membership, Notification, NotificationWish
from core.scopes import ROLES

MAX_TEXT = 500
MAIL_AT_ONCE = 200
MOST_TRIES = 48  # of one e-mail, a try in each half hour: a day
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that people are told of; by e-mail only where `by_email` is the usual way."""

    name: str
    label: str
    by_email: bool


@dataclass(frozen=True, slots=True)
class About:
    """What a notification is about; without an id, several objects of that type."""

    object_type: str = ""
    object_id: UUID | None = None


Path = Callable[[UUID | None], str]
_kinds: dict[str, Kind] = {}
_paths: dict[str, Path] = {}


def register(kind: Kind) -> None:
    """Add a kind; called once, when the app is ready."""
    _kinds[kind.name] = kind


def register_page(object_type: str, path: Path) -> None:
    """How the page of such an object is called: a function of its id, or of None for several."""
    _paths[object_type] = path


def kinds() -> list[Kind]:
    return list(_kinds.values())


def tell(
    person_ids: Iterable[UUID],
    kind: str,
    text: str,
    *,
    key: str,
    about: About | None = None,
    mail_every: timedelta | None = None,
) -> int:
    """Tell people, once for each `key`, as each of them wishes; how many are told.

    Whoever has left the tenant is not told. The mail goes out from a job, after the transaction;
    with `mail_every`, at most one of the kind in that time.
    """
    wanted = set(person_ids) & _members()
    mailed = _mailed_since(wanted, kind, timezone.now() - mail_every) if mail_every else set()
    ways = {person_id: _way(kind, wish) for person_id, wish in _wishes(wanted, kind).items()}
    where = about or About()
    rows = [
        Notification(
            person_id=person_id,
            kind=kind,
            text=" ".join(text.split())[:MAX_TEXT],
            object_type=where.object_type,
            object_id=where.object_id,
            key=key,
            by_email=by_email and person_id not in mailed,
            read_at=None if on_page else timezone.now(),
        )
        for person_id, (on_page, by_email) in sorted(ways.items())
        if on_page or by_email
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.by_email for row in rows):
        app.configure_task("core.mail_notifications").defer(tenant_id=str(tenancy.required()))
    return len(rows)


def holders_of(scope: str) -> set[UUID]:
    """The members whose role has a scope."""
    roles = [role for role, scopes in ROLES.items() if scope in scopes]
    return set(_active().filter(role__in=roles).values_list("person_id", flat=True))


def to_mail() -> list[UUID]:
    """What waits to be mailed in the current tenant, the oldest first."""
    waiting = Notification.objects.filter(by_email=True, mailed_at=None, tries__lt=MOST_TRIES)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:MAIL_AT_ONCE])


def mail(pk: UUID) -> bool:
    """Send one that waits, and mark it; False where the mail server would not have it. It is tried
    again later, MOST_TRIES times in all, and does not keep the others waiting.
    """
    rows = Notification.objects.select_for_update(of=("self",), skip_locked=True)
    row = (
        rows.select_related("person", "tenant").filter(pk=pk, by_email=True, mailed_at=None).first()
    )
    if row is None:
        return True
    try:
        _message(row).send()
    except (smtplib.SMTPException, OSError):
        logger.warning("a notification was not mailed", extra={"notification": row.shown_id})
        Notification.objects.filter(pk=pk).update(tries=F("tries") + 1)
        return False
    Notification.objects.filter(pk=pk).update(mailed_at=timezone.now())
    return True


def mark_read(person_id: UUID, pks: Iterable[UUID] | None = None) -> int:
    """Mark one's own notifications as read, all of them without ids; how many that were."""
    rows = Notification.objects.of_person(person_id).unread()
    rows = rows if pks is None else rows.filter(pk__in=list(pks))
    return int(rows.update(read_at=timezone.now()))


def wishes_of(actor: Actor) -> list[dict[str, Any]]:
    """Each kind, and how this person is told of it: `[{kind, label, on_page, by_email}]`."""
    kept = {wish.kind: wish for wish in NotificationWish.objects.filter(person=actor.person_id)}
    found = []
    for kind in kinds():
        on_page, by_email = _way(kind.name, kept.get(kind.name))
        found.append(
            {"kind": kind.name, "label": kind.label, "on_page": on_page, "by_email": by_email}
        )
    return found


@audit.verb
def wish(kind: str, values: Mapping[str, bool], *, actor: Actor) -> list[dict[str, Any]]:
    """Be told of one kind in another way; what is not given stays as it is."""
    if kind not in _kinds:
        raise BadInput(f"Use one of: {', '.join(_kinds)}.", field="kind")
    now = next(each for each in wishes_of(actor) if each["kind"] == kind)
    ways = {name: values.get(name, now[name]) for name in ("on_page", "by_email")}
    NotificationWish.objects.update_or_create(
        tenant_id=tenancy.required(), person_id=actor.person_id, kind=kind, defaults=ways
    )
    audit.record(
        "notification_wish.change",
        actor=actor,
        object_type="person",
        object_id=actor.person_id,
        details={"kind": kind, **ways},
    )
    return wishes_of(actor)


def path_of(row: Notification) -> str:
    """The page that a notification leads to."""
    path = _paths.get(row.object_type)
    return str(path(row.object_id)) if path else "/admin/"


def _message(row: Notification) -> EmailMessage:
    """Plain text: nothing in it is markup, whatever a tool has sent."""
    label = _kinds[row.kind].label if row.kind in _kinds else "Notice"
    base = settings.BASE_URL.rstrip("/")
    told = f"Tenant: {row.tenant.name}. Other ways of being told: {base}/admin/notifications/"
    body = f"{row.text}\n\n{base}{path_of(row)}\n\n{told}\n"
    subject = f"{label}: {row.text}"[:180]
    return EmailMessage(subject, body, to=[row.person.email])


def _active() -> Any:
    return Membership.objects.filter(
        is_active=True, accepted_at__isnull=False, person__is_active=True, person__kind="person"
    )


def _members() -> set[UUID]:
    return set(_active().values_list("person_id", flat=True))


def _mailed_since(person_ids: set[UUID], kind: str, moment: datetime) -> set[UUID]:
    recent = Notification.objects.filter(
        person__in=person_ids, kind=kind, by_email=True, created_at__gt=moment
    )
    return set(recent.values_list("person_id", flat=True))


def _wishes(person_ids: set[UUID], kind: str) -> dict[UUID, NotificationWish | None]:
    kept = NotificationWish.objects.filter(person__in=person_ids, kind=kind)
    found: dict[UUID, NotificationWish | None] = dict.fromkeys(person_ids)
    return found | {wish.person_id: wish for wish in kept}


def _way(kind: str, wish: NotificationWish | None) -> tuple[bool, bool]:
    """On the page, and by e-mail."""
    if wish is not None:
        return wish.on_page, wish.by_email
    return True, _kinds[kind].by_email
