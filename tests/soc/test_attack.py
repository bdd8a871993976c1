"""ATT&CK: the bundle, the matrix without an edition, and the layer."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from soc import attack, attack_bundle
from soc.models import Alert
from soc.services import (
    alerts,
    attack_matrix,
    attack_seen,
    counted,
    rules,
    windows,
)
from tests import factories
from tests.soc import attack_bundles
from tests.soc.factories import alert_in, made, within

MATRIX = "/api/v1/soc/attack/matrix"
LAYER = "/api/v1/soc/attack/navigator-layer"
FALSE = "False Positive - Inaccurate Data"
TRUE = "True Positive - Suspicious Activity"


def bundle(given=None, **more):
    content = {"type": "bundle", "objects": given or attack_bundles.objects()}
    return attack_bundle.read(json.dumps(content).encode(), **more)


def cells(answer):
    """`{tactic: {technique: (alerts, true, false, rules)}}` of what is not empty."""
    return {
        column["tactic_id"]: {
            cell["technique_id"]: (
                cell["alert_count"],
                cell["true_positive_count"],
                cell["false_positive_count"],
                cell["rule_count"],
            )
            for cell in column["techniques"]
        }
        for column in answer.json()["tactics"]
        if column["techniques"]
    }


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("ta0001", "TA0001"),
        ("Initial Access", "TA0001"),
        ("command-and-control", "TA0011"),
        ("lateral_movement", "TA0008"),
        ("dancing", None),
    ],
)
def test_tactics_are_known_by_id_and_by_name(word, found):
    assert attack.tactic_id(word) == found


def test_a_bundle_is_read_in_the_order_of_its_matrix():
    found = bundle()

    assert (found.version, found.read, found.skipped, found.faults) == ("17.1", 10, 5, [])
    assert [(each.attack_id, each.position) for each in found.tactics] == [
        ("TA0002", 0),
        ("TA0001", 1),
    ]
    assert [(each.attack_id, each.tactics) for each in found.techniques] == [
        ("T1001", ["TA0001"]),
        ("T1002", ["TA0002", "TA0001"]),
        ("T1002.001", ["TA0002"]),
    ]


def test_without_a_matrix_tactics_stand_as_attack_has_them():
    given = [each for each in attack_bundles.objects() if each["type"] != "x-mitre-matrix"]
    given.append(attack_bundles.tactic("TA9999", "own", "Own"))

    assert [each.attack_id for each in bundle(given).tactics] == ["TA0001", "TA0002", "TA9999"]


@pytest.mark.parametrize(
    "broken",
    [
        {"external_references": []},
        {"external_references": "T1001"},
        {"external_references": attack_bundles.refs("CAPEC-1")},
        {"external_references": attack_bundles.refs(7)},
        {"external_references": attack_bundles.refs("T1001.001")},
        {"name": " "},
        {"name": None},
    ],
)
def test_a_technique_without_id_or_name_is_told_and_left_out(broken):
    bad = attack_bundles.technique("T1001", "Knocking", "first-step") | broken

    found = bundle([*attack_bundles.objects(), bad, "no object"])

    assert len(found.faults) == 1
    assert (len(found.techniques), found.skipped) == (3, 6)


def test_phases_that_are_none_leave_a_technique_without_tactic():
    odd = attack_bundles.technique("T1009", "Odd") | {"kill_chain_phases": "running"}

    assert bundle([*attack_bundles.objects(), odd]).techniques[-1].tactics == []


def test_a_tactic_without_a_short_name_is_told():
    bad = attack_bundles.tactic("TA0003", None, "Staying")

    assert bundle([*attack_bundles.objects(), bad]).faults == [
        "x-mitre-tactic TA0003: it has no id or no name of ATT&CK"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "it is not JSON"),
        (b"[" * 5_000, "it is not JSON"),
        (b"[]", "it is no STIX bundle"),
        (b'{"type": "bundle", "objects": {}}', "it is no STIX bundle"),
        (b'{"type": "report", "objects": []}', "it is no STIX bundle"),
        (b'{"type": "bundle", "objects": []}', "it names no version"),
        (
            json.dumps({"type": "bundle", "objects": attack_bundles.objects()[:1]}).encode(),
            "it holds no technique",
        ),
    ],
)
def test_what_is_no_bundle_is_refused(content, reason):
    with pytest.raises(attack_bundle.BundleError, match=reason):
        attack_bundle.read(content)


def test_an_edition_without_a_name_takes_the_given_one():
    assert bundle(attack_bundles.objects()[1:], version="old").version == "old"


def test_an_empty_matrix_has_every_tactic_in_order(api):
    answer = api.get(MATRIX).json()

    assert answer["version"] is None
    assert [row["tactic_id"] for row in answer["tactics"]] == list(attack.TACTICS)
    assert api.get(LAYER).json()["techniques"] == []


def test_without_an_edition_alerts_and_rules_place_their_techniques(api, acme):
    seen = {"mitre_tactics": ["execution"], "mitre_techniques": ["T1059.001", "T1059", "T9"]}
    made(api, **seen)
    made(api, mitre_techniques=["t1105"])
    covering = {"mitre_tactics": ["TA0003"], "mitre_subtechniques": ["T1053.005"]}
    api.post("/api/v1/soc/detection-rules", covering, format="json")
    off = api.post("/api/v1/soc/detection-rules", covering, format="json").json()
    api.patch(f"/api/v1/soc/detection-rules/{off['id']}", {"is_active": False})

    answer = api.get(MATRIX)

    assert cells(answer) == {
        "TA0002": {"T1059": (1, 0, 0, 0), "T1059.001": (1, 0, 0, 0)},
        "TA0003": {"T1053": (0, 0, 0, 1), "T1053.005": (0, 0, 0, 1)},
        None: {"T1105": (1, 0, 0, 0)},
    }
    covered = {
        cell["technique_id"]: cell["is_covered"]
        for column in answer.json()["tactics"]
        for cell in column["techniques"]
    }
    assert (covered["T1053"], covered["T1059"]) == (True, False)


def test_verdicts_are_counted_per_technique(in_acme):
    for classification in (TRUE, FALSE, FALSE, "Duplicate", None):
        alert = alert_in(in_acme, mitre_tactics=["TA0002"], mitre_techniques=["T1059"])
        if classification:
            alerts.perform(
                alert, "close", actor=in_acme.actor(), close_classification=classification
            )

    [cell] = attack_matrix.matrix().cells()

    assert (cell.alert_count, cell.true_positive_count, cell.false_positive_count) == (5, 1, 2)


def _only(span):
    [cell] = attack_matrix.matrix(during=span).cells()
    return cell


def test_only_the_window_is_counted(in_acme):
    now = timezone.now()
    for days in (1, 40, 200):
        row = alert_in(in_acme, mitre_techniques=["T1059"])
        Alert.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=days))
    spans = (
        windows.window(),
        windows.window(now - timedelta(days=300)),
        windows.window(before=now - timedelta(days=30)),
    )

    counts = [_only(span).alert_count for span in spans]

    assert counts == [2, 3, 1]


def test_the_layer_is_one_of_the_navigator(api):
    made(api, mitre_tactics=["TA0002"], mitre_techniques=["T1059"])

    later = api.get(LAYER, {"created_before": "2100-01-01T00:00:00Z"}).json()
    answer = api.get(LAYER)
    layer = answer.json()

    assert later["techniques"] == []
    assert answer.headers["Content-Disposition"] == 'attachment; filename="attack-layer.json"'
    assert (layer["domain"], layer["versions"]["layer"]) == ("enterprise-attack", "4.5")
    assert layer["techniques"] == [
        {
            "techniqueID": "T1059",
            "score": 1,
            "comment": "1 alerts, 0 true and 0 false positives; no rule",
            "enabled": True,
        }
    ]


def test_a_covered_technique_says_by_how_many_rules(in_acme):
    rules.create({"mitre_techniques": ["T1059"]}, actor=in_acme.actor())

    layer = attack_matrix.layer(attack_matrix.matrix())

    assert layer["techniques"][0]["comment"].endswith("; 1 active rules")


def test_the_numbers_are_of_ones_own_tenant_and_application(api, acme, globex):
    made(factories.client_for(globex), mitre_techniques=["T1059"])
    made(api, mitre_techniques=["T1105"])
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    made(tool, mitre_techniques=["T1106"])

    assert set(cells(tool.get(MATRIX))[None]) == {"T1106"}
    assert set(cells(api.get(MATRIX))[None]) == {"T1105", "T1106"}


def test_the_matrix_costs_as_many_queries_for_1_technique_as_for_20(in_acme):
    counts = []
    for codes in (range(1), range(1, 20)):
        for number in codes:
            alert_in(in_acme, mitre_techniques=[f"T{1000 + number}"])
        with CaptureQueriesContext(connection) as queries:
            attack_matrix.matrix()
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_draws_numbers_and_what_no_rule_looks_for(acme):
    within(acme, lambda: alert_in(acme, mitre_tactics=["TA0002"], mitre_techniques=["T1059.001"]))
    browser = Client()
    browser.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")

    page = browser.get("/admin/attack/").content.decode()

    assert "No edition is imported" in page
    assert "technique step-1 blind" in page
    assert "T1059.001" in page


def test_of_many_alerts_a_job_counts_what_the_page_draws(acme, monkeypatch):
    monkeypatch.setattr(counted, "RECENT", 1)
    for title in ("One", "Two"):
        within(acme, lambda: alert_in(acme, title=title, mitre_techniques=["T1059"]))  # noqa: B023
    browser = Client()
    browser.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")

    waiting = browser.get("/admin/attack/").content.decode()
    asked = browser.post("/admin/numbers/count/", {"name": counted.ATTACK}, follow=True)
    within(acme, lambda: counted.keep(counted.ATTACK, attack_seen.count(90)))
    ready = browser.get("/admin/attack/").content.decode()

    assert "It is not counted yet." in waiting
    assert "A job counts." in asked.content.decode()
    assert "counted by a job every half hour" in ready
    assert '<b>2</b><span class="sr"> alerts of T1059</span>' in ready


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("T1059", {"whole", "sub", "other sub"}),
        ("t1059.001", {"sub"}),
        ("T1105", {"another"}),
        ("T105", set()),
    ],
)
def test_alerts_of_a_technique_are_those_of_its_sub_techniques_too(api, asked, found):
    named = {"whole": "T1059", "sub": "t1059.001", "other sub": "T1059.003", "another": "T1105"}
    for title, technique in named.items():
        made(api, title=title, mitre_technique=technique)

    answer = api.get("/api/v1/soc/alerts", {"mitre_technique": asked})

    assert {row["title"] for row in answer.json()["results"]} == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("T1059", {"whole", "sub", "both"}),
        ("t1059.001", {"sub"}),
        ("T1105", {"both"}),
        ("T105", set()),
        ('T1059"', set()),
    ],
)
def test_rules_of_a_technique_are_those_of_its_sub_techniques_too(api, acme, asked, found):
    named = {
        "whole": {"mitre_techniques": ["T1059"]},
        "sub": {"mitre_subtechniques": ["T1059.001"]},
        "both": {"mitre_techniques": ["T1105"], "mitre_subtechniques": ["T1059.003"]},
    }
    for name, values in named.items():
        within(acme, lambda: rules.create({"name": name, **values}, actor=acme.actor()))  # noqa: B023

    answer = api.get("/api/v1/soc/detection-rules", {"mitre_technique": asked})

    assert {row["name"] for row in answer.json()["results"]} == found
