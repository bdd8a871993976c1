"""Incidents of Microsoft Sentinel, as the REST API, a Logic App or the SDK gives them:
https://learn.microsoft.com/rest/api/securityinsights/incidents.
"""

import re
from collections.abc import Iterable
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, first, part, said, some, texts
from soc.intake.formats._wrappers import apart, unwrapped

NAME = "sentinel"
TITLE = "Microsoft Sentinel incidents"
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def recognises(record: dict[str, Any]) -> bool:
    """Whether it has an incident's number, in either spelling, or the rules it came of."""
    inner = _properties(_incident(record))
    return any(
        name in inner for name in ("incidentNumber", "incident_number", "relatedAnalyticRuleIds")
    )


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The incidents of an answer of the API, one by one."""
    return apart(record, "value")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an incident; its name is its id."""
    outer = _incident(record)
    inner = _properties(outer)
    more, rules = _get(inner, "additionalData"), texts(_get(inner, "relatedAnalyticRuleIds"))
    more = more if isinstance(more, dict) else {}
    severity = _said(inner, "severity")
    mapped = Mapped(
        tool=NAME,
        title=_said(inner, "title"),
        description=_said(inner, "description"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        source_id=said(outer, "name") or said(outer, "id"),
        rule_key=next(iter(rules), "").rpartition("/")[2],
        occurred=_said(inner, "firstActivityTimeUtc") or _said(inner, "createdTimeUtc"),
        last_seen=_said(inner, "lastActivityTimeUtc"),
        tactics=texts(_get(more, "tactics")),
        techniques=texts(_get(more, "techniques")),
        tags=[said(each, "labelName", "label_name") for each in some(inner, "labels")],
        metadata=facts(
            incident_number=_said(inner, "incidentNumber"),
            status=_said(inner, "status"),
            classification=_said(inner, "classification"),
            products=_get(more, "alertProductNames"),
            alerts_count=_said(more, "alertsCount"),
            url=_said(inner, "incidentUrl"),
        ),
    )
    for entity in some(inner, "relatedEntities") + some(outer, "entities"):
        _add_entity(mapped, said(entity, "kind").lower(), _properties(entity))
    return finish(mapped, record, raw)


def _incident(record: dict[str, Any]) -> dict[str, Any]:
    inner = unwrapped(record)
    listed = some(inner, "value")
    return listed[0] if listed else inner


def _properties(record: dict[str, Any]) -> dict[str, Any]:
    """REST keeps the fields under `properties`, the SDK beside the name."""
    return part(record, "properties") or record


def _get(inner: dict[str, Any], name: str) -> Any:
    """A field in camel case, else in the SDK's snake case."""
    snake = _CAPITAL.sub(lambda found: "_" + found[1].lower(), name)
    return inner[name] if name in inner else inner.get(snake)


def _said(inner: dict[str, Any], name: str) -> str:
    return first(_get(inner, name))


def _add_entity(mapped: Mapped, kind: str, inner: dict[str, Any]) -> None:
    if kind == "host":
        _entities.set_host(mapped, said(inner, "hostName", "dnsDomain"), id=said(inner, "azureID"))
    elif kind == "account":
        _entities.set_user(
            mapped, said(inner, "accountName"), said(inner, "upn"), said(inner, "ntDomain")
        )
    elif kind == "ip":
        _entities.add(mapped, "source", ip=said(inner, "address"))
    elif kind == "url":
        _entities.add(mapped, "url", url=said(inner, "url"))
    elif kind == "filehash":
        _entities.add_hash(mapped, said(inner, "algorithm"), said(inner, "hashValue"))
