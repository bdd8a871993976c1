"""The table of the seed pages: every field has a row, and every test that a row names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = (ROOT / "docs" / "seed-pages.md").read_text()
BASE = """
id tenant_id app_id created_at updated_at created_by updated_by source source_type is_deleted
deleted_at deleted_by schema_version tags
"""
# Every field of each page, and every filter and action that it names.
PAGES = {
    "Alert, `/api/v1/soc/alerts`": BASE
    + """title description severity status verdict source_alert source_id timestamp mitre_tactic
    mitre_technique kill_chain_phase host user indicators related_alert_ids related_finding_ids
    assignee_id investigation_id playbook_run_ids ticket_ref raw_data list get acknowledge
    escalate""",
    "Investigation, `/api/v1/soc/investigations`": BASE
    + """investigation_number title description status priority category assigned_to_id
    team_group_id alert_ids finding_ids timeline sla_definition_id sla_tracker
    escalated_to_incident_id closed_at closure_reason list get create update close""",
    "Playbook, `/api/v1/soc/playbooks`": BASE
    + """name description category trigger_conditions auto_execute mitre_tactics mitre_techniques
    steps required_connector_ids owner_id enabled last_run_at last_run_id run_stats list get create
    update run""",
    "Incident, `/api/v1/grc/incidents`": BASE
    + """incident_number title description category severity status detected_at reported_at
    contained_at closed_at realized_risk_ids affected_asset_ids affected_account_ids
    consolidated_investigation_ids triggered_by_alert_ids owner_id commander_ids root_cause
    lessons_learned corrective_action_ids reportable_to reported_to_regulators_at
    customer_notified_at financial_impact mttd_minutes mttr_minutes list get create update""",
    "Patch Alert, `/v1/alerts/{alert_uuid}`": """status severity close_classification tags
    malice_override reset_malice_override malice_override_source malice_override_at alert_uuid
    detection_rule_id indicators detection_rule context_documents agent_findings""",
    "Alerts & threats, `/v1/alerts`": """filter[tenant_id] filter[severity] filter[status]
    filter[category] filter[created_after] filter[created_before] acknowledge resolve escalate
    sentinel:respond""",
}
ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)`: ((?:`\w+`(?:, )?)+)")


# Read when this file is: later, a test that changed the interpreter's limits may stand in the way.
KNOWN = {
    path: {
        node.name
        for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.FunctionDef)
    }
    for path in sorted({path for path, _ in NAMED.findall(TABLE)})
}


def section(title):
    return TABLE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text):
    return [(what, tests) for what, tests in ROW.findall(text) if what != "what the page says"]


@pytest.mark.parametrize("title", list(PAGES))
def test_every_field_of_a_page_has_a_row(title):
    told = " ".join(what for what, _ in rows(section(title)))
    words = set(re.findall(r"[\w:\[\]]+", told))

    assert [name for name in PAGES[title].split() if name not in words] == []


@pytest.mark.parametrize("title", list(PAGES))
def test_every_row_names_tests_that_exist(title):
    missing = []
    for what, tests in rows(section(title)):
        named = NAMED.findall(tests)
        assert named, f"no test for: {what}"
        for path, names in named:
            wanted = re.findall(r"\w+", names)
            missing += [f"{path}::{name}" for name in wanted if name not in KNOWN[path]]

    assert missing == []
