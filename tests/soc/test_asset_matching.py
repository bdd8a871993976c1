"""Alerts and the register of assets: matched by name, address and identifier."""

import pytest

from grc.services import assets
from soc.models import Alert
from soc.services import alerts, asset_matching

HOST = {"name": "SRV-FILE-01", "ip": "10.20.4.9"}


@pytest.mark.parametrize(
    ("asset", "alert"),
    [
        ({"name": "srv-file-01"}, {"host": HOST}),
        ({"name": "Files", "identifiers": ["10.20.4.9"]}, {"host": HOST}),
        ({"name": "Files", "identifiers": ["CMDB-7"]}, {"affected_assets": [{"id": "cmdb-7"}]}),
        ({"name": "Files"}, {"affected_assets": [{"type": "server", "label": "files"}]}),
    ],
)
def test_an_alert_names_the_asset_of_the_register(in_acme, asset, alert):
    row = assets.create(asset, actor=in_acme.actor())
    seen = alerts.create({"title": "Encryption", **alert}, actor=in_acme.actor())

    first = asset_matching.of_alerts([seen.pk], actor=in_acme.actor())
    again = asset_matching.of_alerts([seen.pk], actor=in_acme.actor())

    [named] = Alert.objects.get(pk=seen.pk).affected_assets
    assert (first, again) == (1, 0)
    assert named["id"] == row.shown_id


def test_what_the_register_does_not_know_stays_as_it_came(in_acme, django_assert_num_queries):
    given = [{"type": "server", "id": "x-1", "label": "unknown"}]
    seen = alerts.create({"host": HOST, "affected_assets": given}, actor=in_acme.actor())

    with django_assert_num_queries(1):
        asset_matching.of_alerts([seen.pk], actor=in_acme.actor())

    assert Alert.objects.get(pk=seen.pk).affected_assets == given
