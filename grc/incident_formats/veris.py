"""VERIS, as the VERIS Community Database writes it. Versions of the schema are mixed."""

from collections.abc import Iterator
from typing import Any

from core import strictjson
from grc.incident_formats.drafts import Fault, IncidentDraft, Skip

RATINGS = {
    "insignificant": "low",
    "distracting": "low",
    "painful": "medium",
    "damaging": "high",
    "catastrophic": "critical",
}
DISCLOSED = {"yes": "high", "potentially": "medium", "no": "none"}
MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080}
NO_INCIDENTS = {"false positive", "near miss"}
LONGEST_TITLE = 200
ACTIONS = ("malware", "hacking", "social", "misuse", "physical", "error", "environmental")


def records(body: bytes) -> Iterator[Any]:
    """The records of a file: one object, or an array of them."""
    loaded = strictjson.loads(body)
    yield from loaded if isinstance(loaded, list) else [loaded]


def draft(record: Any) -> IncidentDraft:
    """One record as a draft; Skip for what is no incident, Fault for what cannot be read."""
    if not isinstance(record, dict):
        raise Fault("This is no object.")
    state = str(record.get("security_incident") or "").lower()
    if state in NO_INCIDENTS:
        raise Skip(f"security_incident is {state}")
    key = _text(record.get("incident_id")) or _text(_part(record, "plus").get("master_id"))
    if not key:
        raise Fault("It has neither incident_id nor plus.master_id.")
    summary = _text(record.get("summary"))
    rated = _part(record, "impact")
    actions = [name for name in ACTIONS if name in _part(record, "action")]
    return IncidentDraft(
        key=f"veris:{key}",
        title=(summary.splitlines() or [f"VERIS {key}"])[0][:LONGEST_TITLE],
        description=summary,
        category=", ".join(actions) or None,
        severity=RATINGS.get(str(rated.get("overall_rating") or "").lower(), "medium"),
        financial_impact=_dollars(rated),
        impact=_impact(_part(record, "attribute")),
        times=_times(_part(record, "timeline")),
        tags=["veris"],
    )


def _part(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _dollars(rated: dict[str, Any]) -> float | None:
    """The amount where it is in dollars; other currencies are not converted."""
    amount = rated.get("overall_amount")
    if not isinstance(amount, int | float) or not 0 <= amount < 10**15:
        return None
    return float(amount) if rated.get("iso_currency_code") == "USD" else None


def _impact(attribute: dict[str, Any]) -> dict[str, Any]:
    secrets, uptime = _part(attribute, "confidentiality"), _part(attribute, "availability")
    found: dict[str, Any] = {}
    disclosed = DISCLOSED.get(str(secrets.get("data_disclosure") or "").lower())
    if disclosed:
        found["confidentiality"] = disclosed
    total = secrets.get("data_total")
    if type(total) is int and 0 <= total < 2**53:
        found["records"] = total
    data = secrets.get("data")
    kinds = [_text(_each(row).get("variety")) for row in data] if isinstance(data, list) else []
    if any(kinds):
        found["data_kinds"] = [kind for kind in kinds if kind][:50]
    span = _part(uptime, "duration")
    unit, value = MINUTES.get(str(span.get("unit") or "").lower()), span.get("value")
    if unit and type(value) is int and 0 <= value < 10**9:
        found["duration_minutes"] = unit * value
    return found


def _each(row: Any) -> dict[str, Any]:
    return row if isinstance(row, dict) else {}


def _times(timeline: dict[str, Any]) -> dict[str, str]:
    """The incident's date as exact as it is; what followed as the durations that were given."""
    found = {}
    date = _date(_part(timeline, "incident"))
    if date:
        found["incident"] = date
    for name in ("compromise", "exfiltration", "discovery", "containment"):
        span = _part(timeline, name)
        told = " ".join(filter(None, (_text(span.get("value")), _text(span.get("unit")))))
        if told:
            found[name] = told
    return found


def _date(parts: dict[str, Any]) -> str:
    year, month, day = (parts.get(name) for name in ("year", "month", "day"))
    if type(year) is not int or not 1900 <= year <= 9999:
        return ""
    if type(month) is not int or not 1 <= month <= 12:
        return f"{year:04}"
    if type(day) is not int or not 1 <= day <= 31:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}"
