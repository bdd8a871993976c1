"""What both tenants hold: rows of every kind, made by the services and the API as in life, with a
word in each text.
"""

import json
import zlib
from typing import Any

from django.db import transaction
from rest_framework.test import APIClient

from core import tenancy
from core.services.applications import NewKey
from grc.services import incidents
from soc.models import Alert, ImportCheckpoint
from soc.services import alerts, comments, investigations, search
from tests import factories
from tests.prove import rooms

SHARED = "shared"  # the word of a record that the victim has and the attacker will send too


def fill(cast: factories.Cast, key: NewKey, word: str, *, with_shared: bool) -> None:
    """Alerts with all that hangs on them, investigations, incidents, what intake keeps, tokens and
    keys.
    """
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        for number in range(2):
            _line(cast, f"{word}", number)
        _leftovers(word)
        search.fill(list(Alert.objects.values_list("pk", flat=True)))
    tenancy.clear()
    _intake(key, word)
    if with_shared:
        _send(key, [record(SHARED, 4)])
    _tokens(cast, word)


def _line(cast: factories.Cast, word: str, number: int) -> None:
    """Alert, comment, investigation and incident, linked by an escalation; and one of each that is
    deleted.
    """
    actor = cast.actor()
    first, second = (alerts.create(_alert(word, f"{number}-{each}"), actor=actor) for each in "ab")
    alerts.update(
        first,
        {"related_alert_ids": [second.pk], "title": f"new {word}"},
        actor=actor,
        note=f"note {word}",
    )
    alerts.assign(
        first, actor=actor, assignee_id=cast.people["analyst"].pk, note=f"assigned {word}"
    )
    comments.add(first, actor=actor, text=f"comment {word}")
    alerts.escalate(first, actor=actor, note=f"escalated {word}")
    alerts.perform(second, "resolve", actor=actor, note=f"resolved {word}", resolution="mitigated")
    alerts.perform(
        second,
        "close",
        actor=actor,
        note=f"closed {word}",
        close_classification="Duplicate",
        duplicate_of=first,
    )
    case = investigations.create(_investigation(word), actor=actor)
    comments.add(case, actor=actor, text=f"comment {word}")
    investigations.perform(case, "start", actor=actor)
    investigations.perform(case, "hold", actor=actor, pause_reason=f"waits {word}")
    incident = incidents.create(_incident(cast, word), actor=actor)
    incidents.perform(incident, "contain", actor=actor, note=f"contained {word}")
    alerts.delete(
        alerts.create(_alert(word, f"{number}-c"), actor=actor), actor=actor, note=f"gone {word}"
    )
    gone = investigations.create(_investigation(word), actor=actor)
    investigations.delete(gone, actor=actor, note=f"gone {word}")
    incidents.delete(
        incidents.create(_incident(cast, word), actor=actor), actor=actor, note=f"gone {word}"
    )
    rooms.fill(rooms.Line(cast, first, case, incident), word)


def _alert(word: str, number: str) -> dict[str, Any]:
    return {
        "title": f"alert {word} {number}",
        "description": f"description {word}",
        "category": f"category {word}",
        "tags": [f"tag {word}"],
        "ticket_ref": {"key": word},
        "affected_assets": [{"type": "host", "id": word, "label": word}],
        "source_name": f"tool-{word}",
        "source_id": f"{word}-{number}",
        "mitre_tactics": [f"TA {word}"],
        "mitre_techniques": [f"T {word}"],
        "kill_chain_phase": f"phase {word}",
        "host": {"name": f"host-{word}"},
        "user": {"name": f"user-{word}"},
        "metadata": {"word": word},
        "raw_data": {"word": word},
        "indicators": [
            {"type": "domain", "value": f"{word}.example.org"},
            {"type": "ip", "value": "203.0.113.77"},
        ],
    }


def _investigation(word: str) -> dict[str, Any]:
    return {
        "title": f"investigation {word}",
        "description": f"description {word}",
        "category": f"category {word}",
        "tags": [f"tag {word}"],
    }


def _incident(cast: factories.Cast, word: str) -> dict[str, Any]:
    return {
        "title": f"incident {word}",
        "description": f"description {word}",
        "category": f"category {word}",
        "tags": [f"tag {word}"],
        "owner_id": cast.people["responder"].pk,
        "commander_ids": [str(cast.people["manager"].pk)],
        "root_cause": f"cause {word}",
        "lessons_learned": {"text": word},
    }


def _leftovers(word: str) -> None:
    """What a killed import leaves."""
    ImportCheckpoint.objects.create(
        format="generic",
        file_digest=word.encode().ljust(32, b"."),
        position=1,
        next_record=2,
        counts={word: 1},
    )


def _intake(key: NewKey, word: str) -> None:
    """Records through the door, by an application: new, repeated, repaired and rejected ones."""
    lines = [
        record(word, 1),
        record(word, 1),
        record(word, 2),
        record(f"{word}\x00nul", 3),
        b"broken " + word.encode(),
    ]
    _send(key, lines)


def _send(key: NewKey, lines: list[bytes]) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.bearer}")
    answer = client.post(
        "/api/v1/soc/intake/suricata", b"\n".join(lines), content_type="application/x-ndjson"
    )
    assert answer.status_code == 202, answer.content


def record(word: str, number: int) -> bytes:
    """An EVE alert whose texts hold the word."""
    alert = {
        "signature": f"signature {word}",
        "signature_id": number,
        "gid": 1,
        "rev": 1,
        "severity": 1,
    }
    alert["category"] = f"class {word}"
    event = {
        "timestamp": f"2026-01-0{number}T02:00:00Z",
        "event_type": "alert",
        "src_ip": "10.0.0.9",
        "dest_ip": "203.0.113.77",
        "flow_id": zlib.crc32(word.encode()) + number,
        "alert": alert,
        "dns": {"rrname": f"{word.partition(chr(0))[0]}.example.net"},
    }
    return json.dumps(event).encode()


def _tokens(cast: factories.Cast, word: str) -> None:
    """A refresh family, and an answer kept under an Idempotency-Key."""
    client = factories.client_for(cast)
    answer = client.post(
        "/api/v1/soc/alerts", {"title": f"kept {word}"}, headers={"idempotency-key": f"key-{word}"}
    )
    assert answer.status_code == 201, answer.content
