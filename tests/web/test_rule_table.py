"""The list of detection rules: in the order of a number, and as CSV."""

import csv
import io

import pytest

from core import tenancy
from soc.models import DetectionRule
from soc.services import alerts, counted, rule_ranking
from tests.soc.factories import alert_in
from tests.web.test_desk import signed_in

URL = "/admin/soc/detectionrule/"
FALSE = "False Positive - Incorrect Detection Logic"
TRUE = "True Positive - Suspicious Activity"


@pytest.fixture
def fired(acme):
    """Three rules by name: quiet fires once, loud three times, wrong twice and falsely."""
    closed = {"quiet": [TRUE], "loud": [None, None, None], "wrong": [FALSE, FALSE]}
    with tenancy.tenant_scope(acme.tenant.pk):
        for name, classifications in closed.items():
            for each in classifications:
                row = alert_in(acme, title="One", source_name="=edr", rule_key=name)
                if each:
                    alerts.perform(row, "close", actor=acme.actor(), close_classification=each)
            DetectionRule.objects.filter(source_rule_id=name).update(name=name)
    return acme


def names(answer):
    return [item["row"].name for item in answer.context["rows"]]


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("volume", ["loud", "wrong", "quiet"]),
        ("-volume", ["quiet", "wrong", "loud"]),
        ("false_positive_rate", ["wrong", "quiet", "loud"]),
        ("open", ["loud", "quiet", "wrong"]),
    ],
)
def test_rules_stand_in_the_order_of_a_number(fired, by, order):
    answer = signed_in(fired, "analyst").get(URL, {"by": by})

    assert names(answer) == order
    turned = by.removeprefix("-") if by.startswith("-") else f"-{by}"
    assert f"?by={turned}" in answer.content.decode()
    assert answer.content.decode().count("aria-sort") == 1


def test_an_order_goes_over_pages_and_keeps_its_filter(fired, monkeypatch):
    monkeypatch.setattr("core.admin.desk.DeskAdmin.page_size", 1)
    desk = signed_in(fired, "analyst")

    second = desk.get(URL, {"by": "volume", "cursor": "1", "source_name": "=edr"})

    assert names(second) == ["wrong"]
    assert (second.context["page"].previous, second.context["page"].next) == ("0", "2")
    assert names(desk.get(URL, {"by": "volume", "is_active": "false"})) == []
    assert names(desk.get(URL, {"by": "nonsense"})) != []


def test_many_alerts_are_counted_by_a_job_and_the_page_says_so(fired, monkeypatch):
    monkeypatch.setattr(counted, "RECENT", 1)
    desk = signed_in(fired, "analyst")

    waiting = desk.get(URL, {"by": "volume"}).content.decode()
    to_list = desk.get(f"{URL}csv/", follow=True).content.decode()
    with tenancy.tenant_scope(fired.tenant.pk):
        counted.keep(counted.RULES, rule_ranking.count(90))
    ready = desk.get(URL, {"by": "volume"})

    assert "It is not counted yet." in waiting
    assert "Have a job count them here." in to_list
    assert "counted by a job every half hour" in ready.content.decode()
    assert names(ready)[0] == "loud"


def test_a_list_shows_the_same_numbers_counted_now_or_by_a_job(fired, monkeypatch):
    desk = signed_in(fired, "analyst")
    shown = [key for key in vars(names_and_numbers(desk)[0]) if key.startswith("shown_")]
    now = [[getattr(row, key) for key in shown] for row in names_and_numbers(desk)]

    monkeypatch.setattr(counted, "RECENT", 1)
    uncounted = [[getattr(row, key) for key in shown] for row in names_and_numbers(desk)]
    with tenancy.tenant_scope(fired.tenant.pk):
        counted.keep(counted.RULES, rule_ranking.count(90))
        alert_in(fired, title="One more", source_name="=edr", rule_key="loud")
    kept = [[getattr(row, key) for key in shown] for row in names_and_numbers(desk)]

    assert now == uncounted == kept
    assert "counted by a job every half hour" in desk.get(URL).content.decode()


def names_and_numbers(desk):
    return [item["row"] for item in desk.get(URL).context["rows"]]


def test_the_numbers_are_a_file_that_no_spreadsheet_runs(fired):
    file = signed_in(fired, "analyst").get(f"{URL}csv/")

    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(file.content.decode()))}
    assert (rows["wrong"]["false_positives"], rows["wrong"]["false_positive_rate"]) == ("2", "1.0")
    assert rows["loud"]["source_name"] == "'=edr"
    assert rows["loud"]["open"] == "3"
    assert rows["quiet"]["id"].startswith("rul_")
