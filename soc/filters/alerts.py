"""Filters of alerts."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied, ValidationError

from core import ids, tenancy
from core.filters import IdFilter, MomentFilter, ResourceFilters, WordsFilter, read_ids
from core.models.rows import INDEXABLE
from soc import vocabulary
from soc.attack import TECHNIQUE, technique_id
from soc.filters.indicators import of_value
from soc.filters.links import linked
from soc.filters.slas import of_reading
from soc.models import (
    AlertEscalation,
    AlertIndicator,
    AlertLabel,
    AlertRelation,
    FindingAlert,
    Indicator,
    InvestigationAlert,
    SLAClock,
)
from soc.services import search
from soc.workflows import ALERT

CLOCKS = ("overdue", "soon", "later", "none")
SOON = timedelta(hours=1)


class LowerCaseFilter(WordsFilter):
    """Words of a column that is kept in lower case."""

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return super().filter(queryset, str(value or "").lower())


class AlertFilters(ResourceFilters):
    severity = WordsFilter(words=vocabulary.SEVERITIES)
    status = WordsFilter(words=ALERT.statuses)
    category = WordsFilter()
    malice = WordsFilter(words=vocabulary.MALICE)
    enrichment_status = WordsFilter(words=vocabulary.ENRICHMENT)
    close_classification = django_filters.CharFilter()
    title = django_filters.CharFilter(
        method="by_title", help_text="The whole title; words of it with `q`."
    )
    verdict = WordsFilter()
    resolution = WordsFilter(words=vocabulary.RESOLUTIONS)
    source_name = WordsFilter()
    source_alert = WordsFilter(field_name="source_name")
    source_id = WordsFilter()
    rule_key = WordsFilter()
    detection_rule_id = IdFilter(prefix="rul", field_name="rule")
    fingerprint = WordsFilter()
    host_name = LowerCaseFilter()
    user_name = LowerCaseFilter()
    assignee_id = IdFilter(prefix="per", field_name="assignee")
    mitre_tactic = django_filters.CharFilter(method="by_attack", help_text="An ATT&CK tactic id.")
    mitre_technique = django_filters.CharFilter(
        method="by_attack", help_text="An ATT&CK technique id; its sub-techniques are found too."
    )
    kill_chain_phase = WordsFilter()
    duplicate_of_id = IdFilter(prefix="alr", field_name="duplicate_of")
    related_finding_id = IdFilter(prefix="fnd", method="by_finding")
    related_alert_id = IdFilter(prefix="alr", method="by_related")
    ticket_ref = django_filters.CharFilter(
        method="by_ticket", help_text="The reference, or its `key` or `id`."
    )
    tenant_id = django_filters.CharFilter(method="by_tenant")
    investigation_id = IdFilter(prefix="inv", method="by_investigation")
    incident_id = IdFilter(prefix="inc", method="by_incident")
    indicator = django_filters.CharFilter(
        method="by_indicator", help_text="The id or the exact value of an indicator."
    )
    occurred_after = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    sla = django_filters.CharFilter(
        method="by_sla", help_text="With a clock that is `running`, `at_risk` or `breached`."
    )
    due_before = MomentFilter(method="by_due", help_text="With a clock that is due before then.")
    breached_after = MomentFilter(
        method="by_breach", help_text="With a clock that was late, due then or later."
    )
    breached_before = MomentFilter(
        method="by_breach", help_text="With a clock that was late, due before then."
    )
    clock = django_filters.CharFilter(
        method="by_clock",
        help_text=f"By the first clock that goes; one or several of: {', '.join(CLOCKS)}.",
    )
    q = django_filters.CharFilter(
        method="by_words", help_text="Words, or the start of a host, user or indicator."
    )

    def by_title(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The condition of the index is said along, or the index would not be used."""
        found = queryset.filter(title=value)
        return found.filter(title__length__lte=INDEXABLE) if len(value) <= INDEXABLE else found

    def by_tenant(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only the token's own tenant; any other, known or not, is refused (design: API)."""
        if ids.read("ten", value) != tenancy.required():
            raise PermissionDenied("This token is for another tenant.")
        return queryset

    def by_investigation(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = InvestigationAlert.objects.filter(left_at=None)
        wanted = links.filter(investigation__in=read_ids("inv", value))
        return linked(queryset, "alert_id", value, wanted, links)

    def by_incident(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By an alert's own escalation, and through its investigation."""
        pks = read_ids("inc", value)
        own = AlertEscalation.objects.all()
        through = InvestigationAlert.objects.filter(
            left_at=None, investigation__escalated_to_incident__isnull=False
        )
        wanted = own.filter(incident__in=pks).values("alert_id")
        more = through.filter(investigation__escalated_to_incident__in=pks).values("alert_id")
        return linked(queryset, "alert_id", value, wanted.union(more), own, through)

    def by_tag(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return _labelled(queryset, "tag", Q(value=value))

    def by_attack(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A technique finds its sub-techniques too."""
        code = technique_id(value)
        wanted = Q(value__in={value, code})
        if TECHNIQUE.fullmatch(code):
            wanted |= Q(value__gt=f"{code}.", value__lt=f"{code}/")  # begins with `T1059.`
        return _labelled(queryset, name.removeprefix("mitre_"), wanted)

    def by_related(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The other ends of a relation, whichever end was asked for."""
        pks = read_ids("alr", value)
        ends = AlertRelation.objects.filter(alert__in=pks).values("related_id")
        starts = AlertRelation.objects.filter(related__in=pks).values("alert_id")
        return queryset.filter(pk__in=ends.union(starts))

    def by_finding(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = FindingAlert.objects.filter(finding__in=read_ids("fnd", value))
        return queryset.filter(pk__in=links.values("alert_id"))

    def by_ticket(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return _labelled(queryset, "ticket", Q(value=value))

    def by_indicator(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        pk = ids.read("ind", value)
        known = Indicator.objects.filter(pk=pk) if pk else of_value(Indicator.objects.all(), value)
        links = AlertIndicator.objects.filter(indicator__in=known.values("pk"))
        return queryset.filter(pk__in=links.values("alert_id"))

    def by_sla(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return of_reading(queryset, value)

    def by_due(self, queryset: QuerySet[Any], name: str, value: datetime) -> QuerySet[Any]:
        due = SLAClock.objects.going().filter(due_at__lt=value, alert__isnull=False)
        return queryset.filter(pk__in=due.values("alert_id"))

    def by_breach(self, queryset: QuerySet[Any], name: str, value: datetime) -> QuerySet[Any]:
        """Late, stopped since or not; with both moments it is one clock that was due between."""
        given = self.form.cleaned_data
        ends = {
            "due_at__gte": given.get("breached_after"),
            "due_at__lt": given.get("breached_before"),
        }
        span = {lookup: moment for lookup, moment in ends.items() if moment}
        late = SLAClock.objects.breached(timezone.now()).filter(alert__isnull=False, **span)
        return queryset.filter(pk__in=late.values("alert_id"))

    def by_clock(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the due moment that an alert carries: `sla` reads every clock, also met ones."""
        wanted, now = {word.strip() for word in value.split(",")}, timezone.now()
        if not wanted <= set(CLOCKS):
            raise ValidationError({name: [f"Use one or several of: {', '.join(CLOCKS)}."]})
        soon = now + SOON
        ways = {
            "overdue": Q(due_at__lte=now),
            "soon": Q(due_at__gt=now, due_at__lte=soon),
            "later": Q(due_at__gt=soon),
            "none": Q(due_at__isnull=True),
        }
        return queryset.filter(reduce(or_, (ways[word] for word in sorted(wanted))))

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=search.alert_ids(value))


def _labelled(queryset: QuerySet[Any], kind: str, wanted: Q) -> QuerySet[Any]:
    labels = AlertLabel.objects.filter(wanted, kind=kind)
    return queryset.filter(pk__in=labels.values("alert_id"))
