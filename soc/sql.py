"""The search function: it filters by tenant itself, since row security would keep its index from
being used.
"""

SEARCH = """
CREATE FUNCTION soc_search(wanted text, most integer)
RETURNS TABLE (alert_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.alert_id FROM soc_alertsearch s
  WHERE s.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    AND s.words @@ ((quote_literal('t:' || current_setting('app.tenant_id', true)))::tsquery && wanted::tsquery)
  ORDER BY s.alert_id DESC LIMIT most
$$
"""
FUNCTIONS = {"soc_search(text, integer)": SEARCH}

# What waits, and has a clock that ends or none: as the indexes of open alerts have it.
_WAITS = "NOT a.is_deleted AND a.status IN ('open', 'acknowledged', 'triaging', 'escalated')"


def _in_each(name: str, arguments: str, columns: str, query: str) -> str:
    """A function that runs a query as one tenant after the other, each under its own row security,
    and sets the tenant again that was set. In the query the tenant of the turn is `turn`.
    """
    return f"""
CREATE FUNCTION {name}(tenants uuid[], {arguments})
RETURNS TABLE ({columns})
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  before text := current_setting('app.tenant_id', true);
  turn uuid;
BEGIN
  FOREACH turn IN ARRAY tenants LOOP
    PERFORM set_config('app.tenant_id', turn::text, true);
    RETURN QUERY {query};
  END LOOP;
  PERFORM set_config('app.tenant_id', coalesce(before, ''), true);
END
$$
"""


ACROSS = {
    "soc_waiting_across(uuid[], boolean, integer)": _in_each(
        "soc_waiting_across",
        "late boolean, most integer",
        "tenant_id uuid, alert_id uuid, due_at timestamptz, created_at timestamptz",
        f"""
      (SELECT turn, a.id, a.due_at, a.created_at FROM soc_alert a
        WHERE a.tenant_id = turn AND a.due_at IS NOT NULL AND {_WAITS}
          AND (NOT late OR a.due_at < now())
        ORDER BY a.due_at, a.id DESC LIMIT most)
      UNION ALL
      (SELECT turn, a.id, a.due_at, a.created_at FROM soc_alert a
        WHERE a.tenant_id = turn AND a.due_at IS NULL AND {_WAITS} AND NOT late
        ORDER BY a.id DESC LIMIT most)""",  # noqa: S608 - ours
    ),
    "soc_waiting_counted_across(uuid[], integer)": _in_each(
        "soc_waiting_counted_across",
        "most integer",
        "tenant_id uuid, waiting bigint, soonest timestamptz",
        f"""
      SELECT turn,
        (SELECT count(*) FROM (SELECT FROM soc_alert a
          WHERE a.tenant_id = turn AND {_WAITS} LIMIT most) AS each),
        (SELECT min(a.due_at) FROM soc_alert a
          WHERE a.tenant_id = turn AND a.due_at IS NOT NULL AND {_WAITS})""",  # noqa: S608 - ours
    ),
    "soc_alerts_across(uuid[], uuid[])": _in_each(
        "soc_alerts_across",
        "wanted uuid[]",
        "tenant_id uuid, id uuid, title text, severity text, status text, host_name text,"
        " user_name text, source_name text, duplicate_count bigint, created_at timestamptz,"
        " due_at timestamptz, assignee text, indicators text",
        """
      SELECT turn, a.id, a.title::text, a.severity::text, a.status::text, a.host_name::text,
        a.user_name::text, a.source_name::text, a.duplicate_count::bigint, a.created_at, a.due_at,
        p.name::text,
        (SELECT json_agg(json_build_array(i.type, i.value)) FROM soc_alertindicator l
          JOIN soc_indicator i ON i.tenant_id = l.tenant_id AND i.id = l.indicator_id
          WHERE l.tenant_id = turn AND l.alert_id = a.id)::text
      FROM soc_alert a LEFT JOIN core_person p ON p.id = a.assignee_id
      WHERE a.tenant_id = turn AND a.id = ANY(wanted)""",
    ),
    "soc_indicators_across(uuid[], json)": _in_each(
        "soc_indicators_across",
        "wanted json",
        "tenant_id uuid, type text, value text",
        """
      SELECT turn, i.type::text, i.value::text
      FROM json_to_recordset(wanted) AS given (type text, value text)
      JOIN soc_indicator i
        ON i.tenant_id = turn AND i.type = given.type AND i.value = given.value
      WHERE NOT i.is_deleted""",
    ),
}
