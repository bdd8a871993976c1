"""The search function: it filters by tenant itself, since row security would keep its index from being used."""

SEARCH = """
CREATE FUNCTION soc_search(wanted text, most integer)
RETURNS TABLE (alert_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.alert_id FROM soc_alertsearch s
  WHERE s.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    AND to_tsvector('simple', s.words) @@
        (to_tsquery('simple', '''t:' || nullif(current_setting('app.tenant_id', true), '') || '''')
         && to_tsquery('simple', wanted))
  ORDER BY s.alert_id DESC LIMIT most
$$
"""
INDEX = "CREATE INDEX alert_search_words ON soc_alertsearch USING gin (to_tsvector('simple', words))"
DROP_INDEX = "DROP INDEX alert_search_words"
FUNCTIONS = {"soc_search(text, integer)": SEARCH}
