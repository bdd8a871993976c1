import io
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core import identity
from core.models import AuditEvent, Person
from core.scopes import ROLES
from grc.models import Incident
from soc.models import (
    Alert,
    AlertRelation,
    Comment,
    Investigation,
    InvestigationAlert,
    Playbook,
    PlaybookRun,
)
from soc.services import links, relations
from soc.vocabulary import CATEGORIES, SEVERITIES
from socplatform.demo import chain, night
from tests.demo.conftest import PASSWORD, load

pytestmark = pytest.mark.django_db(transaction=True)


def steps():
    """The alerts of the chain, in the order of the story."""
    start = chain.begin(timezone.now())
    rows = Alert.objects.filter(occurred_at__in=[start + step.after_begin for step in night.STEPS])
    return list(rows.order_by("id"))


def outside():
    """Open alerts that no investigation holds."""
    held = InvestigationAlert.objects.filter(left_at=None).values("alert_id")
    return Alert.objects.filter(status="open").exclude(pk__in=held)


@pytest.mark.parametrize(("slug", "least"), [("acme", 100), ("globex", 30)])
def test_enough_alerts_of_every_kind_wait_outside_investigations(demo, slug, least):
    rows = demo(slug, lambda: list(outside()))

    assert len(rows) >= least
    if slug == "acme":
        assert {row.severity for row in rows} == set(SEVERITIES)
        assert {row.category for row in rows} == set(CATEGORIES)


def test_the_others_were_worked_on_by_different_people_with_notes(demo):
    rows = demo("acme", lambda: list(Alert.objects.exclude(status="open")))
    events = demo("acme", lambda: list(AuditEvent.objects.filter(verb="alert.close")))

    count = Counter(row.status for row in rows)
    assert set(count) == {
        "acknowledged",
        "triaging",
        "escalated",
        "resolved",
        "closed",
        "suppressed",
    }
    assert count["closed"] >= 50
    assert len({row.close_classification for row in rows if row.status == "closed"}) >= 6
    assert len({event.actor_id for event in events}) >= 4
    assert all(event.note for event in events)


def test_a_month_lies_behind_it_and_ids_rise_with_time(demo):
    rows = demo("acme", lambda: list(Alert.objects.order_by("id")))
    now = timezone.now()

    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    assert timedelta(days=28) < now - rows[0].created_at <= timedelta(days=30)
    assert now - rows[-1].created_at < timedelta(days=1)
    for row in rows:
        times = (row.created_at, row.acknowledged_at, row.closed_at or row.resolved_at, now)
        assert list(filter(None, times)) == sorted(filter(None, times))
    assert any(row.duplicate_count for row in rows)


def test_a_later_change_shows_no_other_change_in_the_history(demo):
    def histories_differ():
        row = Alert.objects.filter(status="closed").first()
        last = row.history.order_by("-event_id").first()
        names = [field.attname for field in last.tracked_fields]
        return [name for name in names if getattr(last, name) != getattr(row, name)]

    assert demo("acme", histories_differ) == []


def test_the_chain_is_linked_step_by_step_with_reasons(demo):
    rows = demo("acme", steps)
    found = demo("acme", lambda: list(AlertRelation.objects.filter(alert__in=rows)))

    assert len(rows) == len(night.STEPS) >= 12
    by_key = {step.key: row.pk for step, row in zip(night.STEPS, rows, strict=True)}
    expected = {
        (by_key[step.key], by_key[before], step.why)
        for step in night.STEPS
        for before in step.after
    }
    assert {(link.alert_id, link.related_id, link.reason) for link in found} == expected
    assert {link.kind for link in found} == {"manual"}
    assert {step.key for step in night.STEPS if not step.after} == {"mail"}


def test_each_step_of_the_chain_shares_something_with_one_before(demo):
    rows = demo("acme", steps)
    seen = demo("acme", lambda: relations.indicators_of([row.pk for row in rows]))
    values = {row.pk: {link.indicator.value for link in seen[row.pk]} for row in rows}
    place = {step.key: row for step, row in zip(night.STEPS, rows, strict=True)}

    for step in night.STEPS[1:]:
        row = place[step.key]
        before = [place[key] for key in step.after]
        assert any(
            values[row.pk] & values[other.pk] or row.host_name == other.host_name
            for other in before
        ), step.key


def test_the_chain_became_an_incident_and_its_end_is_still_open(demo):
    rows = demo("acme", steps)
    incident = demo("acme", lambda: Incident.objects.all()[0])
    investigation = demo("acme", lambda: Investigation.objects.all()[0])
    held = demo("acme", lambda: links.current_alerts([investigation.pk])[investigation.pk])
    comments = demo("acme", lambda: list(Comment.objects.filter(investigation=investigation)))

    assert investigation.escalated_to_incident_id == incident.pk
    assert (investigation.status, incident.status, incident.severity) == (
        "in_progress",
        "detected",
        "critical",
    )
    assert incident.first_event_at == rows[0].occurred_at
    assert incident.detected_at == rows[0].created_at
    assert len(held) >= 8
    assert set(held) < {row.pk for row in rows}
    assert len({comment.created_by for comment in comments}) >= 3
    assert [row.status for row in rows[-2:]] == ["open", "open"]
    assert all(row.description for row in rows)


@pytest.mark.parametrize("slug", ["acme", "globex"])
def test_every_role_has_somebody_who_can_sign_in(demo, slug):
    for part in ("viewer", "analyst", "responder", "manager", "compliance", "admin"):
        person = Person.objects.get(email=f"{part}@{slug}.test")
        role = "tenant_admin" if part == "admin" else part
        assert person.check_password(PASSWORD)
        assert [(place.slug, place.role) for place in identity.places(person)] == [(slug, role)]
    assert {"viewer", "tenant_admin"} < set(ROLES)


def test_the_mssp_works_for_both_and_the_operator_for_none(demo):
    mssp = Person.objects.get(email="mssp@watch.test")
    operator = Person.objects.get(email="operator@watch.test")

    assert {(place.slug, place.role) for place in identity.places(mssp)} == {
        ("acme", "analyst"),
        ("globex", "analyst"),
    }
    assert (operator.is_operator, identity.places(operator)) == (True, [])
    assert not mssp.is_operator


def counts():
    with connection.as_role("platform"), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f'select count(*) from "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def test_a_second_run_changes_nothing_and_says_so(demo):
    before = counts()

    assert load() == "The demo is here already (acme, globex); nothing to do.\n"

    assert counts() == before


def test_the_audit_of_the_demo_verifies(demo):
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue().endswith(" tenants=2 broken=0\n")


def test_three_playbooks_are_there_and_none_fires_by_itself(demo):
    found = demo("acme", lambda: list(Playbook.objects.order_by("name")))

    assert [row.name for row in found] == ["Account takeover", "Malware on a host", "Phishing mail"]
    assert {row.auto_execute for row in found} == {False}
    assert demo("acme", PlaybookRun.objects.count) == 0
