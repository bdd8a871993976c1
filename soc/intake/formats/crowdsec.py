"""CrowdSec's alerts, as its notifications and its local API give them:
https://docs.crowdsec.net/docs/local_api/notification_plugins/http.
"""

from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, joined, part, said, some, texts

NAME = "crowdsec"
TITLE = "CrowdSec alerts"
MAX_EVENTS = 20  # whose meta are read for host, user and file
TARGETS = ("target_user", "user", "username")


def recognises(record: dict[str, Any]) -> bool:
    """Whether a scenario was met by a source, in a count of events."""
    return "scenario" in record and any(
        name in record for name in ("machine_id", "events_count", "scenario_hash", "start_at")
    )


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert. It has no id of its own: machine, scenario, source and start are one."""
    source, labels = part(record, "source"), part(record, "labels")
    scenario, value = said(record, "scenario"), said(source, "value") or said(source, "ip")
    severity = said(labels, "severity")
    mapped = Mapped(
        tool=NAME,
        title=scenario if not value else f"{scenario} by {value}" if scenario else "",
        description=said(record, "message"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        category="network",
        source_id=joined(said(record, "machine_id"), scenario, value, said(record, "start_at")),
        rule_key=scenario,
        rule_name=scenario,
        occurred=said(record, "start_at") or said(record, "created_at"),
        last_seen=said(record, "stop_at"),
        tactics=[],
        techniques=_techniques(labels),
        tags=texts(labels.get("behavior")),
        metadata=facts(
            machine=record.get("machine_id"),
            events_count=record.get("events_count"),
            scope=source.get("scope"),
            as_name=source.get("as_name"),
            country=source.get("cn"),
            simulated=record.get("simulated"),
            decisions=[said(each, "type") for each in some(record, "decisions")],
        ),
    )
    if said(source, "scope").lower() in {"", "ip"}:
        _entities.add(mapped, "source", ip=said(source, "ip") or value)
    _entities.add(mapped, "source", asn=said(source, "as_number"))
    for event in some(record, "events")[:MAX_EVENTS]:
        _add_event(mapped, _meta(event))
    return finish(mapped, record, raw)


def _techniques(labels: dict[str, Any]) -> list[str]:
    """`attack.T1110` of the scenario's classification."""
    found = (each.rpartition(".")[2] for each in texts(labels.get("classification")))
    return [each for each in found if each[:1] == "T"]


def _meta(event: dict[str, Any]) -> dict[str, Any]:
    """Meta is a list of keys with values."""
    return {said(each, "key"): each.get("value") for each in some(event, "meta")}


def _add_event(mapped: Mapped, meta: dict[str, Any]) -> None:
    _entities.set_host(mapped, said(meta, "machine", "target_fqdn"))
    _entities.set_user(mapped, said(meta, *TARGETS))
    _entities.add(mapped, "other", user_agent=said(meta, "http_user_agent"))
    _entities.add(mapped, "domain", domain=said(meta, "target_fqdn"))
