"""A tenant's rows as one number per table: what must not change while somebody else works."""

from uuid import UUID

import psycopg
from psycopg import sql

_TABLES = """
select c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1
"""
_ROW = "(to_jsonb(t) - 'last_login')::text"  # signing in changes no row that matters
_SUM = "select {name}, md5(string_agg({row}, '|' order by {row})) from {table} t where {rule}"


def tables(connection: psycopg.Connection) -> list[str]:
    """Every table with a tenant_id, from the catalog."""
    return [name for (name,) in connection.execute(_TABLES).fetchall()]


def of_tenant(
    connection: psycopg.Connection, tenant_id: UUID, *, without: tuple[str, ...] = ()
) -> dict[str, str | None]:
    """Table to digest of the tenant's rows, its people and the tenant itself among them."""
    rules = {name: "t.tenant_id = %(tenant)s" for name in tables(connection) if name not in without}
    rules["core_tenant"] = "t.id = %(tenant)s"
    rules["core_person"] = (
        "t.id in (select person_id from core_membership where tenant_id = %(tenant)s "
        "union select person_id from core_application where tenant_id = %(tenant)s)"
    )
    parts = [
        sql.SQL(_SUM.replace("{row}", _ROW)).format(
            name=sql.Literal(name), table=sql.Identifier(name), rule=sql.SQL(rule)
        )
        for name, rule in rules.items()
    ]
    found = connection.execute(sql.SQL(" union all ").join(parts), {"tenant": tenant_id})
    return dict(found.fetchall())


def changed(before: dict[str, str | None], after: dict[str, str | None]) -> list[str]:
    """Names of the tables whose rows differ."""
    return sorted(name for name in before | after if before.get(name) != after.get(name))
