"""Saved views over REST: one's own, and those that are shared."""

from typing import Any, ClassVar

from core.api.views import Writing
from soc.api.serializers.saved_views import SavedViewSerializer
from soc.filters.saved_views import SavedViewFilters
from soc.models import SavedView
from soc.services import saved_views


class SavedViewViewSet(Writing):
    """A name for the filters of a list, one's own or shared with the tenant."""

    model = SavedView
    service = saved_views
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}

    def seen(self, rows: Any) -> Any:
        return super().seen(rows).seen_by(self.actor.person_id)
