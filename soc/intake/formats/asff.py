"""Findings of AWS Security Hub:
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html.
"""

from collections.abc import Iterable
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, number, part, said, some, texts
from soc.intake.formats._wrappers import apart, unwrapped

NAME = "asff"
TITLE = "AWS Security Hub findings (ASFF)"
# The highest Normalized value of each label, as Security Hub derives one from the other.
NORMALIZED = ((0, "informational"), (39, "low"), (69, "medium"), (89, "high"), (100, "critical"))
CATEGORIES = {
    "Software and Configuration Checks": "compliance",
    "Unusual Behaviors": "endpoint",
}


def recognises(record: dict[str, Any]) -> bool:
    """Whether it names the product that found it and the rule that made it."""
    inner = _finding(record)
    return "ProductArn" in inner and ("GeneratorId" in inner or "AwsAccountId" in inner)


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """EventBridge's event and the API's answer hold several findings."""
    if isinstance(record.get("detail"), dict):
        return apart(record, "detail", "findings")
    return apart(record, "Findings")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a finding; the same Id of the same product is the same alert again."""
    inner = _finding(record)
    types = texts(inner.get("Types"))
    mapped = Mapped(
        tool=NAME,
        title=said(inner, "Title") or said(inner, "GeneratorId"),
        description=said(inner, "Description"),
        category=_category(types),
        source_id=said(inner, "Id"),
        id_scope=said(inner, "ProductArn"),
        rule_key=said(inner, "GeneratorId"),
        rule_name=said(inner, "Title"),
        occurred=said(inner, "FirstObservedAt") or said(inner, "CreatedAt"),
        last_seen=said(inner, "LastObservedAt") or said(inner, "UpdatedAt"),
        tactics=[_after(each, "TTPs") for each in types if each.startswith("TTPs/")],
        tags=types,
        metadata=facts(
            product=said(inner, "ProductName", "ProductArn"),
            account=said(inner, "AwsAccountId"),
            region=said(inner, "Region"),
            workflow_status=said(inner, "Workflow.Status"),
            record_state=inner.get("RecordState"),
            compliance=said(inner, "Compliance.Status"),
            types=types,
        ),
    )
    _set_severity(mapped, part(inner, "Severity"))
    _add_resources(mapped, some(inner, "Resources"))
    _add_network(mapped, inner)
    return finish(mapped, record, raw)


def _finding(record: dict[str, Any]) -> dict[str, Any]:
    inner = unwrapped(record)
    listed = some(inner, "findings") or some(inner, "Findings")
    return listed[0] if listed else inner


def _after(text: str, head: str) -> str:
    """`Initial Access` of `TTPs/Initial Access/…`."""
    return text.removeprefix(f"{head}/").partition("/")[0]


def _category(types: list[str]) -> str:
    return next((CATEGORIES.get(each.partition("/")[0], "") for each in types), "") or "cloud"


def _set_severity(mapped: Mapped, severity: dict[str, Any]) -> None:
    """The label counts; old findings have the number only."""
    label, normalised = said(severity, "Label"), said(severity, "Normalized")
    mapped.severity = vocabulary.severity(label)
    mapped.source_severity = label or normalised or said(severity, "Original")
    value = number(normalised)
    if not label and value is not None and value >= 0:
        found = (word for top, word in NORMALIZED if value <= top)
        mapped.severity = next(found, "pending")


def _add_resources(mapped: Mapped, resources: list[dict[str, Any]]) -> None:
    for resource in resources:
        label, kind = said(resource, "Id"), said(resource, "Type")
        details = part(resource, "Details")
        if kind == "AwsEc2Instance":
            addresses = texts(part(details, kind).get("IpV4Addresses"))
            name = label.rpartition("/")[2]
            _entities.set_host(mapped, name, next(iter(addresses), ""), label)
        elif kind in {"AwsIamUser", "AwsIamAccessKey"}:
            name = said(part(details, kind), "UserName", "PrincipalName")
            _entities.set_user(mapped, name or label.rpartition("/")[2])
        _entities.add_asset(mapped, kind or "resource", label)


def _add_network(mapped: Mapped, inner: dict[str, Any]) -> None:
    network = part(inner, "Network")
    _entities.add(mapped, "source", ip=said(network, "SourceIpV4", "SourceIpV6"))
    _entities.add(mapped, "destination", ip=said(network, "DestinationIpV4", "DestinationIpV6"))
    _entities.add(mapped, "domain", domain=said(network, "SourceDomain", "DestinationDomain"))
    remote = said(inner, "Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4")
    _entities.add(mapped, "source", ip=remote)
    for each in some(inner, "ThreatIntelIndicators"):
        _entities.add_hash(mapped, said(each, "Type").removeprefix("HASH_"), said(each, "Value"))
