"""The audit explorer: who did what to which object, when and why; what belongs to it."""

from typing import Any, ClassVar

import django_filters
from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core import ids, workflow
from core.admin.base import names_of
from core.admin.register import Column, RegisterAdmin
from core.filters import IdFilter, NamedFilters
from core.models import AuditEvent
from core.services import people

LOOKED_AT = 100_000  # of the newest events, where no index leads to the wanted ones
TOGETHER = 50  # events of one act that its page lists


class AuditFilters(NamedFilters):
    """Which events. All but those of one object are looked for among the newest LOOKED_AT."""

    object_id = django_filters.UUIDFilter()
    correlation_id = django_filters.UUIDFilter()
    actor_id = IdFilter(prefix="per")
    verb = django_filters.CharFilter(lookup_expr="startswith")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Bounded, so that a filter that matches nothing does not read the whole trail."""
        asked = {name for name, value in self.form.cleaned_data.items() if value}
        recent = queryset if not asked or "object_id" in asked else _newest(queryset)
        found: QuerySet[Any] = super().filter_queryset(recent)
        return found


@admin.register(AuditEvent)
class AuditEventAdmin(RegisterAdmin):
    """The audit trail, newest first. Nothing here is changed by hand."""

    read_scope = people.ADMIN
    filterset_class: ClassVar[Any] = AuditFilters
    list_template = "desk/audit.html"
    page_template = "desk/audit_event.html"
    heading = "Audit"
    deletable = False
    empty = "No event matches among the newest 100,000."
    columns = (
        Column("When", "created_at"),
        Column("Who", "who"),
        Column("What", "told"),
        Column("On", "object_type"),
        Column("Why", "note"),
        Column("Through", "source_type"),
    )
    facts = (
        Column("When", "created_at"),
        Column("Who", "who"),
        Column("What", "told"),
        Column("On", "object_type"),
        Column("Why", "note"),
        Column("Through", "source_type"),
        Column("Number in the trail", "seq"),
        Column("Its hash", "hash"),
        Column("The hash before it", "previous_hash"),
        Column("Details", "details"),
    )

    def listed(self, rows: list[Any]) -> list[Any]:
        return super().listed(told(rows))

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        asked = {name: request.GET.get(name, "") for name in self.filterset_class.base_filters}
        members = [(ids.show("per", pk) or "", name) for pk, name in people.members().items()]
        return super().list_context(request) | {"asked": asked, "people": members}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        act = AuditEvent.objects.filter(correlation_id=row.correlation_id)
        (event,) = told([row])
        return super().contents(request, event) | {
            "together": told(list(_newest(act).exclude(pk=row.pk).order_by("-id")[:TOGETHER])),
            "object_url": _page_of(row),
            "trail_url": self.url_of("changelist"),
        }


def told(events: list[Any]) -> list[Any]:
    """Events with the name of who acted and a word for what was done."""
    names = names_of({event.actor_id for event in events})
    for event in events:
        event.who = names.get(event.actor_id, "someone who has left")
        event.told = workflow.past(event.verb.partition(".")[2])
    return events


def _newest(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Those among the tenant's newest LOOKED_AT events."""
    keys = AuditEvent.objects.order_by("-id").values("pk")
    first = AuditEvent.objects.order_by("id").values("pk")[:1]
    return queryset.filter(pk__gte=Coalesce(keys[LOOKED_AT : LOOKED_AT + 1], first))


def _page_of(event: AuditEvent) -> str:
    """The page of the object, where its kind has one."""
    for model, each in admin.site._registry.items():
        if model._meta.model_name == event.object_type and event.object_id and each:
            shown = ids.show(getattr(model, "ID_PREFIX", ""), event.object_id)
            try:
                name = f"admin:{model._meta.app_label}_{event.object_type}_history"
                return reverse(name, args=[shown])
            except NoReverseMatch:
                return ""
    return ""
