"""GuardDuty's findings, plain or in EventBridge:
https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html.
"""

from collections.abc import Iterable
from typing import Any

from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, number, part, said, some
from soc.intake.formats._wrappers import apart, unwrapped

NAME = "guardduty"
TITLE = "Amazon GuardDuty findings"
# Below which each severity ends; a severity is 1.0 to 10.0.
SEVERITIES = ((4, "low"), (7, "medium"), (9, "high"), (10.01, "critical"))


def recognises(record: dict[str, Any]) -> bool:
    """Whether its type is a threat purpose with a resource, and a service saw it."""
    inner = _finding(record)
    kind = said(inner, "type")
    return ":" in kind and "/" in kind and isinstance(inner.get("service"), dict)


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The findings of an answer of the API, one by one."""
    return apart(record, "Findings")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a finding; the same id with a higher count is the same alert again."""
    inner = _finding(record)
    service = part(inner, "service")
    kind, severity = said(inner, "type"), said(inner, "severity")
    mapped = Mapped(
        tool=NAME,
        title=said(inner, "title") or kind,
        description=said(inner, "description"),
        severity=_severity(severity),
        source_severity=severity,
        category="cloud",
        source_id=said(inner, "id") or said(inner, "arn"),
        rule_key=kind,
        rule_name=kind,
        occurred=said(service, "eventFirstSeen") or said(inner, "createdAt"),
        last_seen=said(service, "eventLastSeen") or said(inner, "updatedAt"),
        tactics=[kind.partition(":")[0]] if ":" in kind else [],
        metadata=facts(
            account=said(inner, "accountId"),
            region=said(inner, "region"),
            count=service.get("count"),
            archived=service.get("archived"),
            detector=service.get("detectorId"),
            action=said(service, "action.actionType"),
        ),
    )
    _add_resource(mapped, part(inner, "resource"))
    _add_action(mapped, part(service, "action"))
    return finish(mapped, record, raw)


def _finding(record: dict[str, Any]) -> dict[str, Any]:
    """The finding with names as EventBridge writes them: the API's begin with a capital."""
    inner = unwrapped(record)
    listed = some(inner, "Findings")
    inner = listed[0] if listed else inner
    return _lowered(inner) if "Type" in inner and "Service" in inner else inner


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _lowered(inner) for name, inner in value.items()}
    return [_lowered(item) for item in value] if isinstance(value, list) else value


def _severity(text: str) -> str:
    value = number(text)
    if value is None or value < 1:
        return "pending"
    return next((severity for top, severity in SEVERITIES if value < top), "pending")


def _add_resource(mapped: Mapped, resource: dict[str, Any]) -> None:
    instance = part(resource, "instanceDetails")
    access = part(resource, "accessKeyDetails")
    address = next((said(each, "privateIpAddress") for each in _interfaces(instance)), "")
    _entities.set_host(mapped, said(instance, "instanceId"), address, said(instance, "instanceId"))
    _entities.set_user(mapped, said(access, "userName"))
    for bucket in some(resource, "s3BucketDetails"):
        _entities.add_asset(mapped, "bucket", said(bucket, "name", "arn"))
    named = (
        ("cluster", said(resource, "eksClusterDetails.name", "ecsClusterDetails.name")),
        ("function", said(resource, "lambdaDetails.functionName")),
        ("database", said(resource, "rdsDbInstanceDetails.dbInstanceIdentifier")),
        ("access key", said(access, "accessKeyId")),
    )
    for kind, label in named:
        _entities.add_asset(mapped, kind, label)
    for each in _interfaces(instance):
        _entities.add(mapped, "actor", ip=said(each, "publicIp"))


def _interfaces(instance: dict[str, Any]) -> list[dict[str, Any]]:
    return some(instance, "networkInterfaces")


def _add_action(mapped: Mapped, action: dict[str, Any]) -> None:
    for detail in action.values():
        if not isinstance(detail, dict):
            continue
        probes = some(detail, "portProbeDetails")
        for seen in (detail, *probes):
            _entities.add(mapped, "source", ip=said(seen, "remoteIpDetails.ipAddressV4"))
        _entities.add(mapped, "domain", domain=said(detail, "domain"))
