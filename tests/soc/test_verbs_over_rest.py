"""Every verb of every resource over REST, one after the other, and the tokens of tools."""

import pytest

from core import tenancy
from core.services import tokens
from soc.models import Alert
from soc.tasks import fill_search
from tests.soc.factories import alert_in

ALERTS, CASES = "/api/v1/soc/alerts", "/api/v1/soc/investigations"
INCIDENTS = "/api/v1/grc/incidents"
WAYS = [
    (ALERTS, ["triage", "suppress", "reopen", "undo"]),
    (CASES, ["start", "contain", "resolve", "reopen", "escalate"]),
    (INCIDENTS, ["contain", "eradicate", "recover", "report", "close", "reopen"]),
]


@pytest.mark.parametrize(("url", "verbs"), WAYS)
def test_a_life_over_rest_is_told_in_its_history(api, url, verbs):
    own = f"{url}/{api.post(url, {}).json()['id']}"

    statuses = [api.post(f"{own}/{verb}").status_code for verb in verbs]

    assert statuses == [200] * len(verbs)
    told = [each["verb"].partition(".")[2] for each in api.get(f"{own}/history").json()["results"]]
    assert [verb for verb in reversed(told) if verb in verbs] == verbs


def test_an_investigation_resumes_and_takes_its_pause_reason_away(api):
    own = f"{CASES}/{api.post(CASES, {}).json()['id']}"
    api.post(f"{own}/start")
    api.post(f"{own}/hold", {"pause_reason": "the supplier"})

    assert api.post(f"{own}/resume").json()["pause_reason"] is None


def test_a_closed_alert_is_reclassified(api):
    own = f"{ALERTS}/{api.post(ALERTS, {}).json()['id']}"
    api.post(f"{own}/close", {"close_classification": "Undetermined"})

    body = {"close_classification": "True Positive - Suspicious Activity"}
    changed = api.post(f"{own}/reclassify", body).json()

    assert changed["verdict"] == "true_positive"


def test_bulk_takes_assignments_and_known_verbs_only(api, acme):
    found = [api.post(ALERTS, {}).json()["id"] for _ in range(2)]
    alice = acme.people["analyst"].shown_id

    given = api.post(f"{ALERTS}/bulk/assign", {"ids": found, "assignee_id": alice}).json()

    assert [each["status"] for each in given["results"]] == [200, 200]
    assert api.get(f"{ALERTS}/{found[0]}").json()["assignee_id"] == alice
    assert api.post(f"{ALERTS}/bulk/sleep", {"ids": found}).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"), [('"v1"', 200), ("*", 200), ('"v7"', 412), ("nonsense", 412)]
)
def test_if_match_names_the_version_that_was_read(api, header, status):
    own = f"{ALERTS}/{api.post(ALERTS, {}).json()['id']}"

    assert api.patch(own, {"title": "x"}, HTTP_IF_MATCH=header).status_code == status


def test_a_history_has_pages(api):
    own = f"{ALERTS}/{api.post(ALERTS, {}).json()['id']}"
    for number in range(52):
        api.patch(own, {"title": f"title {number}"})

    first = api.get(f"{own}/history").json()
    rest = api.get(first["next"]).json()

    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (50, 3, None)
    assert api.get(f"{own}/history?cursor=nonsense").status_code == 400


@pytest.mark.parametrize("name", ["investigation_id", "incident_id"])
def test_alerts_are_filtered_by_what_they_belong_to(api, acme, name):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme, "escalated")
        alert_in(acme)
    row = api.get(f"{ALERTS}/{alert.shown_id}").json()
    wanted = row[name] if name in row else row["incident_ids"][0]

    found = api.get(f"{ALERTS}?{name}={wanted}").json()["results"]

    assert [each["id"] for each in found] == [alert.shown_id]


def test_an_unknown_key_gets_no_token(db):
    assert tokens.application_token(client_id="nobody", client_secret="x") is None


def test_the_search_job_fills_the_words_of_its_alerts(api, in_acme):
    alert = alert_in(in_acme, title="Unmistakable")

    fill_search(tenant_id=str(in_acme.tenant.pk), alert_ids=[str(alert.pk)])

    assert Alert.objects.count() == 1
    assert len(api.get(f"{ALERTS}?q=unmistak").json()["results"]) == 1
