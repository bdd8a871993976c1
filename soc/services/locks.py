"""The order in which case work locks: alerts by id, then investigations by id, then their tasks,
then incidents.

Whoever needs several of them asks here first, before reading what it decides on.
"""

from collections.abc import Iterable
from uuid import UUID

from core import records
from core.errors import Conflict
from soc.models import Alert, Investigation, InvestigationAlert


def alerts(alert_ids: Iterable[UUID]) -> None:
    """Alerts, by id. An alert's links to investigations change under its lock only."""
    rows = (
        Alert.objects.select_for_update(no_key=True).filter(pk__in=list(alert_ids)).order_by("pk")
    )
    list(rows.values_list("pk", flat=True))


def cases(case_ids: Iterable[UUID]) -> dict[UUID, Investigation]:
    """Investigations, by id, as they are now; deleted ones too."""
    rows = Investigation.with_deleted.select_for_update(of=("self",), no_key=True).filter(
        pk__in=list(case_ids)
    )
    return {row.pk: row for row in rows.order_by("pk")}


def joining(alert_ids: Iterable[UUID], case_ids: Iterable[UUID]) -> dict[UUID, Investigation]:
    """Alerts, and investigations together with those that hold the alerts now."""
    wanted = list(alert_ids)
    alerts(wanted)
    holders = InvestigationAlert.objects.filter(alert_id__in=wanted, left_at=None)
    return cases({*case_ids, *holders.values_list("investigation_id", flat=True)})


def with_alerts(
    case_ids: Iterable[UUID], alert_ids: Iterable[UUID] = ()
) -> dict[UUID, Investigation]:
    """Investigations together with the alerts that they hold and others.

    An alert that joined between the two locks is locked last; only there could two requests meet
    head on.
    """
    wanted = list(case_ids)
    locked = joining([*_held(wanted), *alert_ids], wanted)
    alerts(_held(wanted))
    return locked


def unclosed(case: Investigation) -> Investigation:
    """The investigation as it is now, locked; a closed one is refused."""
    fresh = records.lock(case)
    if fresh.status == "closed":
        raise Conflict(f"{fresh.investigation_number} is closed. Reopen it first.")
    return fresh


def _held(case_ids: list[UUID]) -> list[UUID]:
    rows = InvestigationAlert.objects.filter(investigation_id__in=case_ids, left_at=None)
    return list(rows.values_list("alert_id", flat=True))
