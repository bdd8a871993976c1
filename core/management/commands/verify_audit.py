"""`verify_audit`: walk every tenant's audit chain and say where it is broken."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import tenancy
from core.models import AuditEvent, AuditHead, Tenant


class Command(BaseCommand):
    help = (
        "Check the audit chains. A cut-off tail shows only against a head that was kept elsewhere, "
        "so keep this output where nobody who can write to the database can change it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.as_role("platform"):  # type: ignore[attr-defined]
            tenants = _tenants(options["tenant"])
            checked = [self._check(tenant) for tenant in tenants]
        events, broken = sum(count for count, _ in checked), sum(faults for _, faults in checked)
        self.stdout.write(f"events={events} tenants={len(tenants)} broken={broken}")
        if broken:
            raise SystemExit(1)

    def _check(self, tenant: Tenant) -> tuple[int, int]:
        """Write a line per fault and the head; how many events and faults there are."""
        faults = _faults(tenant)
        for seq, fault in faults:
            self.stdout.write(f"broken tenant={tenant.slug} seq={seq}: {fault}")
        with tenancy.tenant_scope(tenant.pk):
            for head in AuditHead.objects.all():
                self.stdout.write(f"head tenant={tenant.slug} seq={head.seq} hash={head.hash}")
            return AuditEvent.objects.count(), len(faults)


def _tenants(slug: str | None) -> list[Tenant]:
    tenants = Tenant.objects.order_by("slug")
    found = list(tenants.filter(slug=slug) if slug else tenants)
    if slug and not found:
        raise CommandError(f"There is no tenant '{slug}'. Leave --tenant out to check them all.")
    return found


def _faults(tenant: Tenant) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select seq, fault from core_audit_faults(%s)", [tenant.pk])
        return list(cursor.fetchall())
