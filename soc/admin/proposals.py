"""Investigation proposals: a list with the two buttons, and a page with the alerts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core import workflow
from core.admin.base import actor_of
from core.admin.desk import DeskAdmin
from soc.filters.proposals import ProposalFilters
from soc.models import Alert, Proposal
from soc.services import proposals
from soc.workflows import PROPOSAL


@admin.register(Proposal)
class ProposalAdmin(DeskAdmin):
    service = proposals
    page_template = "desk/proposal.html"
    list_template = "desk/proposals.html"
    filterset_class = ProposalFilters
    heading = "Investigation proposals"
    deletable = False

    def filter_params(self, request: HttpRequest) -> Any:
        """Without any filter the list shows what waits for a decision."""
        params = super().filter_params(request)
        if "status" not in request.GET:
            params["status"] = PROPOSAL.initial
        return params

    def list_queryset(self, request: HttpRequest) -> Any:
        return Proposal.objects.select_related("investigation")

    def listed(self, rows: list[Any]) -> list[Any]:
        return proposals.with_alerts(rows)

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = actor_of(request)
        return {
            "statuses": PROPOSAL.statuses,
            "chosen": request.GET.get("status", PROPOSAL.initial),
            "moves": [move for move in workflow.of(Proposal) if actor.may(move.scope)],
        }

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        held = proposals.alerts_of([row.pk]).get(row.pk, [])
        alerts = Alert.objects.for_list().filter(pk__in=held).order_by("occurred_at")
        return {"proposal": row, "alerts": alerts}
