"""Verbs of the context document, and which of them an alert is shown with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from core.texts import clean_text
from soc import conditions
from soc.models import Alert, ContextDocument
from soc.services import facts
from soc.vocabulary import DOCUMENT_TYPES

CONFIGURE = "soc:configure"
WRITABLE = (
    "title",
    "document_type",
    "description",
    "content",
    "is_global",
    "targeting_rules",
    "tags",
)
MATCHES = ("all", "any")
MOST = 500  # documents of a tenant that are asked whether they concern an alert


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> ContextDocument:
    """Write a document down; `{}` is enough."""
    actor.require(CONFIGURE)
    return records.create(ContextDocument(**_clean(values)), actor=actor, note=note)


@audit.verb
def update(
    document: ContextDocument, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> ContextDocument:
    """Change it: a new version, the old one stays in the history."""
    actor.require(CONFIGURE)
    return records.change(records.lock(document), _clean(values), actor=actor, note=note)


def delete(document: ContextDocument, *, actor: Actor, note: str = "") -> ContextDocument:
    return records.delete(document, actor=actor, scope=CONFIGURE, note=note)


def restore(document: ContextDocument, *, actor: Actor, note: str = "") -> ContextDocument:
    return records.restore(document, actor=actor, scope=CONFIGURE, note=note)


def of_alert(alert: Alert, indicators: Sequence[str] | None = None) -> list[ContextDocument]:
    """The documents that concern an alert: those whose rules it meets, then the global ones. Its
    indicators are looked up unless they are given.
    """
    known = facts.of_alert(alert, indicators)
    targeted = ContextDocument.objects.filter(is_global=False).order_by("-id")[:MOST]
    wanted = Q(is_global=True) | Q(pk__in=targeted.values("pk"))
    rows = ContextDocument.objects.filter(wanted).order_by("is_global", "-id")
    return [row for row in rows if row.is_global or _targets(row.targeting_rules, known)]


def versions(document: ContextDocument) -> list[Any]:
    """Every version of a document, the newest first, as its history has them."""
    kept: Any = document.history
    return list(kept.order_by("-version")[:MOST])


def _targets(rules: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    wanted = [conditions.Condition(**each) for each in rules.get("conditions", [])]
    judge = conditions.any_holds if rules.get("match") == "any" else conditions.all_hold
    return judge(wanted, known)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    for name in ("title", "description"):
        if name in clean:
            clean[name] = clean_text(clean[name], field=name)
    if "title" in clean:
        clean["title"] = clean["title"] or "Untitled document"
    if clean.get("document_type", "note") not in DOCUMENT_TYPES:
        raise BadInput(f"Use one of: {', '.join(DOCUMENT_TYPES)}.", field="document_type")
    if "targeting_rules" in clean:
        clean["targeting_rules"] = _clean_rules(clean["targeting_rules"])
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _clean_rules(given: Any) -> dict[str, Any]:
    field = "targeting_rules"
    if not isinstance(given, dict) or not set(given) <= {"match", "conditions"}:
        raise BadInput('Give {"match": "all" or "any", "conditions": […]}.', field=field)
    if not given:
        return {}
    match = given.get("match", "all")
    if match not in MATCHES:
        raise BadInput("'match' is 'all' or 'any'.", field=field)
    read = conditions.read(given.get("conditions", []), field=field)
    kept = [{"field": each.field, "op": each.op, "value": each.value} for each in read]
    return {"match": match, "conditions": kept}
