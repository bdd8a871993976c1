"""Lists by what changed: deleted rows come as tombstones, so that a copy elsewhere can follow."""

import pytest

from tests import factories
from tests.soc.factories import ALERTS, CASES, made

TOMBSTONE = {
    "id",
    "tenant_id",
    "created_at",
    "updated_at",
    "is_deleted",
    "deleted_at",
    "deleted_by",
    "version",
}
LONG_AGO = "2020-01-01T00:00:00Z"


def gone(api, place=ALERTS):
    row = api.post(place, {"title": "Not to be read again"}).json()
    assert api.delete(f"{place}/{row['id']}").status_code == 204
    return row


def results(api, query, place=ALERTS):
    answer = api.get(f"{place}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.mark.parametrize("place", [ALERTS, CASES, "/api/v1/grc/incidents"])
def test_a_list_by_change_tells_of_deletions_and_nothing_more(api, place):
    row = gone(api, place)

    shown = results(api, f"updated_since={LONG_AGO}", place)

    assert [each["id"] for each in shown] == [row["id"]]
    assert set(shown[0]) == TOMBSTONE
    assert shown[0]["is_deleted"] is True


def test_a_list_without_it_shows_no_deleted_row(api):
    gone(api)

    assert results(api, "") == []
    assert results(api, "is_deleted=false") == []


def test_deleted_rows_can_be_listed_by_themselves_to_restore_them(api):
    made(api)
    row = gone(api)

    found = results(api, "is_deleted=true")
    restored = api.post(f"{ALERTS}/{found[0]['id']}/restore")

    assert [each["id"] for each in found] == [row["id"]]
    assert restored.json()["title"] == "Not to be read again"


def test_a_sync_reads_every_change_once_in_the_order_of_change(api):
    rows = [made(api)["id"] for _ in range(3)]
    last = api.patch(f"{ALERTS}/{rows[0]}", {"severity": "low"}).json()["updated_at"]

    every = results(api, f"updated_since={LONG_AGO}&ordering=updated_at")
    newest = results(api, f"updated_since={last}&ordering=updated_at")

    assert [each["id"] for each in every] == [rows[1], rows[2], rows[0]]
    assert [each["id"] for each in newest] == [rows[0]]


def test_another_tenants_deletions_are_not_told(api, globex):
    gone(factories.client_for(globex))

    assert results(api, f"updated_since={LONG_AGO}") == []


def test_a_flag_is_true_or_false(api):
    answer = api.get(f"{ALERTS}?is_deleted=perhaps")

    assert answer.status_code == 400
    assert "is_deleted" in answer.json()["errors"]
