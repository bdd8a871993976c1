"""How Python's collector of cycles is set in processes that live long or read much."""

import gc


def settle() -> None:
    """Leave what is loaded out of every later round, and look less often: a process that handles
    records by the thousand otherwise spends a sixth of its time looking for cycles that are not
    there. Reference counts free nearly everything at once either way.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
