"""SLA definitions and business calendars: registers of the library."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin.editing import Field, words
from core.admin.register import Column, RegisterAdmin
from soc.api.serializers.slas import BusinessCalendarSerializer, SLADefinitionSerializer
from soc.filters.slas import BusinessCalendarFilters, SLADefinitionFilters
from soc.models import BusinessCalendar, SLADefinition
from soc.services import calendars, slas

MOST_CHOICES = 100
HOURS = 'For example {"monday": ["09:00-12:00", "13:00-17:00"]}.'
EMPTY_IS_NONE = "Empty for no clock."
TARGETS = (
    Field("acknowledge_minutes", "Minutes to acknowledge", "number", help=EMPTY_IS_NONE),
    Field("triage_minutes", "Minutes to triage", "number", help="Alerts only."),
    Field("contain_minutes", "Minutes to contain", "number", help="Investigations only."),
    Field("resolve_minutes", "Minutes to resolve", "number", help=EMPTY_IS_NONE),
)
LEVELS = Field(
    "levels",
    "Levels",
    "tags",
    help="Severities of alerts or priorities of investigations, with commas.",
)
CALENDAR = Field("calendar_id", "Calendar", "row", prefix="cal")


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(RegisterAdmin):
    service = calendars
    serializer_class = BusinessCalendarSerializer
    filterset_class = BusinessCalendarFilters
    write_scope = "soc:configure"
    naming = "name"
    heading = "Business calendars"
    empty = (
        "No calendars yet. Without one, every SLA counts around the clock. Write down the hours "
        "and holidays of your team, and name the calendar in an SLA definition."
    )
    columns = (
        Column("Name", "name"),
        Column("Time zone", "time_zone"),
        Column("Around the clock", "always"),
        Column("Changed", "updated_at"),
    )
    facts = (
        Column("Time zone", "time_zone"),
        Column("Around the clock", "always"),
        Column("Hours", "hours"),
        Column("Holidays", "holidays"),
        Column("Description", "description"),
        Column("Tags", "tags"),
        Column("Version", "version"),
    )
    editable = (
        Field("name", "Name"),
        Field("description", "Description"),
        Field("time_zone", "Time zone", help="Like Europe/Berlin."),
        Field("always", "Around the clock", "flag"),
        Field("hours", "Hours", "json", help=HOURS),
        Field("holidays", "Holidays", "tags", help="Dates like 2026-12-25, with commas."),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("time_zone", "Time zone", help="Like Europe/Berlin."),
        Field("hours", "Hours", "json", starts_empty=True, help=HOURS),
        Field("holidays", "Holidays", "ids", starts_empty=True, help="Dates, with commas."),
    )


@admin.register(SLADefinition)
class SLADefinitionAdmin(RegisterAdmin):
    service = slas
    serializer_class = SLADefinitionSerializer
    filterset_class = SLADefinitionFilters
    write_scope = "soc:configure"
    naming = "name"
    heading = "SLA definitions"
    empty = (
        "No SLA definitions yet. Say how many minutes an alert or an investigation may wait; "
        "its clock is shown wherever it is."
    )
    columns = (
        Column("Name", "name"),
        Column("For", "applies_to"),
        Column("Levels", "levels"),
        Column("To acknowledge", "acknowledge_minutes"),
        Column("To contain", "contain_minutes"),
        Column("To resolve", "resolve_minutes"),
        Column("Calendar", "calendar"),
        Column("Active", "is_active"),
    )
    facts = (
        Column("For", "applies_to"),
        Column("Levels", "levels"),
        *(Column(field.label, field.name) for field in TARGETS),
        Column("Calendar", "calendar"),
        Column("At risk after this share", "at_risk_share"),
        Column("Paused while", "pause_statuses"),
        Column("Only for these reasons", "pause_reasons"),
        Column("Active", "is_active"),
        Column("In force since", "activated_at"),
        Column("Description", "description"),
        Column("Tags", "tags"),
        Column("Version", "version"),
    )
    editable = (
        Field("name", "Name"),
        Field("description", "Description"),
        LEVELS,
        *TARGETS,
        CALENDAR,
        Field("at_risk_share", "At risk after this share", help="Like 0.75."),
        Field("pause_statuses", "Paused while", "tags", help="Statuses, like on_hold."),
        Field("pause_reasons", "Only for these reasons", "tags", help="Empty for every reason."),
        Field("is_active", "Active", "flag"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("applies_to", "For", "choice", words(("alert", "investigation"))),
        Field("levels", "Levels", "ids", starts_empty=True, help=LEVELS.help),
        *TARGETS,
        CALENDAR,
        Field("is_active", "Active", "flag"),
    )

    def list_queryset(self, request: HttpRequest) -> Any:
        return SLADefinition.objects.select_related("calendar")

    def creating(self, request: HttpRequest) -> dict[str, Any]:
        context = super().creating(request)
        _fill(context.get("new_fields", []))
        return context

    def editing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        context = super().editing(request, row)
        _fill(context["edit_fields"])
        return context


def _fill(fields: list[dict[str, Any]]) -> None:
    """The calendars that a definition may name."""
    for field in fields:
        if field["name"] == CALENDAR.name:
            rows = BusinessCalendar.objects.order_by("name")[:MOST_CHOICES]
            field["choices"] = [("", "Around the clock"), *((r.shown_id, str(r)) for r in rows)]
