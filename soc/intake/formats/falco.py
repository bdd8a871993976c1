"""Falco's JSON output: https://falco.org/docs/outputs/formatting/."""

from typing import Any

from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities
from soc.intake.formats._values import facts, part, said, texts
from soc.intake.formats._wrappers import unwrapped

NAME = "falco"
TITLE = "Falco alerts"
SEVERITIES = {
    "emergency": "critical",
    "alert": "critical",
    "critical": "critical",
    "error": "high",
    "warning": "medium",
    "notice": "low",
    "informational": "informational",
    "info": "informational",
    "debug": "informational",
}


def recognises(record: dict[str, Any]) -> bool:
    """Whether it has a rule, a priority and the fields of its output."""
    inner = unwrapped(record)
    return isinstance(inner.get("rule"), str) and "priority" in inner and "output_fields" in inner


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map an event of a rule."""
    inner = unwrapped(record)
    seen, priority = part(inner, "output_fields"), said(inner, "priority")
    tags = texts(inner.get("tags"))
    mapped = Mapped(
        tool=NAME,
        title=said(inner, "rule") or said(inner, "output"),
        description=said(inner, "output"),
        severity=SEVERITIES.get(priority.lower(), "pending"),
        source_severity=priority,
        category="cloud" if said(seen, "k8s.pod.name") or "k8s" in tags else "endpoint",
        source_id=said(inner, "uuid"),
        rule_key=said(inner, "rule"),
        rule_name=said(inner, "rule"),
        occurred=inner.get("time") or seen.get("evt.time"),
        tactics=[tag.removeprefix("mitre_") for tag in tags if tag.startswith("mitre_")],
        techniques=[tag for tag in tags if tag[:1] == "T" and tag[1:5].isdigit()],
        tags=tags,
        metadata=facts(
            source=inner.get("source"),
            container=said(seen, "container.id"),
            image=said(seen, "container.image.repository", "container.image"),
            command_line=said(seen, "proc.cmdline"),
            parent=said(seen, "proc.pname"),
        ),
    )
    _entities.set_host(mapped, said(inner, "hostname") or said(seen, "evt.hostname"))
    _entities.set_user(mapped, said(seen, "user.name", "ka.user.name"))
    _add_assets(mapped, seen)
    _add_sightings(mapped, seen)
    return finish(mapped, record, raw)


def _add_assets(mapped: Mapped, seen: dict[str, Any]) -> None:
    named = (
        ("pod", said(seen, "k8s.pod.name", "ka.target.name")),
        ("namespace", said(seen, "k8s.ns.name", "ka.target.namespace")),
        ("container", said(seen, "container.name", "container.id")),
    )
    for kind, label in named:
        _entities.add_asset(mapped, kind, "" if label == "host" else label)


def _add_sightings(mapped: Mapped, seen: dict[str, Any]) -> None:
    _entities.add(mapped, "source", ip=said(seen, "fd.cip", "fd.sip", "evt.arg.src"))
    _entities.add(mapped, "destination", ip=said(seen, "fd.rip", "fd.sip"))
    _entities.add(mapped, "actor", file_name=said(seen, "proc.exepath", "proc.name"))
    name = said(seen, "fd.name", "fs.path.name")
    _entities.add(mapped, "file", file_name=name if name.startswith("/") else "")
