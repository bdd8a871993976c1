"""Full-text search of alerts: words are filled by a job, one per batch, and found through
`soc_search`.

Identifiers, host names and addresses are kept whole beside their parts, and are found by their
start.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from core import hot, ids, jobs, tenancy
from soc.models import Alert, AlertSearch
from soc.services import relations

MOST = 1000
MAX_TEXT = 20_000
MAX_LEXEME = 500  # bytes; PostgreSQL takes 2,046
ALIKE, LOOKED_AT = 2, 100
COLUMNS = ("host_name", "user_name")
_NAME = """
WITH RECURSIVE found AS (
  (SELECT {column} AS name, 1 AS place FROM soc_alert
   WHERE tenant_id = %(tenant)s AND NOT is_deleted AND {column} >= %(start)s
   ORDER BY {column} LIMIT 1)
  UNION ALL
  SELECT (
    SELECT a.{column} FROM soc_alert a
    WHERE a.tenant_id = %(tenant)s AND NOT a.is_deleted AND a.{column} > found.name
    ORDER BY a.{column} LIMIT 1
  ), found.place + 1 FROM found
  WHERE starts_with(found.name, %(start)s) AND found.place < %(most)s
)
SELECT name FROM found WHERE starts_with(name, %(start)s)
"""
_NAMES = {column: _NAME.format(column=column) for column in COLUMNS}
_WHOLE = re.compile(r"[\w.:@/\\-]+")
_EDGES = ".:@/\\-"
_PART = re.compile(r"[^\W_]+")
_INSERT = (
    "INSERT INTO soc_alertsearch (id, tenant_id, created_at, alert_id, words) "
    "VALUES (%s, %s, now(), %s, array_to_tsvector(%s)) ON CONFLICT (alert_id) DO NOTHING"
)


def fill_later(alert_ids: Sequence[UUID]) -> None:
    """Defer the filling to a job, in the transaction of the change that needs it."""
    if alert_ids:
        jobs.later("soc.fill_search", alert_ids=[str(pk) for pk in alert_ids])


def fill(alert_ids: Sequence[UUID]) -> int:
    """Write the search rows of these alerts anew; how many there are now."""
    alerts = list(Alert.objects.filter(pk__in=alert_ids).for_list())
    indicators = relations.indicators_of([alert.pk for alert in alerts])
    rows = []
    for alert in alerts:
        values = [link.indicator.value for link in indicators.get(alert.pk, [])]
        rows.append((ids.new(), alert.tenant_id, alert.pk, _words(alert, values)))
    AlertSearch.objects.filter(alert_id__in=alert_ids).delete()
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
    return len(rows)


def near(text: str) -> list[str]:
    """Hosts and users of this tenant whose names are like a searched one: at most three, looked for
    from name to name by the index among those that start alike.
    """
    word = text.strip().rpartition(":")[2].lower()
    start = word[:ALIKE]
    if len(start) < ALIKE or "\0" in word:
        return []
    values = {"tenant": tenancy.required(), "start": start, "most": LOOKED_AT}
    names = [row["name"] for column in COLUMNS for row in hot.rows(_NAMES[column], values)]
    return difflib.get_close_matches(word, list(dict.fromkeys(names)), n=3)


def alert_ids(text: str) -> list[UUID]:
    """The newest alerts, MOST of them, that hold every word of the text, each at least as the start
    of one.
    """
    wanted = _query(text)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select alert_id from soc_search(%s, %s)", [wanted, MOST])
        return [pk for (pk,) in cursor.fetchall()]


def _whole_words(text: str) -> list[str]:
    """Words with what binds them (web-01, 192.0.2.1), without what only stands beside them."""
    words = (word.strip(_EDGES) for word in _WHOLE.findall(text))
    return [word for word in words if word]


def _query(text: str) -> str:
    """A tsquery of quoted words, so that nothing in them is an operator."""
    words = [word.lower() for word in _whole_words(text[:1000])]
    return " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "':*" for word in words)


def _words(alert: Alert, indicators: Iterable[str]) -> list[str]:
    """The lexemes of an alert: words whole and in parts, lower case, and its tenant, by which the
    index is cut.
    """
    texts: list[Any] = [
        alert.title,
        alert.description,
        alert.source_name,
        alert.source_id,
        alert.rule_key,
        alert.rule_name,
        alert.host_name,
        alert.user_name,
        *alert.mitre_techniques,
        *alert.tags,
        *indicators,
    ]
    text = " ".join(str(part) for part in texts if part)[:MAX_TEXT].lower()
    whole = {word[:MAX_LEXEME] for word in _whole_words(text)}
    parts = {part for word in whole for part in _PART.findall(word)}
    return [f"t:{alert.tenant_id}", *sorted(whole | parts)]
