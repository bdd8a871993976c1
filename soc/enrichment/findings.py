"""What enrichers say of an indicator, and what follows from all of it. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from soc.vocabulary import MALICE

LIST, EARLIER, RANGE, OWN = "list", "earlier_verdicts", "special_range", "own_asset"
Results = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one enricher says of one indicator. Without a verdict it only tells what the value is;
    `ours` says that it belongs to the tenant.
    """

    reason: str
    verdict: str | None = None
    ours: bool = False

    def kept(self, at: datetime) -> dict[str, Any]:
        """The shape in `enrichment_results`."""
        told = {"at": at.isoformat(), "verdict": self.verdict, "reason": self.reason}
        return told | ({"ours": True} if self.ours else {})


class EnrichmentError(Exception):
    """An enricher could not answer; its sentence is kept with the indicators that it was asked
    for.
    """

    def kept(self, at: datetime) -> dict[str, Any]:
        return {"at": at.isoformat(), "verdict": None, "reason": str(self), "failed": True}


def weigh(results: Results) -> tuple[str, str | None]:
    """The malice that the results come to, and the enricher that says so.

    A known good value is benign whatever else is said. How alerts ended says nothing against a
    value of one's own: it was the victim of those that were real.
    """
    ours = any(each.get("ours") for each in results.values())
    said = {name: str(each["verdict"]) for name, each in results.items() if each.get("verdict")}
    if ours:
        said.pop(EARLIER, None)
    if said.get(LIST) == "benign":
        return "benign", LIST
    worst = max(said, key=lambda name: MALICE.index(said[name]), default=None)
    return (said[worst], worst) if worst else ("pending", None)


def same(one: Results, other: Results) -> bool:
    """Whether two sets of results say the same, whenever they were made."""
    return _timeless(one) == _timeless(other)


def _timeless(results: Results) -> dict[str, dict[str, Any]]:
    return {
        name: {key: value for key, value in each.items() if key != "at"}
        for name, each in results.items()
    }
