"""Loads the demo: people, a month of alerts, what was done with them, and one bad night."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from core import ids, tenancy
from soc.intake.envelope import split
from soc.models import Alert
from soc.services import intake
from socplatform.demo import chain, clock, desk, knowledge, night, noise, people, playbooks, story
from socplatform.demo.estate import ESTATES
from socplatform.demo.people import Cast

SEED = 20_261_120
BATCH = 250
# How many different alerts a month brings, and how many of them nobody has touched.
NOISE = {"acme": (270, 138), "globex": (80, 44)}

Timed = tuple[datetime, str, dict[str, Any]]


@transaction.atomic
def load(password: str) -> dict[str, int]:
    """Everything or nothing, as the platform role; how many alerts each tenant has now."""
    now, random = timezone.now(), Random(SEED)  # noqa: S311 - made up, not secret
    casts = people.make(password)
    for slug, cast in casts.items():
        _tenant(slug, cast, now, random)
    return {slug: _count(cast) for slug, cast in casts.items()}


def _tenant(slug: str, cast: Cast, now: datetime, random: Random) -> None:
    count, waiting = NOISE[slug]
    records: list[Timed] = [
        (at, "", record)
        for at, record in noise.records(ESTATES[slug], count=count, now=now, random=random)
    ]
    if slug == "acme":
        start = chain.begin(now)
        records += [
            (start + step.after_begin, step.key, step.record(start)) for step in night.STEPS
        ]
    taken = _take(cast, records)
    clock.arrive(cast.tenant_id)
    done = desk.work(cast, taken.pop("", []), waiting=waiting, random=random)
    clock.worked_on(cast.tenant_id, [alert.pk for alert in done])
    knowledge.write(cast, ESTATES[slug])
    playbooks.write(cast)
    if taken:
        story.tell(cast, {key: found for key, (found,) in taken.items()})


def _take(cast: Cast, records: Iterable[Timed]) -> dict[str, list[Alert]]:
    """Let the records in, the oldest first, so that ids rise with time; new alerts by their key."""
    ordered = sorted(records, key=lambda each: each[0])
    found: dict[str, list[Alert]] = {}
    with tenancy.tenant_scope(cast.tenant_id):
        for begin in range(0, len(ordered), BATCH):
            batch = ordered[begin : begin + BATCH]
            body = b"\n".join(orjson.dumps(record) for _, _, record in batch)
            outcomes = intake.take(
                split(body), actor=people.sensors(cast), format="auto", origin="demo"
            )
            for (_, key, _), outcome in zip(batch, outcomes, strict=True):
                if outcome.status == "created":
                    found.setdefault(key, []).append(Alert(pk=ids.read("alr", outcome.id)))
    return found


def _count(cast: Cast) -> int:
    with tenancy.tenant_scope(cast.tenant_id):
        return int(Alert.objects.count())
