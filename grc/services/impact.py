"""The impact assessment of an incident: what it meant for whom. What is not known is left out."""

from typing import Any

from core.errors import BadInput
from core.texts import clean_text
from grc.vocabulary import IMPACTS

WORDS = ("confidentiality", "integrity", "availability")
COUNTS = ("people", "records", "duration_minutes")
KINDS = "data_kinds"
MOST = 2**53 - 1
MOST_KINDS = 50


def clean(value: object) -> dict[str, Any]:
    """An assessment as it is kept, refused by the name that is wrong; null empties it."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInput('Give {"confidentiality": "high", "people": 1200, …}.', field="impact")
    known = (*WORDS, *COUNTS, KINDS)
    unknown = [name for name in value if name not in known]
    if unknown:
        raise BadInput(f"'{unknown[0]}' is none of: {', '.join(known)}.", field="impact")
    given = {name: value[name] for name in known if value.get(name) is not None}
    return {name: _checked(name, each) for name, each in given.items()}


def told(assessment: dict[str, Any]) -> list[tuple[str, str]]:
    """Each name and value in words, in their order."""
    return [
        (name.replace("_", " ").capitalize(), _words(assessment[name]))
        for name in (*WORDS, *COUNTS, KINDS)
        if name in assessment
    ]


def _checked(name: str, value: Any) -> Any:
    if name in WORDS:
        if value not in IMPACTS:
            raise BadInput(f"{name} is one of: {', '.join(IMPACTS)}.", field="impact")
        return value
    if name in COUNTS:
        if type(value) is not int or not 0 <= value <= MOST:
            raise BadInput(f"{name} is a whole number, 0 or more.", field="impact")
        return value
    return _kinds(value)


def _kinds(value: Any) -> list[str]:
    texts = value if isinstance(value, list) else [None]
    if len(texts) > MOST_KINDS or not all(isinstance(t, str) and len(t) <= 200 for t in texts):
        raise BadInput(f"{KINDS} is a list of at most {MOST_KINDS} short texts.", field="impact")
    cleaned = [clean_text(str(text), field="impact") for text in texts]
    return list(dict.fromkeys(text for text in cleaned if text))


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
