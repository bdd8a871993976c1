"""The current tenant: the first of the three layers that keep tenants apart.

The tenant of a request, a job or a command lives in a context variable. The default manager filters
by it and raises when none is set; the database backend hands it to PostgreSQL at each transaction's
start, where row security does the same again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from uuid import UUID

from django.db import connection

_current: ContextVar[UUID | None] = ContextVar("tenant", default=None)


class TenantNotSet(RuntimeError):
    """A tenant's rows were asked for while no tenant was chosen."""


def current() -> UUID | None:
    """The tenant that is set, or None."""
    return _current.get()


def required() -> UUID:
    """The tenant that is set; TenantNotSet when there is none."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise TenantNotSet(
            "No tenant is set: open tenant_scope(tenant_id) before reading its rows."
        )
    return tenant_id


def activate(tenant_id: UUID) -> Token[UUID | None]:
    """Set the tenant for the rest of this context, in an open transaction too. Undo with
    `deactivate`.
    """
    token = _current.set(tenant_id)
    apply_to_transaction()
    return token


def adopt(tenant_id: UUID) -> None:
    """Set the tenant where the transaction knows it already: signing in tells it in its query."""
    _current.set(tenant_id)


def deactivate(token: Token[UUID | None]) -> None:
    _current.reset(token)
    apply_to_transaction()


def clear() -> None:
    """Forget the tenant at a request's end, so that the thread's next request starts without
    one.
    """
    _current.set(None)


@contextmanager
def tenant_scope(tenant_id: UUID) -> Iterator[None]:
    """Work as one tenant. A different tenant inside is refused: leave the first one before."""
    present = _current.get()
    if present is not None and present != tenant_id:
        raise RuntimeError("Another tenant is set already; end its scope first.")
    token = activate(tenant_id)
    try:
        yield
    finally:
        deactivate(token)


def apply_to_transaction() -> None:
    """Tell an open transaction which tenant it works for; the backend tells the ones that start
    later.
    """
    if connection.connection is None or not connection.in_atomic_block or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.tenant_id', %s, true)", [str(_current.get() or "")])
