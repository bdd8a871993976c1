"""`export_register`: the whole of a register as CSV on standard output."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core import tenancy
from core.management.tenants import tenant_of
from grc.management.sheets import SHEETS, sheet_of
from grc.services import sheets


class Command(BaseCommand):
    help = "Write a register as CSV to standard output; read in again it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("register", help=f"one of: {', '.join(SHEETS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = sheet_of(options["register"])
        with tenancy.tenant_scope(tenant_of(options["tenant"])), transaction.atomic():
            self.stdout.write(sheets.read_out(sheet), ending="")
