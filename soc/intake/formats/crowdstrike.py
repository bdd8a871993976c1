"""CrowdStrike's event stream: {metadata, event}, detections among audits of all kinds."""

from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, cut, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, number, part, said, some, texts

NAME = "crowdstrike"
TITLE = "CrowdStrike Falcon event stream"
# What tells of a detection; every other type of event is an audit, a session or a state.
ALERTS = ("detection", "incidentsummary", "identityprotection", "ioa", "recon", "hashspreading")
OLD = "DetectionSummaryEvent"
OLD_SCALE = {
    "1": "informational",
    "2": "low",
    "3": "medium",
    "4": "high",
    "5": "critical",
}
# Below which each severity ends on the scale of 0 to 100.
SCALE = ((20, "informational"), (40, "low"), (60, "medium"), (80, "high"), (101, "critical"))
IDS = ("CompositeId", "DetectId", "DetectionId", "IncidentID", "IncidentId", "EventUUID")
ADDRESSES = ("LocalIP", "SourceEndpointIpAddress", "SourceEndpointAddressIP4", "HostIP")


def recognises(record: dict[str, Any]) -> bool:
    """Whether it is an event with metadata that name its type."""
    return "eventType" in part(record, "metadata") and isinstance(record.get("event"), dict)


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a detection; other events of the stream are skipped."""
    meta, event = part(record, "metadata"), part(record, "event")
    kind = said(meta, "eventType")
    if kind and not any(word in kind.lower() for word in ALERTS):
        return Skip(f"eventType {cut(kind, 50)}")
    name = said(event, "DetectName", "Name", "DetectionName", "IncidentDescription")
    mapped = Mapped(
        tool=NAME,
        title=name or said(event, "DetectDescription", "Description", "Objective"),
        description=said(event, "DetectDescription", "Description", "IncidentDescription"),
        category="identity" if kind.lower().startswith(("idp", "identity")) else "endpoint",
        source_id=said(event, *IDS),
        rule_key=said(event, "PatternId", "RuleId") or said(event, "DetectName", "Name"),
        rule_name=name,
        occurred=event.get("ProcessStartTime")
        or event.get("StartTime")
        or meta.get("eventCreationTime"),
        last_seen=meta.get("eventCreationTime"),
        metadata=facts(
            event_type=kind,
            offset=meta.get("offset"),
            customer=meta.get("customerIDString"),
            objective=event.get("Objective"),
            pattern=event.get("PatternDispositionDescription"),
            command_line=said(event, "CommandLine"),
            url=said(event, "FalconHostLink"),
        ),
    )
    _set_severity(mapped, kind, event)
    _set_attack(mapped, event)
    _set_entities(mapped, event)
    return finish(mapped, record, raw)


def _set_severity(mapped: Mapped, kind: str, event: dict[str, Any]) -> None:
    """The word counts; a number's scale depends on the type of the event."""
    word, figure = said(event, "SeverityName"), said(event, "Severity")
    mapped.severity, mapped.source_severity = vocabulary.severity(word), figure or word
    if mapped.severity == "pending":
        mapped.severity = OLD_SCALE.get(figure, "pending") if kind == OLD else _of_hundred(figure)


def _of_hundred(figure: str) -> str:
    value = number(figure)
    if value is None or value < 0:
        return "pending"
    return next((severity for top, severity in SCALE if value < top), "pending")


def _set_attack(mapped: Mapped, event: dict[str, Any]) -> None:
    """Ids where there are some, its own (CST…) too; else names."""
    listed = some(event, "MitreAttack")
    names = ("TacticID", "TacticId"), ("TechniqueID", "TechniqueId")
    mapped.tactics = [said(each, *names[0]) or said(each, "Tactic") for each in listed]
    mapped.techniques = [said(each, *names[1]) or said(each, "Technique") for each in listed]
    mapped.tactics += texts(event.get("TacticId") or event.get("Tactic"))
    mapped.techniques += texts(event.get("TechniqueId") or event.get("Technique"))
    mapped.tags = texts(event.get("Tags"))


def _set_entities(mapped: Mapped, event: dict[str, Any]) -> None:
    host = said(event, "ComputerName", "Hostname", "SourceEndpointHostName", "EndpointName")
    sensor = said(event, "SensorId", "AgentIdString", "AgentId")
    _entities.set_host(mapped, host, said(event, *ADDRESSES), sensor)
    user = said(event, "UserName", "SourceAccountName", "SourceAccountUpn")
    email = said(event, "SourceAccountUpn", "Email")
    _entities.set_user(mapped, user, email, said(event, "MachineDomain", "LogonDomain"))
    hashes = {
        "md5": said(event, "MD5String"),
        "sha1": said(event, "SHA1String"),
        "sha256": said(event, "SHA256String"),
    }
    _entities.add_file(mapped, said(event, "FileName"), **hashes)
    ioc = said(event, "IOCValue", "IocValue")
    for kind in ("domain", "ip") if "domain" in said(event, "IOCType", "IocType") else ():
        _entities.add(mapped, "other", **{kind: ioc})
    for seen in some(event, "NetworkAccesses"):
        _entities.add(mapped, "destination", ip=said(seen, "RemoteAddress"))
    for seen in some(event, "DnsRequests"):
        _entities.add(mapped, "domain", domain=said(seen, "DomainName"))
