"""Detection rules: written down, linked at intake, imported."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict
from core.models import AuditEvent
from soc.models import Alert, DetectionRule
from soc.services import rule_links, rules
from tests import factories
from tests.soc.factories import ALERTS, alert_in, made, within

URL = "/api/v1/soc/detection-rules"


def written(client, **values):
    answer = client.post(URL, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def sent(client, *records):
    answer = client.post("/api/v1/soc/intake/generic", list(records), format="json")
    assert answer.status_code == 202, answer.content
    return [row["id"] for row in answer.json()["results"]]


def record(number=1, **more):
    return {"id": f"e-{number}", "title": "Beacon", "vendor": "edr", "rule_id": "r-1", **more}


def shown(client, alert_id):
    return client.get(f"{ALERTS}/{alert_id}").json()


def only(client, **query):
    return client.get(URL, query).json()["results"]


def test_an_empty_body_makes_a_rule_with_a_number(api):
    first, second = written(api), written(api)

    assert (first["name"], first["source_name"], first["is_stub"]) == (
        "Untitled rule",
        "manual",
        False,
    )
    assert (first["number"], second["number"]) == (1, 2)
    assert (first["first_fired_at"], first["last_fired_at"]) == (None, None)


def test_what_is_written_is_shown_in_the_spelling_of_attack(api):
    rule = written(
        api,
        name="Encoded command",
        severity="high",
        mitre_tactics=["execution", "Defense Evasion", "TA0003", "own word"],
        mitre_techniques=["t1059", "T1059"],
        mitre_subtechniques=["t1059.001"],
        data_sources=["process creation"],
        tags=["a", " a"],
    )

    assert rule["mitre_tactics"] == ["TA0002", "TA0005", "TA0003", "own word"]
    assert (rule["mitre_techniques"], rule["mitre_subtechniques"]) == (["T1059"], ["T1059.001"])
    assert (rule["data_sources"], rule["tags"]) == (["process creation"], ["a"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("severity", "dire"),
        ("mitre_techniques", ["T1059.001"]),
        ("mitre_subtechniques", ["T1059"]),
        ("mitre_techniques", "T1059"),
        ("data_sources", [["nested"]]),
        ("data_sources", [f"source {n}" for n in range(101)]),
        ("nonsense", 1),
    ],
)
def test_a_bad_value_is_refused_by_its_name(api, field, value):
    answer = api.post(URL, {field: value}, format="json")

    assert answer.status_code == 400
    assert field in answer.json().get("errors", {answer.json().get("field"): ""})


def test_lists_that_are_none_are_refused_by_the_service(in_acme):
    with pytest.raises(Exception, match="list of texts"):
        rules.create({"data_sources": "syslog"}, actor=in_acme.actor())


def test_an_analyst_reads_rules_and_does_not_write_them(acme, api):
    rule = written(api)
    analyst = factories.client_for(acme, "analyst")

    assert analyst.get(f"{URL}/{rule['id']}").status_code == 200
    assert analyst.post(URL, {}).status_code == 403
    assert analyst.patch(f"{URL}/{rule['id']}", {"name": "x"}).status_code == 403


def test_a_tool_has_one_rule_of_an_id(api):
    first = written(api, source_name="edr", source_rule_id="r-1")

    again = api.post(URL, {"source_name": "edr", "source_rule_id": "r-1"})
    elsewhere = written(api, source_name="ids", source_rule_id="r-1")
    moved = api.patch(f"{URL}/{elsewhere['id']}", {"source_name": "edr"})

    assert (again.status_code, moved.status_code) == (409, 409)
    assert first["id"] in again.json()["detail"]
    assert first["id"] in moved.json()["detail"]


def test_a_deleted_rule_comes_back_unless_it_was_written_anew(api):
    body = {"source_name": "edr", "source_rule_id": "r-1"}
    gone = written(api, **body)
    api.delete(f"{URL}/{gone['id']}")
    back = api.post(f"{URL}/{gone['id']}/restore")
    api.delete(f"{URL}/{gone['id']}")
    written(api, **body)

    refused = api.post(f"{URL}/{gone['id']}/restore")

    assert (back.status_code, refused.status_code) == (200, 409)


def test_a_rule_that_fired_is_switched_off_instead_of_deleted(api):
    sent(api, record())
    rule = only(api)[0]

    refused = api.delete(f"{URL}/{rule['id']}")
    off = api.patch(f"{URL}/{rule['id']}", {"is_active": False}).json()

    assert (refused.status_code, "alerts" in refused.json()["detail"]) == (409, True)
    assert (off["is_active"], off["is_stub"]) == (False, True)


def test_an_alert_of_an_unknown_rule_makes_a_stub_once(api, acme):
    first, second = sent(api, record(1, rule_name="Beaconing"), record(2))
    third = sent(api, record(3))[0]

    [rule] = only(api)
    linked = {shown(api, pk)["detection_rule_id"] for pk in (first, second, third)}
    assert linked == {rule["id"]}
    assert (rule["name"], rule["source_name"], rule["source_rule_id"], rule["is_stub"]) == (
        "Beaconing",
        shown(api, first)["source_name"],
        "r-1",
        True,
    )
    assert rule["first_fired_at"] is not None
    assert api.get(f"{URL}/{rule['id']}/history").status_code == 200
    kept = within(acme, lambda: list(DetectionRule.history.values_list("history_type", flat=True)))
    assert kept == ["+"]


def test_an_alert_without_a_rule_has_none(api):
    alert = made(api)

    assert alert["detection_rule_id"] is None
    assert only(api) == []


def test_an_alert_that_is_written_down_is_linked_too(api, acme):
    alert = made(api, source_name="edr", rule_key=" r-9 ", rule_name="Own")

    [rule] = only(api)
    assert (alert["detection_rule_id"], alert["rule_key"], rule["name"]) == (
        rule["id"],
        "r-9",
        "Own",
    )
    verbs = within(acme, lambda: [row.verb for row in AuditEvent.objects.order_by("seq")])
    assert "detectionrule.create" in verbs
    assert (
        api.get(ALERTS, {"detection_rule_id": rule["id"]}).json()["results"][0]["id"]
        == (alert["id"])
    )
    assert api.get(ALERTS, {"detection_rule_id": "none"}).json()["results"] == []


def test_a_stub_becomes_the_rule_that_is_written_down(api):
    alert = made(api, source_name="edr", rule_key="r-1")
    [stub] = only(api, is_stub="true")

    rule = written(api, source_name="edr", source_rule_id="r-1", name="Beaconing")

    assert (rule["id"], rule["is_stub"], rule["number"]) == (stub["id"], False, stub["number"])
    assert shown(api, alert["id"])["detection_rule_id"] == rule["id"]


def test_a_stub_that_somebody_fills_in_is_none_any_more(api):
    made(api, source_name="edr", rule_key="r-1")
    [stub] = only(api)

    filled = api.patch(f"{URL}/{stub['id']}", {"documentation": "Call the owner."}).json()
    moved = api.patch(f"{URL}/{stub['id']}", {"source_rule_id": None}).json()

    assert (filled["is_stub"], moved["source_rule_id"]) == (False, None)


def test_an_alert_takes_tactics_and_techniques_from_its_rule_where_it_has_none(api):
    written(
        api,
        source_name="edr",
        source_rule_id="r-1",
        mitre_tactics=["TA0002"],
        mitre_techniques=["T1059"],
        mitre_subtechniques=["T1059.001"],
    )

    bare = made(api, source_name="edr", rule_key="r-1")
    own = made(api, source_name="edr", rule_key="r-1", mitre_techniques=["T1105"])

    assert (bare["mitre_tactics"], bare["mitre_techniques"]) == (["TA0002"], ["T1059", "T1059.001"])
    assert (own["mitre_tactics"], own["mitre_techniques"]) == (["TA0002"], ["T1105"])


def test_a_changed_rule_keeps_its_alerts(api):
    alert = made(api, source_name="edr", rule_key="r-1")
    [rule] = only(api)

    api.patch(f"{URL}/{rule['id']}", {"source_rule_id": "r-2"})

    assert shown(api, alert["id"])["detection_rule_id"] == rule["id"]


def test_a_batch_links_its_rules_in_one_statement_and_makes_new_ones_in_another(in_acme):
    actor = in_acme.actor()
    rows = [Alert(source_name="edr", rule_key=f"r-{n % 7}") for n in range(50)]
    one, many, known = (CaptureQueriesContext(connection) for _ in range(3))

    with one:
        made_now = rule_links.link(rows[:1], actor=actor)
    with many:
        made_later = rule_links.link(rows, actor=actor)
    with known:
        made_again = rule_links.link(rows, actor=actor)

    assert (len(made_now), len(made_later), len(made_again)) == (1, 6, 0)
    assert (len(one), len(many), len(known)) == (2, 2, 1)
    assert rule_links.link([Alert(source_name="edr")], actor=actor) == []


def test_a_rule_of_another_tenant_is_not_linked(api, globex):
    theirs = factories.client_for(globex)
    foreign = written(theirs, source_name="edr", source_rule_id="r-1")

    alert = made(api, source_name="edr", rule_key="r-1")

    assert alert["detection_rule_id"] != foreign["id"]
    assert api.get(f"{URL}/{foreign['id']}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"source_name": "edr"}, {"a"}),
        ({"source_rule_id": "r-2"}, {"b"}),
        ({"is_active": "false"}, {"b"}),
        ({"is_stub": "true"}, set()),
        ({"severity": "high"}, {"a"}),
        ({"mitre_tactic": "execution"}, {"a"}),
        ({"mitre_tactic": "nothing"}, set()),
        ({"mitre_technique": "t1059"}, {"a"}),
        ({"mitre_technique": "T1105.001"}, {"b"}),
        ({"name": "A"}, {"a"}),
        ({"number": "2"}, {"b"}),
    ],
)
def test_lists_are_filtered(api, query, found):
    written(
        api,
        name="a",
        source_name="edr",
        severity="high",
        mitre_tactics=["TA0002"],
        mitre_techniques=["T1059"],
    )
    written(api, name="b", source_rule_id="r-2", mitre_subtechniques=["T1105.001"])
    api.patch(f"{URL}/{only(api, name='b')[0]['id']}", {"is_active": False})

    assert {row["name"] for row in only(api, **query)} == found


@pytest.mark.parametrize("path", ["", "/quality"])
def test_lists_cost_as_many_queries_for_2_rules_as_for_20(api, acme, path):
    counts = []
    for upto in (2, 20):
        while within(acme, DetectionRule.objects.count) < upto:
            within(acme, lambda: alert_in(acme, source_name="edr", rule_key=str(timezone.now())))
        with CaptureQueriesContext(connection) as queries:
            assert len(api.get(f"{URL}{path}").json()["results"]) == upto
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_import_tells_new_changed_and_same_apart(in_acme):
    actor = in_acme.actor()
    alert_in(in_acme, source_name="edr", rule_key="r-1")
    body = {"source_name": "edr", "source_rule_id": "r-1", "name": "Beaconing"}

    stub, again, changed, fresh = (
        rules.take(values, actor=actor)[1]
        for values in (body, body, body | {"name": "Other"}, body | {"source_rule_id": "r-2"})
    )

    assert (stub, again, changed, fresh) == ("created", "same", "changed", "created")


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [(True, True, True), (False, True, False), (True, False, False), (False, False, False)],
)
def test_an_import_switches_a_known_rule_off_and_never_on(in_acme, before, given, after):
    body = {"source_name": "edr", "source_rule_id": "r-1", "name": "Beaconing"}
    rules.create(body | {"is_active": before}, actor=in_acme.actor())

    rule, _ = rules.take(body | {"is_active": given, "name": "Other"}, actor=in_acme.actor())

    assert (rule.is_active, rule.name) == (after, "Other")


def test_two_rules_of_one_id_are_refused_by_the_service(in_acme):
    body = {"source_name": "edr", "source_rule_id": "r-1"}
    rules.create(body, actor=in_acme.actor())

    with pytest.raises(Conflict):
        rules.create(body, actor=in_acme.actor())
