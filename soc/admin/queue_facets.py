"""The filters beside the queue, and the views above it."""

from typing import Any
from urllib.parse import urlencode

from soc import vocabulary
from soc.admin.queue_asked import Asked
from soc.filters.alerts import CLOCKS
from soc.models import SavedView
from soc.querysets import OPEN_ALERTS
from soc.services import queue_order, sources
from soc.services.queue_counts import Counts
from soc.workflows import ALERT

MAX_SOURCES = 12
MAX_VIEWS = 20  # saved views beside the built-in ones
ME = {"me": "Me", "none": "Nobody"}
FACETS = ("status", "clock", "severity", "assignee_id", "category", "source_name")
WORDS = {
    "overdue": "Overdue",
    "soon": "Due within 1 h",
    "later": "Due later",
    "none": "No clock",
}
VIEWS: tuple[tuple[str, dict[str, list[str]]], ...] = (
    ("Waiting", {"status": list(OPEN_ALERTS)}),
    ("Mine", {"status": list(OPEN_ALERTS), "assignee_id": ["me"]}),
    ("Nobody's", {"status": list(OPEN_ALERTS), "assignee_id": ["none"]}),
    ("Overdue", {"clock": ["overdue"]}),
    ("Critical and high", {"status": list(OPEN_ALERTS), "severity": ["critical", "high"]}),
    ("Ended", {"status": ["resolved", "closed", "suppressed"]}),
    ("All", {}),
)


def views(chosen: dict[str, list[str]]) -> list[tuple[str, str, bool]]:
    """The built-in views: name, query, and whether the filters are just its own."""
    return [(name, _query(query), _same(query, chosen)) for name, query in VIEWS]


def saved(person_id: Any, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The views of this person, and those that are shared."""
    rows = SavedView.objects.filter(resource="alerts").seen_by(person_id).order_by("id")
    return [
        {
            "view": row,
            "query": "?" + urlencode(row.query or {"ordering": queue_order.NEWEST}),
            "active": _same({k: v.split(",") for k, v in row.query.items()}, chosen),
            "mine": row.owner_id == person_id,
        }
        for row in rows[:MAX_VIEWS]
    ]


def facets(chosen: dict[str, list[str]], counts: Counts | None = None) -> list[dict[str, Any]]:
    """The groups of check boxes; with counts, each says how many there are, and the tools that have
    sent alerts are among them.
    """
    tools = sources.names(MAX_SOURCES) if counts else []
    tools += [word for word in chosen.get("source_name", ()) if word not in tools]
    people = ["me", "none", *(each for each in chosen.get("assignee_id", ()) if each not in ME)]
    groups = (
        ("Status", "status", ALERT.statuses),
        ("Clock", "clock", CLOCKS),
        ("Severity", "severity", vocabulary.SEVERITIES[::-1]),
        ("Assignee", "assignee_id", people),
        ("Category", "category", vocabulary.CATEGORIES),
        ("Source", "source_name", tools),
    )
    return [
        {
            "title": title,
            "name": name,
            "options": [
                {
                    "word": word,
                    "title": _title(name, word),
                    "on": word in chosen.get(name, ()),
                    "count": counts.told(name, word) if counts else "",
                }
                for word in words
                if word
            ],
        }
        for title, name, words in groups
        if words
    ]


def kept(chosen: dict[str, list[str]]) -> dict[str, str]:
    """The filters that have no check boxes, for a form that changes the others."""
    plain = {name: ",".join(words) for name, words in chosen.items() if name not in FACETS}
    return {name: text for name, text in plain.items() if name != "q" and text}


def chips(asked: Asked) -> list[dict[str, str]]:
    """Those filters again, each with the query that is left without it."""
    return [
        {"name": name, "text": text, "without": f"?{asked.encoded(without=(name, 'cursor'))}"}
        for name, text in kept(asked.chosen).items()
    ]


def _title(name: str, word: str) -> str:
    """A word as it is read; names of tools as their senders write them."""
    if name == "source_name":
        return word
    if name == "assignee_id":
        return ME.get(word, "One person")
    return WORDS.get(word) or word.replace("_", " ").capitalize()


def _query(query: dict[str, list[str]]) -> str:
    text = "&".join(f"{name}={','.join(value)}" for name, value in query.items())
    return f"?{text or f'ordering={queue_order.NEWEST}'}"


def _same(query: dict[str, list[str]], chosen: dict[str, list[str]]) -> bool:
    return {name: set(each) for name, each in query.items()} == {
        name: set(each) for name, each in chosen.items()
    }
