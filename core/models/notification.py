"""Notifications: what a person is told, and how they wish to be told."""

from typing import Any, ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.models.person import Person
from core.models.rows import TenantRow
from core.querysets import NotificationManager


class Notification(TenantRow):
    """Something a person is told once: `key` names the occasion, so that a job that runs twice
    tells it once. `object_type` and `object_id` say what it is about; without an id, several.
    """

    ID_PREFIX: ClassVar[str] = "ntf"
    SHARED: ClassVar[bool] = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    text = models.TextField()
    object_type = models.TextField(default="")
    object_id = models.UUIDField(null=True)
    key = models.TextField()
    by_email = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = NotificationManager()

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "person", "kind", "key"], name="notification_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=models.Q(mailed_at__isnull=True) | models.Q(by_email=True),
                name="notification_mailed_was_wanted_by_email",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "person", "-id"], name="notifications_of_person"),
            models.Index(
                fields=["tenant", "person"],
                condition=models.Q(read_at__isnull=True),
                name="notifications_unread",
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(by_email=True, mailed_at__isnull=True),
                name="notifications_to_mail",
            ),
        )

    def __str__(self) -> str:
        return self.text


class NotificationWish(TenantRow):
    """How a person wishes to be told of one kind of thing, where it is not the usual way."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    on_page = models.BooleanField()
    by_email = models.BooleanField()

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "person", "kind"], name="notification_wish_once_per_kind"
            ),
        )
