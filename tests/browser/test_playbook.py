"""The phishing playbook from the alert to its end, in a browser, with a real worker; somebody else
approves.
"""

import os
import signal
import subprocess
import sys

import orjson
import pytest
from django.db import connection, transaction

from core import tenancy
from core.actors import system
from soc.intake.envelope import split
from soc.models import Alert, Comment
from soc.services import intake, playbooks
from socplatform.demo.playbooks import PHISHING
from socplatform.launch import urls
from tests import factories
from tests.commands.test_work import forget_jobs

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
RECORD = {
    "title": "Phishing mail reported",
    "severity": "high",
    "product": {"name": "mail-gw"},
    "url": "https://login.evil.example/kit",
    "user": {"name": "e.maddox"},
}


@pytest.fixture
def acme(transactional_db):
    forget_jobs()
    cast = factories.make_tenant("acme")
    with tenancy.tenant_scope(cast.tenant.pk):
        playbooks.create(PHISHING, actor=cast.actor("manager"))
        actor = system(cast.tenant.pk)
        intake.take(split(orjson.dumps(RECORD)), actor=actor, format="generic")
    yield cast
    forget_jobs()


@pytest.fixture
def worker(acme):
    """A real worker on the database of this test."""
    database = connection.settings_dict["NAME"]
    roles = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")
    given = {role: urls.changed(os.environ[role], database=database) for role in roles}
    child = subprocess.Popen([sys.executable, "manage.py", "work"], env=os.environ | given)
    yield child
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0


def test_the_phishing_playbook_runs_to_its_end_once_another_person_approves(desk, acme, worker):
    page = desk.page
    desk.sign_in(acme.people["responder"])
    page.get_by_role("link", name="Queue", exact=True).click()
    page.locator("tr[data-row] .title a").first.click()
    page.locator('[data-dialog="start-playbook"]').click()
    offered = page.locator("dialog[open] select[name=playbook_id]")
    offered.locator("option", has_text=PHISHING["name"]).wait_for(state="attached")
    assert offered.evaluate("select => select.selectedOptions[0].text") == PHISHING["name"]
    page.locator("dialog[open] button.primary").click()
    page.get_by_text("Deciding needs approvals:decide. Ask a manager, who may.").wait_for()
    run = page.url
    desk.sound()

    other = desk.page.context.browser.new_context(viewport={"width": 1366, "height": 900})
    desk.page = other.new_page()
    desk.sign_in(acme.people["manager"])
    desk.page.get_by_role("link", name="Waiting", exact=True).click()
    desk.page.get_by_role("link", name="Is 'Phishing mail reported' phishing?").click()
    assert desk.page.url == run
    desk.sound()
    desk.page.get_by_label("Reason").fill("Seen the kit before.")
    desk.page.get_by_role("button", name="Approve 3 steps").click()
    desk.page.locator(".facts .status-succeeded").wait_for()
    other.close()

    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        alert = Alert.objects.get()
        assert (alert.status, alert.tags) == ("triaging", ["phishing", "confirmed"])
        assert Comment.objects.get(alert=alert).text.startswith("Confirmed as phishing.")
