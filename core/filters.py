"""Filters of lists: a fixed set per resource, by name or as `filter[name]`; anything else is
refused by name.
"""

from datetime import UTC
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters.filterset import FilterSet
from rest_framework.exceptions import ValidationError

from core import ids

NONE = "none"  # in place of an id: rows without one
RESERVED = {"limit", "cursor", "ordering", "count", "include", "format"}


class WordsFilter(django_filters.CharFilter):
    """One word or several with commas; with a vocabulary, unknown ones are refused."""

    def __init__(self, *args: Any, words: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        self.param = ""
        self.extra["help_text"] = "One or several, with commas." + (
            f" Of: {', '.join(words)}." if words else ""
        )

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return queryset
        wanted = [word.strip() for word in str(value).split(",") if word.strip()]
        if self.words:
            wanted = [self._known(word) for word in wanted]
        return queryset.filter(**{f"{self.field_name}__in": wanted})

    def _known(self, word: str) -> str:
        found = next((known for known in self.words if known.lower() == word.lower()), None)
        if found is None:
            raise ValidationError(
                {self.param: [f"'{word}' is not one of: {', '.join(self.words)}."]}
            )
        return found


class IdFilter(django_filters.CharFilter):
    """One id or several with commas; an unknown one and another tenant's both find nothing."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = prefix
        self.extra["help_text"] = f"Ids: {prefix}_…, with commas; `none` for rows without one."

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return queryset
        words = str(value).split(",")
        wanted = Q(**{f"{self.field_name}__in": read_ids(self.prefix, str(value))})
        if NONE in words:
            without = Q(**{f"{self.field_name}__isnull": True})
            wanted = without if words == [NONE] else wanted | without
        return queryset.filter(wanted)


def read_ids(prefix: str, value: str) -> list[UUID]:
    """The ids in a comma list; what is none of them is left out."""
    found = [ids.read(prefix, text.strip()) for text in value.split(",")]
    return [pk for pk in found if pk is not None]


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A moment in ISO 8601."""

    param = ""

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """In UTC: the database takes no offset of 16 hours or more."""
        try:
            moment = value.astimezone(UTC) if value else value
            found: QuerySet[Any] = super().filter(queryset, moment)
        except OverflowError as error:
            raise ValidationError({self.param: ["This moment is out of range."]}) from error
        return found


class FlagFilter(WordsFilter):
    """`true` or `false`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, words=("true", "false"), **kwargs)
        self.extra["help_text"] = "`true` or `false`."

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset.filter(**{self.field_name: self.means(value)}) if value else queryset

    def means(self, value: Any) -> bool:
        """What the text says; refused when it is neither."""
        return self._known(str(value)) == "true"


class NumberFilter(django_filters.NumberFilter):
    """A whole number or a fraction."""


class NamedFilters(FilterSet):
    """Filters that know their own names, so that a refusal can tell which one it means."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, each in self.filters.items():
            each.param = name


class ResourceFilters(NamedFilters):
    """The filters that every resource has."""

    id = django_filters.CharFilter(method="by_id", help_text="Ids of rows, with commas.")
    created_by = IdFilter(prefix="per")
    updated_by = IdFilter(prefix="per")
    deleted_by = IdFilter(prefix="per")
    app_id = IdFilter(prefix="app")
    source = WordsFilter()
    schema_version = NumberFilter()
    is_deleted = FlagFilter()
    updated_before = MomentFilter(field_name="updated_at", lookup_expr="lt")
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")
    updated_since = MomentFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="What changed since; rows deleted since come as tombstones.",
    )
    tag = django_filters.CharFilter(method="by_tag")
    source_type = WordsFilter(words=("frontend", "backend", "server", "system", "api"))

    def by_id(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        model: Any = queryset.model
        return queryset.filter(pk__in=read_ids(model.ID_PREFIX, value))

    def by_tag(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(tags__contains=[value])


# With one of these, a list shows the deleted rows too, as tombstones.
OF_THE_DELETED = {"updated_since", "is_deleted", "deleted_by"}


def unwrapped(params: QueryDict) -> QueryDict:
    """`filter[name]=x` read as `name=x`. NUL finds nothing anywhere and is refused before the
    database sees it.
    """
    plain = QueryDict(mutable=True)
    for name, values in params.lists():
        bare = name[7:-1] if name.startswith("filter[") and name.endswith("]") else name
        if any("\x00" in value for value in values):
            raise ValidationError({bare: ["A text holds a NUL character."]})
        plain.setlistdefault(bare).extend(values)
    return plain
