"""What the people of a tenant did with the month's noise: most of it is done, the rest waits."""

from collections.abc import Iterator, Sequence
from random import Random

from core import tenancy
from core.actors import Actor
from soc.models import Alert
from soc.services import alerts, comments
from soc.vocabulary import RESOLUTIONS
from socplatform.demo.people import Cast

CLOSINGS = (
    (
        "True Positive - Suspicious Activity",
        "Confirmed with the user; the session was ended and the password changed.",
    ),
    (
        "True Positive - Suspicious Activity",
        "Real, and stopped by the gateway. The address is blocked now.",
    ),
    (
        "Benign Positive - Suspicious but Expected",
        "Planned maintenance, ticket checked with the operations team.",
    ),
    (
        "Benign Positive - Suspicious but Expected",
        "The yearly penetration test; the tester's address is on the list.",
    ),
    (
        "False Positive - Incorrect Detection Logic",
        "The rule counts retries of the same client. Asked for a threshold.",
    ),
    (
        "False Positive - Incorrect Detection Logic",
        "Fires on the signed updater of the print driver.",
    ),
    (
        "False Positive - Inaccurate Data",
        "The address moved to another owner last week; the feed is out of date.",
    ),
    ("Undetermined", "The host was rebuilt before anybody looked. Nothing else points to it."),
    ("Duplicate", "Same cause as the alert before it."),
    ("Not Applicable", "The system was taken out of service in the spring."),
)
RESOLVED = "Done as the runbook says; checked again after an hour."
QUESTION = "Asked the owner of the machine; waiting for an answer."
WORKERS = ("analyst", "responder", "manager", "mssp")


def work(cast: Cast, noise: Sequence[Alert], *, waiting: int, random: Random) -> list[Alert]:
    """Leave `waiting` of the alerts open and work on the others; those that were worked on."""
    order = list(noise)
    random.shuffle(order)
    with tenancy.tenant_scope(cast.tenant_id):
        for alert in order[:waiting:9]:
            actor = cast.actors["manager"]
            assignee = cast.actors[random.choice(WORKERS)].person_id
            alerts.assign(
                alert, actor=actor, assignee_id=assignee, note="Please look at this today."
            )
        done = order[waiting:]
        for alert, step in zip(done, _steps(), strict=False):
            actor = cast.actors[random.choice(WORKERS)]
            _move(alert, step, actor, random)
    return done


def _steps() -> Iterator[str]:
    """Of ten alerts that somebody took, six are closed."""
    while True:
        yield from (
            "close",
            "close",
            "triage",
            "close",
            "resolve",
            "close",
            "close",
            "acknowledge",
            "close",
            "suppress",
        )


def _move(alert: Alert, step: str, actor: Actor, random: Random) -> None:
    if step in ("close", "resolve", "triage"):
        alerts.perform(alert, "acknowledge", actor=actor)
    if step == "close":
        classification, note = random.choice(CLOSINGS)
        alerts.close(alert, actor=actor, close_classification=classification, note=note)
    elif step == "resolve":
        resolution = random.choice(RESOLUTIONS[:-1])
        alerts.perform(alert, "resolve", actor=actor, resolution=resolution, note=RESOLVED)
    elif step == "triage":
        alerts.perform(alert, "triage", actor=actor)
        alerts.assign(alert, actor=actor, assignee_id=actor.person_id)
        comments.add(alert, actor=actor, text=QUESTION)
    else:
        alerts.perform(alert, step, actor=actor)
