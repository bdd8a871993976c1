"""The database functions of core, as SQL. They belong to the platform role and run as it (SECURITY
DEFINER).

Each takes what it needs as arguments, filters by tenant itself and has a fixed search path.
"""

AUTHENTICATE = """
CREATE FUNCTION core_authenticate(person uuid, tenant uuid, application uuid)
RETURNS TABLE (email text, name text, role text, token_version integer, scopes jsonb, sources jsonb)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.email::text, p.name, coalesce(m.role, 'application'), p.token_version, a.scopes, a.sources
  FROM core_person p
  JOIN core_tenant t ON t.id = tenant AND t.is_active
  LEFT JOIN core_membership m ON m.person_id = p.id AND m.tenant_id = t.id
    AND m.is_active AND m.accepted_at IS NOT NULL AND NOT m.is_deleted
  LEFT JOIN core_application a ON a.id = application AND a.person_id = p.id AND a.tenant_id = t.id
    AND a.is_active AND NOT a.is_deleted
  CROSS JOIN LATERAL (SELECT set_config('app.tenant_id', t.id::text, true)) AS chosen
  WHERE p.id = person AND p.is_active
    AND CASE WHEN application IS NULL THEN m.id IS NOT NULL ELSE a.id IS NOT NULL END
$$
"""

MEMBERSHIPS = """
CREATE FUNCTION core_memberships(person uuid)
RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.id, t.slug, t.name, m.role
  FROM core_membership m JOIN core_tenant t ON t.id = m.tenant_id
  WHERE m.person_id = person AND m.is_active AND m.accepted_at IS NOT NULL AND NOT m.is_deleted AND t.is_active
  ORDER BY t.name
$$
"""

INVITATIONS = """
CREATE FUNCTION core_invitations(person uuid)
RETURNS TABLE (tenant_id uuid, membership_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.tenant_id, m.id FROM core_membership m JOIN core_tenant t ON t.id = m.tenant_id
  WHERE m.person_id = person AND m.is_active AND m.accepted_at IS NULL AND NOT m.is_deleted AND t.is_active
$$
"""

APPLICATION = """
CREATE FUNCTION core_application_by_client(client text)
RETURNS TABLE (id uuid, tenant_id uuid, person_id uuid, secret_digest bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.id, a.tenant_id, a.person_id, a.secret_digest
  FROM core_application a WHERE a.client_id = client AND a.is_active AND NOT a.is_deleted
$$
"""

SIGNER = """
CREATE FUNCTION core_signer_by_client(client text)
RETURNS TABLE (id uuid, tenant_id uuid, person_id uuid, signing_secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.id, a.tenant_id, a.person_id, a.signing_secret FROM core_application a
  WHERE a.client_id = client AND a.signing_secret IS NOT NULL AND a.is_active AND NOT a.is_deleted
$$
"""

TENANTS = """
CREATE FUNCTION core_tenants()
RETURNS TABLE (id uuid, slug text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.id, t.slug FROM core_tenant t WHERE t.is_active ORDER BY t.slug
$$
"""

AUDIT_DIGEST = """
CREATE FUNCTION core_audit_digest(previous text, event core_auditevent)
RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(previous || jsonb_build_array(
    event.id, event.tenant_id, event.seq, to_char(event.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    event.actor_id, event.app_id, event.source_type, event.verb, event.object_type, event.object_id,
    event.note, event.correlation_id, event.details)::text, 'UTF8')), 'hex')
$$
"""

