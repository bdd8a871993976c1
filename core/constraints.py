"""Database constraints that make tenancy hold where no Python runs: row security and same-tenant
keys.

Both are written once per table, when it exists, so inside CREATE TABLE they stay silent and are
deferred to the end of the migration.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CURRENT_TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


class _Deferred(models.BaseConstraint):
    """A constraint of its own statements, run after the table was made."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        raise TypeError("Give the statement in a subclass.")

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database decides."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class RowSecurity(_Deferred):
    """Forced row security: rows of the current tenant only, to read and to write; none when no
    tenant is set.
    """

    def __init__(self, *, column: str = "tenant_id", name: str = "%(class)s_of_its_tenant") -> None:
        super().__init__(name=name)
        self.column = column

    def create_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        table = _quoted(schema_editor, model._meta.db_table)
        rule = f"{self.column} = {CURRENT_TENANT}"
        return (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL "
            "SECURITY; "
            f"CREATE POLICY {_quoted(schema_editor, self.name)} ON {table} USING ({rule}) WITH "
            f"CHECK ({rule})"
        )

    def remove_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        table = _quoted(schema_editor, model._meta.db_table)
        return f"DROP POLICY {_quoted(schema_editor, self.name)} ON {table}"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, (), kwargs | {"column": self.column}


class TenantKey(_Deferred):
    """A foreign key that carries the tenant, so that no row can point into another one.

    The plain key cannot do this: PostgreSQL checks keys without row security. Needs UNIQUE
    (tenant_id, id) on the target; deferred to the end of the transaction.
    """

    def __init__(self, field: str, *, name: str = "") -> None:
        super().__init__(name=name or f"%(class)s_{field}_same_tenant")
        self.field = field

    def create_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        field = model._meta.get_field(self.field)
        table, target = model._meta.db_table, field.remote_field.model._meta.db_table
        return (
            f"ALTER TABLE {_quoted(schema_editor, table)} ADD CONSTRAINT "
            f"{_quoted(schema_editor, self.name)} "
            f"FOREIGN KEY (tenant_id, {_quoted(schema_editor, field.column)}) "
            f"REFERENCES {_quoted(schema_editor, target)} (tenant_id, id) DEFERRABLE INITIALLY "
            "DEFERRED"
        )

    def remove_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        table = _quoted(schema_editor, model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {_quoted(schema_editor, self.name)}"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, (), kwargs | {"field": self.field}


def _quoted(schema_editor: BaseDatabaseSchemaEditor | None, name: str) -> str:
    return schema_editor.quote_name(name) if schema_editor else f'"{name}"'


def link_rules(*keys: str) -> list[models.BaseConstraint]:
    """The constraints of rows that hang on others and that nothing points at: row security, and a
    same-tenant key per field. At least one of the fields must never be empty: through it the row
    has a tenant that exists.
    """
    return [RowSecurity(), *[TenantKey(key) for key in keys]]


def tenant_rules(*keys: str) -> list[models.BaseConstraint]:
    """The constraints of every tenant table: row security, UNIQUE (tenant_id, id), and a
    same-tenant key per field.
    """
    unique = models.UniqueConstraint(fields=["tenant", "id"], name="%(class)s_unique_in_tenant")
    return [*link_rules(*keys), unique]
