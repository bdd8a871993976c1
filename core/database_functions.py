"""Migration operations for database functions and for the rights that roles have."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import migrations, transaction
from django.db.migrations.operations.base import Operation

from core import tenancy


def definer_functions(functions: Mapping[str, str]) -> Operation:
    """Functions that run with the platform role's rights: signature to CREATE FUNCTION
    statement.
    """

    def create(apps: Any, schema_editor: Any) -> None:
        platform = schema_editor.quote_name(settings.DATABASE_ROLES["platform"]["USER"])
        for signature, statement in functions.items():
            schema_editor.execute(statement, params=None)
            schema_editor.execute(f"ALTER FUNCTION {signature} OWNER TO {platform}", params=None)

    return migrations.RunPython(create, _dropping(functions))


def plain_functions(functions: Mapping[str, str]) -> Operation:
    """Functions that run with the caller's rights."""

    def create(apps: Any, schema_editor: Any) -> None:
        for statement in functions.values():
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(create, _dropping(functions))


def statements(forwards: Iterable[str], backwards: Iterable[str]) -> Operation:
    """Statements as they stand, one after the other."""

    def running(each: Iterable[str]) -> Any:
        def run(apps: Any, schema_editor: Any) -> None:
            for statement in each:
                schema_editor.execute(statement, params=None)

        return run

    return migrations.RunPython(running(forwards), running(backwards))


def in_each_tenant(statement: str) -> Operation:
    """A statement about the rows of one `%(tenant)s`, run in each in a transaction of its own: row
    security hides every row from whoever has none. For migrations that are not atomic.
    """

    def run(apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            for pk in _every_tenant(cursor):
                with transaction.atomic(), tenancy.tenant_scope(pk):
                    cursor.execute(statement, {"tenant": pk})

    return migrations.RunPython(run, migrations.RunPython.noop)


def _every_tenant(cursor: Any) -> list[Any]:
    """The ids of all tenants, of those that are switched off too: only the owner of the table sees
    them, while row security is not forced on it.
    """
    with transaction.atomic():
        cursor.execute("ALTER TABLE core_tenant NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT id FROM core_tenant")
        found = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("ALTER TABLE core_tenant FORCE ROW LEVEL SECURITY")
    return found


def _dropping(functions: Mapping[str, str]) -> Any:
    def drop(apps: Any, schema_editor: Any) -> None:
        for signature in functions:
            schema_editor.execute(f"DROP FUNCTION {signature}", params=None)

    return drop


def grants(
    app: str, platform: str, *, append_only: Iterable[str], read_only: Iterable[str]
) -> list[str]:
    """What each role may do, as statements: run by the owner after every migration, so that no
    table is forgotten.

    The app role reads and writes rows, but may not TRUNCATE; it adds to the histories and changes
    nothing there, and only reads the audit trail and what is published for all tenants.
    """
    return [
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {app}, {platform}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}, {platform}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app}, {platform}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}, {platform}",
        f"REVOKE UPDATE, DELETE ON {', '.join(append_only)} FROM {app}",
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(read_only)} FROM {app}",
    ]
