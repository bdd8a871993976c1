"""The tools that send alerts."""

from core import hot, tenancy

# From name to name by the index: DISTINCT would read every alert there is.
_NAMES = """
WITH RECURSIVE found AS (
  (SELECT source_name FROM soc_alert WHERE tenant_id = %(tenant)s ORDER BY source_name LIMIT 1)
  UNION ALL
  SELECT (
    SELECT a.source_name FROM soc_alert a
    WHERE a.tenant_id = %(tenant)s AND a.source_name > found.source_name
    ORDER BY a.source_name LIMIT 1
  ) FROM found WHERE found.source_name IS NOT NULL
)
SELECT source_name FROM found WHERE source_name IS NOT NULL LIMIT %(most)s
"""


def names(most: int) -> list[str]:
    """The names of the tools that have sent alerts, in order, at most so many."""
    rows = hot.rows(_NAMES, {"tenant": tenancy.required(), "most": most})
    return [row["source_name"] for row in rows]
