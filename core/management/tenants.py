"""The tenant that a command works in."""

from uuid import UUID

from django.core.management.base import CommandError

from core import identity


def tenant_of(slug: str) -> UUID:
    """The id of the tenant with this short name; says how to make one when there is none."""
    for tenant_id, known in identity.all_tenants():
        if known == slug:
            return tenant_id
    raise CommandError(
        f"There is no tenant '{slug}'. Mind the spelling, or make it first: "
        f"manage.py create_tenant {slug} --name NAME --admin EMAIL"
    )
