"""Filters of the lists of grc."""

import django_filters

from core.filters import FlagFilter, IdFilter, MomentFilter, ResourceFilters, WordsFilter
from grc.vocabulary import NOTIFIABILITY, SEVERITIES
from grc.workflows import CORRECTIVE_ACTION, INCIDENT, SUBMISSION


class IncidentFilters(ResourceFilters):
    title = django_filters.CharFilter(help_text="The whole title.")
    status = WordsFilter(words=INCIDENT.statuses)
    severity = WordsFilter(words=SEVERITIES)
    notifiability = WordsFilter(words=NOTIFIABILITY)
    category = WordsFilter()
    incident_number = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    detected_after = MomentFilter(field_name="detected_at", lookup_expr="gte")
    detected_before = MomentFilter(field_name="detected_at", lookup_expr="lt")
    reported_after = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported_before = MomentFilter(field_name="reported_at", lookup_expr="lt")
    closed_after = MomentFilter(field_name="closed_at", lookup_expr="gte")
    closed_before = MomentFilter(field_name="closed_at", lookup_expr="lt")


class RegulatorFilters(ResourceFilters):
    name = django_filters.CharFilter()
    jurisdiction = WordsFilter()
    entity_name = django_filters.CharFilter()


class ObligationFilters(ResourceFilters):
    incident_id = IdFilter(prefix="inc", field_name="incident")
    regulator_id = IdFilter(prefix="reg", field_name="regulator")
    owner_id = IdFilter(prefix="per", field_name="owner")
    regime = WordsFilter()
    rule_key = WordsFilter()
    applies = FlagFilter()
    due_after = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")


class SubmissionFilters(ResourceFilters):
    obligation_id = IdFilter(prefix="obl", field_name="obligation")
    incident_id = IdFilter(prefix="inc", field_name="obligation__incident")
    status = WordsFilter(words=SUBMISSION.statuses)


class CorrectiveActionFilters(ResourceFilters):
    incident_id = IdFilter(prefix="inc", field_name="incident")
    owner_id = IdFilter(prefix="per", field_name="owner")
    status = WordsFilter(words=CORRECTIVE_ACTION.statuses)
    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")


class AssetFilters(ResourceFilters):
    name = django_filters.CharFilter()
    kind = WordsFilter()
    criticality = WordsFilter(words=SEVERITIES)
    classification = WordsFilter()
    service = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    parent_id = IdFilter(prefix="ast", field_name="parent")


class AccountFilters(ResourceFilters):
    name = django_filters.CharFilter()
    kind = WordsFilter()
    criticality = WordsFilter(words=SEVERITIES)
    owner_id = IdFilter(prefix="per", field_name="owner")


class RiskFilters(ResourceFilters):
    name = django_filters.CharFilter()
    category = WordsFilter()
    treatment = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    review_before = MomentFilter(field_name="review_at", lookup_expr="lt")
