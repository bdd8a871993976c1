"""The answer made by one statement is the serializer's, field by field."""

import orjson

from core.actors import Actor
from core.api.renderers import JSONRenderer
from soc.api import alert_rows
from soc.api.serializers.alerts import AlertSerializer
from soc.models import Alert
from soc.services import alerts, findings, investigations, reading, runs
from tests import factories
from tests.playbooks.factories import playbook
from tests.soc.factories import ALERTS, alert_in, case_in

FULL = {
    "title": "Encoded command",
    "description": "Line one\nline two",
    "severity": "high",
    "category": "endpoint",
    "source_name": "wazuh",
    "source_id": "w-1",
    "rule_key": "92057",
    "rule_name": "PowerShell",
    "timestamp": "2026-11-20T02:51:07.5Z",
    "mitre_tactics": ["TA0002", "TA0011"],
    "mitre_techniques": ["T1059.001"],
    "kill_chain_phase": "exploitation",
    "host": {"name": "WS-17", "ip": ["192.0.2.4"], "risk": 0.50},
    "user": {"name": "anna", "uid": 9007199254740993},
    "affected_assets": [{"type": "host", "id": None, "label": "ws-17"}],
    "ticket_ref": {"key": "SEC-9"},
    "metadata": {"flow": 1, "nested": {"a": [1, None, True, "ü 🛡"]}},
    "raw_data": {"b": 1, "a": {"deep": [1.5, "x"]}},
    "tags": ["one", "two"],
    "indicators": [
        {"type": "ip", "value": "203.0.113.7"},
        {"type": "domain", "value": "bad.example.net"},
    ],
}


def both(pks, *, raw):
    """The two answers of the same alerts, as a caller reads them."""
    rows = reading.with_links(list(Alert.with_deleted.filter(pk__in=pks).order_by("id")))
    context = {"without_raw": not raw}
    slow = AlertSerializer(rows, many=True, context=context).data
    hot = alert_rows.bodies([row.pk for row in rows], raw=raw)
    return tuple(orjson.loads(JSONRenderer().render(each)) for each in (hot, slow))


def test_bare_full_and_moved_alerts_read_the_same_either_way(in_acme):
    bare, full, other = alert_in(in_acme), alert_in(in_acme, **FULL), alert_in(in_acme)
    actor: Actor = in_acme.actor()
    related = {"related_alert_ids": [other.pk], "malice_override": "malicious"}
    alerts.update(full, related, actor=actor)
    alerts.assign(full, assignee_id=in_acme.people["analyst"].pk, actor=actor)
    alerts.escalate(full, actor=actor)
    alerts.close(other, actor=actor, close_classification="Duplicate")
    findings.create({"alert_ids": [full.pk], "title": "Memory"}, actor=actor)
    investigations.escalate(case_in(in_acme, alert_ids=[bare.pk]), actor=actor)
    run = runs.start(playbook(in_acme), actor=actor, alert=full)
    runs.start(playbook(in_acme), actor=actor, alert=full, dry_run=True)

    for raw in (False, True):
        hot, slow = both([bare.pk, full.pk, other.pk], raw=raw)
        assert hot == slow
        assert ("raw_data" in hot[0]) is raw
    assert len(hot[1]["indicators"]) == 2
    assert hot[1]["related_alert_ids"] == [other.shown_id]
    assert hot[0]["incident_ids"]
    assert hot[1]["playbook_run_ids"] == [run.shown_id]


def test_what_an_application_wrote_names_it_either_way(acme, in_acme):
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    made = tool.post(ALERTS, {"title": "by a tool"}).json()

    with factories.tenancy.tenant_scope(acme.tenant.pk):
        hot, slow = both([row.pk for row in Alert.objects.all()], raw=True)

    assert hot == slow
    assert hot[0]["app_id"] == made["app_id"]


def test_the_answers_come_in_the_order_asked_for(in_acme):
    pks = [alert_in(in_acme).pk for _ in range(3)]
    turned = [pks[1], pks[2], pks[0]]

    shown = [body["id"] for body in alert_rows.bodies(turned, raw=False)]

    assert shown == [Alert.objects.get(pk=pk).shown_id for pk in turned]
