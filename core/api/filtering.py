"""Filters of the API's lists."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.filters import RESERVED, MomentFilter, unwrapped


@cache
def _only(filterset_class: Any, named: frozenset[str]) -> Any:
    """The same filters without those that a request does not name: each that is there is copied and
    made a form's field for every request.
    """
    chosen = {name: each for name, each in filterset_class.base_filters.items() if name in named}
    narrowed: Any = type(filterset_class.__name__, (filterset_class,), {})
    narrowed.base_filters = chosen
    return narrowed


class TenantFilterBackend:
    """Applies a viewset's `filterset_class`; an unknown name or a bad value is a 400 that names
    it.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset_class = getattr(view, "filterset_class", None)
        known = set(filterset_class.base_filters if filterset_class else ())
        params = unwrapped(request.query_params)
        for name in params:
            if name not in RESERVED and name not in known:
                raise ValidationError({name: ["There is no such filter."]})
        named = frozenset(params) & known
        if not named:
            return queryset
        filterset = _only(filterset_class, named)(params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        filtered: QuerySet[Any] = filterset.qs
        return filtered

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filterset_class = getattr(view, "filterset_class", None)
        if filterset_class is None:
            return []
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {"type": "string"}
                | ({"format": "date-time"} if isinstance(each, MomentFilter) else {}),
                "description": _description(name, each),
            }
            for name, each in sorted(filterset_class.base_filters.items())
        ]


def _description(name: str, each: Any) -> str:
    return f"{each.extra.get('help_text', '')} Also as `filter[{name}]`.".strip()
