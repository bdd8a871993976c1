"""How long the server takes for pages of the desk, as a signed-in person gets them."""

import sys
import time
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.test import Client

from core import ids, tenancy
from soc.services import counted
from soc.tasks import NUMBERS
from tests.bench import load
from tests.bench.report import Figure, typical
from tests.factories import Cast

QUEUE = "/admin/soc/alert/"
LIST_AT_MOST = 150.0  # ms
DESK_AT_MOST = 250.0  # ms
LISTS = (
    QUEUE,
    f"{QUEUE}?severity=critical",
    f"{QUEUE}?ordering=-severity",
    "/admin/soc/investigation/",
    "/admin/soc/indicator/",
    "/admin/soc/detectionrule/",
    "/admin/soc/detectionrule/?by=false_positive_rate",
    "/admin/soc/playbook/",
    "/admin/soc/proposal/",
    "/admin/soc/comment/",
    "/admin/soc/task/",
    "/admin/soc/rejectedrecord/",
    "/admin/grc/incident/",
    "/admin/core/auditevent/",
    "/admin/core/membership/",
)
DESK = ("/admin/", "/admin/numbers/", "/admin/attack/", "/admin/notifications/", "/admin/library/")


def queue(port: int, cast: Cast) -> Figure:
    headers = signed_in(cast)
    value = typical(lambda: load.answer_time(port, QUEUE, headers))
    return Figure("queue_page", value, "ms", LIST_AT_MOST)


def count(cast: Cast) -> None:
    """What the worker counts every half hour of a tenant with many alerts, for pages to read."""
    for name in counted.NAMES:
        started = time.perf_counter()
        with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
            counted.keep(name, NUMBERS[name.partition(":")[0]](counted.days_of(name)))
        spent = time.perf_counter() - started
        print(f"  {name}: counted by a job in {spent:.1f} s", file=sys.stderr, flush=True)


def lists(port: int, cast: Cast) -> Figure:
    """The slowest of the lists."""
    count(cast)
    return Figure("list_pages", slowest(port, LISTS, signed_in(cast)), "ms", LIST_AT_MOST)


def desk(port: int, cast: Cast, alert_id: UUID) -> Figure:
    """The slowest of the pages that are no lists, an alert's among them."""
    count(cast)
    alert = f"{QUEUE}{ids.show('alr', alert_id)}/change/"
    return Figure("desk_pages", slowest(port, (*DESK, alert), signed_in(cast)), "ms", DESK_AT_MOST)


def slowest(port: int, paths: Iterable[str], headers: dict[str, str]) -> float:
    """The time of the slowest path, in ms; each one's is told beside the figures."""
    times = {}
    for path in paths:
        times[path] = typical(lambda path=path: load.answer_time(port, path, headers, times=5))
        print(f"  {path}: {times[path]:.0f} ms", file=sys.stderr, flush=True)
    return max(times.values())


def signed_in(cast: Cast) -> dict[str, str]:
    """The headers of a person's browser."""
    client = Client()
    client.force_login(cast.people["tenant_admin"], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return {"Cookie": f"sessionid={client.session.session_key}"}
