"""Verbs of the detection rule."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.services import counters
from core.texts import clean_text
from soc import attack
from soc.intake.finish import line
from soc.models import DetectionRule
from soc.services import fields
from soc.services.rule_links import SERIAL
from soc.vocabulary import SEVERITIES

CONFIGURE = "soc:configure"
TEXTS = (
    "name",
    "source_name",
    "source_rule_id",
    "severity",
    "run_frequency",
    "author",
    "documentation",
    "definition",
)
LISTS = ("mitre_tactics", "mitre_techniques", "mitre_subtechniques", "data_sources")
NULLABLE = ("source_rule_id", "severity", "run_frequency")
NAMES = {"name": "Untitled rule", "source_name": "manual"}
TELLING = (*TEXTS, *LISTS)  # a stub of which one of these was written is none any more
MAX_ITEMS = 100


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> DetectionRule:
    """A rule written down; `{}` is enough. A stub of the same tool and id becomes it; a rule that
    is known already is refused and named.
    """
    actor.require(CONFIGURE)
    clean = _clean(values)
    known = find(clean.get("source_name", NAMES["source_name"]), clean.get("source_rule_id"))
    if known is not None and known.is_stub:
        return _write(known, clean, actor=actor, note=note)
    if known is not None:
        raise _known_already(known)
    rule = DetectionRule(**clean, number=counters.next_serial(SERIAL))
    return _kept(rule, lambda: records.create(rule, actor=actor, note=note))


@audit.verb
def update(
    rule: DetectionRule, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> DetectionRule:
    """Change it. Alerts that are linked stay linked, also when its id at the tool changes."""
    actor.require(CONFIGURE)
    return _write(rule, _clean(values), actor=actor, note=note)


@audit.verb
def take(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> tuple[DetectionRule, str]:
    """A rule as its source has it now: `created` (a stub that becomes it counts so), `changed`, or
    `same` when nothing differs. It switches a known rule off, and never on again: people do that.
    """
    actor.require(CONFIGURE)
    clean = _clean(values)
    known = find(clean["source_name"], clean["source_rule_id"])
    if known is None:
        return create(values, actor=actor, note=note), "created"
    if not known.is_stub and clean.get("is_active"):
        del clean["is_active"]
    fresh = _write(known, clean, actor=actor, note=note)
    if known.is_stub:
        return fresh, "created"
    return fresh, "same" if fresh.version == known.version else "changed"


def delete(rule: DetectionRule, *, actor: Actor, note: str = "") -> DetectionRule:
    """Delete softly; refused while alerts hang on it. A rule that fired is switched off instead."""
    return records.delete(rule, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def restore(rule: DetectionRule, *, actor: Actor, note: str = "") -> DetectionRule:
    """Bring it back, unless its tool has a rule of that id again."""
    return _kept(rule, lambda: records.restore(rule, actor=actor, scope=CONFIGURE, note=note))


def find(source_name: str, source_rule_id: str | None) -> DetectionRule | None:
    """The rule that a tool knows under this id."""
    if not source_rule_id:
        return None
    same = DetectionRule.objects.filter(source_name=source_name, source_rule_id=source_rule_id)
    found: DetectionRule | None = same.first()
    return found


def _write(rule: DetectionRule, clean: dict[str, Any], *, actor: Actor, note: str) -> DetectionRule:
    fresh = records.lock(rule)
    if any(name in clean for name in TELLING):
        clean["is_stub"] = False
    return _kept(fresh, lambda: records.change(fresh, clean, actor=actor, note=note))


def _kept(rule: DetectionRule, write: Any) -> DetectionRule:
    """Write it, and name the rule that stands in the way."""
    try:
        with transaction.atomic():
            written: DetectionRule = write()
    except IntegrityError as error:
        other = find(rule.source_name, rule.source_rule_id)
        raise _known_already(other or rule) from error
    return written


def _known_already(rule: DetectionRule) -> Conflict:
    return Conflict(
        f"{rule.source_name} has a rule {rule.source_rule_id} here already: {rule.shown_id}. "
        "Change that one.",
        field="source_rule_id",
    )


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {name: _text(name, values[name]) for name in TEXTS if name in values}
    clean |= {name: _list(name, values[name]) for name in LISTS if values.get(name) is not None}
    if clean.get("severity") is not None:
        fields.one_of("severity", clean["severity"], SEVERITIES)
    if values.get("is_active") is not None:
        clean["is_active"] = bool(values["is_active"])
    if values.get("tags") is not None:
        clean["tags"] = records.clean_tags(values["tags"])
    return clean


def _text(name: str, value: Any) -> str | None:
    text = clean_text(value or "", field=name)
    if name in ("source_name", "source_rule_id"):  # as intake keeps them on alerts
        text = line(text)
    return text or NAMES.get(name) or (None if name in NULLABLE else "")


def _list(name: str, value: Any) -> list[str]:
    """Texts, once each; those of ATT&CK as it spells them."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadInput("Give a list of texts.", field=name)
    kept = [clean_text(item, field=name) for item in value]
    read = [_attack(name, item) if name.startswith("mitre_") else item for item in kept if item]
    if len(read) > MAX_ITEMS:
        raise BadInput(f"Give {MAX_ITEMS} at most.", field=name)
    return list(dict.fromkeys(read))


def _attack(name: str, item: str) -> str:
    if name == "mitre_tactics":
        return attack.tactic_id(item) or item
    wanted = attack.TECHNIQUE if name == "mitre_techniques" else attack.SUBTECHNIQUE
    if not wanted.fullmatch(item.upper()):
        example = "T1059" if name == "mitre_techniques" else "T1059.001"
        raise BadInput(f"'{item}' is no id of ATT&CK here. Write it as {example}.", field=name)
    return item.upper()
