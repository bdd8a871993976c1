"""Switches for the layers that keep tenants apart, to prove that each holds alone and that the
sweep sees a leak.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection

from core import single
from core.history import TenantHistoryManager
from core.querysets import LiveManager, TenantManager
from tests.prove import checksums, stage


@contextmanager
def managers_off() -> Iterator[None]:
    """Default managers that filter by no tenant any more, nor do the statements made from them;
    deleted rows stay hidden.
    """

    def everything(self: Any) -> Any:
        return super(TenantManager, self).get_queryset()

    def living(self: Any) -> Any:
        return super(TenantManager, self).get_queryset().filter(is_deleted=False)

    def history(self: Any) -> Any:
        return super(TenantHistoryManager, self).get_queryset()

    def locked(model: Any, pk: Any) -> Any:
        return model._default_manager.select_for_update(no_key=True).filter(pk=pk).first()

    def write(obj: Any, names: list[str]) -> None:
        obj.save(update_fields=names)

    with (
        mock.patch.object(single, "locked", locked),
        mock.patch.object(single, "write", write),
        mock.patch.object(TenantManager, "get_queryset", everything),
        mock.patch.object(LiveManager, "get_queryset", living),
        mock.patch.object(TenantHistoryManager, "get_queryset", history),
    ):
        yield


@contextmanager
def row_security_off() -> Iterator[None]:
    """No row security on any table, for every role."""
    with stage.connected("owner") as owner:
        names = [*checksums.tables(owner), "core_tenant"]
        _alter(owner, names, "NO FORCE", "DISABLE")
        try:
            connection.close()
            yield
        finally:
            _alter(owner, names, "FORCE", "ENABLE")
            connection.close()


def _alter(owner: Any, names: list[str], *words: str) -> None:
    for name in names:
        for word in words:
            owner.execute(f"ALTER TABLE {name} {word} ROW LEVEL SECURITY")
