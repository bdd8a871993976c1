"""`Idempotency-Key` on POST: the same key and body give the stored answer; another body is refused.

The answer is stored in the transaction of its effect. A key whose first request still runs is a
409: an advisory lock, taken without waiting, says so.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.actors import Actor
from core.api.authentication import actor_of
from core.models import IdempotencyKey
from core.problems import Problem
from core.services.upkeep import ANSWERS_KEPT_FOR

MAX_KEY = 255


class Replay(Exception):
    """The stored answer of an earlier request."""

    def __init__(self, kept: IdempotencyKey) -> None:
        super().__init__(kept.key)
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that this request is the first to use."""

    actor: Actor
    key: str
    fingerprint: bytes


def claim(request: Request) -> Claim | None:
    """None without the header; else the claim, or Replay, or a Problem with 400, 409 or 422."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise Problem(400, "bad_input", f"Idempotency-Key has 1 to {MAX_KEY} printable characters.")
    actor = actor_of(request)
    mine = Claim(actor, key, _fingerprint(request))
    if not _locked(mine):
        raise Problem(
            409,
            "in_flight",
            "The first request with this Idempotency-Key still runs. Try again shortly.",
        )
    kept = IdempotencyKey.objects.filter(
        person_id=actor.person_id, key=key, created_at__gt=timezone.now() - ANSWERS_KEPT_FOR
    ).first()
    if kept is None:
        return mine
    if bytes(kept.fingerprint) != mine.fingerprint:
        raise Problem(
            422,
            "key_reused",
            "This Idempotency-Key was used for another request. Choose a new one.",
        )
    raise Replay(kept)


def keep(mine: Claim, response: Response) -> None:
    """Store the answer of a request that had an effect; a refused one had none and may be tried
    again.
    """
    if response.status_code >= 400:
        return
    IdempotencyKey.objects.filter(person_id=mine.actor.person_id, key=mine.key).delete()
    IdempotencyKey(
        person_id=mine.actor.person_id,
        key=mine.key,
        fingerprint=mine.fingerprint,
        status=response.status_code,
        body=response.rendered_content,
        etag=response.get("ETag", ""),
        content_type=response["Content-Type"]
        if response.has_header("Content-Type")
        else "application/json",
    ).save(force_insert=True)


def _fingerprint(request: Request) -> bytes:
    body = request._request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).digest()


def _locked(mine: Claim) -> bool:
    name = hashlib.sha256(
        f"{mine.actor.tenant_id}|{mine.actor.person_id}|{mine.key}".encode()
    ).digest()
    number = int.from_bytes(name[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
