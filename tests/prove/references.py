"""Ids in bodies are checked like ids in paths: every field that takes one, with B's id and with an
unknown one (P5).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from core import ids, workflow
from core.models import Person
from tests.prove import bodies, callers, checksums, dialogs, furniture, urls
from tests.prove.callers import Answer, Caller
from tests.prove.cast import Stage, spellings
from tests.prove.report import Proof
from tests.prove.urls import UNKNOWN, Place

SERVERS_OWN = ("id", "tenant_id", "app_id", "created_by", "updated_by", "deleted_by")
TEXTS = ("source_id", "source_rule_id")  # ids at the tool, not of rows
NAMES = {
    "commander": Person,
    "member": Person,
    "assignee": Person,
    "assigned_to": Person,
    "owner": Person,
}


@dataclass(frozen=True)
class Field:
    """A name in a body that takes one id or a list of them."""

    name: str
    model: Any
    is_list: bool


def prove(stage: Stage) -> Proof:
    proof = Proof("references")
    before = checksums.of_tenant(stage.platform, stage.b.tenant_id)
    caller = callers.person(stage.a)
    for place in urls.places():
        if place.is_api and place.model is not None:
            _bodies(proof, stage, caller, place)
            _bulk(proof, stage, caller, place)
    dialogs.prove(proof, stage)
    _same_names(proof, stage)
    _linked(proof, stage)
    after = checksums.of_tenant(stage.platform, stage.b.tenant_id)
    proof.expect(before == after, f"B's {checksums.changed(before, after)} changed")
    return proof


def _bodies(proof: Proof, stage: Stage, caller: Caller, place: Place) -> None:
    """Fields of creates, changes and verbs."""
    for method, action in place.actions.items():
        if (
            method not in ("post", "patch")
            or "bulk" in place.template
            or "intake" in place.template
        ):
            continue
        for each in fields(proof, place, action):
            for kind, sent, unknown in _values(each, stage):
                answers = [
                    caller.send(
                        method.upper(),
                        _path(place, stage),
                        bodies.of(place, method) | {each.name: value},
                    )
                    for value in (sent, unknown)
                ]
                proof.tried(place.template, method, each.name, kind)
                where = f"{method} {place} {each.name}={kind}"
                _compare(proof, stage, where, answers, (spellings(sent), spellings(unknown)))
        if action in ("create", "partial_update"):
            _servers_own(proof, stage, caller, place, method)


def _compare(
    proof: Proof,
    stage: Stage,
    where: str,
    answers: list[Answer],
    sent: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    """Refused in the same words as an id that nobody has."""
    theirs, nobodys = answers
    proof.expect(theirs.status in (400, 404), f"{where} -> {theirs.status}, not refused")
    same = theirs.masked(sent[0]) == nobodys.masked(sent[1])
    proof.expect(
        same, f"{where} -> {theirs.status} tells from unknown {nobodys.status}: {theirs.body[:200]}"
    )
    for found in stage.strangers(theirs.text, " ".join(sent[0])):
        proof.leaked(f"{where} shows {found}")


def _servers_own(proof: Proof, stage: Stage, caller: Caller, place: Place, method: str) -> None:
    """What the server sets is ignored in a body, B's ids too; `_linked` looks whether one stuck."""
    for name in SERVERS_OWN:
        model = {"id": place.model, "tenant_id": apps.get_model("core.Tenant")}.get(name, Person)
        value = str(stage.b.id_of(model))
        body = bodies.of(place, method) | {name: value}
        answer = caller.send(method.upper(), _path(place, stage), body)
        proof.tried(place.template, method, name, "set by the server")
        proof.expect(answer.status < 500, f"{method} {place} with {name} -> {answer.status}")
        for found in stage.strangers(answer.text, value):
            proof.leaked(f"{method} {place} with {name} shows {found}")


def fields(proof: Proof, place: Place, action: str) -> Iterator[Field]:
    """The fields of an action's body that take ids, from the serializer or the workflow's table."""
    if action in ("create", "partial_update"):
        for name, each in place.viewset.serializer_class().fields.items():
            if not each.read_only and (found := _field(proof, place, name, each)):
                yield found
    elif action == "assign":
        yield Field("assignee_id", Person, is_list=False)
    elif workflow.has_one(place.model):
        verbs = {move.verb: move for move in workflow.of(place.model)}
        for each in verbs[action].inputs if action in verbs else ():
            if each.model is not None:
                yield Field(each.name, each.model, is_list=False)


