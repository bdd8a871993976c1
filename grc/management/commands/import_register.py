"""`import_register`: assets, accounts, risks or regulators from a CSV, looked at before written."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import actors, tenancy
from core.errors import DomainError
from core.management.tenants import tenant_of
from grc.management.sheets import SHEETS, sheet_of
from grc.services import sheets
from grc.services.sheets import Line, Sheet

AGAIN = "Nothing was written. Mend what is told above, then give the same command again."


class Command(BaseCommand):
    help = "Look at a CSV line by line; with --commit write all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--commit", action="store_true", help="write it where no line is wrong")
        parser.add_argument("register", help=f"one of: {', '.join(SHEETS)}")
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet, tenant_id = sheet_of(options["register"]), tenant_of(options["tenant"])
        text = _text(Path(options["file"]))
        lines = self._read(sheet, text, tenant_id, options["commit"])
        faults = [line for line in lines if line.problem]
        for line in faults:
            self.stderr.write(f"line {line.number}: {_where(line)}{line.problem}")
        if faults:
            raise CommandError(AGAIN)
        counts = Counter(line.action for line in lines)
        told = " ".join(f"{action}={counts[action]}" for action in ("create", "change", "keep"))
        self.stdout.write(told if options["commit"] else f"{told} (--commit writes it)")

    def _read(self, sheet: Sheet, text: str, tenant_id: Any, commit: bool) -> list[Line]:
        actor = actors.system(tenant_id, source_type="backend")
        try:
            with tenancy.tenant_scope(tenant_id):
                return sheets.read_in(sheet, text, actor=actor, commit=commit)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not in UTF-8. Save it in that encoding.") from error


def _where(line: Line) -> str:
    return f"{line.field}: " if line.field else ""
