"""Seal what must be read again with the newest key of SECRETS_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core import actors, identity, tenancy
from core.services import applications
from soc.services import connectors


class Command(BaseCommand):
    help = (
        "Seal the secrets of connectors and of signed webhooks anew, tenant by tenant; older keys "
        "can go afterwards."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = left = 0
        for tenant_id, _ in identity.all_tenants():
            with tenancy.tenant_scope(tenant_id), transaction.atomic():
                actor = actors.system(tenant_id, source_type="backend")
                signing, lost = applications.rotate_signing(actor=actor)
                sealed += connectors.rotate(actor=actor) + signing
                left += connectors.unreadable() + lost
        self.stdout.write(f"{sealed} secrets are sealed with the newest key now.")
        if left:
            self.stdout.write(f"{left} could not be read with any key: enter them again.")
