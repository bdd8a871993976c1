"""PagerDuty's door, Events API v2: a tool that speaks to PagerDuty is given another address.

https://developer.pagerduty.com/docs/send-alert-event
"""

import secrets
from typing import Any, ClassVar

import orjson
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from core import strictjson
from core.actors import Actor
from core.api.authentication import Caller, KeyAuthentication
from core.api.parsers import RawParser
from core.api.renderers import JSONRenderer
from core.api.views import TenantViewSet
from core.errors import BadInput, TooLarge
from core.problems import Problem
from soc.api.intake import records_in
from soc.intake import formats
from soc.intake.formats import pagerduty
from soc.models import Alert
from soc.services import intake

MAX_BYTES = 512 * 1024  # PagerDuty's own limit
UNKNOWN = "routing_key is not the key of an application here: <client_id>.<client_secret>."


class EventAnswer(serializers.Serializer[Any]):
    status = serializers.CharField()
    message = serializers.CharField()
    dedup_key = serializers.CharField()


class RoutingKey(KeyAuthentication):
    """The application's key as the `routing_key` of the body, where PagerDuty's senders put it."""

    def authenticate(self, request: Request) -> tuple[Caller, Actor] | None:
        key = _event(request).get(pagerduty.KEY)
        actor = self.actor(key) if isinstance(key, str) and key.count(".") == 1 else None
        if actor is None:
            raise AuthenticationFailed(UNKNOWN)
        return Caller(actor), actor


class EnqueueViewSet(TenantViewSet):
    """Takes an event: trigger makes an alert, acknowledge and resolve move it."""

    model = Alert
    scopes: ClassVar[dict[str, str]] = {"write": intake.INGEST, "read": intake.INGEST}
    authentication_classes = (RoutingKey,)
    parser_classes = (RawParser,)
    renderer_classes = (JSONRenderer,)  # who speaks to PagerDuty reads no pages
    serializer_class = EventAnswer
    pagination_class = None

    @extend_schema(request={"application/json": dict}, responses={202: EventAnswer}, filters=False)
    def create(self, request: Request) -> Response:
        """202 with the dedup_key, made here where none came; 400 names what is wrong."""
        if not self.actor.may_send_for(pagerduty.NAME):
            raise Problem(403, "forbidden", f"This key may not send for '{pagerduty.NAME}'.")
        event = _completed(_event(request))
        found = records_in(formats.get(pagerduty.NAME), orjson.dumps(event))
        [outcome] = intake.take(found, actor=self.actor, format=pagerduty.NAME, origin="api")
        if outcome.status == "rejected":
            return Response(_invalid(outcome.reason or ""), status=400)
        return Response(
            {
                "status": "success",
                "message": "Event processed",
                "dedup_key": event["dedup_key"],
            },
            status=202,
        )


def _event(request: Request) -> dict[str, Any]:
    """The event of the body, read once for the key and once for the work."""
    body = request.data if isinstance(request.data, bytes) else b""
    if len(body) > MAX_BYTES:
        raise TooLarge(f"An event has at most {MAX_BYTES:,} bytes.")
    event = strictjson.loads(body) if body.strip() else None
    if not isinstance(event, dict):
        raise BadInput("The body must be an event, an object with routing_key and event_action.")
    return event


def _completed(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what PagerDuty makes where it is missing: the key, and the time it came."""
    action, key = event.get("event_action"), event.get("dedup_key")
    if action not in pagerduty.ACTIONS:
        names = ", ".join(pagerduty.ACTIONS)
        raise BadInput(f"event_action must be one of {names}.", field="event_action")
    if key is not None and not isinstance(key, str):
        raise BadInput("dedup_key must be a text.", field="dedup_key")
    if action == pagerduty.ACTIONS[0]:
        return event | {
            "dedup_key": key or secrets.token_hex(16),
            "received_at": timezone.now().isoformat(),
        }
    if not key:
        raise BadInput(f"dedup_key is missing: {action} which alert?", field="dedup_key")
    return event


def _invalid(reason: str) -> dict[str, Any]:
    """As PagerDuty says no, so that its senders can read it."""
    return {"status": "invalid event", "message": "Event object is invalid", "errors": [reason]}
