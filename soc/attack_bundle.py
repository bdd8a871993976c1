"""A STIX 2.1 bundle of ATT&CK, as it is published: a pure function from bytes to what is kept."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from soc import attack

SOURCE = "mitre-attack"
KINDS = ("x-mitre-tactic", "attack-pattern")


class BundleError(Exception):
    """The file is no bundle of ATT&CK; the message says why."""


@dataclass(frozen=True, slots=True)
class Tactic:
    attack_id: str
    short_name: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Technique:
    """`tactics` are ids, in the order of the matrix."""

    attack_id: str
    name: str
    is_subtechnique: bool
    tactics: list[str]


@dataclass(slots=True)
class Bundle:
    """What a bundle holds. `skipped` counts what is no tactic and no technique, and what its
    authors have revoked or deprecated; `faults` say what could not be read.
    """

    version: str
    read: int = 0
    skipped: int = 0
    tactics: list[Tactic] = field(default_factory=list)
    techniques: list[Technique] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(content: bytes, *, version: str = "") -> Bundle:
    """The tactics and techniques of a bundle; BundleError when it is none. `version` names the
    edition where the bundle does not.
    """
    objects = _objects(content)
    bundle = Bundle(version or _version(objects), read=len(objects))
    if not bundle.version:
        raise BundleError("it names no version; give it with --edition")
    wanted = [each for each in objects if each.get("type") in KINDS and not _is_gone(each)]
    bundle.skipped = len(objects) - len(wanted)
    sound = [each for each in wanted if _is_sound(each, bundle)]
    bundle.tactics = _tactics(sound, _order(objects))
    columns = {tactic.short_name: tactic for tactic in bundle.tactics}
    bundle.techniques = [
        _technique(each, columns) for each in sound if each["type"] == "attack-pattern"
    ]
    if not bundle.techniques:
        raise BundleError("it holds no technique of ATT&CK")
    return bundle


def _objects(content: bytes) -> list[dict[str, Any]]:
    try:
        loaded = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BundleError(f"it is not JSON: {error}") from error
    objects = loaded.get("objects") if isinstance(loaded, dict) else None
    if not isinstance(objects, list) or loaded.get("type") != "bundle":
        raise BundleError("it is no STIX bundle")
    return [each if isinstance(each, dict) else {} for each in objects]


def _version(objects: list[dict[str, Any]]) -> str:
    """What the collection in the bundle says of itself."""
    found = (each.get("x_mitre_version") for each in objects if _is_collection(each))
    return next((text for text in found if isinstance(text, str)), "")


def _is_collection(each: dict[str, Any]) -> bool:
    return each.get("type") == "x-mitre-collection"


def _is_gone(each: dict[str, Any]) -> bool:
    return bool(each.get("revoked") or each.get("x_mitre_deprecated"))


def _order(objects: list[dict[str, Any]]) -> list[str]:
    """The STIX ids of the tactics as the matrix has them; [] where there is none."""
    matrices = (each.get("tactic_refs") for each in objects if each.get("type") == "x-mitre-matrix")
    return next((refs for refs in matrices if isinstance(refs, list)), [])


def _is_sound(each: dict[str, Any], bundle: Bundle) -> bool:
    """Whether it has an id of its kind, once, and a name; if not, that is told."""
    attack_id, name = _attack_id(each), each.get("name")
    told = f"{each['type']} {attack_id or each.get('id', 'without an id')}"
    pattern = attack.TECHNIQUE if not each.get("x_mitre_is_subtechnique") else attack.SUBTECHNIQUE
    named = isinstance(name, str) and bool(name.strip())
    if each["type"] == "x-mitre-tactic":
        sound = bool(attack_id) and isinstance(each.get("x_mitre_shortname"), str)
    else:
        sound = bool(pattern.fullmatch(attack_id))
    if not (sound and named):
        bundle.faults.append(f"{told}: it has no id or no name of ATT&CK")
    return sound and named


def _attack_id(each: dict[str, Any]) -> str:
    references = each.get("external_references")
    given = references if isinstance(references, list) else []
    found = [ref for ref in given if isinstance(ref, dict) and ref.get("source_name") == SOURCE]
    text = found[0].get("external_id") if found else ""
    return text if isinstance(text, str) else ""


def _tactics(objects: list[dict[str, Any]], order: list[str]) -> list[Tactic]:
    """In the order of the matrix; without one, in the order that ATT&CK has had."""
    known = list(attack.TACTICS)
    given = {_attack_id(each): each for each in objects if each["type"] == "x-mitre-tactic"}

    def place(attack_id: str) -> tuple[int, int, str]:
        stix = given[attack_id].get("id")
        own = order.index(stix) if stix in order else len(order)
        return own, known.index(attack_id) if attack_id in known else len(known), attack_id

    return [
        Tactic(attack_id, given[attack_id]["x_mitre_shortname"], given[attack_id]["name"], number)
        for number, attack_id in enumerate(sorted(given, key=place))
    ]


def _technique(each: dict[str, Any], columns: dict[str, Tactic]) -> Technique:
    phases = each.get("kill_chain_phases")
    given = phases if isinstance(phases, list) else []
    named = [phase.get("phase_name") for phase in given if isinstance(phase, dict)]
    tactics = [tactic.attack_id for name, tactic in columns.items() if name in named]
    is_sub = bool(each.get("x_mitre_is_subtechnique"))
    return Technique(_attack_id(each), each["name"], is_sub, tactics)
