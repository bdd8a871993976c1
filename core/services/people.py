"""People of a tenant: invite, accept, change role, deactivate and take back."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import password_validation
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils import timezone

from core import audit, ids, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.models import Membership, Person
from core.scopes import ROLES
from core.texts import clean_text

ADMIN = "admin:tenant"
INVITATION_DAYS = 7
_SALT = "core.invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A membership that waits for its person; `token` goes into the link that is shown once."""

    membership: Membership
    token: str


@audit.verb
def invite(email: str, *, actor: Actor, role: str, name: str = "") -> Invitation:
    """Add a person to the tenant, pending until they accept; a person of another tenant keeps what
    they have there.
    """
    actor.require(ADMIN)
    address = clean_email(email)
    _known_role(role)
    person, _ = Person.objects.get_or_create(
        email=address, defaults={"name": clean_text(name, field="name") or address}
    )
    if person.kind != Person.Kind.PERSON:
        raise BadInput("This address belongs to a service account.", field="email")
    if Membership.with_deleted.filter(person=person).exists():
        raise Conflict(
            "This person is here already. Change the role or reactivate them instead.",
            field="email",
        )
    membership = records.create(Membership(person=person, role=role), actor=actor, verb="invite")
    return Invitation(membership, token_of(membership))


def token_of(membership: Membership) -> str:
    """The signed text of an invitation link; valid for INVITATION_DAYS and until it is used."""
    return signing.dumps({"m": str(membership.pk), "p": str(membership.person_id)}, salt=_SALT)


def invited(token: str) -> tuple[Person, UUID, UUID] | None:
    """Person, tenant and membership behind an invitation link; None when it is false, old or
    used.
    """
    try:
        content = signing.loads(token, salt=_SALT, max_age=INVITATION_DAYS * 86_400)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=content["p"], is_active=True).first()
    if person is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select tenant_id, membership_id from core_invitations(%s)", [person.pk])
        waiting = {str(membership): tenant for tenant, membership in cursor.fetchall()}
    tenant_id = waiting.get(content["m"])
    return (person, tenant_id, UUID(content["m"])) if tenant_id else None


@audit.verb
def accept(membership_id: UUID, *, actor: Actor, name: str, password: str) -> Membership:
    """The invited person comes in. Someone new chooses a password; someone known proves theirs."""
    membership: Membership = (
        Membership.objects.select_for_update().select_related("person").get(pk=membership_id)
    )
    person = membership.person
    if person.has_usable_password() and person.password:
        if not person.check_password(password):
            raise BadInput("This is not the password of your account.", field="password")
    else:
        _set_password(person, password)
        person.name = clean_text(name, field="name") or person.name
        person.save(update_fields=["name"])
    return records.change(membership, {"accepted_at": timezone.now()}, actor=actor, verb="accept")


@audit.verb
def change_role(membership: Membership, *, actor: Actor, role: str, note: str = "") -> Membership:
    actor.require(ADMIN)
    _known_role(role)
    fresh = records.lock(membership)
    if role != "tenant_admin":
        _keep_an_admin(fresh)
    return records.change(fresh, {"role": role}, actor=actor, verb="change_role", note=note)


@audit.verb
def deactivate(membership: Membership, *, actor: Actor, note: str = "") -> Membership:
    """Out at once: every request checks the membership. Their work stays."""
    actor.require(ADMIN)
    fresh = records.lock(membership)
    _keep_an_admin(fresh)
    return records.change(fresh, {"is_active": False}, actor=actor, verb="deactivate", note=note)


@audit.verb
def reactivate(membership: Membership, *, actor: Actor, note: str = "") -> Membership:
    actor.require(ADMIN)
    return records.change(
        records.lock(membership), {"is_active": True}, actor=actor, verb="reactivate", note=note
    )


@audit.verb
def put_first_steps_away(*, actor: Actor) -> Membership:
    """One's own list of first steps in this tenant is not shown again, in any browser."""
    mine: Membership = Membership.objects.select_for_update().get(person_id=actor.person_id)
    moment = mine.first_steps_put_away_at or timezone.now()
    values = {"first_steps_put_away_at": moment}
    return records.change(mine, values, actor=actor, verb="put_first_steps_away")


@audit.verb
def change_password(person: Person, *, actor: Actor, old: str, new: str) -> Person:
    """A person's own change; ends every other session and token of theirs."""
    if person.pk != actor.person_id:
        raise BadInput("A password is changed by its owner only.", field="password")
    if not person.check_password(old):
        raise BadInput("This is not your present password.", field="old_password")
    _set_password(person, new)
    audit.record("person.change_password", actor=actor, object_type="person", object_id=person.pk)
    return person


def clean_email(email: str) -> str:
    address = clean_text(email, field="email").lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(f"'{email}' is no e-mail address.", field="email") from error
    return address


def members() -> dict[UUID, str]:
    """Id and name of everyone who may be given work in this tenant."""
    rows = Membership.objects.filter(
        is_active=True, accepted_at__isnull=False, person__is_active=True
    )
    return dict(rows.order_by("person__name").values_list("person_id", "person__name"))


def addresses() -> dict[UUID, str]:
    """Id and e-mail address of everyone who may be named in this tenant."""
    rows = Membership.objects.filter(
        is_active=True, accepted_at__isnull=False, person__is_active=True
    )
    return dict(rows.values_list("person_id", "person__email"))


def require_member(person_id: UUID | None, *, field: str) -> UUID | None:
    """Pass a member's id or None; anyone else is refused in the same words as an unknown id."""
    if person_id is not None and not is_member(person_id):
        raise BadInput(unknown_reference("per", person_id), field=field)
    return person_id


def is_member(person_id: UUID | None) -> bool:
    """Whether this person may be given something in the current tenant."""
    members = Membership.objects.filter(is_active=True, accepted_at__isnull=False)
    return bool(members.filter(person_id=person_id).exists())


def unknown_reference(prefix: str, value: object) -> str:
    """One sentence for unknown and for another tenant's: nobody can tell them apart."""
    shown = ids.show(prefix, value) if isinstance(value, UUID) else value
    return f"'{shown}' is not known here."


def _set_password(person: Person, password: str) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
    person.set_password(password)
    person.token_version += 1
    person.save(update_fields=["password", "token_version"])


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput(f"'{role}' is no role. Use one of: {', '.join(ROLES)}.", field="role")


def _keep_an_admin(membership: Membership) -> None:
    """The last administrator stays: a tenant without one could never be put right by its own
    people.
    """
    others = Membership.objects.select_for_update().filter(
        role="tenant_admin", is_active=True, accepted_at__isnull=False
    )
    if membership.role == "tenant_admin" and not others.exclude(pk=membership.pk).exists():
        raise Conflict("This is the last tenant administrator. Make someone else one first.")
