"""Tokens for the API: signed, short-lived, tied to person, tenant, application and the person's
token version.

Algorithm, issuer, audience and type are pinned in settings. A refresh token is used once; using it
again ends its whole family, since either the owner or a thief holds a copy.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from core import identity, ids
from core.actors import Actor
from core.models import Person, RefreshFamily
from core.services import applications


@dataclass(frozen=True, slots=True)
class Pair:
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Claims:
    person_id: UUID
    tenant_id: UUID
    app_id: UUID | None
    token_version: int
    jti: UUID
    family: UUID | None
    expires: float  # seconds since 1970


MOST_KNOWN = 1_000
_known: dict[tuple[str, type[Token]], Claims] = {}


def sign_in(request: HttpRequest, *, email: str, password: str, tenant: str) -> Pair | None:
    """Access and refresh token for one tenant, by its slug; None when anything does not fit."""
    person = authenticate(request, username=email.strip().lower(), password=password)
    if not isinstance(person, Person):
        return None
    place = next(
        (place for place in identity.places(person) if tenant in (place.slug, place.shown_id)), None
    )
    if place is None:
        return None
    actor = identity.enter(person.pk, place.tenant_id, source_type="api")
    return _new_family(person, actor) if actor else None


def application_token(*, client_id: str, client_secret: str) -> str | None:
    """An access token for an application; it has no refresh token, since it holds its secret."""
    found = applications.by_key(client_id, client_secret)
    if found is None:
        return None
    app_id, tenant_id, person_id = found
    actor = identity.enter(person_id, tenant_id, app_id, source_type="server")
    return str(_access(actor, token_version=1)) if actor else None


def refresh(text: str) -> Pair | None:
    """Exchange a refresh token for a new pair; None when it is false, old, revoked or used
    before.
    """
    claims = read(text, RefreshToken)
    if claims is None or claims.family is None:
        return None
    actor = identity.enter(
        claims.person_id, claims.tenant_id, source_type="api", token_version=claims.token_version
    )
    if actor is None:
        return None
    family = (
        RefreshFamily.objects.select_for_update().filter(pk=claims.family, revoked_at=None).first()
    )
    if family is None:
        return None
    if family.current != claims.jti:
        family.revoked_at = timezone.now()
        family.save(update_fields=["revoked_at"])
        return None
    return _grow(family, actor, claims.token_version)


def read(text: str, kind: type[Token] = AccessToken) -> Claims | None:
    """The claims of a token that is signed, in time, of this kind and complete; else None.

    A signature once found good stays so: its claims are remembered until the token ends, since
    tools come with the same one thousands of times.
    """
    known = _known.get((text, kind))
    if known is not None and timezone.now().timestamp() < known.expires:
        return known
    claims = _read(text, kind)
    if claims is not None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[text, kind] = claims
    return claims


def _read(text: str, kind: type[Token]) -> Claims | None:
    try:
        token: Any = kind(text)  # type: ignore[arg-type]
    except TokenError:
        return None
    person_id, tenant_id = (
        ids.read("per", token.get("sub")),
        ids.read("ten", token.get("tenant_id")),
    )
    version = token.get("ver")
    if person_id is None or tenant_id is None or not isinstance(version, int):
        return None
    app_id = ids.read("app", token["app_id"]) if "app_id" in token else None
    if "app_id" in token and app_id is None:
        return None
    family = token.get("family")
    return Claims(
        person_id,
        tenant_id,
        app_id,
        version,
        UUID(token["jti"]),
        UUID(family) if family else None,
        float(token["exp"]),
    )


def _new_family(person: Person, actor: Actor) -> Pair:
    family = RefreshFamily(
        person=person,
        current=uuid4(),
        expires_at=timezone.now() + api_settings.REFRESH_TOKEN_LIFETIME,
    )
    family.save(force_insert=True)
    return _grow(family, actor, person.token_version)


def _grow(family: RefreshFamily, actor: Actor, token_version: int) -> Pair:
    """The next pair of a family; its end stays where the sign-in put it."""
    refresh_token = RefreshToken()
    _claim(refresh_token, actor, token_version)
    family.current = UUID(refresh_token["jti"])
    refresh_token["family"] = str(family.pk)
    refresh_token["exp"] = int(family.expires_at.astimezone(UTC).timestamp())
    family.save(update_fields=["current"])
    return Pair(str(_access(actor, token_version)), str(refresh_token))


def _access(actor: Actor, token_version: int) -> AccessToken:
    token = AccessToken()
    _claim(token, actor, token_version)
    token["scope"] = " ".join(sorted(actor.scopes))
    return token


def _claim(token: Token, actor: Actor, token_version: int) -> None:
    token["sub"] = ids.show("per", actor.person_id)
    token["tenant_id"] = ids.show("ten", actor.tenant_id)
    token["ver"] = token_version
    if actor.app_id is not None:
        token["app_id"] = ids.show("app", actor.app_id)
