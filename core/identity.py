"""From a credential to an Actor: person, membership, application and tenant are checked in one
query, every time.

The query also sets the tenant of the open transaction, so a deactivated one of the four is out at
once.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from core import hot, ids, tenancy
from core.actors import Actor
from core.models import Person
from core.scopes import ROLES

_ENTER = "SELECT to_json(caller) FROM core_authenticate(%s, %s, %s) AS caller"
_FRAME = """
SELECT (SELECT json_agg(json_build_array(m.tenant_id, m.slug, m.name, m.role) ORDER BY m.name)
    FROM core_memberships(%(person)s) AS m)::text AS places,
  (SELECT count(*) FROM (SELECT FROM core_notification WHERE tenant_id = %(tenant)s
    AND person_id = %(person)s AND read_at IS NULL LIMIT %(most)s) AS each) AS unread
"""
# The digest is compared first; only a right one reaches what sets the tenant.
_ENTER_WITH_KEY = """
WITH key AS MATERIALIZED (
  SELECT id, tenant_id, person_id FROM core_application_by_client(%s) WHERE secret_digest = %s
)
SELECT to_json(entered) FROM (
  SELECT key.id AS app_id, key.tenant_id, key.person_id, caller.*
  FROM key CROSS JOIN LATERAL core_authenticate(key.person_id, key.tenant_id, key.id) AS caller
) AS entered
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant in which a person may work."""

    tenant_id: UUID
    slug: str
    name: str
    role: str

    @property
    def shown_id(self) -> str:
        return ids.show("ten", self.tenant_id) or ""


def enter(
    person_id: UUID,
    tenant_id: UUID,
    app_id: UUID | None = None,
    *,
    source_type: str,
    token_version: int | None = None,
) -> Actor | None:
    """The actor, with the tenant set for the rest of the request; None when any of the four is
    out.
    """
    found = hot.opening(_ENTER, [person_id, tenant_id, app_id])
    if found is None:
        return None
    row = orjson.loads(found)
    if token_version not in (None, row["token_version"]):
        return None
    return _actor(row, person_id, tenant_id, app_id, source_type)


def enter_with_key(client_id: str, digest: bytes) -> Actor | None:
    """As `enter`, for the application of a key: its secret, whose SHA-256 this is, is checked in
    the same statement, before the tenant is set.
    """
    if "\x00" in client_id:
        return None
    found = hot.opening(_ENTER_WITH_KEY, [client_id, digest])
    if found is None:
        return None
    row = orjson.loads(found)
    person_id, tenant_id, app_id = (
        UUID(row[name]) for name in ("person_id", "tenant_id", "app_id")
    )
    return _actor(row, person_id, tenant_id, app_id, "server")


def _actor(
    row: dict[str, Any], person_id: UUID, tenant_id: UUID, app_id: UUID | None, source_type: str
) -> Actor:
    tenancy.adopt(tenant_id)
    return Actor(
        person_id=person_id,
        tenant_id=tenant_id,
        scopes=frozenset(row["scopes"]) if app_id else ROLES[row["role"]],
        source_type=source_type,
        name=row["name"],
        email=row["email"],
        role=row["role"],
        app_id=app_id,
        sources=frozenset(row["sources"]) if app_id else frozenset(),
    )


def places(person: Person) -> list[Place]:
    """The tenants in which the person has an accepted, active membership, by name."""
    with connection.cursor() as cursor:
        cursor.execute("select tenant_id, slug, name, role from core_memberships(%s)", [person.pk])
        return [Place(*row) for row in cursor.fetchall()]


def places_and_unread(
    person: Person, tenant_id: UUID | None, *, most: int
) -> tuple[list[Place], int]:
    """The places, and how many notifications of this tenant wait, counted up to `most`: in one
    statement, since every page shows both.
    """
    [row] = hot.rows(_FRAME, {"person": person.pk, "tenant": tenant_id, "most": most})
    found = [Place(UUID(pk), *words) for pk, *words in orjson.loads(row["places"] or "[]")]
    return found, row["unread"]


def all_tenants() -> list[tuple[UUID, str]]:
    """Every active tenant's id and slug, for schedules and commands that go round all of them."""
    with connection.cursor() as cursor:
        cursor.execute("select id, slug from core_tenants()")
        return list(cursor.fetchall())
