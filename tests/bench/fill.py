"""A scratch database filled set-wise: alerts with keys, indicators, links and history, in ten
tenants. The measured one holds half of them. Hosts, people and rules are few enough that each fills
a page of a list even among 5,000 alerts.
"""

import psycopg

from tests.factories import Cast

OTHERS = 9
PAYLOADS = " || ' ' || ".join(f"md5(n::text || '{part}')" for part in range(36))
ID = "(lpad(to_hex((1767225600000 + n)::bigint), 12, '0') || substr(md5({salt}), 1, 20))::uuid"

ALERTS = """
INSERT INTO soc_alert (id, tenant_id, created_at, updated_at, created_by, updated_by, source,
  source_type, is_deleted, schema_version, tags, version, title, description, severity,
  source_severity, status, category, source_name, source_id, rule_key, rule_name, occurred_at,
  last_seen_at, duplicate_count, fingerprint, metadata, host, "user", host_name, user_name,
  affected_assets, mitre_tactics, mitre_techniques, malice, enrichment_status,
  close_classification, verdict, acknowledged_at, closed_at, raw_data)
SELECT {id}, %(tenant)s, at, at, %(person)s, %(person)s, 'edm', 'server', false, 1,
  '["measured"]', 1, 'Measured signature ' || n %% 80, 'What the sensor says of it.',
  (ARRAY['critical','high','medium','low','informational'])[1 + n %% 5], '2',
  CASE WHEN closed THEN 'closed'
    ELSE (ARRAY['open','acknowledged','triaging','escalated'])[1 + n %% 4] END,
  (ARRAY['identity','endpoint','network','cloud','compliance'])[1 + n %% 5],
  (ARRAY['suricata','wazuh','falco','elastic','splunk'])[1 + n / 7 %% 5],
  'event-' || n, '1:' || 2000000 + n %% 80, 'Measured signature ' || n %% 80, at, at, 0,
  md5(n::text), '{"flow_id": 1}', jsonb_build_object('name', 'ws-' || n %% 80),
  jsonb_build_object('name', 'user' || n %% 90), 'ws-' || n %% 80, 'user' || n %% 90, '[]',
  '["TA0011"]', '["T1071"]', 'pending', 'enriched', CASE WHEN closed THEN 'Undetermined' END,
  CASE WHEN closed THEN 'insufficient_data' END, CASE WHEN n %% 4 > 0 OR closed THEN at END,
  CASE WHEN closed THEN at END,
  jsonb_build_object('event_type', 'alert', 'flow_id', n, 'src_ip', '10.0.0.17', 'note', {payload})
FROM (
  SELECT n, n %% 10 > 2 AS closed, timestamptz '2026-01-01' + n * interval '1 ms' AS at
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
) AS made
"""
INDICATORS = """
INSERT INTO soc_indicator (id, tenant_id, created_at, updated_at, created_by, updated_by, source,
  source_type, is_deleted, schema_version, tags, version, type, value, first_seen, last_seen,
  malice, is_enriched, enrichment_results, ignore_similarity)
SELECT {id}, %(tenant)s, now(), now(), %(person)s, %(person)s, 'edm', 'server', false, 1, '[]', 1,
  'domain', 'site-' || n || '.example.org', now(), now(), 'pending', true, '{}', false
FROM generate_series(0, 29999) AS n
"""
LINKS = """
INSERT INTO soc_alertindicator (id, tenant_id, created_at, alert_id, indicator_id, role)
SELECT gen_random_uuid(), %(tenant)s, now(), a.id, i.id, 'destination'
FROM (
  SELECT id, row_number() OVER () AS n FROM soc_alert
  WHERE tenant_id = %(tenant)s AND id >= {low} AND id < {high}
) AS a
CROSS JOIN generate_series(0, 2) AS part
JOIN (
  SELECT id, row_number() OVER () AS n FROM soc_indicator WHERE tenant_id = %(tenant)s
) AS i ON i.n = 1 + (a.n * 7 + part * 9973) %% 30000
"""
KEYS = """
INSERT INTO soc_alertkey (id, tenant_id, created_at, source_name, key, alert_id, expires_at)
SELECT gen_random_uuid(), tenant_id, created_at, source_name, 'id:' || source_id, id, NULL
FROM soc_alert WHERE tenant_id = %(tenant)s AND id >= {low} AND id < {high}
"""


class Filler:
    """Fills the tenants evenly, as far as it was told so far. `superuser` passes by the checks of
    keys, which these rows satisfy by how they are made.
    """

    def __init__(self, superuser: psycopg.Connection, measured: Cast, others: list[Cast]) -> None:
        self.superuser, self.measured, self.others = superuser, measured, others
        self.reached = 0
        superuser.execute("set session_replication_role = replica")
        superuser.execute("set synchronous_commit = off")
        for cast in (measured, *others):
            self._run(INDICATORS, cast, f"n::text || '{cast.tenant.pk} i'")

    def to(self, rows: int) -> None:
        """All tenants together hold this many alerts."""
        half = rows // 2
        for cast in (self.measured, *self.others):
            share = half if cast is self.measured else half // OTHERS
            self._fill(cast, self._share(cast, self.reached), share)
        self.reached = rows
        self.superuser.execute("vacuum (analyze)")
        self.superuser.execute("checkpoint")

    def _share(self, cast: Cast, rows: int) -> int:
        return rows // 2 if cast is self.measured else rows // 2 // OTHERS

    def _fill(self, cast: Cast, first: int, last: int) -> None:
        salt = f"n::text || '{cast.tenant.pk}'"
        for statement in (ALERTS, LINKS, KEYS):
            self._run(statement, cast, salt, first=first, last=last - 1)
        self._run(_history(self.superuser), cast, salt, first=first, last=last - 1)

    def _run(self, statement: str, cast: Cast, salt: str, **values: int) -> None:
        text = _edges(statement.replace("{id}", ID.format(salt=salt)))
        given = {"tenant": cast.tenant.pk, "person": cast.people["tenant_admin"].pk, **values}
        self.superuser.execute(text.replace("{payload}", PAYLOADS), given)


def _history(connection: psycopg.Connection) -> str:
    """The statement that gives each alert its first row of history."""
    found = connection.execute(
        "select column_name from information_schema.columns where table_name = "
        "'soc_historicalalert' and column_name in (select column_name from "
        "information_schema.columns where table_name = 'soc_alert')"
    )
    columns = ", ".join(f'"{name}"' for (name,) in found.fetchall())
    return (
        f"INSERT INTO soc_historicalalert ({columns}, history_id, history_date, history_type, "
        f"history_user_id, event_id) SELECT {columns}, gen_random_uuid(), now(), '+', created_by, "
        "gen_random_uuid() FROM soc_alert "
        "WHERE tenant_id = %(tenant)s AND id >= {low} AND id < {high}"
    )


def _edges(statement: str) -> str:
    """Ids carry their time, so a stretch of numbers is a stretch of ids."""
    edge = "(lpad(to_hex((1767225600000 + {n})::bigint), 12, '0') || repeat('0', 20))::uuid"
    low, high = edge.format(n="%(first)s"), edge.format(n="%(last)s + 1")
    return statement.replace("{low}", low).replace("{high}", high)
