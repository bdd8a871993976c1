"""Every URL of the product, found by walking the resolver, and how its parameters are filled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

from core import ids, workflow
from soc.intake import formats
from tests.prove.cast import Side

UNKNOWN = UUID("0190f3a0-0000-7000-8000-0000000000aa")
_ROUTE = re.compile(r"<(?:[^>:]+:)?([^>]+)>")
_ADMIN_MODEL = re.compile(r"^admin/([a-z]+)/([a-z]+)/")
MISSPELLED = ("wrong prefix", "upper case", "other model")
_FIXED = {"url": ["nowhere/"], "token": ["no-token"], "format": ["json"]}


class CannotFillError(Exception):
    """A URL with a parameter that the sweep has no value for."""


@dataclass(frozen=True)
class Place:
    """One URL pattern: its template (`api/v1/soc/alerts/%(pk)s`), its parameters and its view."""

    template: str
    params: tuple[str, ...]
    view: Any
    name: str

    @property
    def is_admin(self) -> bool:
        return self.template.startswith("admin/")

    @property
    def is_api(self) -> bool:
        return self.template.startswith(("api/", "v1/"))

    @property
    def viewset(self) -> Any:
        """The class behind an API URL; None for a plain view."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    @property
    def actions(self) -> dict[str, str]:
        """Method to action of a viewset's URL."""
        return dict(getattr(self.view, "actions", None) or {})

    @property
    def model(self) -> Any:
        """The model whose rows the URL is about, where it is about one."""
        found = getattr(self.viewset, "model", None)
        if found is None and (match := _ADMIN_MODEL.match(self.template)):
            found = apps.all_models.get(match[1], {}).get(match[2])
        return found

    def __str__(self) -> str:
        return "/" + self.template


@dataclass(frozen=True)
class Filled:
    """A path with an id of some kind, and the same path with an id that nobody has."""

    kind: str
    path: str
    twin: str
    sent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def reaches(self) -> bool:
        """Whether the id is spelled so that a row may be looked for, in the first of the two forms
        that are alike.
        """
        return self.kind not in MISSPELLED and not self.kind.endswith(_shown.__name__)


def places() -> list[Place]:
    """Each URL once, in the resolver's order."""
    found = {(each.template, each.name): each for each in _walk(get_resolver().url_patterns, "")}
    return list(found.values())


def _walk(patterns: list[Any], before: str) -> Iterator[Place]:
    for entry in patterns:
        for template, _ in _templates(entry.pattern):
            whole = before + template
            if isinstance(entry, URLResolver):
                yield from _walk(entry.url_patterns, whole)
            elif isinstance(entry, URLPattern):
                params = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", whole)))
                yield Place(whole, params, entry.callback, entry.name or "")


def _templates(pattern: Any) -> list[tuple[str, list[str]]]:
    if isinstance(pattern, RoutePattern):
        route = str(pattern)
        return [(_ROUTE.sub(r"%(\1)s", route), _ROUTE.findall(route))]
    return normalize(pattern.regex.pattern)[:1]


def filled(place: Place, a: Side, b: Side) -> Iterator[Filled]:
    """The paths of a URL with each kind of id of B, words in its other parameters; CannotFillError
    if it has others.
    """
    id_params = [name for name in place.params if is_id(name)]
    choices = {name: words(place, name) for name in place.params if name not in id_params}
    for chosen in product(*choices.values()):
        values = dict(zip(choices, chosen, strict=True))
        if not id_params:
            path = "/" + place.template % values
            yield Filled("no id", path, path)
            continue
        yield from _with_ids(place, id_params, values, a, b)


def _with_ids(
    place: Place, id_params: list[str], values: dict[str, str], a: Side, b: Side
) -> Iterator[Filled]:
    for kind, pairs in _id_sets(place, id_params, values, a, b):
        sent, unknown = zip(*pairs, strict=True)
        path = "/" + place.template % (values | dict(zip(id_params, sent, strict=True)))
        twin = "/" + place.template % (values | dict(zip(id_params, unknown, strict=True)))
        yield Filled(kind, path, twin, sent, unknown)


