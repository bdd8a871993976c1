"""The timeline: when it happened, and when it was written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import BadInput, ScopeMissing
from soc.models import TimelineEntry
from soc.services import timeline
from tests import factories
from tests.soc.casework import ENTRIES, entry_in
from tests.soc.factories import CASES, alert_in, case_in


def test_events_stand_where_they_happened_with_both_times(api, in_acme):
    case = case_in(in_acme)
    alert = alert_in(in_acme)
    url = f"{CASES}/{case.shown_id}"
    earlier = timezone.now() - timedelta(days=2)
    body = {
        "text": "The mail came in.",
        "occurred_at": earlier.isoformat(),
        "kind": "attacker",
        "alert_id": alert.shown_id,
    }

    made = api.post(f"{url}/timeline", body)
    api.post(f"{url}/comments", {"text": "Called."})

    rows = api.get(f"{url}/timeline").json()["results"]
    assert made.status_code == 201
    assert made.json()["alert_id"] == alert.shown_id
    assert [row["kind"] for row in rows] == ["attacker", "action", "note"]
    assert rows[0]["at"] < rows[1]["at"] < rows[0]["recorded_at"]
    assert rows[0]["id"] == made.json()["id"]
    assert api.get(url).json()["timeline"] == rows


def test_an_event_is_corrected_and_deleted_with_a_history(api, in_acme):
    case = case_in(in_acme)
    made = api.post(ENTRIES, {"investigation_id": case.shown_id, "text": "At noon"}).json()
    url = f"{ENTRIES}/{made['id']}"

    changed = api.patch(url, {"text": "At one", "note": "clock was off"}).json()
    api.delete(url)
    gone = api.get(f"{CASES}/{case.shown_id}/timeline").json()["results"]
    api.post(f"{url}/restore")

    history = api.get(f"{url}/history").json()["results"]
    assert changed["text"] == "At one"
    assert [row["kind"] for row in gone] == ["action"]
    assert [each["verb"].partition(".")[2] for each in history] == [
        "restore",
        "delete",
        "update",
        "create",
    ]
    assert history[2]["changes"]["text"] == ["At noon", "At one"]
    assert api.get(f"{ENTRIES}?investigation_id={case.shown_id}").json()["results"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"kind": "gossip"}, "kind"),
        ({"occurred_at": timezone.now() + timedelta(days=1)}, "occurred_at"),
        ({"investigation_id": None}, "investigation_id"),
    ],
)
def test_an_event_at_fault_is_refused_by_name(in_acme, values, field):
    body = {"investigation_id": case_in(in_acme), "text": "x", **values}

    with pytest.raises(BadInput) as refusal:
        timeline.create(body, actor=in_acme.actor("analyst"))

    assert refusal.value.field == field
    assert not TimelineEntry.objects.exists()


def test_a_change_without_a_time_keeps_it_and_an_alert_is_let_go(in_acme):
    entry = entry_in(in_acme, case_in(in_acme), alert_id=alert_in(in_acme))
    values = {"occurred_at": None, "alert_id": None, "tags": ["a"]}

    changed = timeline.update(entry, values, actor=in_acme.actor("analyst"))

    assert (changed.occurred_at, changed.alert_id, changed.tags) == (
        entry.occurred_at,
        None,
        ["a"],
    )


def test_an_event_stays_in_its_investigation(in_acme):
    entry = entry_in(in_acme, case_in(in_acme))
    other = {"investigation_id": case_in(in_acme)}

    with pytest.raises(BadInput, match="stays in its investigation"):
        timeline.update(entry, other, actor=in_acme.actor())


@pytest.mark.parametrize("role", ["viewer", "compliance"])
def test_writing_needs_the_scope(in_acme, role):
    entry, actor = entry_in(in_acme, case_in(in_acme)), in_acme.actor(role)

    for attempt in (
        lambda: timeline.create({}, actor=actor),
        lambda: timeline.update(entry, {}, actor=actor),
        lambda: timeline.delete(entry, actor=actor),
        lambda: timeline.restore(entry, actor=actor),
    ):
        with pytest.raises(ScopeMissing):
            attempt()


def test_an_alert_of_another_tenant_is_refused(api, globex, in_acme):
    case = case_in(in_acme).shown_id
    theirs = factories.client_for(globex).post("/api/v1/soc/alerts", {}).json()["id"]

    refused = api.post(f"{CASES}/{case}/timeline", {"text": "x", "alert_id": theirs})

    assert refused.status_code == 400
