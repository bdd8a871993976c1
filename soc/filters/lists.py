"""The lists whose filters can be saved, and the check of what is saved."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from core import pages
from core.filters import unwrapped
from soc.filters.alerts import AlertFilters
from soc.filters.investigations import InvestigationFilters
from soc.models import Alert, Investigation

LISTS: dict[str, tuple[Any, Any]] = {
    "alerts": (AlertFilters, Alert),
    "investigations": (InvestigationFilters, Investigation),
}
ME = "me"  # whoever looks at the view; filters of people take it
OF_PEOPLE = {"assignee_id", "assigned_to_id"}


def checked(resource: str, query: Mapping[str, Any]) -> dict[str, str]:
    """The filters of a list by their plain names; unknown ones and bad values are refused by
    name.
    """
    given = QueryDict(mutable=True)
    for name, value in query.items():
        if not isinstance(value, str):
            raise ValidationError({name: ["Give a text, as the list's URL has it."]})
        given[str(name)] = value
    plain = {name: str(value) for name, value in unwrapped(given).items()}
    filterset_class, model = LISTS[resource]
    for name, value in plain.items():
        if name == "ordering" and value not in pages.ORDERINGS:
            raise ValidationError({name: [f"Use one of: {', '.join(pages.ORDERINGS)}."]})
        if name != "ordering" and name not in filterset_class.base_filters:
            raise ValidationError({name: ["There is no such filter."]})
    tried = {name: value for name, value in plain.items() if not _is_me(name, value)}
    filterset = filterset_class(tried, queryset=model.objects.none())
    if not filterset.is_valid():
        raise ValidationError(filterset.errors)
    _ = filterset.qs  # words of a vocabulary are checked as they are used
    return plain


def _is_me(name: str, value: str) -> bool:
    return name in OF_PEOPLE and value == ME
