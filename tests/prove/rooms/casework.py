"""Teams, templates, tasks, timeline entries, comments and merges, live and deleted."""

from core.models import Team
from core.services import teams
from soc.models import InvestigationMerge, Template
from soc.services import comments, investigations, merges, tasks, templates, timeline
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor, case = line.cast.actor(), line.investigation
    if not Team.objects.exists():
        _shared(line, word)
    team, template = Team.objects.get(), Template.objects.get()
    investigations.update(case, {"team_group_id": team}, actor=actor)
    templates.apply(case, template, actor=actor, note=f"note {word}")
    task = tasks.create(
        {
            "investigation_id": case,
            "title": f"task {word}",
            "assignee_id": line.cast.people["analyst"].pk,
            "tags": [f"tag {word}"],
        },
        actor=actor,
    )
    tasks.perform(task, "skip", actor=actor, skip_reason=f"reason {word}")
    tasks.create({"investigation_id": case, "title": f"open task {word}"}, actor=actor)
    gone = tasks.create({"investigation_id": case, "title": f"task {word}"}, actor=actor)
    tasks.delete(gone, actor=actor, note=f"gone {word}")
    event = {"investigation_id": case, "text": f"event {word}", "alert_id": line.alert}
    timeline.create(event, actor=actor)
    timeline.delete(timeline.create(event, actor=actor), actor=actor, note=f"gone {word}")
    named = comments.add(case, actor=actor, text=f"comment {word} for @analyst")
    comments.update(named, {"text": f"comment {word}, @analyst"}, actor=actor)
    comments.delete(comments.add(case, actor=actor, text=f"gone {word}"), actor=actor)
    _merge(line, word)


def _shared(line: Line, word: str) -> None:
    actor = line.cast.actor()
    members = [line.cast.people["analyst"].pk]
    for name in (f"team {word}", f"old team {word}"):
        made = teams.create({"name": name, "member_ids": members}, actor=actor)
    teams.delete(made, actor=actor, note=f"gone {word}")
    body = {"category": f"category {word}", "tasks": [{"title": f"task {word}"}]}
    for name in (f"template {word}", f"old template {word}"):
        kind = templates.create({**body, "name": name}, actor=actor)
    templates.delete(kind, actor=actor, note=f"gone {word}")


def _merge(line: Line, word: str) -> None:
    """One merge that stands, with rows of every kind, and one that was undone."""
    actor, case = line.cast.actor(), line.investigation
    values = {"title": f"source {word}"}
    for _ in range(2):
        source = investigations.create(values, actor=actor)
        tasks.create({"investigation_id": source, "title": f"task {word}"}, actor=actor)
        comments.add(source, actor=actor, text=f"comment {word}")
        merges.merge(case, [source.pk], actor=actor, note=f"merged {word}")
    last = InvestigationMerge.objects.order_by("-id")[0]
    merges.undo(case, last, actor=actor, note=f"undone {word}")
