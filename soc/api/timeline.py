"""Timeline entries over REST.."""

from typing import ClassVar

from core.api.views import Writing
from soc.api.parts import OfLiveParents
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.filters.timeline import TimelineFilters
from soc.models import TimelineEntry
from soc.services import timeline


class TimelineEntryViewSet(OfLiveParents, Writing):
    """What happened in investigations, as people wrote it down."""

    model = TimelineEntry
    parents = ("investigation",)
    service = timeline
    serializer_class = TimelineEntrySerializer
    filterset_class = TimelineFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}
