"""Registers by the client: a CSV looked at, written and read out, and the scale of risks."""

import pytest
from soc_client import AsyncClient, Conflict

from tests.client.awaited import awaited

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_register_is_read_in_and_out(client):
    text = "name,criticality\nPayroll,high\n"

    looked = client.grc.assets.read_in(text)
    taken = client.grc.assets.read_in(text, commit=True)
    out = client.grc.assets.read_out()

    assert (looked["committed"], looked["results"][0]["action"]) == (False, "create")
    assert taken["committed"] is True
    assert '"Payroll"' in out
    assert client.grc.assets.read_in(out)["results"][0]["action"] == "keep"


def test_the_scale_of_risks_is_read_and_set(client):
    client.grc.risks.create({"name": "Fire", "inherent_impact": 4, "inherent_likelihood": 2})

    before = client.grc.risks.scale()
    after = client.grc.risks.set_scale(likelihood_steps=4, impact_steps=4, note="As the board has.")

    assert (before["impact_steps"], after["impact_steps"]) == (5, 4)
    with pytest.raises(Conflict):
        client.grc.risks.set_scale(likelihood_steps=3, impact_steps=3)


def test_the_same_calls_awaited(live_server, credentials):
    async def calls():
        async with AsyncClient(live_server.url, **credentials) as client:
            taken = await client.grc.risks.read_in("name\nFlood\n", commit=True)
            out = await client.grc.risks.read_out()
            await client.grc.risks.set_scale(likelihood_steps=4, impact_steps=4)
            return taken, out, await client.grc.risks.scale()

    taken, out, scale = awaited(calls())

    assert taken["results"][0]["action"] == "create"
    assert "Flood" in out
    assert scale["likelihood_steps"] == 4
