"""Who calls the API: a bearer token, an application's key at the intake doors, or the session of a
signed-in person.

Each ends in an Actor, handed on as `request.auth`, and sets the tenant of the request's
transaction.
"""

from typing import Any

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core import identity
from core.actors import Actor
from core.models import Person
from core.services import applications, tokens

CLIENT, TIMESTAMP, SIGNATURE = "X-Soc-Client", "X-Soc-Timestamp", "X-Soc-Signature"
UNSIGNED = (
    "The signature is not valid, was used before, or its timestamp is more than five minutes off."
)
REFUSED = "The token is not valid any more, or never was. Sign in again."


class Caller:
    """What DRF calls the user: only that somebody is there. What they may do is the actor's."""

    is_authenticated = True
    is_active = True

    def __init__(self, actor: Actor) -> None:
        self.pk = actor.person_id
        self.actor = actor

    def __str__(self) -> str:
        return self.actor.name


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def authenticate(self, request: Request) -> tuple[Caller, Actor] | None:
        text = bearer(request)
        if text is None:
            return None
        actor = self.actor(text)
        if actor is None:
            raise AuthenticationFailed(REFUSED)
        return Caller(actor), actor

    def actor(self, text: str) -> Actor | None:
        claims = tokens.read(text)
        if claims is None:
            return None
        return identity.enter(
            claims.person_id,
            claims.tenant_id,
            claims.app_id,
            source_type="server" if claims.app_id else "api",
            token_version=claims.token_version,
        )


class KeyAuthentication(TokenAuthentication):
    """`Authorization: Bearer <client_id>.<client_secret>`, for senders that cannot fetch a token.
    Intake only.
    """

    def actor(self, text: str) -> Actor | None:
        client_id, separator, secret = text.partition(".")
        if not separator or "." in secret:
            return super().actor(text)
        return identity.enter_with_key(client_id, applications.digest_of(secret))


class SignatureAuthentication(BaseAuthentication):
    """A webhook that is signed in place of presenting a key: HMAC-SHA256 over timestamp and raw
    body, each signature once. Intake only.
    """

    def authenticate(self, request: Request) -> tuple[Caller, Actor] | None:
        signature = request.headers.get(SIGNATURE)
        if signature is None:
            return None
        client_id = request.headers.get(CLIENT, "")
        timestamp = request.headers.get(TIMESTAMP, "")
        found = applications.by_signature(client_id, timestamp, signature, request._request.body)
        actor = None
        if found is not None:
            app_id, tenant_id, person_id = found
            actor = identity.enter(person_id, tenant_id, app_id, source_type="server")
        if actor is None or applications.is_replay(signature):
            raise AuthenticationFailed(UNSIGNED)
        return Caller(actor), actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TenantSessionAuthentication(SessionAuthentication):
    """The session of a signed-in person, with CSRF, in the tenant that the middleware has
    entered.
    """

    def authenticate(self, request: Request) -> Any:
        person = getattr(request._request, "user", None)
        if not isinstance(person, Person) or person.actor is None:
            return None
        self.enforce_csrf(request)
        return person, person.actor

    def enforce_csrf(self, request: Any) -> None:
        """On Django's request: the check looks for a form's token, and must not have the API's
        parsers read the body before the scope is known.
        """
        super().enforce_csrf(request._request)


def bearer(request: Request) -> str | None:
    """The token of the Authorization header; None where there is none."""
    parts = get_authorization_header(request).split()
    if not parts or parts[0].lower() != b"bearer":
        return None
    if len(parts) != 2:
        raise AuthenticationFailed("Write the header as: Authorization: Bearer <token>.")
    return parts[1].decode("ascii", "replace")


def actor_of(request: Request) -> Actor:
    """Who calls: the permissions have made sure that somebody does."""
    actor: Any = request.auth
    if not isinstance(actor, Actor):
        raise AuthenticationFailed(REFUSED)
    return actor
