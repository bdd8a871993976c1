from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core import audit, records
from core.errors import BadInput, Conflict, InputNeeded, Stale
from core.models import AuditEvent
from soc.models import Alert
from soc.services import alerts, comments
from soc.vocabulary import CLASSIFICATIONS
from tests.soc.factories import alert_in

VERDICTS = {
    "True Positive - Suspicious Activity": ("true_positive", None),
    "Benign Positive - Suspicious but Expected": ("benign", "suspicious_but_expected"),
    "False Positive - Incorrect Detection Logic": ("false_positive", "analytic_logic"),
    "False Positive - Inaccurate Data": ("false_positive", "inaccurate_data"),
    "Undetermined": ("insufficient_data", None),
    "Duplicate": ("duplicate", None),
    "Not Applicable": ("disregard", "not_applicable"),
}


@pytest.mark.parametrize("classification", CLASSIFICATIONS)
def test_closing_sets_verdict_and_cause(in_acme, classification):
    alert = alerts.close(
        alert_in(in_acme), actor=in_acme.actor("analyst"), close_classification=classification
    )

    assert (alert.verdict, alert.cause) == VERDICTS[classification]


def test_a_classification_set_earlier_is_enough_to_close(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.update(alert_in(in_acme), {"close_classification": "Duplicate"}, actor=actor)
    assert (alert.status, alert.verdict) == ("open", None)

    closed = alerts.close(alert, actor=actor)

    assert closed.verdict == "duplicate"


def test_reclassifying_clears_the_old_cause(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.close(
        alert_in(in_acme), actor=actor, close_classification="False Positive - Inaccurate Data"
    )

    alert = alerts.reclassify(alert, actor=actor, close_classification="Undetermined")

    assert (alert.verdict, alert.cause) == ("insufficient_data", None)


def test_a_closed_alert_is_reclassified_by_a_patch_too(in_acme):
    alert = alert_in(in_acme, "closed")

    alert = alerts.update(
        alert, {"close_classification": "Not Applicable"}, actor=in_acme.actor("analyst")
    )

    assert (alert.status, alert.verdict, alert.cause) == ("closed", "disregard", "not_applicable")


def test_reopening_clears_the_ending_and_keeps_the_first_times(in_acme):
    alert = alert_in(in_acme, "closed")
    acknowledged = alert.acknowledged_at

    alert = alerts.perform(alert, "reopen", actor=in_acme.actor("analyst"))

    ended = (alert.closed_at, alert.close_classification, alert.verdict, alert.cause)
    assert ended == (None, None, None, None)
    assert alert.acknowledged_at == acknowledged


def test_any_move_on_from_open_fills_acknowledged_at(in_acme):
    assert alert_in(in_acme, "resolved").acknowledged_at is not None


def test_a_duplicate_finds_the_oldest_of_its_fingerprint(in_acme):
    first, second = alert_in(in_acme), alert_in(in_acme)
    Alert.objects.filter(pk__in=[first.pk, second.pk]).update(fingerprint="same")

    closed = alerts.close(second, actor=in_acme.actor("analyst"), close_classification="Duplicate")

    assert closed.duplicate_of_id == first.pk


def test_an_alert_is_not_its_own_duplicate(in_acme):
    alert = alert_in(in_acme)

    with pytest.raises(BadInput):
        alerts.close(
            alert,
            actor=in_acme.actor("analyst"),
            close_classification="Duplicate",
            duplicate_of=alert,
        )


def test_an_override_of_malice_names_its_source_and_a_reset_wins(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.update(alert_in(in_acme), {"malice_override": "malicious"}, actor=actor)
    assert (alert.malice, alert.malice_override_source) == ("malicious", "analyst@acme.test")

    both = {"malice_override": "benign", "reset_malice_override": True}
    alert = alerts.update(alert, both, actor=actor)

    cleared = (alert.malice_override, alert.malice_override_source, alert.malice_override_at)
    assert (alert.malice, *cleared) == ("pending", None, None, None)


def test_undo_takes_back_ones_own_last_move(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.close(
        alert_in(in_acme, "triaging"), actor=actor, close_classification="Undetermined"
    )

    alert = alerts.undo(alert, actor=actor)

    assert (alert.status, alert.closed_at, alert.verdict) == ("triaging", None, None)
    assert AuditEvent.objects.first().verb == "alert.undo"


def test_undo_is_refused_to_others_and_after_a_change(in_acme):
    analyst, manager = in_acme.actor("analyst"), in_acme.actor("manager")
    alert = alerts.perform(alert_in(in_acme), "acknowledge", actor=analyst)

    with pytest.raises(Conflict):
        alerts.undo(alert, actor=manager)
    alerts.update(alert, {"title": "new"}, actor=manager)
    with pytest.raises(Conflict):
        alerts.undo(alert, actor=analyst)


def test_undo_is_refused_after_fifteen_minutes(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.perform(alert_in(in_acme), "acknowledge", actor=actor)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)), pytest.raises(Conflict):
        alerts.undo(alert, actor=actor)


def test_an_assignee_is_a_member(globex, in_acme):
    actor = in_acme.actor("analyst")
    alert = alert_in(in_acme)

    assigned = alerts.assign(alert, actor=actor, assignee_id=in_acme.people["viewer"].pk)
    assert assigned.assignee_id == in_acme.people["viewer"].pk
    with pytest.raises(BadInput):
        alerts.assign(alert, actor=actor, assignee_id=globex.people["viewer"].pk)


def test_a_stale_version_is_refused(in_acme):
    alert = alert_in(in_acme)
    alert.expected_version = alert.version
    alerts.update(alert, {"title": "first"}, actor=in_acme.actor("analyst"))

    with pytest.raises(Stale):
        alerts.update(alert, {"title": "second"}, actor=in_acme.actor("analyst"))


def test_a_change_that_changes_nothing_writes_nothing(in_acme):
    alert = alert_in(in_acme, title="same")
    events = AuditEvent.objects.count()

    again = alerts.update(alert, {"title": "same"}, actor=in_acme.actor("analyst"))

    assert again.version == alert.version
    assert AuditEvent.objects.count() == events


def test_every_write_has_one_event_and_one_history_row(in_acme):
    actor = in_acme.actor("analyst")
    alert = alerts.create({}, actor=actor)
    alerts.update(alert, {"title": "x"}, actor=actor)
    alerts.perform(alert, "acknowledge", actor=actor)
    comments.add(alert, actor=actor, text="hello")

    verbs = list(AuditEvent.objects.filter(object_id=alert.pk).values_list("verb", flat=True))
    assert verbs[::-1] == ["alert.create", "alert.update", "alert.acknowledge", "alert.comment"]
    assert alert.history.count() == 3


def test_when_the_audit_cannot_be_written_nothing_is(in_acme, monkeypatch):
    alert = alert_in(in_acme)

    def refuse(trail):
        raise RuntimeError("no room left")

    monkeypatch.setattr(audit, "_append", refuse)
    with pytest.raises(RuntimeError):
        alerts.perform(alert, "acknowledge", actor=in_acme.actor("analyst"))

    assert Alert.objects.get(pk=alert.pk).status == "open"
    assert alert.history.count() == 1


def test_nothing_is_written_outside_a_verb(in_acme):
    with pytest.raises(RuntimeError, match="outside a verb"):
        records.create(Alert(), actor=in_acme.actor("analyst"))

    assert Alert.objects.count() == 0


def test_one_refusal_in_a_bulk_leaves_the_others(in_acme):
    good, ended = alert_in(in_acme), alert_in(in_acme, "resolved")

    results = alerts.bulk([good, ended, None], "acknowledge", actor=in_acme.actor("analyst"))

    assert results[0].status == "acknowledged"
    assert [type(each).__name__ for each in results[1:]] == ["MoveRefused", "NotFound"]
    acknowledged = AuditEvent.objects.filter(verb="alert.acknowledge")
    assert [event.object_id for event in acknowledged] == [good.pk]


def test_a_deleted_alert_is_gone_from_lists_and_comes_back(in_acme):
    manager = in_acme.actor("manager")
    alert = alerts.delete(alert_in(in_acme), actor=manager)
    assert not Alert.objects.filter(pk=alert.pk).exists()

    alerts.restore(alert, actor=manager)

    assert Alert.objects.get(pk=alert.pk).deleted_at is None


def test_comments_go_with_their_alert(in_acme):
    alert = alert_in(in_acme)
    comments.add(alert, actor=in_acme.actor("analyst"), text="seen")

    assert alerts.delete(alert, actor=in_acme.actor("manager")).is_deleted


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("alert_closed_has_classification", {"status": "closed"}),
        ("alert_resolved_has_resolution", {"status": "resolved"}),
        ("alert_malice_override_has_source_and_time", {"malice_override": "benign"}),
        ("alert_deleted_with_time_and_person", {"is_deleted": True}),
    ],
)
def test_a_broken_row_is_refused_by_the_constraint_that_says_so(in_acme, name, values):
    alert = alert_in(in_acme)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**values)


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_a_comment_has_something_to_say(in_acme, text):
    with pytest.raises(BadInput):
        comments.add(alert_in(in_acme), actor=in_acme.actor("analyst"), text=text)


def test_needing_an_input_is_no_move(in_acme):
    alert = alert_in(in_acme)

    with pytest.raises(InputNeeded):
        alerts.update(alert, {"status": "closed"}, actor=in_acme.actor("analyst"))

    assert alert.history.count() == 1


def test_a_new_or_renamed_alert_is_made_findable_by_a_job(in_acme):
    actor = in_acme.actor("analyst")
    jobs = ProcrastinateJob.objects.filter(task_name="soc.fill_search")

    alert = alerts.create({}, actor=actor)
    assert jobs.count() == 1
    alerts.update(alert, {"severity": "low"}, actor=actor)
    assert jobs.count() == 1
    alerts.update(alert, {"title": "renamed"}, actor=actor)

    assert [job.args["alert_ids"] for job in jobs] == [[str(alert.pk)]] * 2


def test_the_reason_of_a_patch_is_kept_in_the_history(api):
    alert = api.post("/api/v1/soc/alerts", {}).json()
    url = f"/api/v1/soc/alerts/{alert['id']}"

    api.patch(url, {"status": "acknowledged", "note": "mine"})

    assert api.get(f"{url}/history").json()["results"][0]["note"] == "mine"
