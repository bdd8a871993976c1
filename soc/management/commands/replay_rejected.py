"""`replay_rejected`: records that intake could not take, once they can be taken."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import actors, ids, tenancy
from core.errors import DomainError
from core.management.tenants import tenant_of
from soc.models import RejectedRecord
from soc.services import intake, rejected


class Command(BaseCommand):
    help = (
        "Send rejected records through intake again: those named, or all that wait. One that is "
        "still at fault stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--format", default="", help="only records that came in this format")
        parser.add_argument("--as", dest="other", metavar="FORMAT", help="read them as this format")
        parser.add_argument("--record", metavar="FILE", help="the mended record, for one id")
        parser.add_argument("ids", nargs="*", metavar="ID", help="rej_…; without, all that wait")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant_id = tenant_of(options["tenant"])
        named = [_read(text) for text in options["ids"]]
        mended = _mended(options["record"], named)
        counts: Counter[str] = Counter()
        for pk in named or _waiting(tenant_id, options["format"]):
            counts.update(self._replay(tenant_id, pk, mended, options["other"]))
        names = ("created", "duplicates", "rejected", "skipped")
        total = " ".join(f"{name}={counts[name]}" for name in names)
        self.stdout.write(f"read={sum(counts.values())} {total}")

    def _replay(
        self, tenant_id: UUID, pk: UUID, mended: str | None, other: str | None
    ) -> dict[str, int]:
        """What became of one record; the reason where it is still at fault."""
        actor = actors.system(tenant_id, source_type="backend")
        try:
            with tenancy.tenant_scope(tenant_id), transaction.atomic():
                row = RejectedRecord(pk=pk)
                return intake.tally(rejected.replay(row, actor=actor, record=mended, format=other))
        except DomainError as refusal:
            shown = ids.show(RejectedRecord.ID_PREFIX, pk)
            self.stdout.write(f"  {shown}: {refusal.message}")
            return {"rejected": 1}


def _read(text: str) -> UUID:
    pk = ids.read(RejectedRecord.ID_PREFIX, text)
    if pk is None:
        raise CommandError(f"'{text[:50]}' is no id of a rejected record: they begin with rej_.")
    return pk


def _mended(path: str | None, named: list[UUID]) -> str | None:
    if path is None:
        return None
    if len(named) != 1:
        raise CommandError("--record mends one record: give its id.")
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error


def _waiting(tenant_id: UUID, format_: str) -> list[UUID]:
    """The ids of what waits, oldest first."""
    with tenancy.tenant_scope(tenant_id), transaction.atomic():
        rows = RejectedRecord.objects.filter(replayed_at__isnull=True)
        rows = rows.filter(format=format_) if format_ else rows
        return list(rows.order_by("pk").values_list("pk", flat=True))
