"""A submission as it is handed on: a page for print, Markdown or JSON."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

from core import marks
from grc.models import Submission
from grc.services import drafts
from grc.services.duties import NOTICE

SHAPES = ("html", "md", "json")
# The page runs nothing and loads nothing but its style sheet, whatever its texts say.
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def answer(submission: Submission, shape: str) -> HttpResponse:
    """The submission in one of SHAPES."""
    told = _told(submission)
    name = f"{told['incident']}-{submission.obligation.rule_key}-{submission.number}"
    if shape == "json":
        response: HttpResponse = JsonResponse(told)
    elif shape == "md":
        response = HttpResponse(_markdown(told), content_type="text/markdown; charset=utf-8")
    else:
        page = render_to_string("reports/submission.html", {"told": told})
        response = HttpResponse(page, content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = POLICY
        return response
    response["Content-Disposition"] = f'attachment; filename="{name}.{shape}"'
    return response


def _told(submission: Submission) -> dict[str, Any]:
    duty = submission.obligation
    return {
        "incident": duty.incident.incident_number,
        "title": duty.incident.title,
        "regulator": str(duty.regulator),
        "regime": duty.regime,
        "stage": duty.stage,
        "article": f"{duty.rule_source}, {duty.article}",
        "due_at": duty.due_at.isoformat() if duty.due_at else None,
        "number": submission.number,
        "status": submission.status,
        "changes_note": submission.changes_note,
        "approved_at": submission.approved_at.isoformat() if submission.approved_at else None,
        "sent_at": submission.sent_at.isoformat() if submission.sent_at else None,
        "channel": submission.channel,
        "receipt": submission.receipt,
        "delay_reason": duty.delay_reason,
        "sections": [
            {"name": name, "label": drafts.label(name), "text": submission.sections.get(name, "")}
            for name in drafts.sections_of(duty)
        ],
        "notice": NOTICE,
    }


def _markdown(told: dict[str, Any]) -> str:
    head = ("regulator", "article", "due_at", "status", "sent_at", "channel", "receipt")
    lines = [f"# {marks.text(told['regime'])}: {marks.text(told['stage'])}, {told['incident']}", ""]
    lines += [f"- {name.replace('_', ' ')}: {marks.cell(told[name])}" for name in head]
    if told["changes_note"]:
        lines += ["", f"What changed: {marks.text(told['changes_note'])}"]
    for each in told["sections"]:
        lines += ["", f"## {each['label']}", "", marks.block(each["text"]) or "–"]
    return "\n".join([*lines, "", f"_{NOTICE}_", ""])
