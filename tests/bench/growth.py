"""How much slower lists become as alerts grow in number: the same filters over a small copy of the
database and over the full one, by turns, so that what else the machine does counts for both.
"""

import os
import sys
from statistics import median

import psycopg
from django.db import connection

from socplatform.launch import urls
from tests.bench import load
from tests.bench.report import Figure

COPY = "soc_small"
TURNS, TIMES = 12, 10
# The filters of a list that an analyst or a tool asks for all day. Each fills a page in the small
# copy too (tests/bench/fill.py), but for the last, which finds nothing in either.
FILTERS = (
    "",
    "status=open",
    "status=open,acknowledged,triaging",
    "severity=critical",
    "severity=high,critical&status=open,acknowledged",
    "category=network",
    "source_name=wazuh",
    "host_name=ws-17",
    "user_name=user17",
    "rule_key=1:2000017",
    "created_after=2026-01-01T00:00:02Z",
    "status=suppressed",
)


def keep_copy(superuser: psycopg.Connection) -> None:
    """Keep the database as it is now. Nobody else may be connected to it."""
    connection.close()
    superuser.execute(f"create database {COPY} template {connection.settings_dict['NAME']}")


def figure(api: str, headers: dict[str, str]) -> Figure:
    """The worst quotient of answer times, full to small."""
    with load.server(_of_copy()) as small, load.server() as full:
        times = {each: _times((small, full), f"{api}?{each}", headers) for each in FILTERS}
    for each, (before, after) in times.items():
        said = f"{before:.1f} -> {after:.1f} ms  {each or 'no filter'}"
        print(f"  {said}", file=sys.stderr, flush=True)
    return Figure("list_growth", max(after / before for before, after in times.values()), "x", 1.0)


def _times(ports: tuple[int, int], path: str, headers: dict[str, str]) -> tuple[float, float]:
    """The typical answer times of the two servers in ms, after a round that warms them up."""
    small, full = ports
    rounds = [
        tuple(load.answer_time(port, path, headers, times=TIMES) for port in (small, full))
        for _ in range(TURNS + 1)
    ][1:]
    return median(each[0] for each in rounds), median(each[1] for each in rounds)


def _of_copy() -> dict[str, str]:
    """The variables of a server that works on the copy."""
    return {
        name: urls.changed(url, database=COPY)
        for name, url in os.environ.items()
        if name.startswith("DATABASE_") and name.endswith("URL")
    }
