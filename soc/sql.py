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


def label(which: str) -> str:
    """Write the labels of the alerts `a` of this condition: each once, short enough for an index."""
    return f"""
INSERT INTO soc_alertlabel (id, tenant_id, created_at, alert_id, kind, value)
SELECT gen_random_uuid(), a.tenant_id, a.created_at, a.id, said.kind, said.value
FROM soc_alert a CROSS JOIN LATERAL (
  SELECT 'tag' AS kind, jsonb_path_query(a.tags, '$[*]') #>> '{{}}' AS value
  UNION SELECT 'tactic', jsonb_path_query(a.mitre_tactics, '$[*]') #>> '{{}}'
  UNION SELECT 'technique', jsonb_path_query(a.mitre_techniques, '$[*]') #>> '{{}}'
  UNION SELECT 'ticket', a.ticket_ref #>> '{{}}' WHERE jsonb_typeof(a.ticket_ref) = 'string'
  UNION SELECT 'ticket', a.ticket_ref ->> name FROM (VALUES ('key'), ('id')) AS names (name)
    WHERE jsonb_typeof(a.ticket_ref -> name) = 'string'
) AS said
WHERE octet_length(said.value) BETWEEN 1 AND 2000 AND {which}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - ours


# Runs with the rights of whoever writes the alert, under the same row security. An alert without
# labels, as most arrive, costs one comparison.
LABELS = (
    f"""
CREATE FUNCTION soc_label_alert() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM soc_alertlabel l WHERE l.tenant_id = OLD.tenant_id AND l.alert_id = OLD.id;
  END IF;
  {label("a.tenant_id = NEW.tenant_id AND a.id = NEW.id")};
  RETURN NULL;
END
$$
""",  # noqa: S608 - ours
    """
CREATE TRIGGER alert_labels_written AFTER INSERT ON soc_alert
FOR EACH ROW WHEN (
  NEW.tags <> '[]' OR NEW.mitre_tactics <> '[]' OR NEW.mitre_techniques <> '[]'
  OR NEW.ticket_ref IS NOT NULL
) EXECUTE FUNCTION soc_label_alert()
""",
    """
CREATE TRIGGER alert_labels_changed
AFTER UPDATE OF tags, mitre_tactics, mitre_techniques, ticket_ref ON soc_alert
FOR EACH ROW WHEN (
  (OLD.tags, OLD.mitre_tactics, OLD.mitre_techniques, OLD.ticket_ref)
  IS DISTINCT FROM (NEW.tags, NEW.mitre_tactics, NEW.mitre_techniques, NEW.ticket_ref)
) EXECUTE FUNCTION soc_label_alert()
""",
)
NO_LABELS = (
    "DROP TRIGGER alert_labels_changed ON soc_alert",
    "DROP TRIGGER alert_labels_written ON soc_alert",
    "DROP FUNCTION soc_label_alert()",
)

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
