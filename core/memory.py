"""How Python's collector of cycles is set in processes that live long or read much."""

import gc

LARGE = 1024 * 1024  # bytes of a body


def settle() -> None:
    """Leave what is loaded out of every later round, and look less often: a process that handles
    records by the thousand otherwise spends a sixth of its time looking for cycles that are not
    there. Reference counts free nearly everything at once either way.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def make_room(size: int) -> None:
    """Free what earlier requests left, before a large body is taken apart: a view and its request
    know each other, so that their body would stay until a round of the collector.
    """
    if size > LARGE:
        gc.collect()
