"""Wazuh's alerts: https://documentation.wazuh.com/current/user-manual/manager/alert-management.html."""

from collections.abc import Iterable
from typing import Any

from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, joined, number, part, said, texts
from soc.intake.formats._wrappers import apart, first_hit, unwrapped

NAME = "wazuh"
TITLE = "Wazuh alerts"
# The highest level of each severity, of 0 to 16.
LEVELS = ((3, "informational"), (6, "low"), (11, "medium"), (14, "high"), (16, "critical"))
CATEGORIES = (
    ("endpoint", ("syscheck", "rootcheck", "malware", "sysmon", "windows_defender", "audit")),
    ("identity", ("authentication", "pam", "sudo", "account")),
    ("network", ("firewall", "ids", "web", "nginx", "apache", "dns")),
    ("cloud", ("amazon", "aws", "azure", "gcp", "docker", "office365", "github")),
    ("compliance", ("sca", "vulnerability", "oscap", "policy")),
)


def recognises(record: dict[str, Any]) -> bool:
    """Whether it has a rule with a level, and the manager or agent that tells of it."""
    inner = unwrapped(first_hit(record))
    return "level" in part(inner, "rule") and any(
        name in inner for name in ("agent", "manager", "decoder", "full_log")
    )


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The hits of a search of the indexer, one by one."""
    return apart(record, "hits", "hits")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert, with or without the indexer's wrapper."""
    inner = unwrapped(first_hit(record))
    rule, data = part(inner, "rule"), part(inner, "data")
    level = said(rule, "level")
    mapped = Mapped(
        tool=NAME,
        title=said(rule, "description") or _numbered(said(rule, "id")),
        description=said(inner, "full_log"),
        severity=_severity(level),
        source_severity=level,
        category=_category(texts(rule.get("groups"))),
        source_id=_source_id(inner),
        rule_key=said(rule, "id"),
        rule_name=said(rule, "description"),
        occurred=said(inner, "timestamp", "@timestamp"),
        tactics=texts(part(rule, "mitre").get("tactic")),
        techniques=texts(part(rule, "mitre").get("id")),
        tags=texts(rule.get("groups")),
        metadata=facts(
            manager=said(inner, "manager.name"),
            decoder=said(inner, "decoder.name"),
            location=said(inner, "location"),
            agent_id=said(inner, "agent.id"),
            **{name: rule.get(name) for name in ("pci_dss", "gdpr", "hipaa", "nist_800_53", "tsc")},
        ),
    )
    agent = part(inner, "agent")
    _entities.set_host(mapped, said(agent, "name"), said(agent, "ip"), said(agent, "id"))
    _set_user(mapped, data)
    _add_sightings(mapped, inner, data)
    return finish(mapped, record, raw)


def _numbered(rule_id: str) -> str:
    return f"Wazuh rule {rule_id}" if rule_id else ""


def _severity(level: str) -> str:
    value = number(level)
    if value is None or value < 0:
        return "pending"
    return next((severity for top, severity in LEVELS if value <= top), "pending")


def _category(groups: list[str]) -> str:
    """The category whose word one of the rule's groups begins with."""
    named = (ours for ours, words in CATEGORIES if any(g.startswith(words) for g in groups))
    return next(named, "")


def _source_id(inner: dict[str, Any]) -> str:
    """An id is a manager's own: two of them may give the same."""
    own, manager = said(inner, "id"), said(inner, "manager.name")
    return joined(manager, own) or own


def _set_user(mapped: Mapped, data: dict[str, Any]) -> None:
    event = part(part(data, "win"), "eventdata")
    domain = said(event, "targetDomainName", "subjectDomainName")
    name = said(data, "dstuser", "srcuser", "user") or said(
        event, "targetUserName", "subjectUserName", "user"
    )
    _entities.set_user(mapped, name, domain=domain)


def _add_sightings(mapped: Mapped, inner: dict[str, Any], data: dict[str, Any]) -> None:
    event = part(part(data, "win"), "eventdata")
    source, destination = said(data, "srcip", "src_ip"), said(data, "dstip", "dest_ip")
    _entities.add(mapped, "source", ip=source or said(event, "ipAddress", "sourceIp"))
    _entities.add(mapped, "destination", ip=destination or said(event, "destinationIp"))
    _entities.add(mapped, "actor", account=said(data, "srcuser"))
    _entities.add(mapped, "url", url=said(data, "url"))
    _entities.add(mapped, "file", file_name=said(event, "image", "targetFilename"))
    checked = part(inner, "syscheck")
    hashes = {name: said(checked, f"{name}_after") for name in ("md5", "sha1", "sha256")}
    _entities.add_file(mapped, said(checked, "path"), **hashes)
