"""Merging investigations, and undoing it: the same rows."""

from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, Conflict, ScopeMissing
from core.records import NotFound
from grc.models import Incident
from soc.models import (
    Alert,
    AlertEscalation,
    Comment,
    Finding,
    FindingAlert,
    Investigation,
    InvestigationAlert,
    InvestigationMerge,
    Mention,
    Task,
    TimelineEntry,
)
from soc.services import comments, findings, investigations, links, merges, reading, tasks, timeline
from tests.soc.casework import comment_on, entry_in, full_case, incident_in, task_in
from tests.soc.factories import CASES, alert_in, case_in

# All columns of all rows of these, deleted rows too. Left out are the three that every write
# raises, the undoing's own included: version, updated_at, updated_by.
COMPARED = (
    Investigation,
    InvestigationAlert,
    Alert,
    AlertEscalation,
    Task,
    Comment,
    Mention,
    TimelineEntry,
    Finding,
    FindingAlert,
    Incident,
)
LEFT_OUT = {"version", "updated_at", "updated_by"}


def rows_now():
    """Every row of the tenant, by table and id, with all columns that are compared."""
    found = {}
    for model in COMPARED:
        names = [field.attname for field in model._meta.concrete_fields]
        names = [name for name in names if name not in LEFT_OUT]
        manager = getattr(model, "with_deleted", model.objects)
        for row in manager.values("pk", *names):
            found[model.__name__, row.pop("pk")] = row
    return found


CASE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["new", "in_progress", "on_hold", "contained"]),
        "alerts": st.integers(0, 3),
        "left_alerts": st.integers(0, 1),
        "tasks": st.lists(
            st.tuples(st.sampled_from(["open", "in_progress", "done", "skipped"]), st.booleans()),
            max_size=3,
        ),
        "comments": st.lists(st.sampled_from(["Hello", "@analyst look", ""]), max_size=3),
        "entries": st.integers(0, 2),
        "findings": st.integers(0, 2),
        "deleted": st.booleans(),
        "in_incident": st.booleans(),
    }
)
numbers = count()


def build(cast, plan, incident):
    """An investigation as a plan says, with rows that were taken out or deleted before."""
    actor = cast.actor()
    case = case_in(cast, plan["status"], title=f"case {next(numbers)}")
    held = [alert_in(cast).pk for _ in range(plan["alerts"] + plan["left_alerts"])]
    links.add_alerts(case, held, actor=actor, reason="first")
    links.remove_alerts(case, held[plan["alerts"] :], actor=actor)
    for status, mandatory in plan["tasks"]:
        task_in(cast, case, status, mandatory=mandatory and status != "skipped")
    for text in plan["comments"]:
        comment_on(cast, case, text or "gone")
    for _ in range(plan["entries"]):
        entry_in(cast, case)
    for _ in range(plan["findings"]):
        findings.create({"investigation": case, "alert_ids": held[:1]}, actor=actor)
    if plan["deleted"]:
        tasks.delete(task_in(cast, case), actor=actor)
        timeline.delete(entry_in(cast, case), actor=actor)
        comments.delete(comment_on(cast, case, role="tenant_admin"), actor=actor)
    if plan["in_incident"]:
        links.point(case, incident, actor=actor)
    return case


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    plans=st.lists(CASE, min_size=2, max_size=5),
    cut=st.integers(1, 4),
    chained=st.booleans(),
)
def test_merge_then_undo_is_the_same_rows(in_acme, plans, cut, chained):
    with transaction.atomic():
        actor = in_acme.actor()
        incident = incident_in(in_acme)
        cases = [build(in_acme, plan, incident) for plan in plans]
        target, sources = cases[0], cases[1:]
        # In one step, or in two, the second of which carries on what the first has moved.
        parts = [sources[:cut], sources[cut:]] if chained else [sources]
        steps = [part for part in parts if part]
        before = [rows_now()]

        done = []
        into = target
        for place, part in enumerate(steps):
            if place and chained and part:
                merges.merge(part[0], [target.pk, *(row.pk for row in part[1:])], actor=actor)
                into = part[0]
            else:
                merges.merge(target, [row.pk for row in part], actor=actor)
            done.append((into, InvestigationMerge.objects.order_by("-id")[0]))
            before.append(rows_now())

        held = InvestigationAlert.objects.filter(left_at=None)
        assert set(held.values_list("investigation", flat=True)) <= {into.pk}
        assert set(Task.objects.values_list("investigation", flat=True)) <= {into.pk}
        for place in reversed(range(len(done))):
            case, merge = done[place]
            merges.undo(case, merge, actor=actor)
            assert rows_now() == before[place]
        transaction.set_rollback(True)


