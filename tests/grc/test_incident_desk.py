"""The page of an incident: what it costs, with duties, facts, alerts and commanders on it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from grc.models import Incident, Obligation
from grc.services import corrective_actions, incidents, obligations, regulators, submissions
from soc.models import Alert, AlertEscalation
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import signed_in

AWARE = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)


@pytest.fixture
def incident(in_acme):
    """Duties with a draft, facts, answers, a corrective action, and an investigation."""
    actor = in_acme.actor()
    for name in ("CSIRT", "Authority"):
        values = {"name": name, "regimes": ["NIS2", "GDPR"], "entity_name": "Orvane Grid"}
        regulators.create(values, actor=actor)
    case = case_in(in_acme, alert_ids=[alert_in(in_acme).pk])
    values = {"detected_at": AWARE, "consolidated_investigation_ids": [case.pk]}
    row = incidents.create(values, actor=actor)
    answers = [{"question": each, "answer": "yes"} for each in ("nis2_significant", "gdpr_breach")]
    row = obligations.assess(row, answers, actor=actor)
    row = obligations.record_fact(row, "aware", actor=actor, at=AWARE)
    submissions.create({"obligation_id": Obligation.objects.first()}, actor=actor)
    corrective_actions.create({"incident_id": row}, actor=actor)
    Incident.objects.filter(pk=row.pk).update(commander_ids=[str(actor.person_id)])
    return row


def escalated(cast, incident, number):
    """So many alerts that led to the incident, as a database makes them."""
    with tenancy.tenant_scope(cast.tenant.pk):
        by = cast.actor().person_id
        people = {"created_by": by, "updated_by": by}
        rows = Alert.objects.bulk_create(Alert(title="copy", **people) for _ in range(number))
        case = case_in(cast)
        AlertEscalation.objects.bulk_create(
            AlertEscalation(alert=row, incident=incident, investigation=case, created_by=by)
            for row in rows
        )


def test_its_page_takes_15_queries_for_20_alerts_as_for_2000(acme, incident):
    desk = signed_in(acme)
    tenancy.clear()

    def queries():
        desk.get(f"/admin/grc/incident/{incident.shown_id}/change/")
        with CaptureQueriesContext(connection) as captured:
            page = desk.get(f"/admin/grc/incident/{incident.shown_id}/change/")
        asked = [each for each in captured if "SAVEPOINT" not in each["sql"]]
        return len(asked), page.content.decode()

    escalated(acme, incident, 20)
    few, page = queries()
    escalated(acme, incident, 1980)
    many, _ = queries()

    assert few == many <= 15
    assert "Alerts that led here <small>20</small>" in page
    assert "Draft, " in page
    assert incident.incident_number in page
