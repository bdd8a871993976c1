"""Lists of known indicators over REST."""

from typing import ClassVar

from core.api.views import Writing
from soc.api.serializers.indicator_lists import IndicatorListEntrySerializer
from soc.filters.indicator_lists import IndicatorListEntryFilters
from soc.models import IndicatorListEntry
from soc.services import indicator_lists


class IndicatorListEntryViewSet(Writing):
    """Known good and bad values, ones to watch, and ones too common to tie alerts together."""

    model = IndicatorListEntry
    service = indicator_lists
    serializer_class = IndicatorListEntrySerializer
    filterset_class = IndicatorListEntryFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:configure"}
