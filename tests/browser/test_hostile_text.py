"""Text that an attacker wrote is text on every page that shows it: nothing of it runs, and the
content policy has nothing to tell.
"""

import orjson
import pytest
from django.db import transaction

from core import tenancy
from core.actors import system
from grc.services import incidents
from soc.intake.envelope import split
from soc.models import Alert, Investigation
from soc.services import alerts, comments, findings, intake, investigations, tasks, timeline
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN = "window.ran = 1"
PAYLOADS = (
    f'<img src=x onerror="{RUN}">',
    f"<script>{RUN}</script>",
    f'"><svg onload="{RUN}">',
    f"' onmouseover='{RUN}' x='",
    f"javascript:{RUN}",
    f"{{{{ {RUN} }}}}",
    f'</textarea></title><iframe srcdoc="<script>parent.{RUN}</script>">',
    f'"x-init="{RUN}" x-data="',
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe \x1b[31m",
)


@pytest.fixture
def acme(transactional_db):
    """A tenant whose alerts, case and incident say nothing but payloads."""
    cast = factories.make_tenant("acme")
    actor = cast.actor("tenant_admin")
    records = [
        {
            "title": f"{payload} {number}",
            "description": payload,
            "hostname": payload,
            "user": payload,
            "rule": {"name": payload, "id": payload},
            "url": f"https://evil.example/{payload}",
            "tags": [payload],
            "severity": "high",
        }
        for number, payload in enumerate(PAYLOADS)
    ]
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        intake.take(split(orjson.dumps(records)), actor=system(cast.tenant.pk), format="generic")
        payload = PAYLOADS[0]
        case = investigations.create(
            {"title": payload, "alert_ids": [row.pk for row in Alert.objects.all()]}, actor=actor
        )
        comments.add(case, actor=actor, text=" ".join(PAYLOADS))
        tasks.create({"title": payload, "investigation_id": case}, actor=actor)
        timeline.create({"text": payload, "investigation_id": case}, actor=actor)
        findings.create({"title": payload, "investigation": case}, actor=actor)
        values = {"title": payload, "consolidated_investigation_ids": [case.pk]}
        incidents.create(values, actor=actor)
        first = Alert.objects.order_by("id").first()
        alerts.perform(first, "acknowledge", actor=actor, note=payload)
    return cast


def test_nothing_that_an_attacker_wrote_runs(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["tenant_admin"])
    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        case = Investigation.objects.get()
        pages = [f"soc/alert/{row.shown_id}/change/" for row in Alert.objects.order_by("id")]
        incident = case.escalated_to_incident or incidents.Incident.objects.get()
    pages += [
        "",
        "soc/alert/",
        "soc/alert/?ordering=-created_at",
        f"soc/investigation/{case.shown_id}/change/",
        "soc/investigation/",
        f"grc/incident/{incident.shown_id}/change/",
        f"grc/incident/{incident.shown_id}/lineage/",
        "soc/indicator/",
        "soc/detectionrule/",
        "core/auditevent/",
        "numbers/",
    ]
    for path in pages:
        page.goto(f"{desk.base}/admin/{path}")
        page.mouse.move(400, 300)
        assert page.evaluate("window.ran") is None, path
        assert desk.faults == [], path
        assert desk.no_sideways_scroll(), path
    page.goto(f"{desk.base}/api/v1/soc/investigations/{case.shown_id}/report")
    assert page.evaluate("window.ran") is None
    assert desk.faults == []
