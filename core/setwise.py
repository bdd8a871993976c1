"""Many rows of a model in one statement, without an instance of any: the values travel as one JSON
text, which the database takes apart itself. Tenant and defaults are the model's own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

from core import hot, tenancy
from core.actors import Actor

Rows = Sequence[Mapping[str, Any]]


def insert(
    model: type[models.Model],
    rows: Rows,
    *,
    same: Mapping[str, Any] | None = None,
    conflict: str = "",
    order: str = "",
) -> None:
    """Write rows that all name the same columns; `same` is what all of them have alike, and columns
    that neither names get the model's default. A `conflict` clause calls the table `kept`.

    `order` is the order of writing, so that two writers lock the same rows in the same order.
    """
    if not rows:
        return
    alike = dict(same or {})
    statement = _statement(model, tuple(rows[0]), conflict, order)
    values = {"rows": orjson.dumps(rows).decode(), "tenant_id": tenancy.required()}
    hot.write(statement, values | _defaults(model, (*rows[0], *alike)) | alike)


def written_by(actor: Actor, now: datetime) -> dict[str, Any]:
    """What new rows of one writing have alike: when, by whom, and through which door."""
    return {
        "created_at": now,
        "updated_at": now,
        "created_by": actor.person_id,
        "updated_by": actor.person_id,
        "source_type": actor.source_type,
        "app_id": actor.app_id,
    }


@cache
def _statement(model: type[models.Model], given: tuple[str, ...], conflict: str, order: str) -> str:
    quoted, chosen, shape = [], [], []
    json = "json"
    for name, field in _columns(model):
        column = connection.ops.quote_name(name)
        kind = field.db_type(connection)
        quoted.append(column)
        if name in given:
            chosen.append(f"given.{column}")
            shape.append(f"{column} {kind}")
            if kind == "jsonb":  # rows that hold some are taken apart once instead of twice
                json = kind
        else:
            chosen.append(f"%({name})s::{kind}")
    ordered = f"ORDER BY {order}" if order else ""
    return (
        f"INSERT INTO {model._meta.db_table} AS kept ({', '.join(quoted)}) "  # noqa: S608 - ours
        f"SELECT {', '.join(chosen)} FROM {json}_to_recordset(%(rows)s::{json}) "
        f"AS given ({', '.join(shape)}) {ordered} {conflict}"
    )


@cache
def _defaults(model: type[models.Model], given: tuple[str, ...]) -> dict[str, Any]:
    """The fixed values of the columns that are not given; what differs from row to row must be."""
    found = {}
    for name, field in _columns(model):
        if name in given or name == "tenant_id":
            continue
        default: Any = field.default if field.has_default() else None
        if callable(default) and default not in (dict, list):
            raise ValueError(f"{model._meta.label}.{name} differs by row: give it.")
        value = field.get_default()
        found[name] = orjson.dumps(value).decode() if isinstance(value, (dict, list)) else value
    return found


def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [(str(field.column), field) for field in model._meta.concrete_fields]
