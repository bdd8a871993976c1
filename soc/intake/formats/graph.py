"""Microsoft Graph's alerts_v2: https://learn.microsoft.com/graph/api/resources/security-alert."""

from collections.abc import Iterable
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, part, said, some, texts
from soc.intake.formats._wrappers import apart

NAME = "graph"
TITLE = "Microsoft Graph alerts_v2"
IDENTITY_SOURCES = ("microsoftDefenderForIdentity", "azureAdIdentityProtection")
CATEGORIES = {
    "microsoftDefenderForEndpoint": "endpoint",
    "microsoftDefenderForCloudApps": "cloud",
    "microsoftDefenderForCloud": "cloud",
    **dict.fromkeys(IDENTITY_SOURCES, "identity"),
}


def recognises(record: dict[str, Any]) -> bool:
    """Whether it names the detector and the service, or the provider's own id."""
    inner = _alert(record)
    return ("detectorId" in inner and "serviceSource" in inner) or (
        "providerAlertId" in inner and "severity" in inner
    )


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The alerts of an answer of the API, one by one."""
    return apart(record, "value")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an alert; host and user come from its evidence."""
    inner = _alert(record)
    severity, service = said(inner, "severity"), said(inner, "serviceSource")
    mapped = Mapped(
        tool=NAME,
        title=said(inner, "title"),
        description=said(inner, "description"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        category=CATEGORIES.get(service, "") or vocabulary.category(said(inner, "category")),
        source_id=said(inner, "id") or said(inner, "providerAlertId"),
        rule_key=said(inner, "detectorId"),
        rule_name=said(inner, "title"),
        occurred=said(inner, "firstActivityDateTime") or said(inner, "createdDateTime"),
        last_seen=said(inner, "lastActivityDateTime"),
        tactics=texts(inner.get("category")),
        techniques=texts(inner.get("mitreTechniques")),
        tags=texts(inner.get("systemTags")),
        metadata=facts(
            service=service,
            provider_alert_id=inner.get("providerAlertId"),
            incident_id=inner.get("incidentId"),
            status=inner.get("status"),
            classification=inner.get("classification"),
            determination=inner.get("determination"),
            threat=said(inner, "threatDisplayName", "threatFamilyName"),
            url=inner.get("alertWebUrl"),
        ),
    )
    for evidence in some(inner, "evidence"):
        _add_evidence(mapped, evidence)
    return finish(mapped, record, raw)


def _alert(record: dict[str, Any]) -> dict[str, Any]:
    listed = some(record, "value")
    return listed[0] if listed else record


def _add_evidence(mapped: Mapped, evidence: dict[str, Any]) -> None:
    """One object, by the type that it says it is; others are left to the texts."""
    read = READERS.get(said(evidence, "@odata.type").rpartition(".")[2])
    if read:
        read(mapped, evidence)


def _device(mapped: Mapped, evidence: dict[str, Any]) -> None:
    name = said(evidence, "deviceDnsName", "hostName")
    address = said(evidence, "lastIpAddress") or next(iter(texts(evidence.get("ipInterfaces"))), "")
    label = said(evidence, "mdeDeviceId", "azureAdDeviceId")
    if mapped.host_name:
        _entities.add_asset(mapped, "host", name or address)
    _entities.set_host(mapped, name, address, label)
    for account in some(evidence, "loggedOnUsers"):
        _entities.add(mapped, "actor", account=said(account, "accountName"))


def _user(mapped: Mapped, evidence: dict[str, Any]) -> None:
    account = part(evidence, "userAccount")
    name, email = said(account, "accountName"), said(account, "userPrincipalName")
    if mapped.user_name:
        _entities.add_asset(mapped, "user", name or email)
    _entities.set_user(mapped, name, email, said(account, "domainName"))


def _ip(mapped: Mapped, evidence: dict[str, Any]) -> None:
    _entities.add(mapped, "source", ip=said(evidence, "ipAddress"))


def _url(mapped: Mapped, evidence: dict[str, Any]) -> None:
    _entities.add(mapped, "url", url=said(evidence, "url"))


def _file(mapped: Mapped, evidence: dict[str, Any]) -> None:
    for details in (part(evidence, "fileDetails"), part(evidence, "imageFile")):
        hashes = {name: said(details, name) for name in ("md5", "sha1", "sha256")}
        _entities.add_file(mapped, said(details, "fileName"), **hashes)


def _mailbox(mapped: Mapped, evidence: dict[str, Any]) -> None:
    _entities.add(mapped, "recipient", email=said(evidence, "primaryAddress"))
    _entities.add_asset(mapped, "mailbox", said(evidence, "primaryAddress"))


def _message(mapped: Mapped, evidence: dict[str, Any]) -> None:
    _entities.add(mapped, "sender", email=said(evidence, "p1Sender.emailAddress"))
    _entities.add(mapped, "sender", email=said(evidence, "p2Sender.emailAddress"))
    _entities.add(mapped, "sender", ip=said(evidence, "senderIp"))
    _entities.add(mapped, "recipient", email=said(evidence, "recipientEmailAddress"))


READERS = {
    "deviceEvidence": _device,
    "userEvidence": _user,
    "ipEvidence": _ip,
    "urlEvidence": _url,
    "fileEvidence": _file,
    "processEvidence": _file,
    "mailboxEvidence": _mailbox,
    "analyzedMessageEvidence": _message,
}
