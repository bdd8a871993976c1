"""Definitions and calendars: what is refused, who may write them, and what a change does."""

import pytest
from django.core.management import call_command
from django.db import transaction

from core import identity, tenancy
from core.errors import BadInput, Conflict, ScopeMissing
from core.models import AuditEvent
from soc.models import BusinessCalendar, SLADefinition
from soc.services import calendars, slas
from tests.sla.factories import alert_at, at, definition, reading, run_waiting

REFUSED = [
    ({"applies_to": "incident"}, "applies_to"),
    ({"levels": ["urgent"]}, "levels"),
    ({"applies_to": "investigation", "levels": ["pending"]}, "levels"),
    ({"contain_minutes": 5}, "contain_minutes"),
    ({"applies_to": "investigation", "triage_minutes": 5}, "triage_minutes"),
    ({"acknowledge_minutes": 0}, "acknowledge_minutes"),
    ({"acknowledge_minutes": 90 * 24 * 60 + 1}, "acknowledge_minutes"),
    ({"at_risk_share": 1}, "at_risk_share"),
    ({"pause_statuses": ["closed"]}, "pause_statuses"),
    ({"name": " "}, "name"),
]
REFUSED_CALENDARS = [
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"hours": {}}, "hours"),
    ({"hours": ["09:00-17:00"]}, "hours"),
    ({"hours": {"monday": "09:00-17:00"}}, "hours"),
    ({"holidays": ["25 December"]}, "holidays"),
    ({"holidays": [5]}, "holidays"),
    (
        {
            "holidays": [
                f"{year}-{m:02}-{d:02}"
                for year in (2026, 2027)
                for m in range(1, 13)
                for d in range(1, 29)
            ]
        },
        "holidays",
    ),
    ({"name": " "}, "name"),
]


@pytest.mark.parametrize(("values", "field"), REFUSED)
def test_a_definition_that_cannot_be_is_refused_by_name(in_acme, values, field):
    with pytest.raises(BadInput) as refusal:
        slas.create(values, actor=in_acme.actor())

    assert refusal.value.field == field


@pytest.mark.parametrize(("values", "field"), REFUSED_CALENDARS)
def test_a_calendar_that_cannot_be_is_refused_by_name(in_acme, values, field):
    with pytest.raises(BadInput) as refusal:
        calendars.create(values, actor=in_acme.actor())

    assert refusal.value.field == field


@pytest.mark.parametrize("service", [slas, calendars])
def test_only_who_configures_writes(in_acme, service):
    row = service.create({}, actor=in_acme.actor("manager"))

    for verb in (
        lambda actor: service.create({}, actor=actor),
        lambda actor: service.update(row, {"name": "x"}, actor=actor),
        lambda actor: service.delete(row, actor=actor),
        lambda actor: service.restore(row, actor=actor),
    ):
        with pytest.raises(ScopeMissing):
            verb(in_acme.actor("responder"))


@pytest.mark.parametrize("service", [slas, calendars])
def test_a_name_is_there_once(in_acme, service):
    actor = in_acme.actor()
    first = service.create({"name": "One"}, actor=actor)
    with pytest.raises(Conflict):
        service.create({"name": "One"}, actor=actor)

    gone = service.delete(first, actor=actor)
    service.create({"name": "One"}, actor=actor)

    with pytest.raises(Conflict):
        service.restore(gone, actor=actor)


def test_two_active_definitions_do_not_govern_the_same(in_acme):
    definition(in_acme, levels=["critical", "high"])
    other = slas.create({"name": "Other", "levels": ["high", "low"]}, actor=in_acme.actor())

    with pytest.raises(Conflict, match="governs high already"):
        slas.update(other, {"is_active": True}, actor=in_acme.actor())


def test_a_definition_keeps_what_it_is_for(in_acme):
    row = slas.create({}, actor=in_acme.actor())

    with pytest.raises(BadInput, match="another definition"):
        slas.update(row, {"applies_to": "investigation"}, actor=in_acme.actor())


def test_a_deleted_definition_comes_back_switched_off(in_acme):
    row = definition(in_acme, levels=["critical"])

    gone = slas.delete(row, actor=in_acme.actor())
    back = slas.restore(gone, actor=in_acme.actor())

    assert (back.is_deleted, back.is_active) == (False, False)


def test_a_new_tenant_begins_with_the_definitions_of_the_threats_page(in_acme):
    made = slas.defaults(actor=in_acme.actor())
    again = slas.defaults(actor=in_acme.actor())

    told = [(row.levels, row.acknowledge_minutes, row.is_active) for row in made]
    assert told == [(["critical"], 15, True), (["high"], 60, True), (["medium"], 1440, True)]
    assert again == []


@pytest.mark.django_db(transaction=True)
def test_the_command_that_makes_a_tenant_gives_it_the_defaults():
    call_command("create_tenant", "initech", name="Initech", admin="boss@initech.test")

    (tenant_id,) = [pk for pk, slug in identity.all_tenants() if slug == "initech"]
    with tenancy.tenant_scope(tenant_id), transaction.atomic():
        assert SLADefinition.objects.filter(is_active=True).count() == 3


def test_clocks_count_by_the_calendar_and_again_when_it_changes(in_acme):
    calendar = calendars.create(
        {"name": "Office", "time_zone": "Europe/Berlin"}, actor=in_acme.actor()
    )
    sla = definition(in_acme, levels=["critical"], acknowledge_minutes=60, calendar_id=calendar)
    alert = alert_at(in_acme, "2026-03-27T15:30")
    before = reading(alert, when="2026-03-27T15:45")

    with at("2026-03-27T15:50"):
        calendars.update(calendar, {"name": "Berlin"}, actor=in_acme.actor())
        calendars.update(calendar, {"holidays": ["2026-03-30", " "]}, actor=in_acme.actor())
        run_waiting()

    after = reading(alert, when="2026-03-27T16:30")
    assert before.due_at.isoformat() == "2026-03-30T07:30:00+00:00"
    assert after.due_at.isoformat() == "2026-03-31T07:30:00+00:00"
    assert after.remaining_minutes == 30
    assert after.explanation == (
        "60 working minutes from Fri 27 Mar 2026 16:30 (Europe/Berlin): due Tue 31 Mar 2026 09:30."
    )
    assert AuditEvent.objects.filter(
        verb="sladefinition.calendar_change", object_id=sla.pk
    ).exists()


def test_a_calendar_in_use_is_not_deleted(in_acme):
    calendar = calendars.create({"always": True, "tags": ["a"]}, actor=in_acme.actor())
    definition(in_acme, calendar_id=calendar.pk, tags=["a"])

    with pytest.raises(Conflict, match="SLA definition"):
        calendars.delete(calendar, actor=in_acme.actor())

    assert BusinessCalendar.objects.count() == 1
