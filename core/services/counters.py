"""Numbers that people read: INV-2026-000123. Gaps may happen, repeats cannot."""

from django.db import connection
from django.utils import timezone


def next_number(prefix: str) -> str:
    """The next number of this tenant, kind and year. Take it last: its row stays locked until the
    commit.
    """
    year = timezone.now().year
    with connection.cursor() as cursor:
        cursor.execute("select core_next_number(%s, %s)", [prefix, year])
        return f"{prefix}-{year}-{cursor.fetchone()[0]:06d}"


def next_serial(kind: str) -> int:
    """The next whole number of this tenant and kind, over all years. Take it last, as above."""
    with connection.cursor() as cursor:
        cursor.execute("select core_next_number(%s, 0)", [kind])
        return int(cursor.fetchone()[0])
