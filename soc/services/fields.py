"""The fields of an alert that a caller may write, each checked with a sentence that names it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import records
from core.errors import BadInput
from core.services import people
from core.texts import clean_text
from soc.attack import technique_id
from soc.intake.finish import line
from soc.models import Alert
from soc.vocabulary import SEVERITIES

NEW = (
    "title",
    "description",
    "severity",
    "category",
    "tags",
    "assignee_id",
    "ticket_ref",
    "affected_assets",
    "source_name",
    "source_id",
    "rule_key",
    "rule_name",
    "occurred_at",
    "mitre_tactics",
    "mitre_techniques",
    "kill_chain_phase",
    "host",
    "user",
    "metadata",
    "raw_data",
)
CHANGEABLE = (
    "title",
    "description",
    "severity",
    "category",
    "tags",
    "assignee_id",
    "ticket_ref",
    "affected_assets",
    "duplicate_of_id",
)


def clean_new(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a new alert may be given; what is not named here is the server's."""
    given = {name: values[name] for name in NEW if values.get(name) is not None}
    for one in ("mitre_tactic", "mitre_technique"):
        if values.get(one) and f"{one}s" not in given:
            given[f"{one}s"] = [values[one]]
    clean = _checked(given)
    clean["host_name"] = entity_name(clean.get("host"), "name", "hostname", "host")
    clean["user_name"] = entity_name(clean.get("user"), "name", "username", "user", "email")
    named = [name for name in ("rule_key", "rule_name") if name in clean]
    clean |= {name: line(clean[name]) or None for name in named}
    clean.setdefault("occurred_at", timezone.now())
    return clean


def clean_changes(values: Mapping[str, Any], *, alert: Alert | None = None) -> dict[str, Any]:
    """What a PATCH may change in `alert`. A null severity or title means unchanged (seed page PATCH
    /v1/alerts).
    """
    given = {name: values[name] for name in CHANGEABLE if name in values}
    for name in ("title", "severity", "tags", "description", "affected_assets"):
        if name in given and given[name] is None:
            del given[name]
    if isinstance(given.get("duplicate_of_id"), Alert):
        given["duplicate_of_id"] = given["duplicate_of_id"].pk
    if alert is not None and given.get("duplicate_of_id") == alert.pk:
        raise BadInput("An alert is not its own duplicate.", field="duplicate_of_id")
    return _checked(given)


def entity_name(entity: object, *names: str) -> str | None:
    """The text by which a host or user is filtered."""
    if isinstance(entity, str):
        return filter_name(entity)
    if not isinstance(entity, dict):
        return None
    return next((filter_name(str(entity[name])) for name in names if entity.get(name)), None)


def filter_name(text: str) -> str | None:
    """The one spelling of a host or user in the columns that filters read: a bounded line in lower
    case. `host` and `user` keep the name as it came.
    """
    return line(text.lower()) or None


def duplicate_of(alert: Alert, given: Alert | None) -> UUID | None:
    """The alert that this one repeats: the given one, else the oldest of the same fingerprint, else
    unknown.
    """
    if given is not None:
        if given.pk == alert.pk:
            raise BadInput("An alert is not its own duplicate.", field="duplicate_of_id")
        return given.pk
    if alert.duplicate_of_id or not alert.fingerprint:
        return alert.duplicate_of_id
    same = Alert.objects.filter(fingerprint=alert.fingerprint, pk__lt=alert.pk).order_by("pk")
    oldest: UUID | None = same.values_list("pk", flat=True).first()
    return oldest


def one_of(name: str, value: object, words: tuple[str, ...]) -> None:
    if value not in words:
        raise BadInput(f"'{value}' is not known here. Use one of: {', '.join(words)}.", field=name)


def _checked(clean: dict[str, Any]) -> dict[str, Any]:
    for name, value in clean.items():
        if isinstance(value, str):
            clean[name] = clean_text(value, field=name)
    if "severity" in clean:
        one_of("severity", clean["severity"], SEVERITIES)
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    if "mitre_techniques" in clean:
        named = map(technique_id, clean["mitre_techniques"])
        clean["mitre_techniques"] = list(dict.fromkeys(named))
    if clean.get("assignee_id") is not None:
        clean["assignee_id"] = people.require_member(clean["assignee_id"], field="assignee_id")
    if "title" in clean:
        clean["title"] = clean["title"] or "Untitled alert"
    return clean
