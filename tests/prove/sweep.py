"""The sweep: every URL, every method, with every kind of B's ids, as A. Nothing of B comes back, nothing of B changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.prove import bodies, callers, checksums, urls
from tests.prove.callers import Answer, Caller
from tests.prove.cast import CANARY, Stage
from tests.prove.report import Proof
from tests.prove.urls import Filled, Place

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Sweep:
    """One run. `strict` also asks for equal answers to unknown ids and for no server error."""

    stage: Stage
    proof: Proof
    strict: bool = True

    def run(self) -> Proof:
        """Try everything; faults and leaks are in the proof."""
        self.twins: dict[tuple[str, str, str], Answer] = {}
        self.before = checksums.of_tenant(self.stage.platform, self.stage.b.tenant_id)
        for caller in callers.attackers(self.stage.a):
            for place in urls.places():
                if place.is_api or isinstance(caller, callers.Browser):
                    self._place(caller, place)
        return self.proof

    def _place(self, caller: Caller, place: Place) -> None:
        try:
            for each in variants(place, self.stage):
                for method in METHODS if "?" not in each.path else ("GET", "HEAD"):
                    self._try(caller, place, each, method)
        except urls.CannotFillError as error:
            self.proof.failed(f"not swept: {error}")
        self._compare_rows(caller, place)

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

    def _compare_rows(self, caller: Caller, place: Place) -> None:
        now = checksums.of_tenant(self.stage.platform, self.stage.b.tenant_id)
        for table in checksums.changed(self.before, now):
            self.proof.leaked(f"{place} as {caller.name} changed B's {table}")
        self.before = now


def variants(place: Place, stage: Stage) -> Iterator[Filled]:
    """The paths of a URL, and what may be asked in the query where it lists something."""
    for each in urls.filled(place, stage.a, stage.b):
        yield each
        if not each.sent:
            yield from _asked(place, each, stage)


def _asked(place: Place, each: Filled, stage: Stage) -> Iterator[Filled]:
    """Filters of a list with B's ids and words, each beside what nobody has."""
    filters = getattr(place.viewset, "filterset_class", None)
    if "get" in place.actions and filters is not None:
        for name in sorted(filters.base_filters):
            yield from _filtered(each, name, getattr(filters.base_filters[name], "prefix", None), stage)
    if place.is_admin and place.name.endswith(("_changelist", "_add")):
        for query in ("q=" + CANARY, "_popup=1&_to_field=id", "_changelist_filters=q%3D" + CANARY):
            yield replace(each, kind=f"query {query}", path=f"{each.path}?{query}")
    if place.is_admin and place.name == "search":
        for query in ("s=" + CANARY, "s=alert", "s=" + CANARY + "&extended=1"):
            yield replace(each, kind=f"query {query}", path=f"{each.path}?{query}")
    if place.name == "autocomplete":
        for query in _pickers():
            yield replace(each, kind=f"query {query}", path=f"{each.path}?{query}")


def _filtered(each: Filled, name: str, prefix: str | None, stage: Stage) -> Iterator[Filled]:
    from core import ids

    for model, kept in stage.b.rows.items():
        shown = getattr(model, "ID_PREFIX", "")
        if not shown or (prefix and shown != prefix) or (prefix is None and not _may_be(name, model)):
            continue
        sent, unknown = ids.show(shown, kept.get("live")), ids.show(shown, urls.UNKNOWN)
        if sent and unknown:
            yield _query(each, name, f"{shown} id", sent, unknown)
    if prefix is None and not name.endswith(("_after", "_before", "_since", "_id")):
        yield _query(each, name, "canary", CANARY, "nosuchword")


def _may_be(name: str, model: Any) -> bool:
    return name.endswith("_id") or name == model._meta.model_name


def _query(each: Filled, name: str, kind: str, sent: str, unknown: str) -> Filled:
    return Filled(
        f"filter {name} with {kind}",
        f"{each.path}?{name}={sent}",
        f"{each.path}?{name}={unknown}",
        (sent,),
        (unknown,),
    )


def _pickers() -> Iterator[str]:
    """Every relation of every model of the admin, as its autocomplete asks for it."""
    from django.contrib import admin

    for model in admin.site._registry:
        for each in model._meta.get_fields():
            if each.is_relation and each.concrete:
                yield (
                    f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                    f"&field_name={each.name}&term="
                )
