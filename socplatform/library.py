"""The library: what a team writes down once and the desk uses everywhere, a card each."""

from typing import Any

from django.urls import reverse

from core.actors import Actor

# Title, icon, page, scope to read it, what it is for.
SHELVES = (
    (
        "ATT&CK",
        "grid_on",
        "admin:attack",
        "soc:read",
        "The matrix: what alerts have shown of it, and where no rule looks.",
    ),
    (
        "Connectors",
        "cable",
        "admin:soc_connector_changelist",
        "soc:read",
        "What playbooks may call, with credentials that go in and never come out.",
    ),
    (
        "Context documents",
        "description",
        "admin:soc_contextdocument_changelist",
        "soc:read",
        "What the team knows: owners, expected noise, whom to call. Shown beside matching alerts.",
    ),
    (
        "Assets",
        "dns",
        "admin:grc_asset_changelist",
        "grc:read",
        "What is worth protecting: how critical it is, who owns it, what it is part of.",
    ),
    (
        "Accounts",
        "badge",
        "admin:grc_account_changelist",
        "grc:read",
        "Accounts of people, services and customers.",
    ),
    (
        "Risks",
        "balance",
        "admin:grc_risk_changelist",
        "grc:read",
        "What may happen, before and after its treatment, and which incidents were it.",
    ),
    (
        "Regulators",
        "account_balance",
        "admin:grc_regulator_changelist",
        "grc:read",
        "To whom each of your entities reports incidents, and by which rules.",
    ),
    (
        "Corrective actions",
        "task_alt",
        "admin:grc_correctiveaction_changelist",
        "grc:read",
        "What incidents have taught to do, by whom, until when, and whether it was verified.",
    ),
    (
        "Submissions",
        "outgoing_mail",
        "admin:grc_submission_changelist",
        "grc:read",
        "What was sent to regulators and people: drafts, approvals, receipts.",
    ),
    (
        "Detection rules",
        "rule",
        "admin:soc_detectionrule_changelist",
        "soc:read",
        "What tools fire alerts by, and how good each rule is: volume, verdicts, false positives.",
    ),
    (
        "Findings",
        "fingerprint",
        "admin:soc_finding_changelist",
        "soc:read",
        "Evidence with its custody, and what automated analysts found.",
    ),
    (
        "Indicators",
        "target",
        "admin:soc_indicator_changelist",
        "soc:read",
        "Addresses, domains, hashes and names that alerts held, with malice and sightings.",
    ),
    (
        "Indicator lists",
        "checklist",
        "admin:soc_indicatorlistentry_changelist",
        "soc:read",
        "What is known to be good, bad, worth watching, or too common to relate alerts by.",
    ),
    (
        "Investigation templates",
        "checklist_rtl",
        "admin:soc_template_changelist",
        "soc:read",
        "What every investigation of a kind begins with: its tasks, priority and words.",
    ),
    (
        "SLA definitions",
        "timer",
        "admin:soc_sladefinition_changelist",
        "soc:read",
        "How long alerts and investigations may wait, by severity or priority.",
    ),
    (
        "Business calendars",
        "calendar_month",
        "admin:soc_businesscalendar_changelist",
        "soc:read",
        "The hours and holidays by which an SLA counts.",
    ),
    (
        "Queues",
        "sync_alt",
        "admin:queues",
        "admin:tenant",
        "What the workers have still to do for this tenant, and what failed.",
    ),
    (
        "Rejected records",
        "move_to_inbox",
        "admin:soc_rejectedrecord_changelist",
        "soc:read",
        "What tools sent that could not become an alert, with the reason.",
    ),
)


def on_a_shelf(path: str) -> bool:
    """Whether a page belongs to a register of the library."""
    return any(path.startswith(reverse(page)) for _, _, page, _, _ in SHELVES)


def shelves(actor: Actor) -> list[dict[str, Any]]:
    """The cards that this person may open."""
    return [
        {"title": title, "icon": icon, "url": reverse(page), "text": text}
        for title, icon, page, scope, text in SHELVES
        if actor.may(scope)
    ]
