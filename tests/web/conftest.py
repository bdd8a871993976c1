"""The queue as several tests of the desk have it."""

import pytest

from core import tenancy
from soc.services import alerts
from tests.sla.factories import definition
from tests.soc.factories import alert_in
from tests.web.test_desk import signed_in


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def clocked(acme):
    """Alerts whose clocks are due in another order than that in which they came."""
    with tenancy.tenant_scope(acme.tenant.pk):
        definition(acme, name="quarter", levels=["critical"], acknowledge_minutes=15)
        definition(acme, name="hour", levels=["high"], acknowledge_minutes=50)
        made = [
            alert_in(acme, title=title, severity=severity)
            for title, severity in (
                ("old without", "low"),
                ("hour", "high"),
                ("quarter", "critical"),
                ("new without", "medium"),
            )
        ]
        for row in made:
            alerts.clocks.refresh("alert", [row.pk], actor=acme.actor())
        return made
