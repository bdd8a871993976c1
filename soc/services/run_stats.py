"""What the runs of playbooks have come to, read from the runs themselves; dry runs do not count."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, OuterRef, Q, Subquery

from soc.models import Playbook, PlaybookRun, StepRun
from soc.workflows import RUN

WORDS = RUN.statuses


def with_stats(playbooks: list[Playbook]) -> list[Playbook]:
    """Playbooks with `run_stats`, `last_run_at` and `last_run_id`: two queries for any number."""
    pks = [row.pk for row in playbooks]
    stats, newest = _stats(pks), _newest(pks)
    for row in playbooks:
        shown: Any = row
        shown.shown_stats = stats[row.pk]
        shown.shown_last_run_id, shown.shown_last_run_at = newest.get(row.pk, (None, None))
    return playbooks


def of_alerts(alert_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The runs about each alert, oldest first."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = PlaybookRun.objects.real().filter(alert_id__in=list(alert_ids)).order_by("id")
    for alert_id, pk in rows.values_list("alert_id", "pk"):
        found[alert_id].append(pk)
    return found


def waiting_on(person_id: UUID) -> list[StepRun]:
    """Approvals and manual tasks that wait, without the approvals that this person may not give
    because they started the run.
    """
    rows = StepRun.objects.asking().select_related("run__playbook_version", "run__alert")
    own = Q(kind="approval", run__requested_by=person_id)
    return list(rows.exclude(own).prefetch_related("decisions").order_by("deadline_at", "id")[:200])


def _stats(pks: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = (
        PlaybookRun.objects.real()
        .filter(playbook_id__in=pks)
        .order_by()
        .values("playbook_id", "status")
        .annotate(count=Count("id"), seconds=Avg(F("finished_at") - F("started_at")))
    )
    found: dict[UUID, dict[str, Any]] = {pk: _none() for pk in pks}
    for row in rows:
        stats = found[row["playbook_id"]]
        stats[row["status"]] = row["count"]
        stats["total"] += row["count"]
        if row["status"] == "succeeded" and row["seconds"] is not None:
            stats["average_seconds"] = round(row["seconds"].total_seconds(), 1)
    for stats in found.values():
        ended = stats["succeeded"] + stats["failed"]
        stats["success_rate"] = round(stats["succeeded"] / ended, 3) if ended else None
    return found


def _none() -> dict[str, Any]:
    return {"total": 0, **dict.fromkeys(WORDS, 0), "success_rate": None, "average_seconds": None}


def _newest(pks: list[UUID]) -> dict[UUID, tuple[UUID, Any]]:
    runs = PlaybookRun.objects.real().filter(playbook=OuterRef("pk")).order_by("-id")
    rows = Playbook.with_deleted.filter(pk__in=pks).annotate(
        last_id=Subquery(runs.values("pk")[:1]), last_at=Subquery(runs.values("created_at")[:1])
    )
    return {pk: (last, at) for pk, last, at in rows.values_list("pk", "last_id", "last_at") if last}
