"""From a credential to an Actor: person, membership, application and tenant are checked in one
query, every time.

The query also sets the tenant of the open transaction, so a deactivated one of the four is out at
once.
"""

from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import connection

from core import ids, tenancy
from core.actors import Actor
from core.models import Person
from core.scopes import ROLES


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
    with connection.cursor() as cursor:
        cursor.execute(
            "select email, name, role, token_version, scopes, sources from core_authenticate(%s, "
            "%s, %s)",
            [person_id, tenant_id, app_id],
        )
        row = cursor.fetchone()
    if row is None or (token_version is not None and row[3] != token_version):
        return None
    email, name, role, _, app_scopes, app_sources = row
    tenancy.adopt(tenant_id)
    return Actor(
        person_id=person_id,
        tenant_id=tenant_id,
        scopes=frozenset(_json(app_scopes)) if app_id else ROLES[role],
        source_type=source_type,
        name=name,
        email=email,
        role=role,
        app_id=app_id,
        sources=frozenset(_json(app_sources)) if app_id else frozenset(),
    )


def places(person: Person) -> list[Place]:
    """The tenants in which the person has an accepted, active membership, by name."""
    with connection.cursor() as cursor:
        cursor.execute("select tenant_id, slug, name, role from core_memberships(%s)", [person.pk])
        return [Place(*row) for row in cursor.fetchall()]


def all_tenants() -> list[tuple[UUID, str]]:
    """Every active tenant's id and slug, for schedules and commands that go round all of them."""
    with connection.cursor() as cursor:
        cursor.execute("select id, slug from core_tenants()")
        return list(cursor.fetchall())


def _json(value: object) -> list[str]:
    """Raw cursors hand jsonb over as text."""
    loaded = orjson.loads(value) if isinstance(value, str) else value
    return list(loaded) if isinstance(loaded, list) else []
