"""What somebody asked of the queue: filters, order and place, read from a query."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict

from core import ids, pages
from core.admin.base import actor_of
from core.filters import unwrapped
from soc.filters.alerts import AlertFilters
from soc.models import Alert
from soc.querysets import OPEN_ALERTS
from soc.services import queue_order
from soc.workflows import ALERT

PLACE = ("cursor", "ordering")  # where one is in the list, which is no filter
OF_PAGE = (*PLACE, "since", "ids")


class Asked:
    """The queue as one query asks for it. Without any filter it shows what waits; `me` is whoever
    looks; names that are no filters are left out.
    """

    def __init__(self, request: HttpRequest, query: QueryDict | None = None) -> None:
        self.request = request
        self.query = request.GET if query is None else query

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The words chosen of each filter."""
        found: dict[str, list[str]] = {}
        for name in self.query:
            given = self.query.getlist(name)
            found[name] = given[0].split(",") if len(given) == 1 else given
        if not set(found) - set(OF_PAGE):
            found["status"] = list(OPEN_ALERTS)
        return {name: words for name, words in found.items() if name not in OF_PAGE}

    @property
    def ordering(self) -> str:
        return self.query.get("ordering") or queue_order.BY_CLOCK

    @property
    def statuses(self) -> list[str]:
        """The statuses that were chosen, as far as there are such."""
        return [word for word in self.chosen.get("status", ()) if word in ALERT.statuses]

    @cached_property
    def rows(self) -> Any:
        """The alerts that match; none where a filter is not understood."""
        found = AlertFilters(
            self._params(), queryset=Alert.objects.for_list(), request=self.request
        )
        return found.qs if found.is_valid() else found.queryset.none()

    def cut(self, rows: Any, *, limit: int, cursor: str | None) -> pages.Page:
        return queue_order.cut(
            rows, self.ordering, statuses=self.statuses, limit=limit, cursor_text=cursor
        )

    def encoded(self, *, without: Iterable[str] = ("cursor",)) -> str:
        """The query as text, to come back to."""
        kept = self.query.copy()
        for name in without:
            kept.pop(name, None)
        text: str = kept.urlencode()
        return text

    def _params(self) -> Any:
        params: Any = unwrapped(self.query)
        known: Any = AlertFilters
        for name in list(params):
            if name not in known.base_filters or name == "tenant_id":
                del params[name]
            else:
                params[name] = ",".join(value for value in params.getlist(name) if value)
        if "status" in self.chosen and "status" not in params:
            params["status"] = ",".join(self.chosen["status"])
        if "assignee_id" in params:
            me = ids.show("per", actor_of(self.request).person_id) or ""
            words = params["assignee_id"].split(",")
            params["assignee_id"] = ",".join(me if word == "me" else word for word in words)
        return params
