"""Filters by person that know whoever asks as `me`."""

from typing import Any

from django.db.models import QuerySet

from core import ids
from core.filters import IdFilter


class PersonFilter(IdFilter):
    """One person or several; `me` is whoever asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="per", **kwargs)
        self.extra["help_text"] += " `me` is whoever asks."

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        words = [word.strip() for word in str(value or "").split(",")]
        if "me" not in words:
            return super().filter(queryset, value)
        request = self.parent.request  # type: ignore[attr-defined]
        actor = getattr(request, "auth", None) or request.user.actor
        mine = str(ids.show("per", actor.person_id))
        return super().filter(queryset, ",".join(mine if word == "me" else word for word in words))
