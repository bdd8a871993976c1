"""The indicator: verbs, sightings, and the malice of alerts that follows."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import BadInput, Conflict, ScopeMissing
from core.models import AuditEvent
from soc import tasks
from soc.models import Alert, AlertIndicator, Indicator
from soc.services import alerts, indicators, malice
from tests import factories
from tests.soc.factories import ALERTS, made, run_jobs, seen, within

URL = "/api/v1/soc/indicators"
EVIL = ("domain", "evil.example.com")


def malice_of(alert):
    return Alert.objects.get(pk=alert.pk).malice


def the(value="evil.example.com"):
    return Indicator.objects.get(value=value)


def test_one_written_down_by_hand_is_kept_in_its_one_spelling(api):
    row = api.post(URL, {"type": "domain", "value": "Evil[.]Example[.]COM"}).json()

    assert (row["value"], row["malice"], row["sighting_count"]) == (
        "evil.example.com",
        "pending",
        0,
    )
    history = api.get(f"{URL}/{row['id']}/history").json()["results"]
    assert [entry["verb"] for entry in history] == ["indicator.create"]


def test_one_that_is_known_already_is_refused_and_named(api):
    known = api.post(URL, {"type": "ip", "value": "198.51.100.7"}).json()

    again = api.post(URL, {"type": "ip", "value": "198.51.100[.]7"})

    assert again.status_code == 409
    assert known["id"] in again.json()["detail"]
    assert api.get(URL).json()["results"] == [known]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "shoe_size", "value": "44"}, "type"),
        ({"type": "ip", "value": "evil.example.com"}, "value"),
        ({"type": "ip"}, "value"),
        ({"type": "ip", "value": "198.51.100.7", "malice": "worst", "colour": "red"}, "colour"),
    ],
)
def test_what_is_no_indicator_is_refused_by_name(api, body, field):
    refused = api.post(URL, body)

    assert refused.status_code == 400
    problem = refused.json()
    assert field in problem.get("errors", {}) or problem.get("field") == field


def test_tags_and_likeness_change_with_a_version(api):
    row = api.post(URL, {"type": "ip", "value": "198.51.100.7"}).json()

    changed = api.patch(f"{URL}/{row['id']}", {"tags": ["vpn"], "ignore_similarity": True})

    assert changed.status_code == 200
    told = changed.json()
    assert (told["tags"], told["ignore_similarity"], told["version"]) == (["vpn"], True, 2)
    found = api.get(URL, {"ignore_similarity": "true", "tag": "vpn", "is_enriched": "false"})
    assert [each["id"] for each in found.json()["results"]] == [row["id"]]
    assert api.get(URL, {"ignore_similarity": "false"}).json()["results"] == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (URL, "ignore_similarity"),
        (URL, "is_enriched"),
        ("/api/v1/soc/tasks", "mandatory"),
    ],
)
def test_a_filter_that_is_neither_true_nor_false_is_refused_by_name(api, url, name):
    refused = api.get(url, {name: "maybe"})

    assert refused.status_code == 400
    assert name in refused.content.decode()


def test_likeness_is_true_or_false(in_acme):
    seen(in_acme, EVIL)

    with pytest.raises(BadInput):
        indicators.update(the(), {"ignore_similarity": "perhaps"}, actor=in_acme.actor())


def test_a_verdict_stays_whatever_enrichment_says_and_its_alerts_follow(in_acme):
    first, second = seen(in_acme, EVIL), seen(in_acme, EVIL, ("ip", "198.51.100.7"))
    other = seen(in_acme, ("ip", "198.51.100.8"))

    row = indicators.judge(the(), actor=in_acme.actor("analyst"), verdict="malicious", note="C2")
    run_jobs()

    assert [malice_of(each) for each in (first, second, other)] == [
        "malicious",
        "malicious",
        "pending",
    ]
    row = the()
    assert (row.malice, row.malice_source) == ("malicious", "analyst@acme.test")
    assert row.is_enriched
    event = AuditEvent.objects.get(verb="indicator.judge")
    assert (event.note, event.details) == ("C2", {"malice": "malicious"})


def test_an_alert_with_a_verdict_of_its_own_does_not_follow(in_acme):
    alert = seen(in_acme, EVIL)
    alerts.update(alert, {"malice_override": "benign"}, actor=in_acme.actor())

    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")

    assert malice_of(alert) == "benign"
    alerts.update(alert, {"reset_malice_override": True}, actor=in_acme.actor())
    assert malice_of(alert) == "malicious"


def test_an_alert_that_is_linked_while_somebody_judges_follows_too(in_acme):
    """As intake links it: after the alerts were listed, and enriched before the verdict stood."""
    seen(in_acme, EVIL)
    linked = seen(in_acme, ("ip", "198.51.100.7"))
    run_jobs()

    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")
    AlertIndicator.objects.create(alert=linked, indicator=the())
    run_jobs()

    assert malice_of(linked) == "malicious"


def test_the_alerts_of_a_common_indicator_follow_by_a_job_in_parts(in_acme, monkeypatch):
    rows = [seen(in_acme, EVIL) for _ in range(5)]
    run_jobs()
    monkeypatch.setattr(malice, "AT_ONCE", 2)

    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")

    assert {malice_of(row) for row in rows} == {"pending"}
    run_jobs()
    assert {malice_of(row) for row in rows} == {"malicious"}


def test_letting_alerts_follow_twice_changes_nothing(in_acme, monkeypatch):
    seen(in_acme, EVIL), seen(in_acme, EVIL)
    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")
    run_jobs()
    monkeypatch.setattr(malice, "AT_ONCE", 1)
    before = list(Alert.objects.order_by("id").values())

    tasks.follow_malice.func(str(in_acme.tenant.pk), [str(the().pk)])

    assert list(Alert.objects.order_by("id").values()) == before


def test_following_raises_no_version_and_is_told_of_no_one(in_acme):
    alert = seen(in_acme, EVIL)
    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")

    changed = alerts.update(alert, {"severity": "high"}, actor=in_acme.actor())

    assert changed.version == 2
    client = factories.client_for(in_acme)
    [last, _] = client.get(f"{ALERTS}/{alert.shown_id}/history").json()["results"]
    assert set(last["changes"]) == {"severity"}


def test_the_history_of_an_indicator_tells_verdicts_and_not_enrichment(api, in_acme):
    seen(in_acme, EVIL)
    run_jobs()
    url = f"{URL}/{the().shown_id}"

    api.post(f"{url}/judge", {"malice": "suspicious", "note": "beacon"})
    api.patch(url, {"tags": ["c2"]})

    tagged, judged = api.get(f"{url}/history").json()["results"]
    assert (judged["verb"], judged["note"]) == ("indicator.judge", "beacon")
    assert judged["changes"] == {} or "malice" in judged["changes"]
    assert set(tagged["changes"]) == {"tags"}


def test_a_reset_falls_back_to_what_enrichment_says(api, in_acme):
    alert = seen(in_acme, ("domain", "evil.onion"))
    run_jobs()
    url = f"{URL}/{the('evil.onion').shown_id}"
    api.post(f"{url}/judge", {"malice": "benign"})
    assert within(in_acme, lambda: malice_of(alert)) == "benign"

    row = api.post(f"{url}/reset", {"note": "not sure"}).json()

    assert (row["malice"], row["malice_source"]) == ("suspicious", "special_range")
    assert row["malice_overridden_at"] is None
    assert within(in_acme, lambda: malice_of(alert)) == "suspicious"


def test_a_reset_of_what_nobody_knows_is_pending_again(in_acme):
    alert = seen(in_acme, EVIL)
    indicators.judge(the(), actor=in_acme.actor(), verdict="malicious")

    row = indicators.reset(the(), actor=in_acme.actor())

    assert (row.malice, row.malice_source, malice_of(alert)) == ("pending", None, "pending")
    with pytest.raises(Conflict, match="nothing to reset"):
        indicators.reset(row, actor=in_acme.actor())


def test_only_three_words_are_verdicts_and_only_writers_judge(in_acme):
    seen(in_acme, EVIL)

    with pytest.raises(BadInput):
        indicators.judge(the(), actor=in_acme.actor(), verdict="pending")
    for verb in (
        lambda actor: indicators.judge(the(), actor=actor, verdict="benign"),
        lambda actor: indicators.reset(the(), actor=actor),
        lambda actor: indicators.update(the(), {}, actor=actor),
        lambda actor: indicators.create({"type": "ip", "value": "198.51.100.7"}, actor=actor),
    ):
        with pytest.raises(ScopeMissing):
            verb(in_acme.actor("viewer"))


@pytest.mark.parametrize(
    "values",
    [
        {"malice": "malicious", "malice_overridden_at": timezone.now(), "malice_source": None},
        {"malice": "pending", "malice_overridden_at": timezone.now(), "malice_source": "a@b"},
    ],
)
def test_a_verdict_without_source_or_word_is_refused_by_the_database(in_acme, values):
    seen(in_acme, EVIL)

    with (
        pytest.raises(IntegrityError, match="indicator_verdict_has_source"),
        transaction.atomic(),
    ):
        Indicator.objects.filter(pk=the().pk).update(**values)


def test_sightings_name_the_alerts_and_the_role_page_by_page(api, acme):
    for number in range(3):
        made(
            api,
            title=str(number),
            indicators=[{"type": "domain", "value": EVIL[1], "role": f"role {number}"}],
        )
    made(api, title="another", indicators=[{"type": "ip", "value": "198.51.100.7"}])
    url = f"{URL}/{within(acme, the).shown_id}"

    first = api.get(f"{url}/sightings?limit=2").json()
    second = api.get(first["next"]).json()

    rows = [*first["results"], *second["results"]]
    assert [(row["title"], row["role"]) for row in rows] == [
        ("2", "role 2"),
        ("1", "role 1"),
        ("0", "role 0"),
    ]
    assert second["next"] is None
    assert api.get(url).json()["sighting_count"] == 3
    assert api.get(f"{url}/sightings?count=exact").json()["count"] == 3


def test_an_application_sees_sightings_in_its_own_alerts_only(api, acme):
    made(api, indicators=[{"type": "domain", "value": EVIL[1]}])
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    own = made(tool, indicators=[{"type": "domain", "value": EVIL[1]}])
    [row] = tool.get(URL).json()["results"]

    rows = tool.get(f"{URL}/{row['id']}/sightings").json()["results"]

    assert [each["alert_id"] for each in rows] == [own["id"]]


def test_the_list_takes_as_many_queries_for_twenty_rows_as_for_two(api):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            api.get(URL)
        return len(captured)

    for number in range(2):
        made(api, indicators=[{"type": "ip", "value": f"198.51.100.{number}"}])
    two = queries()
    for number in range(18):
        made(api, indicators=[{"type": "ip", "value": f"203.0.113.{number}"}])

    assert queries() == two
