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
