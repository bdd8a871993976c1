"""What may be asked of a URL in its query: filters with B's ids and words, searches, pickers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib import admin

from core import ids
from tests.prove import urls
from tests.prove.cast import CANARY, Stage
from tests.prove.urls import Filled, Place

LISTS = (f"q={CANARY}", "_popup=1&_to_field=id", f"_changelist_filters=q%3D{CANARY}", "all=1")
SEARCHES = (f"s={CANARY}", "s=alert", f"s={CANARY}&extended=1")
NOT_WORDS = ("_after", "_before", "_since", "_id")


def variants(place: Place, stage: Stage) -> Iterator[Filled]:
    """The paths of a URL, and what may be asked in the query where it lists something."""
    for each in urls.filled(place, stage.a, stage.b):
        yield each
        if each.sent:
            continue
        yield from _filtered(place, each, stage)
        for query in _asked(place):
            yield replace(each, kind=f"query {query}", path=f"{each.path}?{query}")


def _asked(place: Place) -> Iterator[str]:
    if place.is_admin and place.name.endswith(("_changelist", "_add")):
        yield from LISTS
    if place.is_admin and place.name == "search":
        yield from SEARCHES
    if place.name == "autocomplete":
        yield from _pickers()


def _filtered(place: Place, each: Filled, stage: Stage) -> Iterator[Filled]:
    """Each filter of a list with what B has, beside what nobody has."""
    filters = _filterset(place)
    for name, found in sorted(filters.base_filters.items()) if filters else ():
        prefix = getattr(found, "prefix", None)
        for shown, pk in _candidates(name, prefix, stage):
            sent, unknown = ids.show(shown, pk) or "", ids.show(shown, urls.UNKNOWN) or ""
            yield _query(each, name, f"{shown} id", sent, unknown)
        if prefix is None and not name.endswith(NOT_WORDS):
            yield _query(each, name, "canary", CANARY, "nosuchword")


def _filterset(place: Place) -> Any:
    if "get" in place.actions:
        return getattr(place.viewset, "filterset_class", None)
    if place.is_admin and place.name.endswith("_changelist"):
        return getattr(admin.site._registry.get(place.model), "filterset_class", None)
    return None


def _candidates(name: str, prefix: str | None, stage: Stage) -> Iterator[tuple[str, Any]]:
    """Prefix and id of B's rows that a filter may take."""
    for model, kept in stage.b.rows.items():
        shown = getattr(model, "ID_PREFIX", "")
        fits = shown == prefix if prefix else name.endswith("_id") or name == model._meta.model_name
        if shown and fits and kept.get("live"):
            yield shown, kept["live"]


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
    for model in admin.site._registry:
        for each in model._meta.get_fields():
            if each.is_relation and each.concrete:
                yield (
                    f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                    f"&field_name={each.name}&term="
                )
