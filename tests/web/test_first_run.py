"""The first steps of a new tenant on the Now page."""

import pytest

from core import tenancy
from core.models import AuditEvent
from soc.models import SLADefinition
from tests.soc.factories import alert_in
from tests.web.test_desk import signed_in

ALL = (
    "Give a tool a key",
    "Let alerts arrive",
    "Invite your team",
    "Set service levels",
    "Switch on a playbook",
    "Say to whom you report",
)


@pytest.mark.parametrize(
    ("role", "shown"), [("tenant_admin", ALL), ("manager", ALL[1:2] + ALL[3:]), ("analyst", ())]
)
def test_each_person_sees_the_steps_that_they_may_take(acme, role, shown):
    page = signed_in(acme, role).get("/admin/").content.decode()

    assert [step for step in ALL if f">{step}</a>" in page] == list(shown)


def test_a_step_that_is_done_is_ticked(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme)
        levels = SLADefinition.objects.exists()
    page = signed_in(acme).get("/admin/").content.decode()

    assert page.count("Done: ") == 2 + levels  # the people that every test has, and the alert


def test_the_list_is_put_away_for_one_person_in_one_tenant_in_every_browser(acme, globex):
    page = signed_in(acme).post("/admin/first-run/", follow=True).content.decode()
    signed_in(acme).post("/admin/first-run/")

    assert "First steps" not in page
    assert "First steps" not in signed_in(acme).get("/admin/").content.decode()
    assert "First steps" in signed_in(acme, "manager").get("/admin/").content.decode()
    assert "First steps" in signed_in(globex).get("/admin/").content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        done = AuditEvent.objects.filter(verb="membership.put_first_steps_away")
        assert [event.actor_id for event in done] == [acme.people["tenant_admin"].pk]
