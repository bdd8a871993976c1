"""Applications of a tenant: keys for tools and scripts, shown once."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from core import audit, ids, records, tenancy
from core import secrets as sealed_secrets
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.models import Application, Person, SeenSignature
from core.scopes import ALL
from core.services.people import ADMIN
from core.texts import clean_text

SIGNATURE_LIVES = timedelta(minutes=5)  # before and after the timestamp
SOURCE_NAME = re.compile(r"[^\x00-\x1f,]{1,255}")  # a product may call itself what it likes


@dataclass(frozen=True, slots=True)
class NewKey:
    """An application with its secret, which nobody can read again."""

    application: Application
    secret: str

    @property
    def bearer(self) -> str:
        """The key as senders present it that cannot fetch a token."""
        return f"{self.application.client_id}.{self.secret}"


@dataclass(frozen=True, slots=True)
class NewSigning:
    """An application with the secret that signs its webhooks, which nobody can read again."""

    application: Application
    secret: str


@audit.verb
def create(
    name: str, *, actor: Actor, scopes: Sequence[str], sources: Sequence[str] = ()
) -> NewKey:
    """Make an application and its service person. Nobody gives more than they hold."""
    actor.require(ADMIN)
    clean = clean_text(name, field="name")
    if not clean:
        raise BadInput("Give the application a name.", field="name")
    if Application.objects.filter(name=clean).exists():
        raise Conflict("An application of this name is here already.", field="name")
    client_id = secrets.token_hex(12)
    person = Person(email=f"{client_id}@service.invalid", name=clean, kind=Person.Kind.SERVICE)
    person.set_unusable_password()
    person.save(force_insert=True)
    secret, digest = _new_secret()
    application = Application(
        id=ids.new(),
        name=clean,
        person=person,
        client_id=client_id,
        secret_digest=digest,
        scopes=_clean_scopes(scopes, actor),
        sources=_clean_sources(sources),
    )
    return NewKey(records.create(application, actor=actor), secret)


@audit.verb
def rotate(application: Application, *, actor: Actor, note: str = "") -> NewKey:
    """A new secret; the old one ends at once."""
    actor.require(ADMIN)
    secret, digest = _new_secret()
    fresh = records.change(
        records.lock(application), {"secret_digest": digest}, actor=actor, verb="rotate", note=note
    )
    return NewKey(fresh, secret)


@audit.verb
def deactivate(application: Application, *, actor: Actor, note: str = "") -> Application:
    actor.require(ADMIN)
    return records.change(
        records.lock(application), {"is_active": False}, actor=actor, verb="deactivate", note=note
    )


@audit.verb
def reactivate(application: Application, *, actor: Actor, note: str = "") -> Application:
    actor.require(ADMIN)
    return records.change(
        records.lock(application), {"is_active": True}, actor=actor, verb="reactivate", note=note
    )


@audit.verb
def sign(application: Application, *, actor: Actor, note: str = "") -> NewSigning:
    """A new secret for signing webhooks, shown once; the one before ends at once."""
    actor.require(ADMIN)
    secret = secrets.token_urlsafe(32)
    fresh = records.lock(application)
    sealed = _sealed(secret, actor.tenant_id, fresh.pk)
    fresh = records.change(fresh, {"signing_secret": sealed}, actor=actor, verb="sign", note=note)
    return NewSigning(fresh, secret)


def by_signature(
    client_id: str, timestamp: str, signature: str, body: bytes
) -> tuple[UUID, UUID, UUID] | None:
    """Application, tenant and person of a signed request; None when the signature is not theirs or
    the timestamp is out of its window. Constant time.
    """
    if "\x00" in client_id or not _is_recent(timestamp):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, tenant_id, person_id, signing_secret from core_signer_by_client(%s)",
            [client_id],
        )
        row = cursor.fetchone()
    secret = _unsealed(row) if row else b""
    expected = signature_of(secret or b"nobody", timestamp, body)
    matches = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    return (row[0], row[1], row[2]) if row and secret and matches else None


def signature_of(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the bytes of the body, as the header has it."""
    text = timestamp.encode("utf-8", "replace") + b"." + body
    return "sha256=" + hmac.new(secret, text, hashlib.sha256).hexdigest()


def is_replay(signature: str) -> bool:
    """Whether this signature was taken in before in this tenant; from now on it was."""
    try:
        with transaction.atomic():
            SeenSignature.objects.create(digest=hashlib.sha256(signature.encode()).digest())
    except IntegrityError:
        return True
    return False


def _is_recent(timestamp: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(time.time() - int(timestamp)) <= SIGNATURE_LIVES.total_seconds()


@audit.verb
def rotate_signing(*, actor: Actor) -> tuple[int, int]:
    """Seal the signing secrets of the tenant with the newest key: how many that were, and how many
    no key opens.
    """
    sealed = left = 0
    for row in Application.objects.filter(signing_secret__isnull=False).select_for_update():
        kept = bytes(row.signing_secret).decode()
        if sealed_secrets.is_newest(kept):
            continue
        secret = _unsealed((row.pk, row.tenant_id, row.pk, kept.encode())).decode()
        if not secret:
            left += 1
            continue
        fresh = _sealed(secret, tenancy.required(), row.pk)
        Application.objects.filter(pk=row.pk).update(signing_secret=fresh)
        records.remember(row, "rotate_secret", actor=actor)
        sealed += 1
    return sealed, left


def _sealed(secret: str, tenant_id: UUID, application_id: UUID) -> bytes:
    place = _signing_place(application_id)
    return sealed_secrets.seal(secret, tenant_id=tenant_id, place=place).encode()


def _unsealed(row: tuple[UUID, UUID, UUID, bytes]) -> bytes:
    kept, place = bytes(row[3]).decode(), _signing_place(row[0])
    try:
        return sealed_secrets.open_sealed(kept, tenant_id=row[1], place=place).encode()
    except sealed_secrets.Unreadable:
        return b""


def _signing_place(application_id: UUID) -> str:
    return f"application:{application_id}:signing_secret"


def by_key(client_id: str, secret: str) -> tuple[UUID, UUID, UUID] | None:
    """Application, tenant and person of a key; None when it is unknown, wrong or out. Constant
    time.
    """
    if "\x00" in client_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, tenant_id, person_id, secret_digest from core_application_by_client(%s)",
            [client_id],
        )
        row = cursor.fetchone()
    expected = bytes(row[3]) if row else bytes(32)
    matches = hmac.compare_digest(expected, digest_of(secret))
    return (row[0], row[1], row[2]) if row and matches else None


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _new_secret() -> tuple[str, bytes]:
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def _clean_scopes(scopes: Sequence[str], actor: Actor) -> list[str]:
    unknown = [scope for scope in scopes if scope not in ALL]
    if unknown or not scopes:
        raise BadInput(f"Choose scopes from: {', '.join(sorted(ALL))}.", field="scopes")
    if "admin:tenant" in scopes:
        raise BadInput("An application cannot administer people.", field="scopes")
    for scope in scopes:
        actor.require(scope)
    return sorted(set(scopes))


def _clean_sources(sources: Sequence[str]) -> list[str]:
    names = [source.strip().lower() for source in sources if source.strip()]
    wrong = [name for name in names if not SOURCE_NAME.fullmatch(name)]
    if wrong:
        raise BadInput(
            f"'{wrong[0][:80]}' is no source name: a line of at most 255 characters, no comma.",
            field="sources",
        )
    return sorted(set(names))