def _field(proof: Proof, place: Place, name: str, each: Any) -> Field | None:
    """A serializer's field that refers to rows, by its class or by its name."""
    kinds = {kind.__name__ for kind in type(each).__mro__}
    if "Reference" in kinds:
        return Field(name, each.model, is_list=False)
    if "References" in kinds:
        return Field(name, each.model, is_list=True)
    if not name.endswith(("_id", "_ids")) or name in SERVERS_OWN or name in TEXTS:
        return None
    word = name.removesuffix("_ids").removesuffix("_id")
    known = {
        model._meta.model_name: model for model in apps.get_models() if hasattr(model, "ID_PREFIX")
    }
    found = NAMES.get(word) or known.get(word) or known.get(word.rpartition("_")[2])
    if found is None:
        proof.failed(f"{place}: no model is known for the field '{name}'")
        return None
    return Field(name, found, is_list=name.endswith("_ids"))


def _values(each: Field, stage: Stage) -> Iterator[tuple[str, Any, Any]]:
    """Kind, B's value, the unknown one in the same form."""
    for state in ("live", "deleted", "history"):
        pk = stage.b.id_of(each.model, state)
        if pk is None:
            continue
        shown, none = ids.show(each.model.ID_PREFIX, pk), ids.show(each.model.ID_PREFIX, UNKNOWN)
        pairs = {"plain": (str(pk), str(UNKNOWN)), "shown": (shown, none)}
        for form, (sent, unknown) in pairs.items():
            yield (
                f"{state} {form}",
                [sent] if each.is_list else sent,
                [unknown] if each.is_list else unknown,
            )
    mine = stage.a.id_of(each.model)
    theirs = stage.b.id_of(each.model)
    if each.is_list and mine and theirs:
        yield "mixed", [str(mine), str(theirs)], [str(mine), str(UNKNOWN)]


def _path(place: Place, stage: Stage) -> str:
    """The URL with A's own row."""
    values = {name: str(stage.a.id_of(place.model)) for name in place.params if urls.is_id(name)}
    return "/" + place.template % values


def _bulk(proof: Proof, stage: Stage, caller: Caller, place: Place) -> None:
    """One answer per id: B's answers like an unknown one, and A's own is dealt with."""
    if "bulk" not in place.template:
        return
    mine, theirs = str(stage.a.id_of(place.model)), str(stage.b.id_of(place.model))
    verbs = {move.verb: bodies.inputs(move) for move in workflow.of(place.model)}
    for verb, body in (verbs | {"assign": {"assignee_id": None}}).items():
        path = "/" + place.template % {"verb": verb}
        answers = [
            caller.send("POST", path, body | {"ids": [text, mine]})
            for text in (theirs, str(UNKNOWN))
        ]
        first = [json.loads(each.body)["results"][0] for each in answers]
        proof.tried(place.template, verb, "foreign id among own")
        where = f"bulk {verb}"
        proof.expect(first[0]["status"] == 404, f"{where} answers {first[0]}")
        same = json.dumps(first[0]).replace(theirs, "") == json.dumps(first[1]).replace(
            str(UNKNOWN), ""
        )
        proof.expect(same, f"{where} tells from unknown: {first}")


def _same_names(proof: Proof, stage: Stage) -> None:
    """What B has is no reason to treat A otherwise: the same record, B's person invited."""
    tool = callers.Caller("key of an application", f"Bearer {stage.a.key.bearer}")
    record = json.loads(furniture.record(furniture.SHARED, 4))
    answer = tool.send("POST", "/api/v1/soc/intake/suricata", record)
    proof.tried("intake", "a record that B has")
    created = json.loads(answer.body).get("created")
    proof.expect(created == 1, f"a record that B has: {answer.body[:200]}")
    browser, person = callers.browser(stage.a), stage.b.cast.people["analyst"]
    body = {"email": person.email, "role": "viewer"}
    pages = [browser.send("POST", "/admin/core/membership/new/", body)]
    pages += [browser.send("GET", f"/admin/core/membership/{each}") for each in ("", "?all=1")]
    proof.tried("invite", "B's person")
    for page in pages:
        hidden = person.name.lower() not in page.text.lower()
        proof.expect(hidden, "inviting B's person by e-mail shows their name")
    for table in ("core_historicalmembership", "core_membership"):  # they are strangers again
        rule = "tenant_id = %s and person_id = %s"
        stage.platform.execute(f"delete from {table} where {rule}", [stage.a.tenant_id, person.pk])


def _linked(proof: Proof, stage: Stage) -> None:
    """No row of A holds an id of B, in any column."""
    wanted = "|".join(str(pk) for pk in stage.b.every_id)
    for table in checksums.tables(stage.platform):
        proof.tried("linked", table)
        found = stage.platform.execute(
            f"select t::text from {table} t where tenant_id = %s and t::text ~ %s limit 1",
            [stage.a.tenant_id, wanted],
        ).fetchone()
        fault = f"a row of A in {table} holds an id of B: {found and found[0][:300]}"
        proof.expect(found is None, fault)
