"""`migrate`, as the owner of the tables, followed by the rights of the other two roles."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

from core.database_functions import grants


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with connection.as_role("owner"):  # type: ignore[attr-defined]
            super().handle(*args, **options)
            if not options.get("plan") and not options.get("check_unapplied"):
                self._grant()

    def _grant(self) -> None:
        app, platform = (
            connection.ops.quote_name(settings.DATABASE_ROLES[role]["USER"])
            for role in ("app", "platform")
        )
        with connection.cursor() as cursor:
            present = connection.introspection.table_names(cursor)
            histories = [name for name in sorted(present) if "_historical" in name]
            if "core_audithead" in present and histories:
                for statement in grants(app, platform, append_only=histories):
                    cursor.execute(statement)
