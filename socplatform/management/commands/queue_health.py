"""How the queues are: what waits, what failed, and what lies with a worker that is gone."""

from typing import Any

from django.core.management.base import BaseCommand

from socplatform import queues


class Command(BaseCommand):
    help = "One line for each queue with unfinished jobs, of all tenants."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"workers={queues.workers()}")
        for each in queues.health():
            oldest = each.oldest_at.isoformat(timespec="seconds") if each.oldest_at else "-"
            self.stdout.write(
                f"{each.name} backlog={each.backlog} later={each.later} doing={each.doing} "
                f"failed={each.failed} stalled={each.stalled} oldest={oldest}"
            )