def _id_sets(
    place: Place, id_params: list[str], values: dict[str, str], a: Side, b: Side
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Kinds of ids for all id parameters at once: each a pair of B's and the unknown one's text."""
    owner = model_of(place, id_params[0], values)
    if len(id_params) == 1:
        for kind, text, unknown in _texts(owner, b):
            yield kind, [(text, unknown)]
        return
    child = model_of(place, id_params[1], values)
    for kind, parents, children in (
        ("both", b, b),
        ("mine with a child of B", a, b),
        ("B's with a child of mine", b, a),
    ):
        for form, (parent, none), (kid, no_kid) in _pairs(owner, child, parents, children):
            mine = kind.startswith("mine")
            yield f"{kind} {form}", [(parent, parent if mine else none), (kid, no_kid)]


def _pairs(
    owner: Any, child: Any, parents: Side, children: Side
) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    for state in ("live", "deleted"):
        above, below = parents.id_of(owner, state), children.id_of(child)
        if above and below:
            for form in (_plain, _shown):
                yield (
                    f"{state} {form.__name__}",
                    (form(owner, above), form(owner, UNKNOWN)),
                    (form(child, below), form(child, UNKNOWN)),
                )


def _texts(model: Any, b: Side) -> Iterator[tuple[str, str, str]]:
    """Kind, text of B's id, text of the unknown id in the same form."""
    live = b.id_of(model)
    if live is None:
        raise CannotFillError(f"the victim has no row of {model._meta.label}")
    for state in ("live", "deleted", "history"):
        pk = b.id_of(model, state)
        if pk is None:
            continue
        for form in (_plain, _shown):
            yield f"{state}{form.__name__}", form(model, pk), form(model, UNKNOWN)
    prefix, upper, foreign = MISSPELLED
    yield prefix, ids.show("zzz", live) or "", ids.show("zzz", UNKNOWN) or ""
    yield upper, str(live).upper(), str(UNKNOWN).upper()
    other = next(each for each in b.rows if each is not model and b.id_of(each))
    yield foreign, str(b.id_of(other)), str(UNKNOWN)


def _plain(model: Any, pk: UUID) -> str:
    return str(pk)


def _shown(model: Any, pk: UUID) -> str:
    return ids.show(getattr(model, "ID_PREFIX", "") or "alr", pk) or ""


def is_id(name: str) -> bool:
    return (
        name in ("pk", "id")
        or (name.endswith(("_id", "_pk")) and name != "content_type_id")
        or _is_unnamed(name)
    )


def _is_unnamed(name: str) -> bool:
    return re.fullmatch(r"_\d+", name) is not None


def model_of(place: Place, name: str, values: dict[str, str]) -> Any:
    """The model whose id a parameter takes."""
    text = place.template.partition(f"%({name})s")[0]
    if name.startswith("history_") or (text.endswith("history/") and _is_unnamed(name)):
        return place.model.history.model
    if "content_type_id" in values:
        return ContentType.objects.get_for_id(int(values["content_type_id"])).model_class()
    known = {each._meta.model_name: each for each in apps.get_models()}
    named = known.get(name.removesuffix("_id").removesuffix("_pk"))
    found = named or place.model
    if found is None:
        raise CannotFillError(f"{place}: no model is known for the parameter '{name}'")
    return found


def words(place: Place, name: str) -> list[str]:
    """The values of a parameter that is no id."""
    if name in _FIXED:
        return _FIXED[name]
    if name == "app_label":
        return ["core", "grc", "soc"]
    if name == "content_type_id":
        return [str(ContentType.objects.get_for_model(each).pk) for each in _shown_models()]
    if name == "name" and "intake" in place.template:
        return list(formats.every())
    if name in ("verb", "action", "action_name", "move") and place.model is not None:
        return [*_verbs(place.model), "assign", "nonsense"]
    raise CannotFillError(f"{place}: no value is known for the parameter '{name}'")


def _verbs(model: Any) -> list[str]:
    """The moves of a life cycle, or the buttons of a page in the admin."""
    if workflow.has_one(model):
        return [move.verb for move in workflow.of(model)]
    return [*getattr(admin.site._registry.get(model), "verbs", ()), "rotate"]


def _shown_models() -> list[type[models.Model]]:
    """Models that the admin may redirect to by content type."""
    return [each for each in admin.site._registry if hasattr(each, "tenant")]
