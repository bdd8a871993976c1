"""`migrate`, as the owner of the tables, followed by the rights of the other two roles."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

from core.database_functions import grants
from core.history import TenantHistory


def _append_only() -> set[str]:
    """The tables of histories, and of models that say so."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, TenantHistory) or getattr(model, "APPEND_ONLY", False)
    }


def _read_only() -> set[str]:
    """The audit trail, and the tables of models that say so."""
    said = {
        model._meta.db_table for model in apps.get_models() if getattr(model, "READ_ONLY", False)
    }
    return {"core_auditevent", "core_audithead"} | said


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
            closed = [name for name in sorted(present) if name in _append_only()]
            kept = [name for name in sorted(present) if name in _read_only()]
            if "core_audithead" in present and closed:
                for statement in grants(app, platform, append_only=closed, read_only=kept):
                    cursor.execute(statement)
