"""Each figure of the contract: how it is driven, and beside which floor it stands."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from django.db import transaction

from core import tenancy
from core.services import applications
from tests import factories
from tests.bench import growth, load, pages, records, scripts
from tests.bench.fill import OTHERS, Filler
from tests.bench.floors import Floors
from tests.bench.report import Figure, beside

API = "/api/v1/soc/alerts"
ACKNOWLEDGED = 6_000
IMPORTED = 40_000


class Bench:
    """The scratch database and what is measured on it."""

    def __init__(self, superuser: psycopg.Connection) -> None:
        self.superuser = superuser
        with transaction.atomic():
            casts = [factories.make_tenant(f"bench-{number}") for number in range(OTHERS + 1)]
        tenancy.clear()
        self.cast = casts[0]
        self.filler = Filler(superuser, self.cast, casts[1:])
        with tenancy.tenant_scope(self.cast.tenant.pk), transaction.atomic():
            key = applications.create("tool", actor=self.cast.actor(), scopes=["soc:ingest"])
        tenancy.clear()
        token = factories.client_for(self.cast)._credentials["HTTP_AUTHORIZATION"]
        self.person = {"Authorization": token}
        self.tool = {
            "Authorization": f"Bearer {key.bearer}",
            "Content-Type": "application/json",
        }

    def figures(self, small: int, rows: int, wanted: set[str]) -> Iterator[Figure]:
        """Each figure as soon as it is measured; of those that are `wanted`, or all."""
        growing = not wanted or "list_growth" in wanted
        if growing:
            self.filler.to(small)
            growth.keep_copy(self.superuser)
        self.filler.to(rows)
        if growing:
            yield growth.figure(API, self.person)
        self.floors = Floors(os.environ["DATABASE_PLATFORM_URL"], self.cast.tenant.pk)
        self.pks = self._newest(ACKNOWLEDGED)
        steps: tuple[tuple[str, Callable[[int], Figure]], ...] = (
            ("list", self._list),
            ("get", self._get),
            ("ack", self._acknowledge),
            ("intake_single", self._intake),
            ("import", self._import),
            ("import_two", self._import_two),
            ("queue_page", lambda port: pages.queue(port, self.cast)),
            ("list_pages", lambda port: pages.lists(port, self.cast)),
            ("desk_pages", lambda port: pages.desk(port, self.cast, self.pks[0])),
        )
        for name, measure in steps:
            if not wanted or name in wanted:
                with load.server() as port:
                    yield measure(port)

    def _list(self, port: int) -> Figure:
        return beside(
            "list",
            "/s",
            lambda: load.wrk(port, f"{API}?limit=50", self.person),
            self.floors.page,
        )

    def _get(self, port: int) -> Figure:
        script = scripts.getting(self.pks)
        return beside(
            "get",
            "/s",
            lambda: load.wrk(port, API, self.person, script=script),
            lambda: self.floors.one(self.pks),
        )

    def _acknowledge(self, port: int) -> Figure:
        script = scripts.acknowledging(self.pks)
        headers = {**self.person, "Content-Type": "application/json"}

        def once() -> float:
            self._reopen()
            return load.wrk(port, API, headers, script=script, many=4)

        return beside("ack", "/s", once, lambda: self.floors.acknowledge(self.pks))

    def _intake(self, port: int) -> Figure:
        path = "/api/v1/soc/intake/suricata"
        return beside(
            "intake_single",
            "/s",
            lambda: load.wrk(port, path, self.tool, script=scripts.sending(uuid4().hex[:8])),
            self.floors.insert,
        )

    def _import(self, port: int) -> Figure:
        return self._importing("import", 1)

    def _import_two(self, port: int) -> Figure:
        return self._importing("import_two", 2)

    def _importing(self, name: str, many: int) -> Figure:
        return beside(
            name, "rows/s", lambda: self._imported(many), lambda: self.floors.copy(IMPORTED)
        )

    def _imported(self, many: int) -> float:
        """Records a second of so many processes at once, each with a file of its own."""
        with tempfile.TemporaryDirectory(prefix="soc-bench-") as folder:
            paths = []
            for _ in range(many):
                run = uuid4().hex[:8]
                paths.append(Path(folder) / f"{run}.json")
                with paths[-1].open("wb") as file:
                    file.writelines(records.lines(IMPORTED, run=run))
            rate = load.import_rate(paths, self.cast.tenant.slug, IMPORTED)
        self.superuser.execute("vacuum (analyze) soc_alert, soc_alertkey, soc_alertindicator")
        return rate

    def _newest(self, count: int) -> list[UUID]:
        found = self.superuser.execute(
            "select id from soc_alert where tenant_id = %s order by id desc limit %s",
            [self.cast.tenant.pk, count],
        )
        return [pk for (pk,) in found.fetchall()]

    def _reopen(self) -> None:
        """The alerts to be acknowledged are open, each time anew."""
        self.superuser.execute(
            "update soc_alert set status = 'open', acknowledged_at = null, closed_at = null, "
            "close_classification = null, verdict = null where tenant_id = %s and id = any(%s)",
            [self.cast.tenant.pk, self.pks],
        )
        self.superuser.execute("vacuum (analyze) soc_alert")
