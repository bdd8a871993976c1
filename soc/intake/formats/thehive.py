"""TheHive's alerts, as its API takes and its webhooks send them: https://docs.strangebee.com."""

from typing import Any

from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, cut, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, joined, said, some, texts
from soc.intake.formats._wrappers import unwrapped

NAME = "thehive"
TITLE = "TheHive alerts"
SEVERITIES = {"1": "low", "2": "medium", "3": "high", "4": "critical"}
# TLP 2.0's words by TheHive's numbers.
TLP = {"0": "clear", "1": "green", "2": "amber", "3": "amber+strict", "4": "red"}
PAP = {"0": "clear", "1": "green", "2": "amber", "3": "red"}
TYPES = {
    "ip": ("ip", "other"),
    "domain": ("domain", "domain"),
    "fqdn": ("domain", "domain"),
    "hostname": ("hostname", "other"),
    "url": ("url", "url"),
    "uri_path": ("url", "url"),
    "mail": ("email", "actor"),
    "filename": ("file_name", "file"),
    "user-agent": ("user_agent", "other"),
    "registry": ("registry_key", "other"),
    "autonomous-system": ("asn", "other"),
    "user": ("account", "actor"),
    "username": ("account", "actor"),
    "mac": ("mac", "other"),
}
LENGTHS = {32: "md5", 40: "sha1", 64: "sha256"}


def recognises(record: dict[str, Any]) -> bool:
    """Whether it has the three parts of an alert's identity."""
    inner = unwrapped(record)
    return all(name in inner for name in ("type", "source", "sourceRef"))


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert; type, source and reference are its identity."""
    kind = said(record, "objectType").lower()
    if kind and kind != "alert" and isinstance(record.get("object"), dict):
        return Skip(f"objectType {cut(kind, 50)}")
    inner = unwrapped(record)
    severity, tags = said(inner, "severity"), texts(inner.get("tags"))
    mapped = Mapped(
        tool=NAME,
        title=said(inner, "title"),
        description=said(inner, "description"),
        severity=SEVERITIES.get(severity, "pending"),
        source_severity=severity,
        category=said(inner, "type"),
        source_id=joined(*(said(inner, name) for name in ("type", "source", "sourceRef"))),
        rule_key=said(inner, "type"),
        occurred=inner.get("date") or inner.get("_createdAt") or inner.get("createdAt"),
        techniques=[each for tag in tags if (each := _technique(tag))],
        tags=tags,
        metadata=facts(
            source=inner.get("source"),
            tlp=TLP.get(said(inner, "tlp"), said(inner, "tlp")),
            pap=PAP.get(said(inner, "pap"), said(inner, "pap")),
            url=said(inner, "externalLink"),
        ),
    )
    for seen in some(inner, "observables") + some(inner, "artifacts"):
        _add_observable(mapped, said(seen, "dataType").lower(), said(seen, "data"))
    return finish(mapped, record, raw)


def _technique(tag: str) -> str:
    """`T1059.001` of `attack.t1059.001`, `mitre:T1059.001` and itself."""
    word = tag.replace("attack.", "").rpartition(":")[2].rpartition("=")[2].strip('"')
    return word.upper() if word[:1] in "Tt" and word[1:5].isdigit() else ""


def _add_observable(mapped: Mapped, kind: str, value: str) -> None:
    if kind == "hash":
        _entities.add_hash(mapped, LENGTHS.get(len(value), ""), value)
    elif kind in TYPES:
        name, role = TYPES[kind]
        _entities.add(mapped, role, **{name: value})
    if kind in {"hostname", "fqdn"}:
        _entities.set_host(mapped, value)
    elif kind in {"user", "username"}:
        _entities.set_user(mapped, value)
