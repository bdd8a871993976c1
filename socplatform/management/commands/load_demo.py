"""`load_demo`: two tenants to look at, once."""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from core.models import Tenant
from socplatform.demo.load import load
from socplatform.demo.people import TENANTS
from socplatform.launch.run import DEMO_PASSWORD


class Command(BaseCommand):
    help = f"Make the tenants {' and '.join(TENANTS)} with made-up people and alerts, unless there."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.as_role("platform"):  # type: ignore[attr-defined]
            there = Tenant.objects.filter(slug__in=TENANTS).values_list("slug", flat=True)
            if there:
                self.stdout.write(
                    f"The demo is here already ({', '.join(sorted(there))}); nothing to do."
                )
                return
            counts = load(os.environ.get("DEMO_PASSWORD") or DEMO_PASSWORD)
        told = " and ".join(f"{count} alerts in {slug}" for slug, count in counts.items())
        self.stdout.write(f"The demo is loaded: {told}.")
