"""Regulators, corrective actions and submissions: registers, and a page to write in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from core.admin.editing import Field
from core.admin.register import Column, Entry, Panel, RegisterAdmin
from grc.admin import duty_cards
from grc.admin.sheets import SheetAdmin
from grc.api.duty_shapes import (
    CorrectiveActionSerializer,
    RegulatorSerializer,
    SubmissionSerializer,
)
from grc.filters import CorrectiveActionFilters, RegulatorFilters, SubmissionFilters
from grc.models import CorrectiveAction, Regulator, Risk, Submission
from grc.obligations.rules import KINDS, library
from grc.services import action_risks, corrective_actions, drafts, regulators, submissions
from grc.services.duties import NOTICE
from grc.workflows import WRITE

REGIMES = f"Switched on, with commas: {', '.join(library().regimes)}."


@admin.register(Regulator)
class RegulatorAdmin(SheetAdmin):
    read_scope = "grc:read"
    service = regulators
    serializer_class = RegulatorSerializer
    filterset_class = RegulatorFilters
    write_scope = delete_scope = WRITE
    naming = "name"
    heading = "Regulators"
    empty = (
        "No regulators yet. Write down to whom each of your entities reports, and switch on the "
        "rules: incidents then show their legal clocks."
    )
    columns = (
        Column("Name", "name"),
        Column("For", "entity_name"),
        Column("Rules switched on", "regimes"),
        Column("Time zone", "time_zone"),
        Column("Changed", "updated_at"),
    )
    facts = (
        Column("For", "entity_name"),
        Column("Kinds of entity", "entity_kinds"),
        Column("Rules switched on", "regimes"),
        Column("Jurisdiction", "jurisdiction"),
        Column("Contact", "contact"),
        Column("Time zone", "time_zone"),
        Column("Holidays", "holidays"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("name", "Name"),
        Field("entity_name", "For our entity"),
        Field("entity_kinds", "Kinds of entity", "tags", help=f"Of: {', '.join(KINDS)}."),
        Field("regimes", "Rules", "tags", help=REGIMES),
        Field("jurisdiction", "Jurisdiction"),
        Field("contact", "Contact"),
        Field("time_zone", "Time zone of the entity", help="Like Europe/Berlin."),
        Field("holidays", "Its holidays", "tags", help="Dates like 2026-12-25."),
        Field("description", "Description", "text"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("entity_name", "For our entity", starts_empty=True),
        Field("regimes", "Rules", "ids", starts_empty=True, help=REGIMES),
        Field("time_zone", "Time zone of the entity", help="Like Europe/Berlin."),
    )


@admin.register(CorrectiveAction)
class CorrectiveActionAdmin(RegisterAdmin):
    read_scope = "grc:read"
    service = corrective_actions
    serializer_class = CorrectiveActionSerializer
    filterset_class = CorrectiveActionFilters
    write_scope = delete_scope = WRITE
    heading = "Corrective actions"
    keeper = "owner_id"
    empty = "No corrective actions yet. Incidents teach them."
    columns = (
        Column("Action", "title"),
        Column("Incident", "incident"),
        Column("Owner", "owner"),
        Column("Due", "due_at"),
        Column("Status", "status"),
    )
    facts = (
        Column("Incident", "incident"),
        Column("Owner", "owner"),
        Column("Due", "due_at"),
        Column("Evidence", "evidence"),
        Column("Done", "completed_at"),
        Column("Verified", "verified_at"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("owner_id", "Owner", "member"),
        Field("due_at", "Due", "time"),
        Field("evidence", "Evidence", "text"),
        Field("risk_ids", "Risks that it lowers", "picks"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("incident_id", "Incident", "pick", prefix="inc", starts_empty=True),
        Field("owner_id", "Owner", "member"),
        Field("due_at", "Due", "time"),
        Field("risk_ids", "Risks that it lowers", "picks", starts_empty=True),
    )

    def picked(self, row: Any) -> dict[str, list[Any]]:
        return {"risk_ids": action_risks.rows_of([row.pk])[row.pk]}

    def panels(self, row: Any) -> list[Panel]:
        risks = action_risks.rows_of([row.pk])[row.pk]
        return [Panel("Risks that it lowers", [_risk(each) for each in risks])]

    def list_queryset(self, request: HttpRequest) -> Any:
        return CorrectiveAction.objects.select_related("incident", "owner")


def _risk(risk: Risk) -> Entry:
    scores = (("inherent", risk.inherent_score), ("residual", risk.residual_score))
    told = ", ".join(f"{name} {score}" for name, score in scores if score is not None)
    return Entry(
        risk.name, reverse("admin:grc_risk_change", args=[risk.shown_id]), told, risk.review_at
    )


@admin.register(Submission)
class SubmissionAdmin(RegisterAdmin):
    read_scope = "grc:read"
    service = submissions
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilters
    page_template = "desk/submission.html"
    write_scope = WRITE
    deletable = False
    naming = "obligation_id"
    heading = "Submissions"
    editable = (Field("changes_note", "What changed since the last version", "text"),)
    creatable = (Field("obligation_id", "Duty", "row", prefix="obl", starts_empty=True),)
    empty = "No submissions yet. An incident's page begins one for each duty."
    columns = (
        Column("Duty", "obligation"),
        Column("Version", "number"),
        Column("Status", "status"),
        Column("Sent", "sent_at"),
        Column("Receipt", "receipt"),
    )

    def list_queryset(self, request: HttpRequest) -> Any:
        return Submission.objects.select_related("obligation")

    def creating(self, request: HttpRequest) -> dict[str, Any]:
        """Drafts are begun on the incident's page, where their duties are."""
        return {}

    def given(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The sections of the editor that differ, beside the other inputs."""
        values = super().given(request, row)
        sections = {
            name: request.POST[f"section-{name}"].replace("\r\n", "\n").strip()
            for name in drafts.sections_of(row.obligation)
            if f"section-{name}" in request.POST
        }
        changed = {name: text for name, text in sections.items() if row.sections.get(name) != text}
        return values | ({"sections": changed} if changed else {})

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        duty = row.obligation
        export = reverse("submission-export", args=[row.shown_id])
        return {
            "submission": row,
            "duty": duty,
            "due": duty_cards.legal(duty.due_at, duty.regulator.time_zone) if duty.due_at else "",
            "incident_url": reverse("admin:grc_incident_change", args=[duty.incident.shown_id]),
            "sections": [
                (name, drafts.label(name), row.sections.get(name, ""))
                for name in drafts.sections_of(duty)
            ],
            "missing": submissions.missing(row),
            "export_url": export,
            "notice": NOTICE,
            "writable": row.status == "draft",
        }
