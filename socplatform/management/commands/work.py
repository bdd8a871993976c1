"""`work`: run what was deferred, until told to end."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from socplatform import worker
from socplatform.startup import refuse_unsafe


class Command(BaseCommand):
    help = "Run deferred jobs until SIGTERM or Ctrl-C; start as many workers as you need."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        if not worker.run():
            raise CommandError("The worker lost its database. Start it again when that answers.")
