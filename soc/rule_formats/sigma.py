"""Sigma: rules as YAML, one or several documents to a file (Sigma rules specification 2)."""

from typing import Any

from soc import attack
from soc.rule_formats import _yaml
from soc.rule_formats._yaml import YamlError
from soc.rule_formats.drafts import RuleDraft, RuleFault

LEVELS = ("informational", "low", "medium", "high", "critical")
OFF = ("deprecated", "unsupported")
STATUSES = ("stable", "test", "experimental", *OFF)
MAX_NAME = 255
MAX_ITEMS = 100

__all__ = ["YamlError", "parse"]


def parse(content: bytes) -> list[RuleDraft | RuleFault]:
    """The rules of a file, in order. A document with `action: global` is the beginning of every
    one after it; YamlError when the file cannot be read whole.
    """
    base: dict[str, Any] = {}
    found: list[RuleDraft | RuleFault] = []
    for document in _yaml.documents(content):
        if not isinstance(document, dict):
            found.append(RuleFault("not a rule: a document is no mapping"))
        elif document.get("action") == "global":
            base = {name: value for name, value in document.items() if name != "action"}
        else:
            found.append(_rule(base | document))
    return found


def _rule(document: dict[str, Any]) -> RuleDraft | RuleFault:
    fault = _fault(document)
    if fault:
        return RuleFault(fault)
    techniques, subtechniques, tactics, others = _tags(_texts(document.get("tags")))
    wanted = "detection" if "detection" in document else "correlation"
    return RuleDraft(
        name=_line(document["title"]),
        source_rule_id=_line(document["id"]),
        severity=_line(document.get("level")).lower() or None,
        is_active=_line(document.get("status")).lower() not in OFF,
        mitre_tactics=tactics,
        mitre_techniques=techniques,
        mitre_subtechniques=subtechniques,
        data_sources=_data_sources(document.get("logsource")),
        author=_line(document.get("author")),
        documentation=_documentation(document),
        definition=_yaml.text_of({wanted: document[wanted]}),
        tags=others,
    )


def _fault(document: dict[str, Any]) -> str | None:
    """Why this is no rule that can be kept; None when it is one."""
    for name in ("title", "id"):
        if not _line(document.get(name)):
            return f"no {name}"
        if len(_line(document[name])) > MAX_NAME:
            return f"the {name} is longer than {MAX_NAME} characters"
    if not document.get("detection") and not document.get("correlation"):
        return "no detection"
    level, status = (_line(document.get(name)).lower() for name in ("level", "status"))
    if level and level not in LEVELS:
        return f"the level '{level[:40]}' is none of: {', '.join(LEVELS)}"
    if status and status not in STATUSES:
        return f"the status '{status[:40]}' is none of: {', '.join(STATUSES)}"
    return None


def _tags(tags: list[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Techniques, sub-techniques and tactics of ATT&CK, and the other tags."""
    techniques, subtechniques, tactics, others = [], [], [], []
    for tag in tags:
        word = tag[7:] if tag.lower().startswith("attack.") else ""
        if attack.TECHNIQUE.fullmatch(word.upper()):
            techniques.append(word.upper())
        elif attack.SUBTECHNIQUE.fullmatch(word.upper()):
            subtechniques.append(word.upper())
        elif tactic := attack.tactic_id(word):
            tactics.append(tactic)
        else:
            others.append(tag[:200])
    return techniques, subtechniques, tactics, others


def _data_sources(logsource: Any) -> list[str]:
    """`product: windows`, `category: process_creation` … as texts."""
    given = logsource if isinstance(logsource, dict) else {}
    named = ((name, _line(given.get(name))) for name in ("product", "service", "category"))
    return [f"{name}: {text[:MAX_NAME]}" for name, text in named if text]


def _documentation(document: dict[str, Any]) -> str:
    description = document.get("description")
    parts = [description.strip()] if isinstance(description, str) else []
    for title, name in (("False positives", "falsepositives"), ("References", "references")):
        lines = _texts(document.get(name))
        if lines:
            parts.append("\n".join([f"{title}:", *(f"- {line}" for line in lines)]))
    return "\n\n".join(part for part in parts if part)


def _texts(value: Any) -> list[str]:
    """A list of texts, or one text as such a list; anything else is left out."""
    given = value if isinstance(value, list) else [value]
    return [_line(each) for each in given if _line(each)][:MAX_ITEMS]


def _line(value: Any) -> str:
    """A text without breaks and doubled blanks; '' for everything that is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""
