"""A fixed cast: acme and globex, with people in every role; Bob of globex must never see what Alice
of acme does.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from rest_framework.test import APIClient

from core import tenancy
from core.actors import Actor
from core.models import Membership, Person, Tenant
from core.scopes import ROLES
from core.services import applications

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Cast:
    tenant: Tenant
    people: dict[str, Person]

    def actor(self, role: str = "tenant_admin", source_type: str = "api") -> Actor:
        person = self.people[role]
        return Actor(
            person.pk, self.tenant.pk, ROLES[role], source_type, person.name, person.email, role
        )


def make_tenant(slug: str) -> Cast:
    """A tenant with one person in each role. Tenants are made by the platform role, as in life."""
    tenant = Tenant(slug=slug, name=slug.capitalize())
    with tenancy.tenant_scope(tenant.pk), transaction.atomic():
        tenant.save(force_insert=True)
        people = {role: make_person(role, slug) for role in ROLES}
    return Cast(tenant, people)


def make_person(role: str, slug: str) -> Person:
    person = Person(email=f"{role}@{slug}.test", name=f"{role.capitalize()} of {slug}")
    person.set_password(PASSWORD)
    person.save(force_insert=True)
    join(person, role)
    return person


def join(person: Person, role: str) -> Membership:
    membership = Membership(person=person, role=role, created_by=person.pk, updated_by=person.pk)
    membership.accepted_at = membership.created_at
    membership.save(force_insert=True)
    return membership


def client_for(cast: Cast, role: str = "tenant_admin") -> APIClient:
    """An API client with a bearer token, as a tool has."""
    client = APIClient()
    body = {"email": cast.people[role].email, "password": PASSWORD, "tenant": cast.tenant.slug}
    answer = client.post("/api/v1/auth/token", body, format="json")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    return client


def application_client(cast: Cast, scopes: list[str], sources: list[str] = ()) -> APIClient:  # type: ignore[assignment]
    with tenancy.tenant_scope(cast.tenant.pk):
        key = applications.create(
            f"tool {applications.secrets.token_hex(4)}",
            actor=cast.actor(),
            scopes=scopes,
            sources=sources,
        )
    client = APIClient()
    body = {"client_id": key.application.client_id, "client_secret": key.secret}
    access = client.post("/api/v1/auth/app-token", body, format="json").json()["access"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def role_of_connection() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])


def widest(length: int) -> str:
    """A text of characters of four bytes each that hardly repeats itself, so that nothing shortens
    it.
    """
    return "".join(chr(0x20000 + n * 7919 % 40_000) for n in range(length))
