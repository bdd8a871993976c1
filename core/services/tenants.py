"""Tenants: made by an operator's command, as the platform role."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from core import audit, tenancy
from core.actors import Actor, system
from core.errors import BadInput, Conflict
from core.models import Membership, Tenant
from core.services import people

_furnishers: list[Callable[..., object]] = []


def furnish_with(furnisher: Callable[..., object]) -> None:
    """Let an app give every new tenant what it begins with; it is called with the actor, inside the
    tenant.
    """
    _furnishers.append(furnisher)


def create(slug: str, *, name: str, admin_email: str) -> people.Invitation:
    """A tenant and the invitation of its first administrator. Run it as the platform role, in a
    transaction. Said again for an administrator who has not come in yet, it gives a new link.
    """
    known = Tenant.objects.filter(slug=slug).first()
    if known is not None:
        return _renewed(known, admin_email)
    tenant = Tenant(slug=slug, name=name.strip() or slug)
    _check(tenant)
    people.clean_email(admin_email)
    tenant.save(force_insert=True)
    with tenancy.tenant_scope(tenant.pk):
        return _first_admin(
            tenant, actor=system(tenant.pk, source_type="backend"), email=admin_email
        )


def _renewed(tenant: Tenant, admin_email: str) -> people.Invitation:
    address = people.clean_email(admin_email)
    with tenancy.tenant_scope(tenant.pk):
        waiting = Membership.objects.filter(person__email=address, accepted_at=None).first()
    if waiting is None:
        raise Conflict(f"A tenant '{tenant.slug}' is here already.", field="slug")
    return people.Invitation(waiting, people.token_of(waiting))


@audit.verb
def _first_admin(tenant: Tenant, *, actor: Actor, email: str) -> people.Invitation:
    audit.record(
        "tenant.create",
        actor=actor,
        object_type="tenant",
        object_id=tenant.pk,
        details={"slug": tenant.slug},
    )
    for furnish in _furnishers:
        furnish(actor=actor)
    return people.invite(email, actor=actor, role="tenant_admin")


def _check(tenant: Tenant) -> None:
    for validator in Tenant._meta.get_field("slug").validators:
        try:
            validator(tenant.slug)
        except ValidationError as error:
            raise BadInput(" ".join(error.messages), field="slug") from error
