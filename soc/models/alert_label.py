"""What alerts are found by that one column cannot hold: their tags, ATT&CK names and tickets."""

from django.db import models

from core.constraints import link_rules
from core.models.rows import LinkRow
from soc.models.alert import Alert


class AlertLabel(LinkRow):
    """One tag, tactic, technique or ticket of an alert: a list by it is read from an index, like
    one by a column. The database itself keeps these rows as the alert's columns say
    (`soc.sql.LABELS`); nobody else writes them.
    """

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="labels", db_constraint=False, db_index=False
    )
    kind = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = (
            *link_rules("alert"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "value", "alert"], name="alert_label_once"
            ),
        )
        indexes = (models.Index(fields=["tenant", "alert"], name="labels_of_alert"),)
