"""`import_attack`: an edition of ATT&CK from the bundle that its authors publish."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from soc import attack_bundle
from soc.services import attack_versions

MAX_BYTES = 200 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Import ATT&CK from a STIX 2.1 bundle (enterprise-attack.json) and make that edition the "
        "current one for all tenants. Editions are kept: to go back, import the older file again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the bundle")
        parser.add_argument(
            "--edition", default="", help="the version's name, where the bundle does not say it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            bundle = attack_bundle.read(_content(path), version=options["edition"])
        except attack_bundle.BundleError as error:
            raise CommandError(f"{path} is not imported: {error}. Nothing was changed.") from error
        with connection.as_role("platform"):  # type: ignore[attr-defined]
            created = attack_versions.take(bundle)
        self._tell(bundle, created)

    def _tell(self, bundle: attack_bundle.Bundle, created: int) -> None:
        for fault in bundle.faults:
            self.stderr.write(f"rejected {fault}")
        self.stdout.write(f"ATT&CK {bundle.version} is the current edition now.")
        known = len(bundle.tactics) + len(bundle.techniques) - created
        self.stdout.write(
            f"read={bundle.read} created={created} duplicates={known} "
            f"rejected={len(bundle.faults)} skipped={bundle.skipped}"
        )
        self.stdout.flush()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(
            f"{path} cannot be read: {error.strerror}. Mind the path and the rights."
        ) from error
    if len(content) > MAX_BYTES:
        raise attack_bundle.BundleError(f"it is larger than {MAX_BYTES // 1024**2} MB")
    return content
