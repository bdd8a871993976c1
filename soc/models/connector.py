"""The connector: an address outside that playbooks may call, and what they identify themselves
with.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class Connector(Record):
    """`url` is the address that every call starts with. `secret` is kept encrypted, and read by the
    worker only; a new host clears it.
    """

    ID_PREFIX: ClassVar[str] = "con"
    SHARED: ClassVar[bool] = True
    FOLLOWING: ClassVar[dict[str, str]] = {
        "health": "",
        "health_message": "",
        "health_checked_at": "",
    }

    name = models.TextField(default="Untitled connector")
    description = models.TextField(default="", blank=True)
    kind = models.TextField(default="http")
    url = models.TextField(default="", blank=True)
    auth_scheme = models.TextField(default="none")
    username = models.TextField(default="", blank=True)
    header_name = models.TextField(default="", blank=True)
    sender = models.TextField(default="", blank=True)
    enabled = models.BooleanField(default=True)
    secret = models.TextField(null=True, editable=False)
    secret_set_at = models.DateTimeField(null=True, editable=False)
    health = models.TextField(default="unknown", editable=False)
    health_message = models.TextField(default="", editable=False)
    health_checked_at = models.DateTimeField(null=True, editable=False)

    history = FieldHistory(without=["secret", "health", "health_message", "health_checked_at"])

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(is_deleted=False),
                name="connector_name_once_per_tenant",
            ),
            models.CheckConstraint(
                condition=Q(secret__isnull=True, secret_set_at__isnull=True)
                | Q(secret__isnull=False, secret_set_at__isnull=False),
                name="connector_secret_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=Q(is_deleted=False),
                name="connector_newest",
            ),
        )

    def __str__(self) -> str:
        return self.name
