"""Enrichers that need no network: each says of many indicators what it knows, in at most two
queries.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from core import tenancy
from soc.enrichment import special_ranges
from soc.enrichment.findings import Finding
from soc.intake.normalise import normalise
from soc.models import Indicator
from soc.services import list_matching

Findings = Mapping[UUID, Finding]
Enricher = Callable[[Sequence[Indicator]], Findings]

NEWEST = 100  # alerts of an indicator that are looked at
ENDED_ENOUGH = 3  # ended alerts before they say anything
REAL_SHARE = 2 / 3  # of them, from which on the indicator is suspicious
NAME_KINDS = ("hostname", "domain")
# Parts of `host` and `user` by which a value is one's own, and the types that they may have.
OWN_HOST = {"name": NAME_KINDS, "hostname": NAME_KINDS, "ip": ("ip",), "mac": ("mac",)}
OWN_USER = {"name": ("account",), "username": ("account",), "email": ("email",)}

_NEWEST = """
FROM unnest(%(indicators)s::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT l.alert_id FROM soc_alertindicator l
  WHERE l.tenant_id = %(tenant)s AND l.indicator_id = given.id
  ORDER BY l.alert_id DESC LIMIT %(most)s
) AS seen
JOIN soc_alert a ON a.tenant_id = %(tenant)s AND a.id = seen.alert_id AND NOT a.is_deleted
"""
_ENDED = (
    f"SELECT given.id, a.verdict, count(*) {_NEWEST} WHERE a.status = 'closed' "
    "AND a.verdict IN ('true_positive', 'false_positive', 'benign') GROUP BY 1, 2"
)
_NAMED = f'SELECT given.id, a.host, a."user", a.affected_assets {_NEWEST}'


def special_range(indicators: Sequence[Indicator]) -> Findings:
    """Private, reserved and documentation addresses, and names that no public server answers."""
    told = {row.pk: special_ranges.tell(row.type, row.value) for row in indicators}
    return {pk: finding for pk, finding in told.items() if finding}


def own_asset(indicators: Sequence[Indicator]) -> Findings:
    """Hosts, users and assets of one's own: what the alerts name as such."""
    rows = {row.pk: row for row in indicators}
    found: dict[UUID, Finding] = {}
    for pk, *texts in _rows(_NAMED, list(rows)):
        row = rows[pk]
        host, user, assets = (orjson.loads(text) if text else None for text in texts)
        where = _own(row, host, OWN_HOST) or _own(row, user, OWN_USER) or _asset(row, assets)
        if where:
            found.setdefault(pk, Finding(f"{where} that alerts name as affected", ours=True))
    return found


def listed(indicators: Sequence[Indicator]) -> Findings:
    """The tenant's lists: the most precise entry counts."""
    held = list_matching.matches((row.type, row.value) for row in indicators)
    decided = {
        row.pk: list_matching.deciding(held.get((row.type, row.value), ())) for row in indicators
    }
    return {
        pk: Finding(match.sentence, list_matching.VERDICTS[match.kind])
        for pk, match in decided.items()
        if match
    }


def earlier_verdicts(indicators: Sequence[Indicator]) -> Findings:
    """How the alerts that saw it ended. Mostly real ones make it suspicious; no number of false
    ones makes it benign.
    """
    ended: dict[UUID, Counter[str]] = defaultdict(Counter)
    for pk, verdict, count in _rows(_ENDED, [row.pk for row in indicators]):
        ended[pk][verdict] += count
    return {pk: _judged(counts) for pk, counts in ended.items()}


def _judged(counts: Counter[str]) -> Finding:
    real, total = counts["true_positive"], counts.total()
    is_bad = total >= ENDED_ENOUGH and real >= total * REAL_SHARE
    reason = f"of {total} closed alerts with it, {real} real and {total - real} not"
    return Finding(reason, "suspicious" if is_bad else None)


def _own(row: Indicator, entity: Any, parts: Mapping[str, tuple[str, ...]]) -> str:
    """`host` or `user` may be a text, too: then it is the name."""
    known = entity if isinstance(entity, dict) else {"name": entity}
    for name, kinds in parts.items():
        if row.type in kinds and row.value in _spelled(row.type, known.get(name)):
            return "a host" if parts is OWN_HOST else "a user"
    return ""


def _asset(row: Indicator, assets: Any) -> str:
    named = [asset for asset in assets or () if isinstance(asset, dict)]
    labels = [asset.get(part) for asset in named for part in ("label", "id")]
    return "an asset" if row.value in _spelled(row.type, labels) else ""


def _spelled(kind: str, value: Any) -> set[str | None]:
    values = value if isinstance(value, list) else [value]
    return {normalise(kind, text) for text in values if isinstance(text, str)}


def _rows(statement: str, indicators: list[UUID]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "indicators": indicators,
        "most": NEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
