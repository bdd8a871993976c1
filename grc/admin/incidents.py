"""The incident's list and page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from core import ids
from core.admin.base import actor_of, back
from core.admin.desk import DeskAdmin
from core.admin.editing import Field, words
from core.admin.picking import Choice
from core.services import people
from core.workflow import past
from grc import links
from grc.admin import duty_cards, incident_beside
from grc.admin.time_axis import axis
from grc.api.duty_shapes import FactBody, ObligationAnswerBody, ObligationSerializer
from grc.api.serializers import IncidentSerializer
from grc.filters import IncidentFilters
from grc.models import Incident, Obligation
from grc.models.incident import FACTS
from grc.services import impact, incidents, lineage, obligations
from grc.vocabulary import NOTIFIABILITY, SEVERITIES
from grc.workflows import INCIDENT, WRITE

IMPACT_HELP = (
    'For example {"confidentiality": "high", "people": 1200, "records": 5000, '
    '"duration_minutes": 90, "data_kinds": ["names", "bank details"]}.'
)
STEPS = ("detected", "contained", "eradicated", "recovered", "closed")


@admin.register(Incident)
class IncidentAdmin(DeskAdmin):
    read_scope = "grc:read"
    service = incidents
    page_template = "desk/incident.html"
    list_template = "desk/cases.html"
    filterset_class = IncidentFilters
    heading = "Incidents"
    serializer_class = IncidentSerializer
    write_scope = delete_scope = WRITE
    keeper = "owner_id"
    tells_history = False
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("category", "Category"),
        Field("severity", "Severity", "choice", words(SEVERITIES)),
        Field("notifiability", "Notifiability", "choice", words(NOTIFIABILITY)),
        Field("tags", "Tags", "tags"),
        Field("owner_id", "Owner", "member"),
        Field("root_cause", "Root cause", "text"),
        Field("financial_impact", "Financial impact in USD", "number"),
        Field("impact", "Impact assessment", "json", help=IMPACT_HELP),
        Field("lessons_learned", "Lessons learned", "json", help='For example ["…", "…"].'),
        *(
            Field(name, name.removesuffix("_at").replace("_", " ").capitalize(), "time")
            for name in (*FACTS, "reported_at")
        ),
        *incident_beside.LINKS,
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("severity", "Severity", "choice", words(SEVERITIES)),
    )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<str:object_id>/assess/", wrap(self.assess_view), name="grc_incident_assess"),
            path("<str:object_id>/fact/", wrap(self.fact_view), name="grc_incident_fact"),
            path("<str:object_id>/duty/", wrap(self.duty_view), name="grc_incident_duty"),
            path("<str:object_id>/lineage/", wrap(self.lineage_view), name="grc_incident_lineage"),
            path("<str:object_id>/choices/", wrap(self.choices_view), name="grc_incident_choices"),
        ]
        return [*own, *super().get_urls()]

    def assess_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer one question of the questionnaire."""
        row = self.found(request, object_id)
        if request.method == "POST":
            names = ("question", "answer", "reason", "regulator_id")
            answer = {name: request.POST[name] for name in names if request.POST.get(name)}
            values = self.checked(request, ObligationAnswerBody, answer, partial=False)
            if values is not None:
                values["regulator"] = values.pop("regulator_id", None)
                self.attempt(
                    request,
                    lambda: obligations.assess(row, [values], actor=actor_of(request)),
                    done="Answered.",
                )
        return back(request, self.url_of("change", row.shown_id))

    def fact_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record a fact from which clocks run."""
        row = self.found(request, object_id)
        if request.method == "POST":
            given = {n: request.POST[n] for n in ("fact", "at", "note") if request.POST.get(n)}
            values = self.checked(request, FactBody, given, partial=False)
            if values is not None:
                self.attempt(
                    request,
                    lambda: obligations.record_fact(
                        row,
                        values["fact"],
                        actor=actor_of(request),
                        at=values.get("at"),
                        note=values.get("note") or "",
                    ),
                    done="Recorded.",
                )
        return back(request, self.url_of("change", row.shown_id))

    def list_queryset(self, request: HttpRequest) -> Any:
        return Incident.objects.select_related("owner")

    def listed(self, rows: list[Any]) -> list[Any]:
        held = links.read("triggered_by_alert_ids", [row.pk for row in rows])
        return [
            {
                "row": row,
                "number": row.incident_number,
                "severity": row.severity,
                "person": row.owner,
                "count": len(held.get(row.pk, [])),
            }
            for row in rows
        ]

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "statuses": INCIDENT.statuses,
            "of_what": "incident",
            "empty": "No incidents yet. Escalating an alert or an investigation opens one.",
        }

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("owner")

    def members(self, row: Any) -> list[tuple[str, str]]:
        """Whoever has it, and nobody; the others are read when somebody is to be chosen."""
        held = [(row.owner.shown_id, row.owner.name)] if row.owner else []
        return [("", "Nobody"), *held]

    def choices_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the dialogs of its page offer."""
        self.seen(request, object_id)
        known = [[ids.show("per", pk), name] for pk, name in people.members().items()]
        return JsonResponse({"owner_id": known})

    def lineage_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Each step from alert to report."""
        row = self.seen(request, object_id)
        hops = [{**hop, "told": _told(hop["kind"])} for hop in lineage.of(row)]
        context = self.page_context(request, row, title=f"From alert to {row}", hops=hops)
        return TemplateResponse(request, "desk/lineage.html", context)

    def duty_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give a duty to someone, or say why it is late."""
        row = self.seen(request, object_id)
        pk = ids.read(Obligation.ID_PREFIX, request.POST.get("duty", ""))
        duty = Obligation.objects.filter(incident=row, pk=pk).first() if pk else None
        if request.method == "POST" and duty is not None:
            given = {name: request.POST.get(name) or None for name in ("owner_id", "delay_reason")}
            given["delay_reason"] = given["delay_reason"] or ""
            values = self.checked(request, ObligationSerializer, given)
            if values is not None:
                self.attempt(
                    request,
                    lambda: obligations.update(duty, values, actor=actor_of(request)),
                    done=f"{duty}: saved.",
                )
        return back(request, self.url_of("change", row.shown_id))

    def picked(self, row: Any) -> dict[str, list[Any]]:
        return incident_beside.picked(row)

    def offered(self, name: str, like: str) -> list[Choice]:
        """Commanders are members."""
        if name != "commander_ids":
            return super().offered(name, like)
        known = people.members().items()
        found = [(ids.show("per", pk) or "", who) for pk, who in known]
        return [each for each in found if like.lower() in each[1].lower()]

    def editing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What it names is set in a dialog of its own."""
        context = super().editing(request, row)
        own = {field.name for field in incident_beside.LINKS}
        fields = context["edit_fields"]
        context["link_fields"] = [each for each in fields if each["name"] in own]
        context["edit_fields"] = [each for each in fields if each["name"] not in own]
        context["new_action_fields"] = incident_beside.new_action(context["members"])
        return context

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        told = duty_cards.shown(row)
        may_write = actor_of(request).may(WRITE)
        panels = links.panels(row)
        facts = [(name, getattr(row, name)) for name in (*FACTS, "reported_at", "closed_at")]
        happened = [(name.removesuffix("_at").replace("_", " "), at) for name, at in facts]
        clock_facts = [(fact["label"], fact["at"]) for fact in told["clock_facts"]]
        return {
            "incident": row,
            "steps": _steps(row),
            "facts": facts,
            "impact": impact.told(row.impact),
            **told,
            "open_questions": sum(each["is_open"] for each in told["questions"]),
            "axis": axis([*happened, *clock_facts], told["open_duties"], timezone.now()),
            "may_write": may_write,
            **incident_beside.shown(row),
            **incident_beside.actions(row, may_write=may_write),
            "lineage": panels,
            "strip": [(title, len(items)) for title, items in reversed(panels)],
        }


def _steps(row: Any) -> list[dict[str, Any]]:
    reached = STEPS.index(row.status)
    return [
        {
            "name": name,
            "at": getattr(row, f"{name}_at"),
            "done": place < reached,
            "now": place == reached,
        }
        for place, name in enumerate(STEPS)
    ]


def _told(kind: str) -> str:
    """A verb as it is read: `obligation.apply` is `obligation applied`."""
    noun, _, verb = kind.partition(".")
    return f"{noun} {past(verb)}"
