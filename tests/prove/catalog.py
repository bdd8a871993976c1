"""What the database itself guarantees, read from its catalog and from the models (P3)."""

from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.prove import checksums
from tests.prove.cast import has_tenant
from tests.prove.report import Proof

GLOBAL = {
    "core.Tenant": "the tenant itself, under row security by its own id",
    "core.Person": "one person may work for several tenants; pick-lists come from memberships",
    "soc.AttackVersion": "public reference data, the same for all; the app role only reads it",
    "soc.AttackTactic": "public reference data, the same for all; the app role only reads it",
    "soc.AttackTechnique": "public reference data, the same for all; the app role only reads it",
    "auth.Permission": "Django's names of rights, no tenant's data; rights come from scopes",
    "auth.Group": "unused; rights come from scopes",
    "auth.Group_permissions": "unused; rights come from scopes",
    "contenttypes.ContentType": "the list of models",
    "sessions.Session": "found by a secret key only; its tenant is checked against the membership",
    "admin.LogEntry": "Django's own log, which the audit trail replaces and nothing writes",
    "axes.AccessAttempt": "failed sign-ins, before a tenant is known; not shown to tenants",
    "axes.AccessLog": "sign-ins, switched off",
    "axes.AccessFailureLog": "failed sign-ins, before a tenant is known; not shown to tenants",
    "axes.AccessAttemptExpiration": "when a lock-out ends",
    "procrastinate.ProcrastinateJob": "jobs hold ids only; each opens its tenant",
    "procrastinate.ProcrastinateEvent": "what became of jobs",
    "procrastinate.ProcrastinatePeriodicDefer": "schedules of the platform",
    "procrastinate.ProcrastinateWorker": "which workers live",
}
NOT_BY_TENANT = {
    "core_application_client_id_key": "a sender that signs in names no tenant; 96 random bits",
    "core_application_person_id_key": "a service person of its own, made with the application",
    "soc_alertsearch_alert_id_key": "one per alert, which the same-tenant key holds in the tenant",
}

_TABLES = """
select c.relname, c.relrowsecurity and c.relforcerowsecurity,
  coalesce((select bool_and(pg_get_expr(polqual, polrelid) ilike '%%nullif(%%'
    and pg_get_expr(polwithcheck, polrelid) ilike '%%nullif(%%')
    from pg_policy where polrelid = c.oid), false)
from pg_class c where c.relname = any(%s) and c.relnamespace = 'public'::regnamespace
"""
_KEYS = """
select k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,
  array(select attname from unnest(k.conkey) n
    join pg_attribute on attrelid = k.conrelid and attnum = n)
from pg_constraint k where k.contype = 'f'
"""
_INDEXES = """
select i.indexrelid::regclass::text, i.indrelid::regclass::text,
  (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0])
from pg_index i
where i.indisunique and not i.indisprimary and i.indrelid::regclass::text = any(%s)
"""
_ROLE = """
select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
  exists (select from pg_auth_members where member = r.oid),
  exists (select from pg_class where relowner = r.oid),
  exists (select from pg_proc where proowner = r.oid),
  has_schema_privilege(r.oid, 'public', 'create'),
  has_database_privilege(r.oid, current_database(), 'create')
from pg_roles r where rolname = %s
"""
_ROLE_WORDS = (
    *("superuser", "bypasses row security", "creates roles", "creates databases", "replicates"),
    *("is a member of a role", "owns a table", "owns a function"),
    *("creates in the schema", "creates schemas"),
)
_FUNCTIONS = """
select p.oid::regprocedure::text, pg_get_userbyid(p.proowner), coalesce(p.proconfig::text, ''),
  has_function_privilege('public', p.oid, 'execute')
from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
"""
_VIEWS = """
select c.relname from pg_class c
where c.relnamespace = 'public'::regnamespace and (c.relkind = 'm' or c.relkind = 'v'
  and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on)', false))
"""


