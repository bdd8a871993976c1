"""Verbs of the finding; its file is in `evidence`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from core.texts import clean_text
from soc.models import Alert, Finding, FindingAlert
from soc.services import links
from soc.vocabulary import FINDING_KINDS
from soc.workflows import WRITE

CONFIGURE = "soc:configure"
WRITABLE = (
    "title",
    "description",
    "collected_at",
    "agent_name",
    "confidence",
    "recommended_action",
    "details",
    "tags",
)
OF_AGENTS = ("agent_name", "confidence", "recommended_action")


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Finding:
    """A finding written down; `{}` is an artefact whose file may follow."""
    actor.require(WRITE)
    kind = values.get("kind") or "artefact"
    if kind not in FINDING_KINDS:
        raise BadInput(f"Use one of: {', '.join(FINDING_KINDS)}.", field="kind")
    finding = Finding(kind=kind, **_clean(values, kind=kind))
    records.create(finding, actor=actor, note=note)
    if values.get("alert_ids"):
        _set_alerts(finding, values["alert_ids"], actor=actor)
    return finding


@audit.verb
def update(finding: Finding, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Finding:
    """Change what is said about it. Its kind and its file stay as they are."""
    actor.require(WRITE)
    fresh = records.lock(finding)
    if values.get("kind", fresh.kind) != fresh.kind:
        raise BadInput("The kind of a finding stays. Write another one.", field="kind")
    fresh = records.change(fresh, _clean(values, kind=fresh.kind), actor=actor, note=note)
    if values.get("alert_ids") is not None:
        _set_alerts(fresh, values["alert_ids"], actor=actor)
    return fresh


def delete(finding: Finding, *, actor: Actor, note: str = "") -> Finding:
    """Delete softly; its file and its custody stay."""
    return records.delete(finding, actor=actor, scope=CONFIGURE, note=note)


def restore(finding: Finding, *, actor: Actor, note: str = "") -> Finding:
    return records.restore(finding, actor=actor, scope=CONFIGURE, note=note)


def alerts_of(finding_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The alerts that each finding concerns."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = FindingAlert.objects.filter(finding_id__in=list(finding_ids)).order_by("id")
    for finding_id, alert_id in rows.values_list("finding_id", "alert_id"):
        found[finding_id].append(alert_id)
    return found


def of_alerts(alert_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The live findings that concern each alert."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = FindingAlert.objects.filter(alert_id__in=list(alert_ids), finding__is_deleted=False)
    for alert_id, finding_id in rows.order_by("id").values_list("alert_id", "finding_id"):
        found[alert_id].append(finding_id)
    return found


def of_agents(alert: Alert, *, app_id: UUID | None = None) -> list[Finding]:
    """What automated analysts found about an alert, the newest first; an application's own."""
    about = FindingAlert.objects.filter(alert=alert).values("finding_id")
    rows = Finding.objects.of_application(app_id).filter(pk__in=about, kind="agent")
    return list(rows.order_by("-id"))


def of_investigations(
    investigation_ids: Iterable[UUID], *, held: Mapping[UUID, list[UUID]]
) -> dict[UUID, list[UUID]]:
    """The live findings of each investigation: its own, and those of the alerts it holds."""
    found: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    own = Finding.objects.filter(investigation_id__in=list(investigation_ids)).order_by("id")
    for investigation_id, finding_id in own.values_list("investigation_id", "id"):
        found[investigation_id][finding_id] = None
    through = of_alerts({alert_id for alerts in held.values() for alert_id in alerts})
    for investigation_id, alert_ids in held.items():
        for alert_id in alert_ids:
            found[investigation_id] |= dict.fromkeys(through.get(alert_id, []))
    return {pk: list(finding_ids) for pk, finding_ids in found.items()}


def _set_alerts(finding: Finding, wanted: Iterable[UUID], *, actor: Actor) -> None:
    """Make these the alerts that the finding concerns; those that the caller may not name stay."""
    target = set(wanted)
    present = set(alerts_of([finding.pk]).get(finding.pk, []))
    gone = links.nameable(present - target, actor)
    new = sorted(target - present)
    FindingAlert.objects.filter(finding=finding, alert_id__in=gone).delete()
    FindingAlert.objects.bulk_create(
        FindingAlert(finding=finding, alert_id=pk, created_by=actor.person_id) for pk in new
    )
    if gone or new:
        records.touch(finding, actor=actor)
        records.remember(finding, "relate", actor=actor, added=new, removed=sorted(gone))


def _clean(values: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    if "investigation" in values:
        clean["investigation"] = values["investigation"]
    strange = next((name for name in OF_AGENTS if name in clean and kind != "agent"), None)
    if strange:
        raise BadInput("Only the finding of an agent has this.", field=strange)
    for name, value in clean.items():
        if isinstance(value, str):
            clean[name] = clean_text(value, field=name)
    if "title" in clean:
        clean["title"] = clean["title"] or "Untitled finding"
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean
