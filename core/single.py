"""One row by its key, read with its lock and written again, by statements that are made once.

The ORM makes its SQL anew for every row and has the database plan it anew. For a row with the
fifty columns of an alert either costs more than what is asked for.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models
from django.db.transaction import TransactionManagementError

from core import hot, tenancy

M = TypeVar("M", bound=models.Model)

_ANY = UUID(int=0)


class _Reading(NamedTuple):
    """A statement for a tenant's id and a key, the names of its columns, and what makes values of
    fields of them, by place.
    """

    statement: str
    names: list[str]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


def locked(model: type[M], pk: Any) -> M | None:
    """The row that the model's manager shows, locked until the transaction ends, without what the
    model calls LARGE; None where it shows none. Its key is not locked, since no key ever changes:
    rows that point to it may be written meanwhile. Outside a transaction nothing stays locked, so
    that is refused.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A row is locked inside a transaction only.")
    reading = _locking(model)
    found = hot.records(reading.statement, [tenancy.required(), pk])
    if not found:
        return None
    values = list(found[0])
    for place, (converters, expression) in reading.converters.items():
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return model.from_db(DEFAULT_DB_ALIAS, reading.names, values)


def write(obj: models.Model, names: list[str]) -> None:
    """Write these fields of a row of the tenant, as they are now."""
    fields: list[Any] = [obj._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(field.pre_save(obj, False), connection) for field in fields]
    columns = tuple(field.column for field in fields)
    if not hot.rows(_writing(type(obj), columns), [*values, tenancy.required(), obj.pk]):
        raise DatabaseError(f"{obj._meta.label} {obj.pk} is not there to be written.")


@cache
def _locking(model: Any) -> _Reading:
    rows = model._default_manager.defer(*model.LARGE).order_by().filter(pk=_ANY)
    compiler = rows.select_for_update(of=("self",), no_key=True).query.get_compiler(
        DEFAULT_DB_ALIAS
    )
    statement, values = compiler.as_sql()
    if list(values) != [tenancy.required(), _ANY]:
        raise TypeError(f"The manager of {model._meta.label} asks for more than tenant and key.")
    columns = [column for column, *_ in compiler.select]
    names = [column.target.attname for column in columns]
    return _Reading(statement, names, compiler.get_converters(columns))


@lru_cache(maxsize=1024)
def _writing(model: Any, columns: tuple[str, ...]) -> str:
    quoted = connection.ops.quote_name
    changed = ", ".join(f"{quoted(column)} = %s" for column in columns)
    return (
        f"UPDATE {quoted(model._meta.db_table)} SET {changed} "  # noqa: S608 - names of ours
        "WHERE tenant_id = %s AND id = %s RETURNING id"
    )