def prove(platform: psycopg.Connection) -> Proof:
    """Every model, table, key, index, role and function, one try each."""
    proof = Proof("catalog")
    _models(proof)
    tenant_tables = checksums.tables(platform)
    _tables(proof, platform, [*tenant_tables, "core_tenant"])
    _keys(proof, platform, set(tenant_tables))
    _indexes(proof, platform, tenant_tables)
    _role(proof, platform)
    _functions(proof, platform)
    return proof


def _models(proof: Proof) -> None:
    for model in apps.get_models(include_auto_created=True):
        proof.tried("model", model._meta.label)
        named = model._meta.label in GLOBAL
        fault = "is in the list of global models too" if has_tenant(model) else "has no tenant"
        proof.expect(has_tenant(model) != named, f"{model._meta.label} {fault}")


def _tables(proof: Proof, platform: psycopg.Connection, names: list[str]) -> None:
    expected = {model._meta.db_table for model in apps.get_models() if has_tenant(model)}
    proof.expect(expected <= set(names), f"tables without tenant_id: {expected - set(names)}")
    for name, forced, guarded in platform.execute(_TABLES, [names]).fetchall():
        proof.tried("table", name)
        proof.expect(forced, f"{name} does not force row security")
        proof.expect(guarded, f"{name} has no policy by nullif(current_setting(…))")
    for (name,) in platform.execute(_VIEWS).fetchall():
        proof.failed(f"view {name} reads with its owner's rights")


def _keys(proof: Proof, platform: psycopg.Connection, tables: set[str]) -> None:
    """Keys between tenant tables carry the tenant; a plain one would be a hole and an oracle."""
    found = platform.execute(_KEYS).fetchall()
    for name, table, target, columns in found:
        proof.tried("key", table, name)
        if table in tables and target in tables:
            proof.expect("tenant_id" in columns, f"{name} of {table} to {target} lacks the tenant")
    composite = {(table, target, *columns) for _, table, target, columns in found}
    for model in apps.get_models():
        for each in model._meta.concrete_fields:
            if _is_held(each):
                table, target = model._meta.db_table, each.remote_field.model._meta.db_table
                proof.tried("relation", table, each.name)
                known = {
                    (table, target, "tenant_id", each.column),
                    (table, target, each.column, "tenant_id"),
                }
                proof.expect(
                    known & composite, f"{model._meta.label}.{each.name} has no same-tenant key"
                )


def _is_held(each: Any) -> bool:
    """A relation between tenants' rows. History copies are kept when their objects go, and have
    none.
    """
    if not isinstance(each, models.ForeignKey) or hasattr(each.model, "history_id"):
        return False
    return has_tenant(each.model) and has_tenant(each.remote_field.model)


def _indexes(proof: Proof, platform: psycopg.Connection, tables: list[str]) -> None:
    for name, table, first in platform.execute(_INDEXES, [tables]).fetchall():
        proof.tried("unique index", name)
        fault = f"unique index {name} of {table} starts with {first}: an oracle over tenants"
        proof.expect(first == "tenant_id" or name in NOT_BY_TENANT, fault)


def _role(proof: Proof, platform: psycopg.Connection) -> None:
    found = platform.execute(_ROLE, [settings.DATABASE_ROLES["app"]["USER"]]).fetchone()
    for word, holds in zip(_ROLE_WORDS, found or (), strict=True):
        proof.tried("role", word)
        proof.expect(not holds, f"the app role {word}")


def _functions(proof: Proof, platform: psycopg.Connection) -> None:
    owner = settings.DATABASE_ROLES["platform"]["USER"]
    for name, owned_by, config, by_all in platform.execute(_FUNCTIONS).fetchall():
        proof.tried("function", name)
        proof.expect("search_path=" in config, f"{name} has no search_path of its own")
        proof.expect(owned_by == owner, f"{name} belongs to {owned_by}")
        proof.expect(not by_all, f"{name} may be run by everybody")
