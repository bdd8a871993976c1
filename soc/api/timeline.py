"""Timeline entries over REST.."""

from typing import ClassVar

from core.api.views import Writing
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.filters.timeline import TimelineFilters
from soc.models import TimelineEntry
from soc.services import timeline


class TimelineEntryViewSet(Writing):
    """What happened in investigations, as people wrote it down."""

    model = TimelineEntry
    service = timeline
    serializer_class = TimelineEntrySerializer
    filterset_class = TimelineFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}
