"""Suricata's EVE log: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html."""

from typing import Any

from soc.intake.drafts import AlertDraft, Asset, Fault, Skip
from soc.intake.finish import Mapped, cut, finish
from soc.intake.formats import _eve
from soc.intake.formats._eve_text import describe
from soc.intake.formats._values import part, text
from soc.intake.normalise import is_inside, normalise

NAME = "suricata"
TITLE = "Suricata EVE"
# The priority of a classification, 1 the worst; Suricata knows no "critical".
SEVERITIES = {"1": "high", "2": "medium", "3": "low", "4": "informational"}

SIDES = (("source", "src"), ("destination", "dest"))


def recognises(record: dict[str, Any]) -> bool:
    """Whether this is an EVE event of any type: it carries an object named after its type."""
    kind = record.get("event_type")
    return (
        isinstance(kind, str) and "timestamp" in record and ("flow_id" in record or kind in record)
    )


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert; other events of the same file are skipped."""
    kind = text(record.get("event_type"))
    alert = record.get("alert")
    if kind and kind != "alert":
        return Skip(f"event_type {cut(kind, 50)}")
    if not isinstance(alert, dict):
        return Fault("no alert object: not an EVE alert")
    rule = _rule_key(alert)
    mapped = Mapped(
        tool=NAME,
        title=text(alert.get("signature")) or (f"Suricata rule {rule}" if rule else ""),
        description=describe(record, alert, rule),
        category="network",
        source_id=_source_id(record, rule),
        rule_key=rule,
        rule_name=text(alert.get("signature")),
        occurred=record.get("timestamp"),
        sightings=_eve.sightings(record),
        metadata=_facts(record, alert),
    )
    _set_severity(mapped, alert)
    _set_attack(mapped, alert)
    _set_host(mapped, record, alert)
    _set_user(mapped, record)
    return finish(mapped, record, raw)


def _rule_key(alert: dict[str, Any]) -> str:
    """gid:sid; the revision changes without the rule becoming another."""
    sid = text(alert.get("signature_id"))
    return f"{text(alert.get('gid')) or '1'}:{sid}" if sid else ""


def _source_id(record: dict[str, Any], rule: str) -> str:
    """EVE has no id of its own; flow, rule and time together are one."""
    flow, at = text(record.get("flow_id")), text(record.get("timestamp"))
    return f"{flow}:{rule}:{at}" if flow and rule and at else ""


def _set_severity(mapped: Mapped, alert: dict[str, Any]) -> None:
    number = text(alert.get("severity"))
    word = next(iter(_eve.metadata(alert, "signature_severity")), "")
    mapped.severity, mapped.source_severity = SEVERITIES.get(number, "pending"), number
    if word.lower() == "critical":
        mapped.severity, mapped.source_severity = "critical", word


def _set_attack(mapped: Mapped, alert: dict[str, Any]) -> None:
    names = [name.replace("_", " ") for name in _eve.metadata(alert, "mitre_tactic_name")]
    mapped.tactics = _eve.metadata(alert, "mitre_tactic_id") or names
    mapped.techniques = _eve.metadata(alert, "mitre_technique_id")
    mapped.tags = _eve.metadata(alert, "tag") + _eve.metadata(alert, "malware_family")


def _set_host(mapped: Mapped, record: dict[str, Any], alert: dict[str, Any]) -> None:
    """The host is our side: the rule's own target, else the private end of the connection."""
    ends = {role: normalise("ip", text(record.get(f"{side}_ip"))) for role, side in SIDES}
    target = normalise("ip", text(part(alert, "target").get("ip")))
    for role in _serving_first(record):
        address = ends[role]
        if address and (address == target if target else is_inside(address)):
            mapped.host = {"ip": address, "role": role}
            mapped.host_name = address
            mapped.assets = [Asset(type="host", id=None, label=address)]
            return


def _serving_first(record: dict[str, Any]) -> tuple[str, str]:
    """Where both ends are private the host is the one that serves: that of the lower port.

    A rule on the answer of a server has the server as its source.
    """
    source, destination = record.get("src_port"), record.get("dest_port")
    if isinstance(source, int) and isinstance(destination, int) and source < destination:
        return "source", "destination"
    return "destination", "source"


def _set_user(mapped: Mapped, record: dict[str, Any]) -> None:
    logon = part(part(record, "smb"), "ntlmssp")
    name = text(logon.get("user")) or text(part(record, "krb5").get("cname"))
    if known := normalise("account", name):
        mapped.user = {"name": name}
        mapped.user_name = known


def _facts(record: dict[str, Any], alert: dict[str, Any]) -> dict[str, Any]:
    """Facts an analyst filters or reads by that have no field of their own."""
    found = {
        "rev": alert.get("rev"),
        "action": alert.get("action"),
        "classification": alert.get("category"),
        "protocol": record.get("proto"),
        "app_protocol": record.get("app_proto"),
        "sensor": record.get("host"),
        "flow_id": record.get("flow_id"),
    }
    return {name: cut(text(value), 255) for name, value in found.items() if text(value)}
