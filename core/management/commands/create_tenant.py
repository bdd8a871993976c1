"""`create_tenant`: a tenant, and the invitation of its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from core.errors import DomainError
from core.services import people, tenants


class Command(BaseCommand):
    help = "Make a tenant and invite its first administrator; the link is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name: lower-case letters, digits and hyphens")
        parser.add_argument("--name", required=True, help="the name that people read")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="who administers it")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, email = options["slug"], options["admin"]
        try:
            with connection.as_role("platform"), transaction.atomic():  # type: ignore[attr-defined]
                invitation = tenants.create(slug, name=options["name"], admin_email=email)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"The tenant {slug} is made. Send this link to {email}; it is not shown again\n"
            f"and works for {people.INVITATION_DAYS} days:"
        )
        self.stdout.write(f"{settings.BASE_URL}/admin/invitation/{invitation.token}/")
