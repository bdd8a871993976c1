"""Who changed which field: simple-history's tables, written set-wise by the kernel instead of by
signals.

A history row is copied in SQL from the row that was just written, so that one row and ten thousand
cost one statement, and carries the id of the audit event that says who, what and why.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from core import hot, ids, tenancy
from core.constraints import RowSecurity
from core.querysets import TenantManager

CREATED, CHANGED, DELETED = "+", "~", "-"


class TenantHistory(models.Model):
    """What each history row adds: the audit event behind it."""

    event_id = models.UUIDField()

    objects = TenantManager()

    class Meta:
        abstract = True


class TenantHistoryManager(HistoryManager):
    """`alert.history`: the current tenant's rows only, deleted objects' rows included."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(tenant_id=tenancy.required())


class FieldHistory(HistoricalRecords):
    """History of one model. `without` names what is never copied: raw records and secrets."""

    def __init__(self, *, without: Iterable[str] = (), **options: Any) -> None:
        super().__init__(
            bases=(TenantHistory,),
            excluded_fields=list(without),
            history_id_field=models.UUIDField(default=ids.new),
            history_user_id_field=models.UUIDField(null=True),
            history_change_reason_field=models.TextField(null=True),
            history_manager=TenantHistoryManager,
            **options,
        )

    def copy_fields(self, model: Any) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = False
            if name in ("id", "tenant"):
                field.null = False
        return fields

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        name = f"history_of_{model._meta.model_name}"
        options["constraints"] = [RowSecurity(name=f"{name}_of_its_tenant")]
        options["indexes"] = [models.Index(fields=["tenant", "id", "event_id"], name=name)]
        options["ordering"] = ["-event_id"]
        return options

    @property
    def _date_indexing(self) -> bool:
        return False

    def post_save(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: `write` below is the only writer."""

    def post_delete(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: rows are deleted softly, which is a change like another."""


def write(model: Any, pks: Iterable[UUID], *, kind: str, person_id: UUID, event_id: UUID) -> None:
    """Copy the rows as they are now into their history, in one statement."""
    given = list(dict.fromkeys(pks))
    if not given:
        return
    values = [kind, person_id, event_id, given, ids.several(len(given)), tenancy.required()]
    hot.write(_copying(model), values)


@cache
def _copying(model: Any) -> str:
    history = model.history.model
    columns = [connection.ops.quote_name(field.column) for field in history.tracked_fields]
    copied = ", ".join(columns)
    current = ", ".join(f"row.{column}" for column in columns)
    target, source = history._meta.db_table, model._meta.db_table
    return (
        f"INSERT INTO {target} ({copied}, history_id, history_date, history_type, "  # noqa: S608
        f"history_user_id, event_id) SELECT {current}, given.history_id, now(), %s, %s, %s "
        f"FROM unnest(%s::uuid[], %s::uuid[]) AS given (pk, history_id) "
        f"JOIN {source} AS row ON row.id = given.pk WHERE row.tenant_id = %s"
    )
