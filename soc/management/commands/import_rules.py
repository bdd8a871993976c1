"""`import_rules`: detection rules from the files of their authors."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core import actors
from core.management.tenants import tenant_of
from soc.services import rule_imports


class Command(BaseCommand):
    help = (
        "Import detection rules from a file, or from the YAML files of a folder. A rule that is "
        "known and unchanged counts as a duplicate; a changed one too, once it is brought up to "
        "date."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, help=f"one of: {_known()}")
        parser.add_argument(
            "--source",
            default="",
            metavar="NAME",
            help="the tool that runs them, as its alerts name it; without, the format's name",
        )
        parser.add_argument("path", help="a file or a folder")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant_id = tenant_of(options["tenant"])
        if options["format"] not in rule_imports.FORMATS:
            raise CommandError(
                f"Unknown format '{options['format']}'; known are {_known()}. "
                "Give one of them as --format."
            )
        path = Path(options["path"])
        try:
            report = self._import(rule_imports.files_of(path), tenant_id, options)
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be read: {error.strerror}. Mind the path and the rights, "
                "then give the same command again: what is imported counts as duplicates."
            ) from error
        self._tell(report)

    def _import(self, files: list[Path], tenant_id: Any, options: Any) -> rule_imports.Report:
        hidden = not sys.stderr.isatty()
        with tqdm(total=len(files), unit="file", disable=hidden, file=sys.stderr) as bar:
            return rule_imports.run(
                files,
                actor=actors.system(tenant_id, source_type="backend"),
                format=options["format"],
                source_name=options["source"] or options["format"],
                progress=bar.update,
            )

    def _tell(self, report: rule_imports.Report) -> None:
        """What was rejected goes to standard error; the closing line is the last of the output."""
        for fault in report.faults:
            self.stderr.write(f"rejected {fault}")
        if report.changed:
            self.stdout.write(f"{report.changed} of the duplicates were brought up to date.")
        self.stdout.write(report.line())
        self.stdout.flush()


def _known() -> str:
    return ", ".join(rule_imports.FORMATS)
