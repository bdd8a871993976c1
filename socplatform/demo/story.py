"""What the team at Acme has done about the night so far. The rest waits for whoever signs in."""

from uuid import UUID

from core import audit, tenancy
from core.actors import Actor
from grc.services import incidents
from soc.models import Alert, Indicator, Investigation
from soc.services import alerts, comments, indicators, investigations, relations
from socplatform.demo import duty
from socplatform.demo.night import STEPS
from socplatform.demo.night_facts import LOCKER, LURE, THIEF
from socplatform.demo.people import Cast

GROUPED = (
    "mail",
    "click",
    "relay",
    "session",
    "factor",
    "rule",
    "vpn",
    "hop",
    "dump",
    "service",
    "shadow",
)
SUMMARY = (
    "A carrier's look-alike sent Nora Lind (finance) a link at 22:12. The sign-in page behind it "
    "was relayed, her session was stolen and used from 198.51.100.23. From the mailbox they went "
    "to documents, from there to the VPN, with the password of the backup account to the jump "
    "server, and on to srv-file-01, where 3,180 files were encrypted at 02:34."
)
TRACED = (
    "Started from the encryption on srv-file-01 and went backwards: same file on srv-jump-02, "
    "session from the VPN address 10.60.0.44, VPN as n.lind from 198.51.100.23. That address also "
    "made the inbox rule."
)
RANG = (
    "Rang Nora at home. She opened the invoice link at 22:31, signed in, saw an error page and "
    "left. She did not register a new authenticator and made no inbox rule."
)
STOPPED = (
    "n.lind: all sessions ended, password and second factor reset, inbox rule removed. svc-backup "
    "is disabled. srv-file-01 and srv-jump-02 are isolated; svchelper.exe is blocked by hash."
)
MISSING = (
    "Open: did anything leave with the 1.9 GB to 203.0.113.140, and is srv-erp-01 clean? Nobody "
    "has looked at the alerts of either. The domain administrator who was signed in on the jump "
    "server needs new keys."
)
DUTY = (
    "The documents that were read hold names and bank details of 41 drivers. I start to assess "
    "whether the authority must be told."
)
JUDGED = (
    (THIEF, "analyst", "The stolen session and the VPN were used from here."),
    (LURE, "analyst", "Relayed the sign-in page."),
    (LOCKER["sha256"], "responder", "Encrypted srv-file-01."),
)
NOTES = (("analyst", TRACED), ("analyst", RANG), ("responder", STOPPED), ("manager", MISSING))


def tell(cast: Cast, found: dict[str, Alert]) -> None:
    """Link the chain, escalate, group and write down what is known; the last alerts stay open."""
    with tenancy.tenant_scope(cast.tenant_id):
        _link(found, actor=cast.actors["analyst"])
        investigation = _escalate(cast, found)
        _group(investigation, found, cast)
        _write(investigation, cast)
        _report(investigation, cast)
        duty.tell(cast)
        _judge(cast)


@audit.verb
def _link(found: dict[str, Alert], *, actor: Actor) -> None:
    for step in STEPS:
        if step.after:
            led = [found[key].pk for key in step.after]
            relations.set_related(found[step.key], led, actor=actor, reason=step.why)


def _escalate(cast: Cast, found: dict[str, Alert]) -> Investigation:
    analyst, responder = cast.actors["analyst"], cast.actors["responder"]
    alarm = found["encryption"]
    alerts.perform(alarm, "triage", actor=analyst, note="File server down, called the responder.")
    alerts.assign(alarm, actor=analyst, assignee_id=responder.person_id)
    alerts.escalate(
        alarm, actor=responder, note="Encryption stopped by the sensor; not alone, see the chain."
    )
    opened: Investigation = Investigation.objects.get(alert_links__alert=alarm)
    return opened


def _group(investigation: Investigation, found: dict[str, Alert], cast: Cast) -> None:
    """The alerts that the team has understood so far become part of the investigation."""
    analyst, responder = cast.actors["analyst"], cast.actors["responder"]
    for key in GROUPED:
        actor = analyst if key in ("mail", "click", "relay", "rule") else responder
        alerts.perform(found[key], "triage", actor=actor)
        alerts.assign(found[key], actor=actor, assignee_id=actor.person_id)
    ids: list[UUID] = [found[key].pk for key in (*GROUPED, "encryption")]
    values = {
        "title": "From an invoice mail to encryption on srv-file-01",
        "description": SUMMARY,
        "priority": "critical",
        "category": "ransomware",
        "assigned_to_id": responder.person_id,
        "alert_ids": ids,
        "tags": ["ransomware", "stolen-session"],
    }
    investigations.update(
        investigation, values, actor=responder, note="One story: linked by address, account, file."
    )
    investigations.perform(investigation, "start", actor=responder)
    investigations.perform(
        investigation,
        "escalate",
        actor=responder,
        note="Eleven more alerts belong to it; detection moves back to the mail.",
    )


def _write(investigation: Investigation, cast: Cast) -> None:
    for part, text in NOTES:
        comments.add(investigation, actor=cast.actors[part], text=text)


def _judge(cast: Cast) -> None:
    """What the team is sure of about the night's indicators."""
    for value, part, why in JUDGED:
        row = Indicator.objects.get(value=value)
        indicators.judge(row, actor=cast.actors[part], verdict="malicious", note=why)


def _report(investigation: Investigation, cast: Cast) -> None:
    incident = Investigation.objects.get(pk=investigation.pk).escalated_to_incident
    manager, compliance = cast.actors["manager"], cast.actors["compliance"]
    values = {
        "title": "Ransomware on the file server after a stolen session",
        "description": SUMMARY,
        "severity": "critical",
        "category": "ransomware",
        "owner_id": manager.person_id,
        "tags": ["ransomware"],
    }
    incident = incidents.update(
        incident, values, actor=manager, note="I lead this; calls at the full hour."
    )
    incidents.update(
        incident,
        {"notifiability": "assessing", "tags": ["ransomware", "personal-data"]},
        actor=compliance,
        note=DUTY,
    )
