"""What would break each check of each model, where the row at hand satisfies it."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from core import ids

SOMEONE, NOW = ids.new(), timezone.now()
SENT = {
    "status": "sent",
    "sent_at": NOW,
    "channel": "portal",
    "approved_at": NOW,
    "approved_by": SOMEONE,
}
SIGNED_OUT = {
    "status": "signed_out",
    "ends_at": NOW,
    "contents": {},
    "signed_out_at": NOW,
    "signed_out_by": SOMEONE,
}
CHECKS = {
    "alert_closed_has_classification": [
        {"status": "closed", "close_classification": None},
        {"status": "closed", "close_classification": "Duplicate", "closed_at": None},
        {"status": "closed", "close_classification": "Duplicate", "verdict": None},
    ],
    "alert_resolved_has_resolution": [
        {"status": "resolved", "resolution": None, "resolved_at": NOW},
        {"status": "resolved", "resolution": "other", "resolved_at": None},
    ],
    "alert_malice_override_has_source_and_time": [
        {"malice_override": "benign"},
        {"malice_override_source": "someone"},
        {"malice_override_at": NOW},
    ],
    "rejected_record_replayed_in_pairs": [{"replayed_at": NOW}, {"replayed_by": SOMEONE}],
    "person_density_known": [{"density": "tiny"}],
    "person_theme_known": [{"theme": "pink"}],
    "person_columns_by_list": [{"columns": ["severity"]}],
    "alert_is_not_its_own_duplicate": [{"duplicate_of": models.F("id")}],
    "alert_relation_to_another": [{"related": models.F("alert")}],
    "incident_closed_has_time": [{"status": "closed", "closed_at": None}],
    "investigation_closed_has_reason": [
        {"status": "closed", "pause_reason": None, "closed_at": None, "closure_reason": "done"},
        {"status": "closed", "pause_reason": None, "closed_at": NOW, "closure_reason": None},
    ],
    "investigation_on_hold_has_reason": [
        {"status": "on_hold", "pause_reason": None},
        {"status": "new", "pause_reason": "waits"},
    ],
    "investigation_merged_is_closed": [{"merged_into": SOMEONE}],
    "investigation_merged_into_another": [
        {
            "merged_into": models.F("id"),
            "status": "closed",
            "pause_reason": None,
            "closed_at": NOW,
            "closure_reason": "done",
        }
    ],
    "investigation_merge_undone_with_person": [{"undone_at": NOW}, {"undone_by": SOMEONE}],
    "task_ended_with_time_and_person": [
        {"status": "done", "completed_at": None, "completed_by": SOMEONE},
        {"status": "done", "completed_at": NOW, "completed_by": None},
        {"status": "open", "completed_at": NOW, "completed_by": SOMEONE},
    ],
    "task_skipped_has_reason": [
        {
            "status": "skipped",
            "skip_reason": None,
            "completed_at": NOW,
            "completed_by": SOMEONE,
        },
        {"status": "open", "skip_reason": "r", "completed_at": None, "completed_by": None},
    ],
    "investigation_alert_left_with_person": [{"left_at": NOW}, {"left_by": SOMEONE}],
    "indicator_verdict_has_source": [
        {"malice_overridden_at": NOW, "malice": "malicious", "malice_source": None},
        {"malice_overridden_at": NOW, "malice": "pending", "malice_source": "a@acme.test"},
    ],
    "proposal_accepted_has_investigation": [
        {"status": "accepted", "accepted_at": NOW, "investigation": None, "dismissed_at": None},
        {"status": "accepted", "accepted_at": None, "investigation": SOMEONE},
        {"status": "proposed", "accepted_at": NOW, "investigation": None},
        {"status": "proposed", "accepted_at": None, "investigation": SOMEONE},
    ],
    "proposal_dismissed_has_time": [
        {
            "status": "dismissed",
            "accepted_at": None,
            "investigation": None,
            "dismissed_at": None,
        },
        {"dismissed_at": NOW, "status": "proposed", "accepted_at": None, "investigation": None},
    ],
    "comment_on_one_object": [
        {"alert": None, "investigation": None},
        {"alert": SOMEONE, "investigation": SOMEONE},
    ],
}
CHECKS |= {
    "detection_rule_stub_has_source_id": [{"is_stub": True, "source_rule_id": None}],
    "finding_file_is_whole_and_an_artefact": [
        {"sha256": None},
        {"storage_key": None},
        {"size_bytes": None},
        {"file_name": None},
        {"stored_at": None},
        {"kind": "agent"},
    ],
    "notification_mailed_was_wanted_by_email": [{"mailed_at": NOW, "by_email": False}],
    "finding_confidence_from_0_to_1": [{"confidence": -0.1}, {"confidence": 1.1}],
}
CHECKS |= {
    "sla_definition_active_since": [{"is_active": True, "activated_at": None}],
    "sla_definition_at_risk_is_a_share": [{"at_risk_share": 0}, {"at_risk_share": 1}],
    "sla_definition_alerts_are_not_contained": [{"applies_to": "alert", "contain_minutes": 5}],
    "sla_clock_has_one_subject": [
        {"alert": None, "investigation": None},
        {"alert": SOMEONE, "investigation": SOMEONE},
    ],
    "sla_clock_runs_to_a_moment": [
        {"state": "running", "due_at": None, "breached_at": None},
        {"state": "breached", "due_at": None, "breached_at": NOW},
        {"state": "met", "due_at": None, "breached_at": None, "stopped_at": NOW},
    ],
    "sla_clock_breached_has_time": [
        {"state": "breached", "breached_at": None, "due_at": NOW},
        {"state": "running", "breached_at": NOW, "due_at": NOW},
    ],
    "sla_clock_met_was_stopped": [
        {"state": "met", "stopped_at": None, "due_at": NOW, "breached_at": None}
    ],
    "sla_pause_ends_after_it_starts": [{"started_at": NOW, "ended_at": NOW - timedelta(hours=1)}],
}
CHECKS |= {
    "connector_secret_has_time": [
        {"secret": "sealed", "secret_set_at": None},
        {"secret": None, "secret_set_at": NOW},
    ],
    "playbook_with_faults_is_off": [{"faults": ["one"], "enabled": True}],
    "run_ended_has_time": [
        {"status": "failed", "finished_at": None},
        {"status": "running", "finished_at": NOW},
    ],
    "step_running_has_lease": [
        {"state": "running", "lease_until": None, "finished_at": None},
        {"state": "pending", "lease_until": NOW, "finished_at": None},
    ],
    "step_ended_has_time": [
        {"state": "failed", "finished_at": None, "lease_until": None},
        {"state": "pending", "finished_at": NOW, "lease_until": None},
    ],
    "asset_is_not_its_own_parent": [{"parent": models.F("id")}],
    "incident_link_to_one_object": [
        {"asset": None, "account": None, "risk": None},
        {"asset": SOMEONE, "account": SOMEONE, "risk": None},
        {"asset": SOMEONE, "account": SOMEONE, "risk": SOMEONE},
    ],
    "answer_no_has_reason": [{"answer": "no", "reason": ""}],
    "obligation_due_has_limit_and_anchor": [
        {"due_at": NOW, "limit_at": None},
        {"due_at": None, "limit_at": NOW},
        {"due_at": NOW, "limit_at": NOW, "anchor_at": None},
        {"due_at": NOW - timedelta(hours=1), "limit_at": NOW, "anchor_at": NOW},
    ],
    "submission_approved_with_time_and_person": [
        {"status": "draft", "approved_at": NOW, "approved_by": None},
        {"status": "draft", "approved_at": None, "approved_by": SOMEONE},
    ],
    "submission_sent_was_approved": [
        {**SENT, "sent_at": None},
        {**SENT, "channel": None},
        {**SENT, "approved_at": None, "approved_by": None},
    ],
    "numbers_counted_have_time": [{"counted_at": None}, {"content": None}],
    "handover_signed_out_is_whole": [
        {**SIGNED_OUT, "contents": None},
        {**SIGNED_OUT, "signed_out_at": None, "signed_out_by": None},
        {**SIGNED_OUT, "ends_at": None},
    ],
    "handover_signed_out_with_time_and_person": [{"signed_out_at": NOW, "signed_out_by": None}],
    "handover_signed_in_with_time_and_person": [
        {**SIGNED_OUT, "signed_in_at": NOW, "signed_in_by": None}
    ],
    "handover_signed_in_by_another": [{**SIGNED_OUT, "signed_in_at": NOW, "signed_in_by": SOMEONE}],
    "corrective_action_completed_with_time_and_person": [
        {"completed_at": NOW, "completed_by": None},
        {"completed_at": None, "completed_by": SOMEONE},
    ],
    "corrective_action_verified_with_time_and_person": [
        {"verified_at": NOW, "verified_by": None},
        {"verified_at": None, "verified_by": SOMEONE},
    ],
    "corrective_action_verified_by_another": [
        {
            "completed_at": NOW,
            "completed_by": SOMEONE,
            "verified_at": NOW,
            "verified_by": SOMEONE,
        }
    ],
}
DELETED = [
    {"is_deleted": True},
    {"deleted_at": NOW},
    {"deleted_by": SOMEONE},
    {"is_deleted": True, "deleted_at": NOW},
    {"is_deleted": True, "deleted_by": SOMEONE},
]