AUDIT_APPEND = """
CREATE FUNCTION core_audit_append(events jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  head core_audithead;
  item jsonb;
  event core_auditevent;
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'audit events need a tenant';
  END IF;
  INSERT INTO core_audithead (id, tenant_id, created_at, seq, hash)
    VALUES (gen_random_uuid(), tenant, clock_timestamp(), 0, '')
    ON CONFLICT (tenant_id) DO UPDATE SET seq = core_audithead.seq
    RETURNING * INTO head;
  FOR item IN SELECT * FROM jsonb_array_elements(events) LOOP
    event.id := (item ->> 'id')::uuid;
    event.tenant_id := tenant;
    event.created_at := clock_timestamp();
    event.seq := head.seq + 1;
    event.actor_id := (item ->> 'actor_id')::uuid;
    event.app_id := (item ->> 'app_id')::uuid;
    event.source_type := item ->> 'source_type';
    event.verb := item ->> 'verb';
    event.object_type := item ->> 'object_type';
    event.object_id := (item ->> 'object_id')::uuid;
    event.note := item ->> 'note';
    event.correlation_id := (item ->> 'correlation_id')::uuid;
    event.details := item -> 'details';
    event.previous_hash := head.hash;
    event.hash := core_audit_digest(head.hash, event);
    INSERT INTO core_auditevent (id, tenant_id, created_at, seq, actor_id, app_id, source_type, verb, object_type,
        object_id, note, correlation_id, details, previous_hash, hash)
      VALUES (event.id, event.tenant_id, event.created_at, event.seq, event.actor_id, event.app_id,
        event.source_type, event.verb, event.object_type, event.object_id, event.note, event.correlation_id,
        event.details, event.previous_hash, event.hash);
    head.seq := event.seq;
    head.hash := event.hash;
  END LOOP;
  UPDATE core_audithead SET seq = head.seq, hash = head.hash WHERE id = head.id;
END
$$
"""

AUDIT_FAULTS = """
CREATE FUNCTION core_audit_faults(tenant uuid)
RETURNS TABLE (seq bigint, fault text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH links AS (
    SELECT e, lag(e.hash, 1, '') OVER chain AS before, lag(e.seq, 1, 0::bigint) OVER chain + 1 AS place
    FROM core_auditevent e WHERE e.tenant_id = tenant WINDOW chain AS (ORDER BY e.seq)
  ), ends AS (
    SELECT l.seq AS last_seq, l.hash AS last_hash, h.seq AS head_seq, h.hash AS head_hash
    FROM (VALUES (1)) AS always
    LEFT JOIN (SELECT * FROM core_auditevent WHERE tenant_id = tenant ORDER BY seq DESC LIMIT 1) l ON true
    LEFT JOIN core_audithead h ON h.tenant_id = tenant
  )
  SELECT (e).seq, CASE
      WHEN (e).seq <> place THEN 'a gap before it'
      WHEN (e).previous_hash <> before THEN 'not linked to the one before'
      ELSE 'its content was changed' END
  FROM links
  WHERE (e).seq <> place OR (e).previous_hash <> before OR (e).hash <> core_audit_digest((e).previous_hash, e)
  UNION ALL
  SELECT coalesce(head_seq, last_seq), 'the head does not match the last event' FROM ends
  WHERE (last_seq, last_hash) IS DISTINCT FROM (head_seq, head_hash)
  ORDER BY 1
$$
"""

COUNTER = """
CREATE FUNCTION core_next_number(kind_wanted text, year_wanted integer)
RETURNS integer LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO core_counter AS c (id, tenant_id, created_at, kind, year, value)
  VALUES (gen_random_uuid(), nullif(current_setting('app.tenant_id', true), '')::uuid, clock_timestamp(),
          kind_wanted, year_wanted, 1)
  ON CONFLICT (tenant_id, kind, year) DO UPDATE SET value = c.value + 1
  RETURNING value
$$
"""

SIGNER_FUNCTIONS = {"core_signer_by_client(text)": SIGNER}
DEFINER_FUNCTIONS = {
    "core_authenticate(uuid, uuid, uuid)": AUTHENTICATE,
    "core_memberships(uuid)": MEMBERSHIPS,
    "core_invitations(uuid)": INVITATIONS,
    "core_application_by_client(text)": APPLICATION,
    "core_tenants()": TENANTS,
    "core_audit_append(jsonb)": AUDIT_APPEND,
}
PLAIN_FUNCTIONS = {
    "core_audit_digest(text, core_auditevent)": AUDIT_DIGEST,
    "core_audit_faults(uuid)": AUDIT_FAULTS,
    "core_next_number(text, integer)": COUNTER,
}
