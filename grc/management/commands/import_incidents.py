"""`import_incidents`: incidents from files in VERIS, or from tables of breach portals."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core import actors
from core.management.tenants import tenant_of
from grc.incident_formats.table import NAMES
from grc.services import incident_imports


class Command(BaseCommand):
    help = "Import incidents from files. Partial dates stay partial; no day is made up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        known = ", ".join(incident_imports.FORMATS)
        parser.add_argument("--format", required=True, help=f"one of: {known}")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="OURS=COLUMN",
            help=f"what a column of a CSV is called; ours are {', '.join(NAMES)}",
        )
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant_id = tenant_of(options["tenant"])
        if options["format"] not in incident_imports.FORMATS:
            known = ", ".join(incident_imports.FORMATS)
            raise CommandError(f"Unknown format '{options['format']}'; known are {known}.")
        files = [Path(each) for each in options["files"]]
        try:
            report = self._import(files, tenant_id, options["format"], _mapping(options["map"]))
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be read: {error.strerror}. Mind the path and the rights, "
                "then give the same command again: what is imported counts as duplicates."
            ) from error
        for fault in report.faults:
            self.stderr.write(f"rejected {fault}")
        self.stdout.write(report.line())
        self.stdout.flush()

    def _import(
        self, files: list[Path], tenant_id: Any, format: str, mapping: dict[str, str]
    ) -> incident_imports.Report:
        hidden = not sys.stderr.isatty()
        with tqdm(total=len(files), unit="file", disable=hidden, file=sys.stderr) as bar:
            return incident_imports.run(
                files,
                actor=actors.system(tenant_id, source_type="backend"),
                format=format,
                mapping=mapping,
                progress=bar.update,
            )


def _mapping(given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        ours, equals, column = each.partition("=")
        if not equals or ours not in NAMES:
            raise CommandError(f"--map takes OURS=COLUMN, ours one of: {', '.join(NAMES)}.")
        found[ours] = column
    return found
