"""Splunk's alert webhook and the notable events of Enterprise Security:
https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks.
"""

import hashlib
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import (
    facts,
    first,
    is_kind_of_event,
    joined,
    part,
    plain,
    said,
    texts,
)

NAME = "splunk"
TITLE = "Splunk alerts and notable events"
NOTABLE = "@@notable@@"  # in the middle of the id of a notable event
# (type, role, names) of Splunk's Common Information Model.
FIELDS = (
    ("ip", "source", ("src_ip", "src")),
    ("ip", "destination", ("dest_ip", "dest")),
    ("domain", "domain", ("dest", "query", "url_domain")),
    ("hostname", "other", ("src", "dest", "dvc")),
    ("account", "actor", ("user", "src_user")),
    ("url", "url", ("url",)),
    ("file_name", "file", ("file_name", "file_path")),
    ("file_name", "actor", ("process_name", "process_path")),
)


def recognises(record: dict[str, Any]) -> bool:
    """Whether a saved search sends its result, or a notable event has a rule and an urgency."""
    webhook = "search_name" in record and ("result" in record or "sid" in record)
    notable = "urgency" in record and any(
        name in record for name in ("rule_name", "rule_title", "search_name")
    )
    return webhook or notable


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a search's result or a notable event."""
    event = part(record, "result") or record
    search = said(record, "search_name") or said(event, "search_name", "source")
    rule = said(event, "rule_name", "rule_title") or search
    severity = said(event, "urgency", "severity")
    mapped = Mapped(
        tool=NAME,
        title=said(event, "rule_title") or rule,
        description=said(event, "rule_description", "description", "_raw"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        category=vocabulary.category(said(event, "security_domain", "category")),
        source_id=_source_id(record, event),
        rule_key=search or rule,
        rule_name=rule,
        occurred=said(event, "orig_time", "_time", "time"),
        tactics=_listed(event, "annotations.mitre_attack.mitre_tactic", "mitre_tactic"),
        techniques=_listed(
            event,
            *("annotations.mitre_attack", "annotations.mitre_attack.mitre_technique_id"),
            *("mitre_technique_id", "mitre_technique"),
        ),
        tags=_listed(event, "tag", "tags"),
        metadata=facts(
            app=record.get("app"),
            owner=record.get("owner"),
            sid=record.get("sid"),
            url=record.get("results_link"),
            risk_score=said(event, "risk_score"),
            sourcetype=said(event, "sourcetype", "orig_sourcetype"),
        ),
    )
    _set_entities(mapped, event)
    return finish(mapped, record, raw)


def _source_id(record: dict[str, Any], event: dict[str, Any]) -> str:
    """The id of a notable event, `…@@notable@@…`; else that of the search and of its result, since
    one that fires for each of its results sends one `sid` with all of them. A result's `event_id`
    is that of its log: `4625` is a kind of event.
    """
    sid, notable = said(record, "sid"), said(event, "event_id", "notable_id")
    if NOTABLE in notable or not (sid or is_kind_of_event(notable)):
        return notable
    return joined(sid, hashlib.sha256(plain(event)).hexdigest()[:32])


def _listed(event: dict[str, Any], *names: str) -> list[str]:
    """A field of several values: a list, or lines of one text."""
    found = (texts(event.get(name)) for name in names)
    values = next(filter(None, found), [])
    return [line for value in values for line in value.splitlines()]


def _set_entities(mapped: Mapped, event: dict[str, Any]) -> None:
    host = said(event, "dest_host", "dest_nt_host", "dest", "dvc", "host")
    _entities.set_host(mapped, host, said(event, "dest_ip"))
    _entities.set_user(mapped, said(event, "user", "src_user"))
    for kind, role, names in FIELDS:
        for name in names:
            _entities.add(mapped, role, **{kind: first(event.get(name))})
    for name in ("md5", "sha1", "sha256", "file_hash"):
        for value in texts(event.get(name)):
            _entities.add_hash(
                mapped, {32: "md5", 40: "sha1", 64: "sha256"}.get(len(value), ""), value
            )
