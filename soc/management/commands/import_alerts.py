"""`import_alerts`: a file of alerts in a tool's own shape, resumable."""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core import actors, memory
from core.management.tenants import tenant_of
from soc.intake import formats
from soc.intake.formats import csv
from soc.services import imports

STDIN = "-"


class Command(BaseCommand):
    help = (
        "Import alerts from a file. Killed half-way, the same command goes on where it stopped; "
        "a file that was imported before counts as duplicates."
    )
    # What they look at was looked at when the server started: reading all pages and the whole API
    # for it takes longer than a short import.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, help=f"one of: {', '.join(formats.every())}")
        parser.add_argument(
            "--mapping",
            metavar="FILE",
            help="for csv: a JSON object of our field names and the columns that hold them",
        )
        parser.add_argument("file", help=f"the file; {STDIN} is standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        memory.settle()
        tenant_id = tenant_of(options["tenant"])
        _known_format(options["format"])
        names = _mapping(options["mapping"], options["format"])
        try:
            with _opened(options["file"]) as file:
                report = self._import(file, tenant_id, options, names)
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. Give the same command again: it goes on where it stopped.", returncode=130
            ) from None
        self._tell(report)
        if report.fault is not None:
            raise CommandError(
                f"The file cannot be read on from byte {report.fault.position}: "
                f"{report.fault.reason}. What comes before it is imported; mend the file and "
                "import it again: what is there already counts as duplicates."
            )

    def _import(
        self, file: BinaryIO, tenant_id: UUID, options: dict[str, Any], names: formats.Names
    ) -> imports.Report:
        size = file.seek(0, 2)
        file.seek(0)
        given = options["file"]
        origin = "standard input" if given == STDIN else Path(given).name
        hidden = not sys.stderr.isatty()
        with tqdm(total=size, unit="B", unit_scale=True, disable=hidden, file=sys.stderr) as bar:
            return imports.run(
                file,
                actor=actors.system(tenant_id, source_type="backend"),
                format=options["format"],
                origin=origin,
                progress=bar.update,
                names=names,
            )

    def _tell(self, report: imports.Report) -> None:
        """The closing line is the last of standard output."""
        if report.rejected:
            self.stdout.write(f"{report.counts['rejected']} records were rejected and kept:")
            for outcome in report.rejected:
                self.stdout.write(f"  record {outcome.index}: {outcome.reason} ({outcome.id})")
            if report.counts["rejected"] > len(report.rejected):
                self.stdout.write("  The others are among the tenant's rejected records.")
        self.stdout.write(report.line())
        self.stdout.flush()


def _known_format(name: str) -> None:
    try:
        formats.get(name)
    except formats.UnknownFormatError as error:
        raise CommandError(f"{str(error).capitalize()}. Give one of them as --format.") from error


def _mapping(path: str | None, format_: str) -> formats.Names:
    """Our field names and the columns of the file that hold them."""
    if path is None:
        return {}
    if format_ != csv.NAME:
        raise CommandError(
            "--mapping goes with --format csv: other formats have names of their own."
        )
    try:
        given = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise CommandError(f'{path} must be an object such as {{"title": "Alert name"}}.')
    unknown = [name for name in given if name not in csv.COLUMNS]
    if unknown:
        known = ", ".join(csv.COLUMNS)
        raise CommandError(f"'{unknown[0][:50]}' is no field of ours. Map to one of: {known}.")
    return given


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """The file; standard input is copied first, since an import reads what it can seek."""
    if name == STDIN:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.seek(0)
            yield copy
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only the opening is explained
    except OSError as error:
        raise CommandError(
            f"{name} cannot be read: {error.strerror}. Mind the path and the rights."
        ) from error
    with file:
        yield file
