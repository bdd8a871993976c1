"""Lists of indicators that a tenant knows: good ones, bad ones, ones to watch, and ones too common
to tell anything.
"""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class IndicatorListEntry(Record):
    """One line of a list. `value` is a value in its one spelling, a network (`192.0.2.0/24`, type
    ip), or a name with all that is below it (`.example.com`, types domain and hostname).
    `network_length` marks the networks, which are compared one by one.
    """

    ID_PREFIX: ClassVar[str] = "lst"
    SHARED: ClassVar[bool] = True

    kind = models.TextField()
    type = models.TextField()
    value = models.TextField()
    network_length = models.PositiveSmallIntegerField(null=True, editable=False)
    reason = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    history = FieldHistory()

    class Meta:
        verbose_name = "list entry"
        verbose_name_plural = "list entries"
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "type", "value", "kind"],
                condition=models.Q(is_deleted=False),
                name="list_entry_once_per_kind",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "kind", "-id"], name="list_entry_by_kind"),
            models.Index(
                fields=["tenant", "network_length"],
                condition=models.Q(network_length__isnull=False),
                name="list_entry_networks",
            ),
        )

    def __str__(self) -> str:
        return self.value
