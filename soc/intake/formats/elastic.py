"""Alerts of Elastic Security: ECS with kibana.alert.*, nested or with dotted keys.
https://www.elastic.co/guide/en/security/current/alert-schema.html.
"""

from collections.abc import Iterable
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, cut, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import at, facts, first, number, said, texts
from soc.intake.formats._wrappers import apart, first_hit, unwrapped

NAME = "elastic"
TITLE = "Elastic Security alerts"
# Below which each severity ends where only a risk score of 0 to 100 is given.
RISK = ((22, "low"), (48, "medium"), (74, "high"), (100.01, "critical"))
HASHES = ("md5", "sha1", "sha256")


def recognises(record: dict[str, Any]) -> bool:
    """Whether there is anything under kibana.alert, in any spelling."""
    inner = unwrapped(first_hit(record))
    if any(name.startswith("kibana.alert.") for name in inner):
        return True
    return isinstance(at(inner, "kibana.alert"), dict)


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The hits of a search, one by one."""
    return apart(record, "hits", "hits")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert; a document that is none by its own kind is skipped."""
    hit = first_hit(record)
    inner = unwrapped(hit)
    kind = said(inner, "kibana.alert.rule.rule_type_id", "event.kind")
    if kind in {"event", "metric", "state", "pipeline_error"} and not recognises(record):
        return Skip(f"event.kind {cut(kind, 50)}")
    rule = _alert(inner, "rule.name") or said(inner, "rule.name")
    reason = _alert(inner, "reason")
    mapped = Mapped(
        tool=NAME,
        title=rule or reason or said(inner, "message"),
        description="\n".join(filter(None, (reason, _alert(inner, "rule.description")))),
        category=vocabulary.category(said(inner, "event.category")),
        source_id=_alert(inner, "uuid") or said(hit, "_id") or said(inner, "event.id"),
        rule_key=_alert(inner, "rule.rule_id", "rule.uuid") or said(inner, "rule.id", "rule.uuid"),
        rule_name=rule,
        occurred=_alert(inner, "original_time", "start") or said(inner, "@timestamp"),
        last_seen=_alert(inner, "last_detected"),
        tags=texts(at(inner, "kibana.alert.rule.tags") or at(inner, "tags")),
        metadata=facts(
            reason=reason,
            rule_uuid=_alert(inner, "rule.uuid"),
            status=_alert(inner, "workflow_status", "status"),
            risk_score=_alert(inner, "risk_score"),
            space=said(inner, "kibana.space_ids"),
            url=_alert(inner, "url"),
        ),
    )
    _set_severity(mapped, inner)
    _set_attack(mapped, inner)
    _set_entities(mapped, inner)
    return finish(mapped, record, raw)


def _alert(inner: dict[str, Any], *names: str) -> str:
    """A field of kibana.alert; `signal` is what it was called before version 8."""
    found = said(inner, *(f"kibana.alert.{name}" for name in names))
    return found or said(inner, *(f"signal.{name}" for name in names))


def _set_severity(mapped: Mapped, inner: dict[str, Any]) -> None:
    word = _alert(inner, "severity", "rule.severity") or said(inner, "event.severity")
    risk = _alert(inner, "risk_score", "rule.risk_score")
    mapped.severity, mapped.source_severity = vocabulary.severity(word), word or risk
    value = number(risk)
    if not word and value is not None and value >= 0:
        found = (severity for top, severity in RISK if value < top)
        mapped.severity = next(found, "pending")


def _set_attack(mapped: Mapped, inner: dict[str, Any]) -> None:
    """From the rule's threat mapping, else from ECS's threat fields."""
    listed = at(inner, "kibana.alert.rule.threat") or at(inner, "kibana.alert.rule.parameters")
    threats = listed if isinstance(listed, list) else at(inner, "signal.rule.threat")
    for threat in threats if isinstance(threats, list) else [{}]:
        if isinstance(threat, dict):
            _add_threat(mapped, threat)
    if not mapped.tactics and not mapped.techniques:
        mapped.tactics = texts(at(inner, "threat.tactic.id") or at(inner, "threat.tactic.name"))
        mapped.techniques = [
            *texts(at(inner, "threat.technique.id")),
            *texts(at(inner, "threat.technique.subtechnique.id")),
        ]


def _add_threat(mapped: Mapped, threat: dict[str, Any]) -> None:
    mapped.tactics.append(said(threat, "tactic.id", "tactic.name"))
    techniques = threat.get("technique")
    for technique in techniques if isinstance(techniques, list) else []:
        if isinstance(technique, dict):
            mapped.techniques.append(said(technique, "id"))
            subs = technique.get("subtechnique")
            listed = subs if isinstance(subs, list) else []
            mapped.techniques += [said(sub, "id") for sub in listed if isinstance(sub, dict)]


def _set_entities(mapped: Mapped, inner: dict[str, Any]) -> None:
    host = said(inner, "host.name", "host.hostname", "agent.name")
    _entities.set_host(mapped, host, first(at(inner, "host.ip")), said(inner, "host.id"))
    user = said(inner, "user.name")
    _entities.set_user(mapped, user, said(inner, "user.email"), said(inner, "user.domain"))
    _entities.add(mapped, "source", ip=said(inner, "source.ip"))
    _entities.add(mapped, "destination", ip=said(inner, "destination.ip"))
    _entities.add(mapped, "domain", domain=said(inner, "dns.question.name", "url.domain"))
    _entities.add(mapped, "url", url=said(inner, "url.full", "url.original"))
    _entities.add(mapped, "actor", file_name=said(inner, "process.executable", "process.name"))
    for place in ("file", "process", "dll"):
        hashes = {name: said(inner, f"{place}.hash.{name}") for name in HASHES}
        path = said(inner, "file.path", "file.name") if place == "file" else ""
        _entities.add_file(mapped, path, **hashes)
