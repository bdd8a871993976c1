"""Alertmanager's webhook, version 4:
https://prometheus.io/docs/alerting/latest/configuration/#webhook_config.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from soc.intake import times, vocabulary
from soc.intake.drafts import AlertDraft, Fault, Signal, Skip
from soc.intake.finish import Mapped, finish, identity_of
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, joined, part, plain, said, some
from soc.intake.formats._wrappers import apart

NAME = "alertmanager"
TITLE = "Prometheus Alertmanager webhook"
HOSTS = ("host", "hostname", "nodename", "node", "instance")
OBJECTS = ("pod", "namespace", "container", "service", "deployment", "cluster", "job")


def recognises(record: dict[str, Any]) -> bool:
    """Whether it is a group with its alerts, or one alert with labels and a start."""
    group = isinstance(record.get("alerts"), list) and any(
        name in record for name in ("groupLabels", "groupKey", "commonLabels", "receiver")
    )
    return group or (isinstance(record.get("labels"), dict) and "startsAt" in record)


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Each alert of the group, one by one."""
    return apart(record, "alerts")


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Signal | Skip | Fault:
    """Map a firing alert; a resolved one resolves the alert of its fingerprint and start."""
    if record.get("alerts") == []:
        return Skip("a group without alerts")
    inner = next(iter(some(record, "alerts")), record)
    source_id = _source_id(inner)
    if said(inner, "status").lower() == "resolved" and source_id:
        return Signal("resolve", NAME, identity_of(source_id).key)
    labels, notes = part(inner, "labels"), part(inner, "annotations")
    severity = said(labels, "severity", "priority")
    mapped = Mapped(
        tool=NAME,
        title=said(notes, "summary", "title") or said(labels, "alertname"),
        description=said(notes, "description", "message", "summary"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        category=vocabulary.category(said(labels, "category")),
        source_id=source_id,
        rule_key=said(labels, "alertname"),
        rule_name=said(labels, "alertname"),
        occurred=said(inner, "startsAt"),
        metadata=facts(
            receiver=record.get("receiver"),
            fingerprint=inner.get("fingerprint"),
            generator_url=inner.get("generatorURL"),
            runbook_url=said(notes, "runbook_url"),
            team=said(labels, "team"),
        ),
    )
    _entities.set_host(mapped, _without_port(said(labels, *HOSTS)))
    _entities.set_user(mapped, said(labels, "user", "username"))
    for name in OBJECTS:
        _entities.add_asset(mapped, name, said(labels, name))
    return finish(mapped, record, raw)


def _source_id(inner: dict[str, Any]) -> str:
    """Fingerprint and start, whatever zone or digits the start is written with."""
    labels, start = part(inner, "labels"), said(inner, "startsAt")
    print_ = said(inner, "fingerprint")
    if not print_ and labels:
        print_ = hashlib.sha256(plain(labels)).hexdigest()[:16]
    moment = times.parse(start)
    return joined(print_, moment.at.isoformat() if moment else start)


def _without_port(instance: str) -> str:
    """`web-01` of `web-01:9100`; an address in brackets loses them."""
    head, colon, port = instance.rpartition(":")
    if colon and port.isdigit() and (":" not in head or head.startswith("[")):
        return head.strip("[]")
    return instance
