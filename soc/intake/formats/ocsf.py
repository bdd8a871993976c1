"""OCSF findings, from the release candidates of 1.0 to 1.3: https://schema.ocsf.io."""

from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, cut, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, part, said, some, texts

NAME = "ocsf"
TITLE = "OCSF findings"
FINDINGS = "2"  # the category whose classes are findings: 2001, 2002, 2003, 2004 …
# Types of observables; the hash has its algorithm in its name or its length.
OBSERVABLES = {
    "1": ("hostname", "other"),
    "2": ("ip", "other"),
    "3": ("mac", "other"),
    "4": ("account", "actor"),
    "5": ("email", "actor"),
    "6": ("url", "url"),
    "7": ("file_name", "file"),
    "9": ("file_name", "actor"),
    "16": ("user_agent", "other"),
    "18": ("cve", "other"),
    "45": ("file_name", "file"),
}
HASH = "8"
LENGTHS = {32: "md5", 40: "sha1", 64: "sha256"}
CATEGORIES = {"2002": "compliance", "2003": "compliance"}


def recognises(record: dict[str, Any]) -> bool:
    """Whether it names its class and the version or product that wrote it."""
    return "class_uid" in record and any(
        name in record for name in ("metadata", "finding_info", "finding", "category_uid")
    )


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a finding; events of other classes are skipped."""
    kind = said(record, "class_uid")
    if kind and not kind.startswith(FINDINGS):
        return Skip(f"class_uid {cut(kind, 50)}")
    info = part(record, "finding_info") or part(record, "finding")
    analytic = part(info, "analytic") or part(record, "analytic")
    rule = said(analytic, "uid") or said(record, "metadata.event_code")
    mapped = Mapped(
        tool=NAME,
        title=said(info, "title") or said(record, "message") or said(analytic, "name"),
        description=said(info, "desc") or said(record, "message"),
        category=CATEGORIES.get(kind, "") or vocabulary.category(said(info, "types")),
        source_id=said(info, "uid") or said(record, "metadata.uid"),
        id_scope=said(record, "metadata.product.uid", "metadata.product.name"),
        rule_key=rule or said(analytic, "name"),
        rule_name=said(analytic, "name"),
        occurred=_time(record, info),
        last_seen=info.get("last_seen_time") or info.get("modified_time"),
        metadata=facts(
            product=said(record, "metadata.product.name"),
            vendor=said(record, "metadata.product.vendor_name"),
            version=said(record, "metadata.version"),
            class_uid=kind,
            activity=said(record, "activity_name", "activity_id"),
            status=said(record, "status", "status_id"),
            types=info.get("types"),
            confidence=said(record, "confidence", "confidence_id"),
        ),
    )
    _set_severity(mapped, record)
    _set_attack(mapped, record, info)
    _set_entities(mapped, record)
    _add_observables(mapped, some(record, "observables"))
    return finish(mapped, record, raw)


def _time(record: dict[str, Any], info: dict[str, Any]) -> Any:
    return record.get("time") or info.get("first_seen_time") or info.get("created_time")


def _set_severity(mapped: Mapped, record: dict[str, Any]) -> None:
    """The number counts; 0 is unknown and 99 is the tool's own word."""
    number, word = said(record, "severity_id"), said(record, "severity")
    mapped.severity = vocabulary.OCSF_SEVERITIES.get(number, "pending")
    mapped.source_severity = (word if number in {"", "0", "99"} else "") or number
    if not number:
        mapped.severity = vocabulary.severity(word)


def _set_attack(mapped: Mapped, record: dict[str, Any], info: dict[str, Any]) -> None:
    for attack in some(info, "attacks") + some(record, "attacks"):
        for tactic in some(attack, "tactic") + some(attack, "tactics"):
            mapped.tactics.append(said(tactic, "uid") or said(tactic, "name"))
        for name in ("technique", "sub_technique"):
            technique = part(attack, name)
            mapped.techniques.append(said(technique, "uid") or said(technique, "name"))
    chain = some(info, "kill_chain") + some(record, "kill_chain")
    mapped.kill_chain_phase = next((said(each, "phase") for each in chain), "")


def _set_entities(mapped: Mapped, record: dict[str, Any]) -> None:
    evidences = some(record, "evidences")
    for place in (record, *evidences):
        device, user = part(place, "device"), part(part(place, "actor"), "user")
        user = user or part(place, "user")
        name = said(device, "hostname") or said(device, "name")
        _entities.set_host(mapped, name, said(device, "ip"), said(device, "uid"))
        _entities.set_user(
            mapped, said(user, "name"), said(user, "email_addr"), said(user, "domain")
        )
        _entities.add(mapped, "source", ip=said(place, "src_endpoint.ip"))
        _entities.add(mapped, "destination", ip=said(place, "dst_endpoint.ip"))
    for resource in some(record, "resources") + some(record, "resource"):
        label = said(resource, "name") or said(resource, "uid")
        _entities.add_asset(mapped, said(resource, "type") or "resource", label)
    mapped.tags += texts(part(record, "metadata").get("labels"))


def _add_observables(mapped: Mapped, observables: list[dict[str, Any]]) -> None:
    for seen in observables:
        kind, value = said(seen, "type_id"), said(seen, "value")
        if kind == HASH:
            _entities.add_hash(mapped, LENGTHS.get(len(value), ""), value)
        elif kind in OBSERVABLES:
            name, role = OBSERVABLES[kind]
            _entities.add(mapped, role, **{name: value})
    _set_from(mapped, observables)


def _set_from(mapped: Mapped, observables: list[dict[str, Any]]) -> None:
    """Where no object names host and user, the first observables of their types do."""
    by_kind: dict[str, str] = {}
    for seen in observables:
        by_kind.setdefault(said(seen, "type_id"), said(seen, "value"))
    _entities.set_host(mapped, by_kind.get("1", ""))
    _entities.set_user(mapped, by_kind.get("4", ""), by_kind.get("5", ""))
