"""What must hold before the server or a worker serves anyone; otherwise it stops with the
reason.
"""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models

from core.models.rows import TenantRow
from core.models.tenant import Tenant


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured for a default secret outside debug or a role that could bypass row
    security.
    """
    if not settings.DEBUG:
        _secrets_are_own()
    _role_is_bound()
    _tables_are_guarded()
    connection.close()


def _secrets_are_own() -> None:
    for name in ("SECRET_KEY", "TOKEN_KEY"):
        value = getattr(settings, name)
        if settings.DEFAULT_SECRET in value or len(value) < 32:
            raise ImproperlyConfigured(
                f"Set {name} to a random string of your own, 32 characters or more."
            )
    if any(settings.DEFAULT_SECRET in key or len(key) < 32 for key in settings.SECRETS_KEYS):
        raise ImproperlyConfigured(
            "Give SECRETS_KEYS random strings of your own, 32 characters or more, the newest first."
        )
    if settings.SECRET_KEY == settings.TOKEN_KEY:
        raise ImproperlyConfigured("SECRET_KEY and TOKEN_KEY must differ.")
    if "*" in settings.ALLOWED_HOSTS:
        raise ImproperlyConfigured("Name your hosts in ALLOWED_HOSTS; '*' takes every name.")


def _role_is_bound() -> None:
    """The role must not be superuser, bypass row security, own tables or be a member of a role that
    may.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper or rolbypassrls or exists (select from pg_auth_members where member "
            "= r.oid) "
            "or exists (select from pg_class where relowner = r.oid and relkind = 'r') "
            "from pg_roles r where rolname = current_user"
        )
        unbound = cursor.fetchone()[0]
    if unbound:
        raise ImproperlyConfigured(
            "The role in DATABASE_URL could bypass row security. Give the app role: not "
            "superuser, no BYPASSRLS, "
            "owner of nothing, member of nothing. See docs/operations.md."
        )


def _tables_are_guarded() -> None:
    tables = [model._meta.db_table for model in tenant_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relname = any(%s) and not (relrowsecurity and "
            "relforcerowsecurity)",
            [tables],
        )
        bare = [name for (name,) in cursor.fetchall()]
    if bare:
        raise ImproperlyConfigured(
            f"Row security is not forced on: {', '.join(bare)}. Run manage.py migrate."
        )


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows belong to a tenant, history tables included."""
    return [
        model
        for model in apps.get_models()
        if model is Tenant or issubclass(model, TenantRow) or hasattr(model, "event_id")
    ]
