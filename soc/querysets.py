"""Reads of the soc app, as methods that chain."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import Case, Q, When

from core.querysets import LiveManager, TenantManager, TenantQuerySet
from soc.vocabulary import SEVERITIES

OPEN_ALERTS = ("open", "acknowledged", "triaging", "escalated")
OPEN_INVESTIGATIONS = ("new", "in_progress", "on_hold", "contained")
OPEN_TASKS = ("open", "in_progress")


class AlertQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def waiting(self) -> Self:
        """Alerts that someone still has to decide on."""
        return self.filter(status__in=OPEN_ALERTS)

    def worst_first(self) -> Self:
        """Critical before high, then the newest."""
        rank = [When(severity=word, then=place) for place, word in enumerate(SEVERITIES)]
        return self.order_by(Case(*rank, default=0).desc(), "-id")

    def for_list(self) -> Self:
        """A list reads everything but the records as they came, which may be large."""
        return self.defer(*self.model.LARGE)


class InvestigationQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def open(self) -> Self:
        return self.filter(status__in=OPEN_INVESTIGATIONS)


class SavedViewQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def seen_by(self, person_id: UUID) -> Self:
        """One's own views, and those that are shared."""
        return self.filter(Q(owner=person_id) | Q(is_shared=True))


class TaskQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def open(self) -> Self:
        return self.filter(status__in=OPEN_TASKS)

    def in_order(self) -> Self:
        """As the people of the investigation ordered them."""
        return self.order_by("position", "id")


class AlertManager(LiveManager.from_queryset(AlertQuerySet)):  # type: ignore[misc]
    pass


class AllAlertsManager(TenantManager.from_queryset(AlertQuerySet)):  # type: ignore[misc]
    """With the deleted ones."""


class InvestigationManager(LiveManager.from_queryset(InvestigationQuerySet)):  # type: ignore[misc]
    pass


class SavedViewManager(LiveManager.from_queryset(SavedViewQuerySet)):  # type: ignore[misc]
    pass


class AllSavedViewsManager(TenantManager.from_queryset(SavedViewQuerySet)):  # type: ignore[misc]
    """With the deleted ones."""


class TaskManager(LiveManager.from_queryset(TaskQuerySet)):  # type: ignore[misc]
    pass


class ClockQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def going(self) -> Self:
        """Clocks that nothing has stopped yet."""
        return self.filter(stopped_at=None).exclude(state="cancelled")

    def near(self, now: datetime, most: int) -> Self:
        """Those that go and are nearest to their moment: as many that were late last, and as many
        that are due next.
        """
        going = self.going().filter(due_at__isnull=False)
        late = going.filter(due_at__lte=now).order_by("-due_at").values("pk")[:most]
        due = going.filter(due_at__gt=now).order_by("due_at").values("pk")[:most]
        return self.filter(Q(pk__in=late) | Q(pk__in=due))

    def running(self, now: datetime) -> Self:
        """In time so far."""
        return self.filter(state="running", due_at__gt=now)

    def at_risk(self, now: datetime) -> Self:
        """In time, with little of it left."""
        return self.running(now).filter(at_risk_at__lte=now)

    def breached(self, now: datetime) -> Self:
        """Past their time, stopped since or not, whether or not a job has seen it already."""
        return self.filter(Q(state="breached") | Q(state="running", due_at__lte=now))

    def to_check(self, now: datetime) -> Self:
        """Clocks at which something happens by now, the longest waiting first."""
        return self.filter(check_at__lte=now).order_by("check_at", "id")


class ClockManager(TenantManager.from_queryset(ClockQuerySet)):  # type: ignore[misc]
    pass


class PlaybookQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def automatic(self) -> Self:
        """Those that fire by themselves."""
        return self.filter(is_deleted=False, enabled=True, auto_execute=True)


class PlaybookManager(LiveManager.from_queryset(PlaybookQuerySet)):  # type: ignore[misc]
    pass


class RunQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def real(self) -> Self:
        """Without dry runs."""
        return self.filter(dry_run=False)

    def going(self) -> Self:
        return self.filter(status__in=("pending", "running", "waiting", "uncertain"))


class RunManager(LiveManager.from_queryset(RunQuerySet)):  # type: ignore[misc]
    pass


class StepQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def going(self) -> Self:
        return self.filter(state__in=("pending", "running", "waiting", "uncertain"))

    def to_check(self, now: datetime) -> Self:
        """Steps that upkeep has to look at by now, the longest waiting first."""
        return self.filter(check_at__lte=now).order_by("check_at", "id")

    def asking(self) -> Self:
        """Approvals and manual tasks that wait for a person."""
        return self.filter(state="waiting", kind__in=("approval", "manual"))


class StepManager(TenantManager.from_queryset(StepQuerySet)):  # type: ignore[misc]
    pass
