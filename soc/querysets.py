"""Reads of the soc app, as methods that chain."""

from typing import Self

from core.querysets import LiveManager, TenantQuerySet

OPEN_ALERTS = ("open", "acknowledged", "triaging", "escalated")
OPEN_INVESTIGATIONS = ("new", "in_progress", "on_hold", "contained")


class AlertQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def waiting(self) -> Self:
        """Alerts that someone still has to decide on."""
        return self.filter(status__in=OPEN_ALERTS)

    def outside_investigations(self) -> Self:
        return self.exclude(
            investigation_links__left_at__isnull=True, investigation_links__isnull=False
        )

    def for_list(self) -> Self:
        """A list reads everything but the records as they came, which may be large."""
        return self.defer("raw_data", "last_raw_data")


class InvestigationQuerySet(TenantQuerySet):  # type: ignore[type-arg]
    def open(self) -> Self:
        return self.filter(status__in=OPEN_INVESTIGATIONS)


class AlertManager(LiveManager.from_queryset(AlertQuerySet)):  # type: ignore[misc]
    pass


class InvestigationManager(LiveManager.from_queryset(InvestigationQuerySet)):  # type: ignore[misc]
    pass
