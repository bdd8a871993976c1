"""`make bench`: fill a scratch database, drive the real server, and print each figure beside the
floor of the same run. `ROWS=10000` for a short one; with names, only those figures.
"""

import os
import sys
import time

import psycopg

from tests.bench import load, report
from tests.prove import stage

SMALL = 10_000
# As a small server of its own would have it; every commit is synced.
SETTINGS = ("shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=30min")


def main() -> int:
    rows = int(os.environ.get("ROWS", "1000000"))
    try:
        load.require_wrk()
        with stage.prepared(SETTINGS) as superuser_url:
            from tests.bench.measure import Bench

            print(f"  {report.machine()}, {rows:,} alerts", file=sys.stderr, flush=True)
            with psycopg.connect(superuser_url, autocommit=True) as superuser:
                started = time.monotonic()
                for figure in Bench(superuser).figures(min(SMALL, rows), rows, set(sys.argv[1:])):
                    print(figure.line(), flush=True)
                print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    except load.BenchError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
