"""The desk of an investigation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from soc.services import comments, findings, timeline
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import signed_in

MOST_QUERIES = 15


def filled(cast, many):
    """An investigation with so many of everything."""
    actor = cast.actor("responder")
    seen = [{"type": "ip", "value": f"203.0.113.{number}"} for number in range(many)]
    alerts = [
        alert_in(cast, title=f"Alert {number}", host={"hostname": "ws-1"}, indicators=[each])
        for number, each in enumerate(seen)
    ]
    case = case_in(cast, "in_progress", alert_ids=[alert.pk for alert in alerts])
    for number in range(many):
        comments.add(case, actor=actor, text=f"Comment {number}")
        timeline.create({"investigation_id": case, "text": f"Event {number}"}, actor=actor)
        findings.create({"title": f"Trace {number}", "investigation": case}, actor=actor)
    return case


@pytest.fixture
def desk(acme):
    return signed_in(acme, "responder")


def page_of(desk, case):
    return desk.get(f"/admin/soc/investigation/{case.shown_id}/change/").content.decode()


def test_it_shows_what_happened_what_is_shared_and_what_was_found(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        case = filled(acme, 2)

    page = page_of(desk, case)

    for told in ("Alert 1", "Comment 1", "Event 1", "Trace 1", "203.0.113.1", "ws-1"):
        assert told in page, told
    assert "2 of" not in page
    assert "3 of 3 entities" in page
    assert "Alerts with both" in page


def test_it_takes_as_many_queries_for_twenty_as_for_two(acme, desk):
    counts = []
    for many in (2, 20):
        with tenancy.tenant_scope(acme.tenant.pk):
            case = filled(acme, many)
        page_of(desk, case)
        with CaptureQueriesContext(connection) as captured:
            page_of(desk, case)
        counts.append(len(captured))
    assert counts[0] == counts[1], captured.captured_queries
    assert counts[1] <= MOST_QUERIES, "\n".join(
        query["sql"][:110] + " … " + query["sql"][query["sql"].find(" FROM ") :][:160]
        for query in captured
    )
