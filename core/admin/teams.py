"""Teams in the admin: name them, and choose who belongs to them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse

from core import ids
from core.admin.base import actor_of, back
from core.admin.registry import TeamAdmin
from core.models import Team
from core.services import people, teams


@admin.register(Team)
class GroupAdmin(TeamAdmin):
    """The teams of the tenant."""

    service = teams
    related: ClassVar[tuple[str, ...]] = ()
    template = "desk/teams.html"
    heading = "Teams"
    verbs: ClassVar[dict[str, str]] = {"update": "changed", "delete": "deleted"}

    def listed(self, rows: Any) -> dict[str, Any]:
        """Teams with their members, and whom each could have: its own first of all."""
        found: list[Any] = teams.with_members(list(rows))
        known = people.members()
        for team in found:
            team.member_choices = _choices(known, {row.person_id for row in team.shown_members})
        return {"rows": found, "member_choices": _choices(known, set())}

    def new_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        if request.method == "POST":
            values, actor = _given(request), actor_of(request)
            done = f"Team {values['name']} made."
            self.attempt(request, lambda: teams.create(values, actor=actor), done=done)
        return back(request, self.url_of("changelist"))

    def run(self, request: HttpRequest, row: Any, verb: str) -> None:
        if verb != "update":
            super().run(request, row, verb)
            return
        values, actor = _given(request), actor_of(request)
        done = f"{row}: changed."
        self.attempt(request, lambda: teams.update(row, values, actor=actor), done=done)


def _given(request: HttpRequest) -> dict[str, Any]:
    texts = request.POST.getlist("member_ids")
    return {
        "name": request.POST.get("name", ""),
        "member_ids": [ids.read("per", text) for text in texts],
    }


def _choices(known: dict[Any, str], chosen: set[Any]) -> list[tuple[str, str, bool]]:
    return [(ids.show("per", pk) or "", name, pk in chosen) for pk, name in known.items()]