@pytest.fixture
def merged(in_acme):
    """Two investigations, the second merged into the first: target, source, its alerts, merge."""
    target, _ = full_case(in_acme)
    source, held = full_case(in_acme)
    merges.merge(target, [source.pk], actor=in_acme.actor("analyst"), note="one story")
    return target, source, held, InvestigationMerge.objects.get()


def fresh(row):
    return type(row).with_deleted.get(pk=row.pk)


def test_a_merge_moves_what_hangs_on_the_source_and_closes_it(merged):
    target, source, held, _ = merged

    closed = fresh(source)

    assert closed.status == "closed"
    assert closed.closure_reason == f"Merged into {target.investigation_number}"
    assert closed.merged_into_id == target.pk
    assert links.shown_alerts([source.pk])[source.pk] == [alert.pk for alert in held]
    assert len(links.current_alerts([target.pk])[target.pk]) == 4
    assert [task.position for task in target.tasks.in_order()] == [1, 2, 3, 4]
    assert (target.comments.count(), target.timeline_entries.count()) == (2, 2)
    assert (source.tasks.count(), source.comments.count()) == (0, 0)


def test_a_merge_is_told_in_the_histories_of_what_moved(merged, in_acme):
    target, source, _, _ = merged

    task = target.tasks.in_order().last()

    versions = list(task.history.order_by("-version"))
    assert versions[0].investigation_id == target.pk
    assert versions[-1].investigation_id == source.pk
    assert versions[0].version == task.version


def touch_task(cast, target, source, held):
    task = target.tasks.in_order().last()
    tasks.update(task, {"title": "Something else"}, actor=cast.actor())
    return "The task 'Something else'"


def touch_comment(cast, target, source, held):
    comment = target.comments.order_by("id").last()
    comments.delete(comment, actor=cast.actor("analyst"))
    return "The comment 'Called the user.'"


def touch_entry(cast, target, source, held):
    entry = target.timeline_entries.order_by("id").last()
    timeline.update(entry, {"text": "No."}, actor=cast.actor())
    return "The timeline entry 'No.'"


def touch_alert(cast, target, source, held):
    links.remove_alerts(target, [held[0].pk], actor=cast.actor())
    return held[0].shown_id


def touch_source(cast, target, source, held):
    investigations.perform(fresh(source), "reopen", actor=cast.actor())
    return source.investigation_number


def delete_source(cast, target, source, held):
    investigations.delete(fresh(source), actor=cast.actor())
    return source.investigation_number


@pytest.mark.parametrize(
    "touch",
    [touch_task, touch_comment, touch_entry, touch_alert, touch_source, delete_source],
)
def test_undoing_is_refused_by_name_when_something_changed_since(in_acme, merged, touch):
    target, source, held, merge = merged
    named = touch(in_acme, target, source, held)
    before = rows_now()

    with pytest.raises(Conflict) as refusal:
        merges.undo(target, merge, actor=in_acme.actor())

    assert named in refusal.value.message
    assert "changed since the merge" in refusal.value.message
    assert rows_now() == before


def test_what_is_new_in_the_target_stays_there(in_acme, merged):
    target, source, _, merge = merged
    later = task_in(in_acme, target, title="Later")

    merges.undo(target, merge, actor=in_acme.actor())

    assert fresh(later).investigation_id == target.pk
    assert fresh(source).status == "in_progress"


def test_a_merge_is_undone_once_and_in_its_own_investigation_while_that_is_open(in_acme, merged):
    target, source, _, merge = merged
    actor = in_acme.actor()
    other = case_in(in_acme)

    with pytest.raises(Conflict, match="another investigation"):
        merges.undo(other, merge, actor=actor)
    investigations.close(target, actor=actor, closure_reason="done", skip_open_tasks=True)
    with pytest.raises(Conflict, match="not open any more"):
        merges.undo(target, merge, actor=actor)
    assert fresh(source).status == "closed"


def test_a_merge_is_not_undone_twice(in_acme, merged):
    target, _, _, merge = merged
    merges.undo(target, merge, actor=in_acme.actor())

    with pytest.raises(Conflict, match="undone already"):
        merges.undo(target, merge, actor=in_acme.actor())


def test_the_target_takes_the_incident_and_undoing_gives_it_up(in_acme):
    incident = incident_in(in_acme)
    target, source = case_in(in_acme), case_in(in_acme)
    links.point(source, incident, actor=in_acme.actor())

    with pytest.raises(ScopeMissing):
        merges.merge(target, [source.pk], actor=in_acme.actor("analyst"))
    taken = merges.merge(target, [source.pk], actor=in_acme.actor("responder"))
    given_up = merges.undo(target, InvestigationMerge.objects.get(), actor=in_acme.actor())

    assert taken.escalated_to_incident_id == incident.pk
    assert given_up.escalated_to_incident_id is None


