"""The demo's people: every role of two tenants, one who serves both, and one operator."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password

from core import tenancy
from core.actors import Actor, system
from core.models import Membership, Person
from core.scopes import ROLES
from core.services import people, tenants

TENANTS = {"acme": "Acme Logistics", "globex": "Globex Energy"}
NAMES = {
    "acme": {
        "viewer": "Ines Moreau",
        "analyst": "Tomas Ekholm",
        "responder": "Priya Raman",
        "manager": "Hanna Vogel",
        "compliance": "Daniel Okafor",
        "admin": "Mei Tanaka",
    },
    "globex": {
        "viewer": "Luca Ferri",
        "analyst": "Amira Haddad",
        "responder": "Jonas Weber",
        "manager": "Sofia Marques",
        "compliance": "Peter Nowak",
        "admin": "Grace Mwangi",
    },
}
MSSP = ("mssp@watch.test", "Robin Castell")
OPERATOR = ("operator@watch.test", "Alex Lindqvist")


@dataclass(frozen=True)
class Cast:
    """A tenant and its people as actors, by the part they play."""

    tenant_id: UUID
    actors: dict[str, Actor]


def make(password: str) -> dict[str, Cast]:
    """Both tenants with their people, all with one password; as the platform role."""
    kept = make_password(password)  # once: hashing is slow by design
    _person(*OPERATOR, kept).save(force_insert=True)
    mssp = _person(*MSSP, kept)
    mssp.save(force_insert=True)
    return {slug: _tenant(slug, mssp, kept, password) for slug in TENANTS}


def _tenant(slug: str, mssp: Person, kept: str, password: str) -> Cast:
    cast = {part: _person(f"{part}@{slug}.test", name, kept) for part, name in NAMES[slug].items()}
    for person in cast.values():
        person.save(force_insert=True)
    first = tenants.create(slug, name=TENANTS[slug], admin_email=cast["admin"].email).membership
    tenant_id: UUID = first.tenant_id  # type: ignore[assignment]  # never null here
    with tenancy.tenant_scope(tenant_id):
        actors = {"admin": _accept(first, tenant_id, password)}
        for part, person in (cast | {"mssp": mssp}).items():
            if part != "admin":
                role = "analyst" if part == "mssp" else part
                invited = people.invite(person.email, actor=actors["admin"], role=role)
                actors[part] = _accept(invited.membership, tenant_id, password)
    return Cast(tenant_id, actors)


def _accept(membership: Membership, tenant_id: UUID, password: str) -> Actor:
    person = membership.person
    actor = Actor(
        person_id=person.pk,
        tenant_id=tenant_id,
        scopes=ROLES[membership.role],
        source_type="frontend",
        name=person.name,
        email=person.email,
        role=membership.role,
    )
    people.accept(membership.pk, actor=actor, name=person.name, password=password)
    return actor


def _person(email: str, name: str, kept: str) -> Person:
    return Person(email=email, name=name, password=kept, is_operator=email == OPERATOR[0])


def sensors(cast: Cast) -> Actor:
    """In whose name the tools' records come in."""
    return system(cast.tenant_id, source_type="backend")
