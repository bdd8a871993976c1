"""The order of locks, read from the statements: alerts, then investigations, then incidents."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from soc.services import alerts, investigations, links, merges
from tests.soc.casework import incident_in
from tests.soc.factories import alert_in, case_in

ORDER = ["soc_alert", "soc_investigation", "grc_incident"]
_LOCKED = re.compile(r'FROM "(\w+)".* FOR NO KEY UPDATE', re.DOTALL)


def locked_by(work):
    """The tables whose rows were locked, each by its first lock."""
    with CaptureQueriesContext(connection) as seen:
        work()
    found = [match[1] for query in seen if (match := _LOCKED.search(query["sql"]))]
    return [table for table in dict.fromkeys(found) if table in ORDER]


@pytest.fixture
def rows(in_acme):
    """A case with an alert and an incident, another case with another alert, and a free alert."""
    held, other, free = (alert_in(in_acme) for _ in range(3))
    case = case_in(in_acme, alert_ids=[held.pk])
    second = case_in(in_acme, alert_ids=[other.pk])
    links.point(second, incident_in(in_acme), actor=in_acme.actor())
    return {"case": case, "second": second, "held": held, "other": other, "free": free}


WAYS = {
    "create": lambda r, a: investigations.create({"alert_ids": [r["free"].pk]}, actor=a),
    "update": lambda r, a: investigations.update(r["case"], {"alert_ids": [r["free"].pk]}, actor=a),
    "add": lambda r, a: links.add_alerts(r["case"], [r["other"].pk], actor=a, move=True),
    "remove": lambda r, a: links.remove_alerts(r["case"], [r["held"].pk], actor=a),
    "escalate": lambda r, a: alerts.escalate(r["free"], actor=a, investigation=r["second"]),
    "close": lambda r, a: investigations.close(
        r["case"], actor=a, closure_reason="done", close_alerts_as="Duplicate"
    ),
    "close by status": lambda r, a: investigations.update(
        r["case"], {"status": "closed", "closure_reason": "done"}, actor=a
    ),
    "merge": lambda r, a: merges.merge(r["case"], [r["second"].pk], actor=a),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_alerts_are_locked_before_investigations_and_those_before_incidents(in_acme, rows, way):
    tables = locked_by(lambda: WAYS[way](rows, in_acme.actor()))

    assert tables[0] == "soc_alert"
    assert tables == [table for table in ORDER if table in tables]
