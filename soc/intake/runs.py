"""Records of a batch, cut into runs that are stored one after the other.

Within a run, alerts are stored before what tools say of them is heard. So a run ends where an alert
comes again behind its own resolving: the one was resolved, the other is new. It ends as well where
so many indicators have come together that writing them would fill the memory.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from soc.intake.drafts import AlertDraft, Signal
from soc.intake.envelope import Record
from soc.intake.formats import Drafted

MAX_INDICATORS = 20_000  # of a run, after which it ends
Given = tuple[Record, Drafted]


class Run(NamedTuple):
    """Records that are stored together, and whether they are the batch's last."""

    given: list[Given]
    is_last: bool


def runs(given: Iterable[Given]) -> Iterator[Run]:
    """The same in the same order. What is given may be made while it is asked for: only one run is
    held.
    """
    run: list[Given] = []
    resolved: set[tuple[str, str]] = set()
    indicators = 0
    for record, draft in given:
        if isinstance(draft, AlertDraft):
            again = any((draft.source_name, each.key) in resolved for each in draft.identity_keys)
            if run and (again or indicators + len(draft.indicators) > MAX_INDICATORS):
                yield Run(run, is_last=False)
                run, resolved, indicators = [], set(), 0
            indicators += len(draft.indicators)
        elif isinstance(draft, Signal) and draft.verb == "resolve":
            resolved.add((draft.source_name, draft.key))
        run.append((record, draft))
    if run:
        yield Run(run, is_last=True)
