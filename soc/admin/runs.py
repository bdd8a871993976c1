"""Runs at the desk: what was done step by step, what waits for a person, and the inbox of that."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core import ids
from core.admin.base import TenantModelAdmin, actor_of
from core.admin.desk import DeskAdmin
from core.errors import DomainError
from core.models import Person
from soc.api.serializers.runs import AnswerBody, CompleteBody, RetryBody, RunSerializer
from soc.filters.playbooks import RunFilters
from soc.models import PlaybookRun, StepRun
from soc.models.playbook_run import ENDED
from soc.playbooks import layout, templating
from soc.playbooks.graph import SUCCESS, Graph
from soc.services import run_context, run_stats, runs, step_decisions
from soc.workflows import RUN_PLAYBOOKS

VIEWS = (
    ("All", ""),
    ("Waiting", "status=waiting"),
    ("Outcome unknown", "status=uncertain"),
    ("Failed", "status=failed"),
)
UNSEEN = ("connector_id", "branches", "retries", "backoff_seconds", "timeout_seconds")
ANSWERS = ("approve", "reject", "complete", "not_done")


@admin.register(PlaybookRun)
class RunAdmin(DeskAdmin):
    service = runs
    serializer_class = RunSerializer
    filterset_class = RunFilters
    deletable = False
    heading = "Runs"
    page_template = "desk/run.html"
    list_template = "desk/runs.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.retry_view)
        own = path("<str:object_id>/retry/", view, name="soc_playbookrun_retry")
        return [own, *super().get_urls()]

    def list_queryset(self, request: HttpRequest) -> Any:
        return PlaybookRun.objects.select_related("playbook_version", "alert", "investigation")

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        asked = request.GET.urlencode()
        return {"views": [(title, f"?{query}", query == asked) for title, query in VIEWS]}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        found = run_context.graph_of(row.playbook_version_id)
        steps = runs.steps_of([row]).get(row.pk, [])
        done = {step.key: step for step in steps}
        playbook: Any = run_stats.with_stats([row.playbook])[0]
        person = Person.objects.filter(pk=row.requested_by).first()
        return {
            "run": row,
            "move_url": "admin:soc_playbookrun_move",
            "drawing": layout.draw(found, {step.key: step.state for step in steps}),
            "steps": _ledger(found, done),
            "asking": [_asked(row, found, step, actor) for step in steps if _asks(step)],
            "requested_by": person.name if person else "",
            "going": row.status not in ENDED,
            "stats": playbook.shown_stats,
            "may_retry": row.status in ENDED and actor.may(RUN_PLAYBOOKS) and bool(found.order),
        }

    def retry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Run it again from a step on, as another run."""
        row = self.seen(request, object_id)
        made = None
        if request.method == "POST":
            given = {name: request.POST.get(name, "") for name in ("step", "note")}
            values = self.checked(request, RetryBody, given, partial=False)
            if values is not None:
                actor, step = actor_of(request), values["step"]
                made = self.attempt(
                    request,
                    lambda: runs.retry(row, actor=actor, from_step=step, note=values["note"]),
                    done="",
                )
        return redirect(self.url_of("change", (made or row).shown_id))


@admin.register(StepRun)
class StepRunAdmin(TenantModelAdmin):
    """No page of its own: it is answered in the page of its run, and listed where it waits."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.answer_view)
        own = path("<str:object_id>/answer/", view, name="soc_steprun_answer")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What waits on me: the approvals that I may give, and manual tasks."""
        if not self.has_view_permission(request):
            raise Http404
        actor = actor_of(request)
        rows: list[Any] = run_stats.waiting_on(actor.person_id)
        for row in rows:
            row.why_not = step_decisions.why_not_mine(row, actor=actor)
        mine = [row for row in rows if row.why_not is None]
        context = self.page_context(
            request, None, title="Waiting on me", rows=mine, others=len(rows) - len(mine)
        )
        return TemplateResponse(request, "desk/waiting.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.found(request, object_id)
        return redirect(_page(row))

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Approve, reject, or say what came of a manual task."""
        row = self.found(request, object_id)
        answer = request.POST.get("answer", "")
        if not self.has_view_permission(request, row):
            raise Http404
        if request.method == "POST" and answer in ANSWERS:
            note = request.POST.get("note", "")
            self.attempt(request, lambda: _answer(row, answer, note, request), done="Answered.")
        return redirect(_page(row))


def _answer(row: StepRun, answer: str, note: str, request: HttpRequest) -> StepRun:
    actor = actor_of(request)
    body = AnswerBody if answer in ("approve", "reject") else CompleteBody
    given = body(data={"note": note})
    if not given.is_valid():
        raise DomainError("A note has at most 20000 characters.", field="note")
    if answer == "approve":
        return step_decisions.approve(row, actor=actor, note=note)
    if answer == "reject":
        return step_decisions.reject(row, actor=actor, note=note)
    outcome = "done" if answer == "complete" else "not_done"
    return step_decisions.complete(row, actor=actor, note=note, outcome=outcome)


def _page(row: StepRun) -> str:
    return reverse("admin:soc_playbookrun_change", args=[ids.show("run", row.run_id)])


def _asks(step: StepRun) -> bool:
    return step.state == "waiting" and step.kind in ("approval", "manual")


def _ledger(found: Graph, done: dict[str, StepRun]) -> list[dict[str, Any]]:
    """Every step of the version, with what the run says of it."""
    return [
        {"step": step, "place": place, "row": done.get(step.key)}
        for place, step in enumerate(found.order, 1)
    ]


def _asked(run: PlaybookRun, found: Graph, step: StepRun, actor: Any) -> dict[str, Any]:
    """What a person needs to decide: what follows, and the exact values of it."""
    return {
        "step": step,
        "why_not": step_decisions.why_not_mine(step, actor=actor),
        "needed": int(found.steps[step.key].value("count", 1)),
        "given": sum(each.decision == "approved" for each in step.decisions.all()),
        "follows": _following(run, found, step.key),
        "rejected": found.target(step.key, "failure"),
    }


def _following(run: PlaybookRun, found: Graph, key: str) -> list[dict[str, Any]]:
    """The steps that a yes lets run, up to the next that asks a person."""
    context = run_context.of(run, templating.ROOTS)
    following: list[dict[str, Any]] = []
    waiting = [found.target(key, SUCCESS)]
    while waiting:
        name = waiting.pop(0)
        if name is None or any(each["step"].key == name for each in following):
            continue
        step = found.steps[name]
        following.append(
            {"step": step, "place": found.places[name], "given": _filled(step, context)}
        )
        if step.kind.name not in ("approval", "manual"):
            waiting += [*found.branches(name), found.target(name, SUCCESS)]
    return following


def _filled(step: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a step as they would be now; a template without a value yet stays one."""
    shown = {name: value for name, value in step.given.items() if name not in UNSEEN}
    filled: dict[str, Any] = templating.preview(shown, context)
    return filled
