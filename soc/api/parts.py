"""Resources that hang on another: they go out of sight when that is deleted, and come back with
it.
"""

from typing import Any, ClassVar

from core.api.views import TenantViewSet


class OfLiveParents(TenantViewSet):
    """`parents` are the keys to what a row hangs on."""

    parents: ClassVar[tuple[str, ...]]

    def seen(self, rows: Any) -> Any:
        rows = super().seen(rows)
        for name in self.parents:
            rows = rows.exclude(**{f"{name}__is_deleted": True})
        return rows
