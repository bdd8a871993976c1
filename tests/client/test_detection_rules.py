"""Detection rules through the client."""

import pytest
from soc_client import AsyncClient

from tests.client.awaited import awaited

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_rule_its_alerts_and_its_quality(client):
    rule = client.soc.detection_rules.create(
        name="Beaconing", source_name="edr", source_rule_id="r-1"
    )

    alert = client.soc.alerts.create(source_name="edr", rule_key="r-1")

    quality = client.soc.detection_rules.quality(rule["id"])
    assert alert["detection_rule_id"] == rule["id"]
    assert (quality["volume"], quality["false_positive_rate"]) == (1, None)


def test_a_rule_awaited(live_server, credentials):
    async def calls():
        async with AsyncClient(live_server.url, **credentials) as client:
            rule = await client.soc.detection_rules.create(name="Beaconing")
            return await client.soc.detection_rules.quality(rule["id"])

    assert awaited(calls())["volume"] == 0
