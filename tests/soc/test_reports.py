"""Reports: everything in them, and nothing of an attacker's text alive."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import marks
from soc.services import findings, investigations, markdown, merges, reports
from tests import factories
from tests.soc.casework import comment_on, entry_in, full_case, incident_in, task_in, team_in
from tests.soc.factories import CASES, alert_in, case_in

ATTACK = "<script>alert(1)</script> [x](http://evil.test) ![i](//e/x.png) | www.evil.test # a@b.co"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain words", "plain words"),
        ("a|b", r"a\|b"),
        ("a\nb\r\nc", "a b c"),
        ("`code`", r"\`code\`"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("<b>", "&lt;b&gt;"),
        ("&lt;", r"&amp;lt\;"),
        ("# head", r"\# head"),
        ("1. one", r"1\. one"),
        ("---", r"\-\-\-"),
        ("http://evil.test", r"http\[\:\]\/\/evil\.test"),
        ("WWW.evil.test", r"www\[\.\]evil\.test"),
        ("bad@evil.test", r"bad\[\@\]evil\.test"),
        ("@anna", r"\@anna"),
        ("\\", r"\\"),
        ("", "–"),
        (None, "–"),
        (0, "0"),
        (datetime(2026, 11, 20, 2, 51, 7, tzinfo=UTC), "2026-11-20 02:51:07 UTC"),
    ],
)
def test_a_cell_reads_as_its_value_and_is_nothing_else(value, shown):
    assert marks.cell(value) == shown


@given(st.text())
def test_no_text_leaves_its_cell_or_becomes_a_link(value):
    shown = marks.text(value)

    plain = re.sub(r"\\[!-/:-@\[-`{-~]|&(?:lt|gt|amp);", "", shown)
    assert not re.search(r"[!-/:-@\[-`{-~\n\r]", plain)
    assert "://" not in shown.replace("\\", "")
    assert not re.search(r"\S@\S", shown.replace("\\", "").replace("[@]", ""))


def test_a_report_holds_everything_of_the_investigation(in_acme):
    case, _ = full_case(in_acme)
    team, incident = team_in(in_acme), incident_in(in_acme, title="Leak")
    values = {"team_group_id": team, "assigned_to_id": in_acme.people["analyst"].pk}
    investigations.update(case, values, actor=in_acme.actor())
    investigations.perform(case, "escalate", actor=in_acme.actor(), incident=incident)
    task_in(in_acme, case, due_at=datetime(2020, 1, 1, tzinfo=UTC))
    task_in(in_acme, case, "skipped", assignee_id=in_acme.people["viewer"].pk)

    report = reports.of(type(case).objects.get(pk=case.pk))

    assert (report.number, report.lead) == (case.investigation_number, "Analyst of acme")
    assert (report.team, "Leak" in report.incident) == ("Night shift", True)
    assert [line.title for line in report.alerts] == ["alert 0", "alert 1"]
    assert [line.status for line in report.tasks] == ["open", "done", "open", "skipped"]
    assert [line.overdue for line in report.tasks] == [False, False, True, False]
    assert report.tasks[1].completed_by == "Analyst of acme"
    assert [line.text for line in report.comments] == ["Called the user."]
    assert "The mail came in." in [line.text for line in report.timeline]
    assert {line.name for line in report.people} >= {"Analyst of acme"}
    assert [name for name, _ in report.times] == ["Opened", "Started", "Escalated"]


def test_indicators_are_counted_over_the_alerts(in_acme):
    indicators = [{"type": "ip", "value": "203.0.113.7"}]
    pks = [alert_in(in_acme, indicators=indicators).pk for _ in range(2)]

    report = reports.of(case_in(in_acme, alert_ids=pks))

    (line,) = report.indicators
    assert (line.value, line.malice, line.alert_count) == ("203.0.113.7", "pending", 2)


def test_findings_of_the_investigation_and_of_its_alerts_are_listed(in_acme):
    alert = alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[alert.pk])
    agent = {
        "kind": "agent",
        "agent_name": "triage-bot",
        "title": "Beacon",
        "alert_ids": [alert.pk],
    }
    findings.create({"title": "Memory image", "investigation": case}, actor=in_acme.actor())
    findings.create(agent, actor=in_acme.actor())
    findings.create({"title": "Elsewhere"}, actor=in_acme.actor())

    report = reports.of(case)

    assert [(line.title, line.by) for line in report.findings] == [
        ("Memory image", ""),
        ("Beacon", "triage-bot"),
    ]
    assert "Memory image" in markdown.of(report)


@pytest.mark.parametrize(("query", "kind"), [("", "text/html"), ("?as=md", "text/markdown")])
def test_what_an_attacker_wrote_is_text_in_every_shape(api, in_acme, query, kind):
    alert = alert_in(in_acme, title=ATTACK, host={"name": ATTACK}, source_name=ATTACK)
    case = case_in(in_acme, title=ATTACK, description=ATTACK, alert_ids=[alert.pk])
    comment_on(in_acme, case, text=f"{ATTACK}\n{ATTACK}")
    entry_in(in_acme, case, text=ATTACK)
    task_in(in_acme, case, title=ATTACK, mandatory=True)

    answer = api.get(f"{CASES}/{case.shown_id}/report{query}")

    page = answer.content.decode()
    assert answer["Content-Type"].startswith(kind)
    assert "<script" not in page
    assert "<img" not in page
    if kind == "text/html":
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert 'href="http' not in page
    else:
        assert "](" not in page
        rows = [line for line in page.splitlines() if line.startswith("| ")]
        assert "www." not in page.lower().replace("\\", "")
        assert all(line.endswith(" |") for line in rows)


def test_an_empty_investigation_has_a_report(api, in_acme):
    case = case_in(in_acme)

    for query in ("", "?as=md"):
        assert "None." in api.get(f"{CASES}/{case.shown_id}/report{query}").content.decode()


def test_a_merged_one_says_where_it_went(in_acme):
    target, source = case_in(in_acme), case_in(in_acme, category="fraud")
    merges.merge(target, [source.pk], actor=in_acme.actor())

    text = markdown.of(reports.of(type(source).objects.get(pk=source.pk)))

    assert f"Merged into | {marks.text(target.investigation_number)}" in text
    assert "| Category | fraud |" in text


def test_another_shape_is_refused_and_reading_is_enough(api, acme, in_acme):
    url = f"{CASES}/{case_in(in_acme).shown_id}/report"

    refused = api.get(f"{url}?as=pdf")

    assert refused.status_code == 400
    assert refused.json()["detail"] == "as: Use one of: html, md."
    assert factories.client_for(acme, "viewer").get(url).status_code == 200
