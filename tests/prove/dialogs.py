"""Dialogs and forms of the admin: ids of B in whatever they may read."""

from collections.abc import Iterator
from typing import Any

from core import workflow
from core.models import Person
from tests.prove import callers, urls
from tests.prove.cast import Stage, spellings
from tests.prove.report import Proof
from tests.prove.urls import Place


def prove(proof: Proof, stage: Stage) -> None:
    """Dialogs and forms of the admin with B's ids: nothing is shown; whether one
    was linked, the references look.
    """
    browser = callers.browser(stage.a)
    for place in urls.places():
        if not place.is_admin or place.model is None:
            continue
        for path in _own_paths(place, stage):
            for name, model in _form_fields(place):
                for text in spellings(str(stage.b.id_of(model)), model.ID_PREFIX):
                    proof.tried(place.template, path.rpartition("move/")[2], name, "_" in text)
                    _post(proof, stage, browser, path, {name: text, "note": "x"})


def _post(
    proof: Proof, stage: Stage, browser: callers.Browser, path: str, body: dict[str, str]
) -> None:
    answer = browser.send("POST", path, body)
    proof.expect(answer.status < 500, f"POST {path} {body} -> {answer.status}")
    for found in stage.strangers(answer.text, " ".join(body.values())):
        proof.leaked(f"POST {path} {body} shows {found}")


def _own_paths(place: Place, stage: Stage) -> list[str]:
    own: dict[str, str] = {}
    choices = [""]
    for name in place.params:
        if urls.is_id(name):
            own[name] = str(stage.a.id_of(place.model))
        elif name == "verb":
            choices = urls.words(place, name)
        else:
            return []
    return ["/" + place.template % (own | {"verb": word}) for word in choices]


def _form_fields(place: Place) -> Iterator[tuple[str, Any]]:
    """Names that a page of the admin may read an id from: inputs of moves, lists of ids, relations
    of the model.
    """
    if workflow.has_one(place.model):
        inputs = {
            each.name: each.model
            for move in workflow.of(place.model)
            for each in move.inputs
            if each.model
        }
        yield from inputs.items()
    yield from (("ids", place.model), ("_selected_action", place.model), ("assignee_id", Person))
    for each in place.model._meta.concrete_fields:
        target = getattr(each.remote_field, "model", None)
        if target is not None and getattr(target, "ID_PREFIX", ""):
            yield each.name, target
            yield each.attname, target
