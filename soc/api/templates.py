"""The template over REST."""

from typing import ClassVar

from core.api.views import Writing
from soc.api.serializers.templates import TemplateSerializer
from soc.filters.templates import TemplateFilters
from soc.models import Template
from soc.services import templates


class TemplateViewSet(Writing):
    """The tasks with which investigations of a kind begin."""

    model = Template
    service = templates
    serializer_class = TemplateSerializer
    filterset_class = TemplateFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:configure"}
