"""Open investigations that may belong together: alerts of theirs are related to its own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from soc.models import Investigation
from soc.querysets import OPEN_INVESTIGATIONS
from soc.services import links, relations

MOST = 3  # offered at once


@dataclass(frozen=True, slots=True)
class Alike:
    """Another investigation, how many of its alerts are related to ours, and why."""

    investigation: Investigation
    alert_count: int
    reasons: list[str]


def alike(case: Investigation, alert_ids: Iterable[UUID]) -> list[Alike]:
    """Those that share most with the alerts of this investigation. Offered, never done. Two
    queries.
    """
    own = set(alert_ids)
    reasons: dict[UUID, list[str]] = defaultdict(list)
    for rows in relations.related_of(own).values():
        for row in rows:
            for end in {row.alert_id, row.related_id} - own:
                reasons[end].append(row.reason)
    by_case: dict[UUID, list[UUID]] = defaultdict(list)
    cases: dict[UUID, Investigation] = {}
    for alert_id, found in links.current_investigations(reasons).items():
        if found.pk != case.pk and found.status in OPEN_INVESTIGATIONS:
            cases[found.pk] = found
            by_case[found.pk].append(alert_id)
    ranked = sorted(cases.values(), key=lambda each: (-len(by_case[each.pk]), each.pk))[:MOST]
    return [Alike(each, len(by_case[each.pk]), _once(reasons, by_case[each.pk])) for each in ranked]


def _once(reasons: dict[UUID, list[str]], alert_ids: list[UUID]) -> list[str]:
    return list(dict.fromkeys(reason for pk in alert_ids for reason in reasons[pk]))[:MOST]
