"""How an import is cut into transactions."""

import pytest

from soc.intake.envelope import Record
from soc.services.imports import BATCH, batches

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("sizes", "cut"),
    [
        ([], []),
        ([1], [1]),
        ([1] * BATCH, [BATCH]),
        ([1] * (BATCH + 1), [BATCH, 1]),
        ([5 * MIB] * 3, [2, 1]),
        ([9 * MIB, 1, 1], [1, 2]),
    ],
    ids=["none", "one", "a full batch", "one more", "large records", "one larger than a batch"],
)
def test_a_batch_ends_by_number_or_by_bytes(sizes, cut):
    records = [
        Record(place, bytes(size), {}, None, False, False, 0) for place, size in enumerate(sizes)
    ]

    assert [len(batch) for batch in batches(records)] == cut