def test_undoing_is_refused_when_the_target_has_another_incident_now(in_acme):
    target, source = case_in(in_acme), case_in(in_acme)
    links.point(source, incident_in(in_acme), actor=in_acme.actor())
    merges.merge(target, [source.pk], actor=in_acme.actor())
    links.point(target, incident_in(in_acme), actor=in_acme.actor())

    with pytest.raises(Conflict, match="The incident of"):
        merges.undo(target, InvestigationMerge.objects.get(), actor=in_acme.actor())


def test_different_incidents_are_refused_naming_both(in_acme):
    cases = [case_in(in_acme) for _ in range(2)]
    found = [incident_in(in_acme) for _ in range(2)]
    for case, incident in zip(cases, found, strict=True):
        links.point(case, incident, actor=in_acme.actor())

    with pytest.raises(Conflict) as refusal:
        merges.merge(cases[0], [cases[1].pk], actor=in_acme.actor())

    assert all(incident.incident_number in refusal.value.message for incident in found)


def test_the_same_incident_is_no_hindrance(in_acme):
    cases = [case_in(in_acme) for _ in range(2)]
    incident = incident_in(in_acme)
    for case in cases:
        links.point(case, incident, actor=in_acme.actor())

    merges.merge(cases[0], [cases[1].pk], actor=in_acme.actor("analyst"))

    assert fresh(cases[1]).escalated_to_incident_id == incident.pk


@pytest.mark.parametrize(
    ("which", "error"),
    [("none", BadInput), ("itself", BadInput), ("unknown", NotFound), ("closed", Conflict)],
)
def test_a_merge_that_makes_no_sense_is_refused(in_acme, which, error):
    target = case_in(in_acme)
    wanted = {
        "none": [],
        "itself": [target.pk],
        "unknown": [alert_in(in_acme).pk],
        "closed": [case_in(in_acme, "closed").pk],
    }[which]

    with pytest.raises(error):
        merges.merge(target, wanted, actor=in_acme.actor())

    assert not InvestigationMerge.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "compliance"])
def test_merging_and_undoing_need_the_scope(in_acme, role):
    target, source = case_in(in_acme), case_in(in_acme)

    with pytest.raises(ScopeMissing):
        merges.merge(target, [source.pk], actor=in_acme.actor(role))
    merges.merge(target, [source.pk], actor=in_acme.actor())
    with pytest.raises(ScopeMissing):
        merges.undo(target, InvestigationMerge.objects.get(), actor=in_acme.actor(role))


def test_a_source_that_is_reopened_belongs_to_itself_again(merged, in_acme):
    _, source, _, _ = merged

    again = investigations.perform(fresh(source), "reopen", actor=in_acme.actor())

    assert (again.status, again.merged_into_id) == ("in_progress", None)


def test_merge_and_undo_over_rest(api, in_acme):
    target, _ = full_case(in_acme)
    source, _ = full_case(in_acme)
    url = f"{CASES}/{target.shown_id}"
    alerts_before = api.get(f"{CASES}/{source.shown_id}").json()["alert_ids"]

    merged = api.post(f"{url}/merge", {"source_ids": [source.shown_id], "note": "one"}).json()
    closed = api.get(f"{CASES}/{source.shown_id}").json()
    undone = api.post(f"{url}/unmerge", {"merge_id": merged["merges"][0]["id"]}).json()

    assert merged["merges"][0]["source_ids"] == [source.shown_id]
    assert merged["merges"][0]["undone_at"] is None
    assert len(merged["alert_ids"]) == 4
    assert (closed["status"], closed["merged_into_id"]) == ("closed", target.shown_id)
    assert undone["merges"][0]["undone_at"]
    assert api.get(f"{CASES}/{source.shown_id}").json()["alert_ids"] == alerts_before
    again = api.post(f"{url}/unmerge", {"merge_id": merged["merges"][0]["id"]})
    assert again.status_code == 409
    assert [row["id"] for row in api.get(f"{CASES}?merged_into_id=none").json()["results"]]


def test_merges_are_read_in_as_many_queries_for_many(in_acme, django_assert_num_queries):
    targets = [case_in(in_acme) for _ in range(3)]
    for target in targets:
        merges.merge(target, [case_in(in_acme).pk], actor=in_acme.actor())

    with django_assert_num_queries(9):
        reading.with_contents(targets[:1])
    with django_assert_num_queries(9):
        reading.with_contents(targets)
