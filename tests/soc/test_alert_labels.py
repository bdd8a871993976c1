"""Tags, ATT&CK names and tickets are found by an index that the database keeps along with them."""

import pytest
from django.db import connection

from core import tenancy
from soc.intake.envelope import split
from soc.models import Alert, AlertLabel
from soc.services import alerts, intake
from tests.soc.factories import ALERTS, alert_in, made

PAIRS = {("tag", "rare"), ("tactic", "TA0011"), ("technique", "T1071"), ("ticket", "SEC-1")}
SAID = {
    "tags": ["rare"],
    "mitre_tactics": ["TA0011"],
    "mitre_techniques": ["T1071"],
    "ticket_ref": {"system": "jira", "key": "SEC-1"},
}


def labels_of(alert):
    return set(AlertLabel.objects.filter(alert=alert).values_list("kind", "value"))


@pytest.fixture
def inside(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        yield acme


def test_a_new_alert_has_its_labels_and_one_without_has_none(inside):
    assert labels_of(alert_in(inside, **SAID)) == PAIRS
    assert labels_of(alert_in(inside)) == set()


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"tags": []}, PAIRS - {("tag", "rare")}),
        ({"tags": ["rare", "vip", "rare"]}, PAIRS | {("tag", "vip")}),
        ({"ticket_ref": "SEC-2"}, PAIRS - {("ticket", "SEC-1")} | {("ticket", "SEC-2")}),
        (
            {"ticket_ref": {"id": "10", "key": "K"}},
            PAIRS - {("ticket", "SEC-1")} | {("ticket", "10"), ("ticket", "K")},
        ),
        ({"title": "Another"}, PAIRS),
    ],
)
def test_labels_follow_a_change(inside, values, left):
    alert = alert_in(inside, **SAID)

    alerts.update(alert, values, actor=inside.actor("responder"))

    assert labels_of(alert) == left


def test_labels_come_with_an_intake(inside):
    body = b'{"title": "x", "severity": "low", "tags": ["seen"], "mitre": {"technique": "T1003"}}'

    intake.take(split(body), actor=inside.actor("tenant_admin"), format="generic")

    (alert,) = Alert.objects.all()
    assert labels_of(alert) == {("tag", each) for each in alert.tags} | {
        ("technique", each) for each in alert.mitre_techniques
    }
    assert ("tag", "seen") in labels_of(alert)


def test_labels_follow_whoever_writes_the_columns(inside):
    alert = alert_in(inside, **SAID)

    Alert.objects.filter(pk=alert.pk).update(mitre_techniques=["T1059"], mitre_tactics=[])

    assert labels_of(alert) == {("tag", "rare"), ("technique", "T1059"), ("ticket", "SEC-1")}


@pytest.mark.parametrize(
    ("odd", "tags"),
    [('{"a": 1}', {'{"a": 1}'}), ("null", set()), ("7", {"7"}), ('[null, "", "x"]', {"x"})],
)
def test_what_is_no_list_of_texts_breaks_nothing(inside, odd, tags):
    alert = alert_in(inside)

    with connection.cursor() as cursor:
        cursor.execute("update soc_alert set tags = %s where id = %s", [odd, alert.pk])

    assert labels_of(alert) == {("tag", each) for each in tags}


@pytest.mark.parametrize("query", ["tag=rare", "mitre_technique=T1071", "ticket_ref=SEC-1"])
def test_a_list_by_a_label_reads_the_index_of_labels(api, query, django_assert_max_num_queries):
    alert = made(api, **SAID)
    made(api)

    with django_assert_max_num_queries(12) as captured:
        found = api.get(f"{ALERTS}?{query}").json()["results"]

    assert [row["id"] for row in found] == [alert["id"]]
    assert any('"soc_alertlabel"' in each["sql"] for each in captured.captured_queries)
