"""Filters of SLA definitions and business calendars, and of alerts by their clocks."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from core.filters import FlagFilter, IdFilter, ResourceFilters, WordsFilter
from soc.models import SLAClock

READINGS = ("running", "at_risk", "breached")


class BusinessCalendarFilters(ResourceFilters):
    name = django_filters.CharFilter()
    time_zone = WordsFilter()
    always = FlagFilter()


class SLADefinitionFilters(ResourceFilters):
    name = django_filters.CharFilter()
    applies_to = WordsFilter(words=("alert", "investigation"))
    is_active = FlagFilter()
    calendar_id = IdFilter(prefix="cal", field_name="calendar")


def of_reading(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """The alerts with a clock that reads one of the words."""
    wanted, now = {word.strip() for word in value.split(",")}, timezone.now()
    if not wanted <= set(READINGS):
        raise ValidationError({"sla": [f"Use one or several of: {', '.join(READINGS)}."]})
    found = SLAClock.objects.none()
    for word in sorted(wanted):
        found = found | getattr(SLAClock.objects, word)(now)
    return rows.filter(pk__in=found.filter(alert__isnull=False).values("alert_id"))
