"""The proofs themselves: no URL escapes the sweep, and its eyes are open."""

import pytest

from core import ids
from tests.prove import cast, references, scopes, urls
from tests.prove.cast import CANARY, Side, Stage
from tests.prove.report import Proof

pytestmark = pytest.mark.django_db


def side(made):
    """A tenant with an id of each kind for every model, as if it had rows."""
    kinds = ("live", "deleted", "history")
    rows = {model: {kind: ids.new() for kind in kinds} for model in cast.tenant_models()}
    return Side(made, None, rows, frozenset(pk for kept in rows.values() for pk in kept.values()))


def test_every_url_can_be_filled(acme, globex):
    a, b = side(acme), side(globex)
    places = urls.places()

    for place in places:
        assert list(urls.filled(place, a, b)), f"{place} is not swept"

    assert len(places) > 80


def test_every_url_of_the_api_declares_a_scope():
    proof = Proof("scopes")

    for place in urls.places():
        if place.is_api and place.name not in scopes.PUBLIC:
            scopes.declares(proof, place)

    assert proof.failures == []


def test_every_field_that_takes_an_id_is_known():
    proof = Proof("references")

    found = {
        (place.name, each.name)
        for place in urls.places()
        if place.is_api
        for action in place.actions.values()
        if place.model is not None
        and "bulk" not in place.template
        and "intake" not in place.template
        for each in references.fields(proof, place, action)
    }

    assert proof.failures == []
    assert ("incident-list", "consolidated_investigation_ids") in found
    assert ("incident-detail", "commander_ids") in found
    assert ("alert-escalate", "investigation_id") in found


def test_a_canary_and_a_foreign_id_are_seen_and_what_was_sent_is_not(acme, globex):
    b = side(globex)
    stage = Stage(side(acme), b, None)
    pk = next(iter(b.every_id))
    shown = ids.show("alr", pk)

    assert stage.strangers(f"<b>{CANARY.upper()}</b>", "") == [CANARY]
    assert stage.strangers(f'{{"id":"{shown}"}}', "") == [str(pk)]
    assert stage.strangers(f'{{"id":"{pk}"}}', f"/alerts/{shown}") == []


@pytest.mark.parametrize(("leaks", "failed"), [([], 1), (["one"], 0)])
def test_a_control_fails_when_nothing_leaks(leaks, failed):
    proof = Proof("sweep_control", is_control=True, leaks=leaks)

    assert proof.line() == f"PROOF sweep_control tried=0 failed={failed} leaks={len(leaks)}"
