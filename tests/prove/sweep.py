"""The sweep: every URL, every method, with every kind of B's ids, as A. Nothing of B comes back,
nothing of B changes.

The sweep of the product as it is tries all of it. Those with a layer taken away ask of each URL
only what can reach a row at all, unless `FULL=1`: a spelling that is refused before any row is
looked for says nothing of the layer beneath.
"""

from dataclasses import dataclass
from typing import Any

from tests.prove import bodies, callers, checksums, queries, scopes, urls
from tests.prove.callers import Answer, Caller
from tests.prove.cast import Stage
from tests.prove.report import FULL, Proof
from tests.prove.urls import Filled, Place

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
REACHING = ("GET", "POST", "PATCH", "DELETE")


@dataclass
class Sweep:
    """One run. `strict` also asks for equal answers to unknown ids and for no server error."""

    stage: Stage
    proof: Proof
    strict: bool = True

    def run(self) -> Proof:
        """Try everything; faults and leaks are in the proof."""
        self.twins: dict[tuple[str, str, str], Answer] = {}
        self.whole = self.strict or FULL
        self.before = checksums.of_tenant(self.stage.platform, self.stage.b.tenant_id)
        for number, caller in enumerate(callers.attackers(self.stage.a)):
            for place in urls.places():
                # What asks for no credential answers every caller alike, and the schema is slow.
                once = place.name in scopes.PUBLIC and number > 0
                if not once and (place.is_api or isinstance(caller, callers.Browser)):
                    self._place(caller, place)
            self._compare_rows(caller, "one of all URLs")
        return self.proof

    def _place(self, caller: Caller, place: Place) -> None:
        try:
            for each in queries.variants(place, self.stage):
                for method in self._methods(each):
                    self._try(caller, place, each, method)
        except urls.CannotFillError as error:
            self.proof.failed(f"not swept: {error}")
        if self.whole:
            self._compare_rows(caller, str(place))

    def _methods(self, each: Filled) -> tuple[str, ...]:
        if self.whole:
            return METHODS if "?" not in each.path else ("GET", "HEAD")
        if not each.reaches:
            return ()
        return REACHING if "?" not in each.path else ("GET",)

    def _try(self, caller: Caller, place: Place, each: Filled, method: str) -> None:
        body = bodies.of(place, method)
        answer = caller.send(method, each.path, body)
        self.proof.tried(place.template, method, each.kind)
        where = f"{method} {each.path} ({each.kind}) as {caller.name}"
        for found in self.stage.strangers(answer.text, " ".join((each.path, *each.sent))):
            self.proof.leaked(f"{where} -> {answer.status} shows {found}")
        if not self.strict:
            return
        if answer.status >= 500:
            self.proof.failed(f"{where} -> {answer.status}")
        if place.is_api and each.sent and not answer.is_page:
            self._compare_twin(caller, each, method, body, answer, where)

    def _compare_twin(
        self, caller: Caller, each: Filled, method: str, body: Any, answer: Answer, where: str
    ) -> None:
        """Another tenant's id and an unknown one get the same bytes."""
        name = (caller.name, method, each.twin)
        if name not in self.twins:
            self.twins[name] = caller.send(method, each.twin, body)
        twin = self.twins[name]
        if answer.masked(each.sent) != twin.masked(each.unknown):
            self.proof.failed(f"{where} -> {answer.status} tells from unknown {twin.status}")

    def _compare_rows(self, caller: Caller, where: str) -> None:
        now = checksums.of_tenant(self.stage.platform, self.stage.b.tenant_id)
        for table in checksums.changed(self.before, now):
            self.proof.leaked(f"{where} as {caller.name} changed B's {table}")
        self.before = now
