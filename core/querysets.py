"""Managers that see the current tenant's rows only."""

from typing import Any, Self, TypeVar

from django.db import models

from core import tenancy

M = TypeVar("M", bound=models.Model)


class TenantQuerySet(models.QuerySet[M]):
    """Rows of one tenant, with the reads that every resource has."""

    def of_application(self, app_id: object | None) -> Self:
        """Only the rows that one application wrote; all of them when no application asks, or when
        the model's rows are shared.
        """
        model: Any = self.model
        return self if app_id is None or model.SHARED else self.filter(app_id=app_id)

    def live(self) -> Self:
        return self.filter(is_deleted=False)

    def deleted(self) -> Self:
        return self.filter(is_deleted=True)


class NotificationQuerySet(TenantQuerySet[M]):
    def of_person(self, person_id: object) -> Self:
        return self.filter(person=person_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Filters by the current tenant; raises TenantNotSet when none is set."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(tenant_id=tenancy.required())


class LiveManager(TenantManager):
    """As TenantManager, without the rows that were deleted."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(is_deleted=False)


class NotificationManager(TenantManager.from_queryset(NotificationQuerySet)):  # type: ignore[misc]
    pass
