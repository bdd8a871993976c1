"""The indicator over REST."""

from typing import ClassVar

from core.api.views import Reading
from soc.api.serializers.indicators import IndicatorSerializer
from soc.filters.indicators import IndicatorFilters
from soc.models import Indicator


class IndicatorViewSet(Reading):
    """Indicators of compromise, shared by all applications of the tenant."""

    model = Indicator
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}
