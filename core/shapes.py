"""Shapes of resources. Serializers shape and check types; services decide."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from core import ids
from core.actors import Actor
from core.models.rows import Record

BASE_FIELDS = (
    "id",
    "tenant_id",
    "app_id",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
    "source",
    "source_type",
    "is_deleted",
    "deleted_at",
    "deleted_by",
    "schema_version",
    "tags",
    "version",
)


class ShownId(serializers.Field):  # type: ignore[type-arg]
    """An id in its prefixed form; read only."""

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.prefix = prefix

    def to_representation(self, value: UUID | str) -> str | None:
        return ids.show(self.prefix, value if isinstance(value, UUID) else UUID(str(value)))


def nameable(model: Any, context: Mapping[str, Any]) -> Any:
    """The rows that whoever sends a body may name in it: those that their lists show."""
    actor: Actor = context["actor"]
    return model.objects.of_application(actor.app_id)


class Reference(serializers.Field):  # type: ignore[type-arg]
    """The id of another row of this tenant. Unknown, another tenant's and another application's are
    refused in the same words.

    Validates to the row itself.
    """

    default_error_messages = {"unknown": "'{value}' is not known here."}

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model
        self.prefix: str = model.ID_PREFIX

    def to_internal_value(self, data: object) -> Any:
        pk = ids.read(self.prefix, data)
        found = self.find(pk) if pk else None
        if found is None:
            self.fail("unknown", value=data)
        return found

    def to_representation(self, value: Any) -> str | None:
        return ids.show(self.prefix, getattr(value, "pk", value))

    def find(self, pk: UUID) -> Any:
        """What the field validates to; None when there is no such row for this caller."""
        return nameable(self.model, self.context).filter(pk=pk).first()


class PersonReference(Reference):
    """The id of a person, validated to its key. Whether they are a member, the service asks."""

    def __init__(self, **kwargs: Any) -> None:
        from core.models import Person  # noqa: PLC0415

        super().__init__(Person, **kwargs)

    def find(self, pk: UUID) -> UUID:
        return pk


class References(serializers.ListField):
    """A list of ids of rows that the caller sees, checked in one query."""

    default_error_messages = {"unknown": "'{value}' is not known here."}

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), **kwargs)
        self.model = model

    def to_internal_value(self, data: Any) -> list[UUID]:
        texts = super().to_internal_value(data)
        read = {text: ids.read(self.model.ID_PREFIX, text) for text in texts}
        known = set(
            nameable(self.model, self.context)
            .filter(pk__in=[pk for pk in read.values() if pk])
            .values_list("pk", flat=True)
        )
        for text, pk in read.items():
            if pk not in known:
                self.fail("unknown", value=text)
        return list(dict.fromkeys(pk for pk in read.values() if pk))

    def to_representation(self, data: Any) -> list[str | None]:
        return [ids.show(self.model.ID_PREFIX, getattr(item, "pk", item)) for item in data]


class AnyJSON(serializers.JSONField):
    """Any JSON value."""


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know; read-only ones that it does know are ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name: ["There is no such field."] for name in unknown}
                )
        return super().to_internal_value(data)


class RecordSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """The base fields of every resource, as the seed pages have them. Subclasses list their own."""

    id = serializers.SerializerMethodField()
    tenant_id = ShownId("ten")
    app_id = ShownId("app")
    created_by = ShownId("per")
    updated_by = ShownId("per")
    deleted_by = ShownId("per")
    tags = serializers.ListField(
        child=serializers.CharField(allow_blank=True), required=False, allow_null=True
    )

    def get_id(self, row: Record) -> str:
        """Server-assigned ULID with type prefix."""
        return row.shown_id

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """`app_id` is left out, not null, where no application wrote the row."""
        shown: dict[str, Any] = super().to_representation(instance)
        if shown.get("app_id", "") is None:
            del shown["app_id"]
        return shown


class Tombstone(serializers.Serializer[Record]):
    """What a list by `updated_since` or `is_deleted` says of a deleted row: that it is gone."""

    id = serializers.SerializerMethodField()
    tenant_id = ShownId("ten")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    is_deleted = serializers.BooleanField(read_only=True)
    deleted_at = serializers.DateTimeField(read_only=True)
    deleted_by = ShownId("per")
    version = serializers.IntegerField(read_only=True)

    def get_id(self, row: Record) -> str:
        return row.shown_id


class NoteSerializer(StrictSerializer):
    note = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=20_000
    )
