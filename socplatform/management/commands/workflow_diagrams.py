"""`workflow_diagrams`: write docs/workflows.md, or say that it is no longer true."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from socplatform import diagrams

PAGE = Path("docs/workflows.md")


class Command(BaseCommand):
    help = f"Write {PAGE} from the tables of the life cycles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if it differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / PAGE
        text = diagrams.page()
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError(
                f"{PAGE} differs from the tables. Write it anew: manage.py workflow_diagrams"
            )
