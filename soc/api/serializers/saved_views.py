"""Shape of the saved view."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.shapes import BASE_FIELDS, RecordSerializer, ShownId
from soc.api import examples
from soc.filters import lists
from soc.models import SavedView


@extend_schema_serializer(examples=examples.request(examples.VIEW, "Urgent alerts that nobody has"))
class SavedViewSerializer(RecordSerializer):
    """A name for the filters of a list. `query` has them as the list's URL does."""

    name = serializers.CharField(required=False, max_length=80)
    resource = serializers.ChoiceField(choices=sorted(lists.LISTS), required=False)
    query = serializers.DictField(
        required=False, help_text='Filters by name: `{"severity": "high,critical"}`.'
    )
    owner_id = ShownId("per")
    is_shared = serializers.BooleanField(required=False)

    class Meta:
        model = SavedView
        fields = (*BASE_FIELDS, "name", "resource", "query", "owner_id", "is_shared")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Filters are checked against the list that they are for."""
        if "query" in attrs:
            resource = str(attrs.get("resource") or getattr(self.instance, "resource", "alerts"))
            attrs["query"] = lists.checked(resource, attrs["query"])
        return attrs
