"""Teams over REST."""

from typing import Any, ClassVar

from rest_framework import serializers

from core import ids
from core.api.views import Writing
from core.filters import IdFilter, ResourceFilters, WordsFilter
from core.models import Person, Team
from core.services import teams
from core.services.people import ADMIN
from core.shapes import BASE_FIELDS, PersonReference, RecordSerializer


class MemberReferences(serializers.ListField):
    """Ids of people, validated to their keys. Whether they are members, the service asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=PersonReference(), **kwargs)


class TeamSerializer(RecordSerializer):
    """People of the tenant who own work together."""

    name = serializers.CharField(required=False, max_length=teams.MAX_NAME)
    member_ids = MemberReferences(required=False, max_length=500)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Team
        fields = (*BASE_FIELDS, "name", "member_ids", "note")

    def to_representation(self, instance: Team) -> dict[str, Any]:
        shown = super().to_representation(instance)
        members = getattr(instance, "shown_members", [])
        shown["member_ids"] = [ids.show(Person.ID_PREFIX, row.person_id) for row in members]
        return shown


class TeamFilters(ResourceFilters):
    name = WordsFilter()
    member_id = IdFilter(prefix="per", field_name="member_links__person")


class TeamViewSet(Writing):
    """People of the tenant who own work together."""

    model = Team
    service = teams
    serializer_class = TeamSerializer
    filterset_class = TeamFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": ADMIN}

    def detailed(self, rows: list[Any]) -> list[Any]:
        return teams.with_members(rows)
