"""Playbooks at the desk: the list, a page to read and run, and the editor of steps."""

import json
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import slugify

from core import ids
from core.admin.base import actor_of, back
from core.admin.editing import Field, number, words
from core.admin.register import Column, RegisterAdmin
from core.errors import BadInput, DomainError
from soc import conditions
from soc.admin import step_forms
from soc.api.playbooks import LOOKED_BACK_DAYS
from soc.api.serializers.playbooks import ImportBody, PlaybookSerializer, RunBody
from soc.filters.playbooks import PlaybookFilters
from soc.models import Playbook, PlaybookRun
from soc.playbooks import graph, layout
from soc.playbooks.kinds import KINDS
from soc.services import cacao_files, playbooks, run_stats, runs, triggers
from soc.vocabulary import PLAYBOOK_CATEGORIES
from soc.workflows import RUN_PLAYBOOKS

NEWEST_RUNS = 10
EVENTS = "created, status_changed, escalated; with commas."


@admin.register(Playbook)
class PlaybookAdmin(RegisterAdmin):
    service = playbooks
    serializer_class = PlaybookSerializer
    filterset_class = PlaybookFilters
    write_scope = delete_scope = playbooks.WRITE
    naming = "name"
    views = (
        ("Switched on", "enabled=true"),
        ("Firing by themselves", "enabled=true&auto_execute=true"),
        ("Off", "enabled=false"),
    )
    heading = "Playbooks"
    page_template = "desk/playbook.html"
    list_template = "desk/playbooks.html"
    empty = "No playbooks yet. Write one, or import a CACAO file."
    keeper = "owner_id"
    columns = (
        Column("Playbook", "name"),
        Column("Phase", "shown_category"),
        Column("On", "enabled"),
        Column("Fires by itself", "auto_execute"),
        Column("Steps", "shown_steps"),
        Column("Runs", "shown_total"),
        Column("Succeeded", "shown_rate"),
        Column("Last run", "shown_last_run_at"),
    )
    facts = (
        Column("Phase", "shown_category"),
        Column("Switched on", "enabled"),
        Column("Fires by itself", "auto_execute"),
        Column("Set off when", "trigger_on"),
        Column("Owner", "owner"),
        Column("Tactics", "mitre_tactics"),
        Column("Techniques", "mitre_techniques"),
        Column("Description", "description"),
        Column("Tags", "tags"),
        Column("Version", "number"),
    )
    editable = (
        Field("name", "Name"),
        Field("description", "Description", "text"),
        Field("category", "Phase", "choice", words(PLAYBOOK_CATEGORIES)),
        Field("enabled", "Switched on", "flag"),
        Field("auto_execute", "Fires by itself", "flag"),
        Field("trigger_on", "Set off when", "tags", help=EVENTS),
        Field("trigger_conditions", "Conditions, all of which must hold", "json"),
        Field("mitre_tactics", "Tactics", "tags"),
        Field("mitre_techniques", "Techniques", "tags"),
        Field("owner_id", "Owner", "member"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("description", "Description", "text", starts_empty=True),
        Field("category", "Phase", "choice", words(PLAYBOOK_CATEGORIES), starts_empty=True),
    )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(self.import_view), name="soc_playbook_import"),
            path("start/", wrap(self.start_view), name="soc_playbook_start"),
            path("<str:object_id>/steps/", wrap(self.steps_view), name="soc_playbook_steps"),
            path("<str:object_id>/run/", wrap(self.run_view), name="soc_playbook_run"),
            path("<str:object_id>/cacao/", wrap(self.cacao_view), name="soc_playbook_cacao"),
            path("<str:object_id>/past/", wrap(self.past_view), name="soc_playbook_past"),
        ]
        return own + super().get_urls()

    def list_queryset(self, request: HttpRequest) -> Any:
        return Playbook.objects.select_related("owner")

    def listed(self, rows: list[Any]) -> list[Any]:
        return super().listed([_told(row) for row in run_stats.with_stats(rows)])

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        may_import = actor_of(request).may(self.write_scope)
        return super().list_context(request) | {"may_import": may_import}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        _told(run_stats.with_stats([row])[0])
        actor = actor_of(request)
        found = graph.checked(row.steps)
        return {
            **super().contents(request, row),
            "drawing": layout.draw(found),
            "steps": found.order,
            "stats": row.shown_stats,
            "runs": _newest(row),
            "conditions": conditions.read(row.trigger_conditions, field="trigger_conditions"),
            "may_run": actor.may(RUN_PLAYBOOKS),
            "why_not": runs.why_not(row),
            "alert": request.GET.get("alert", "")
            if ids.read("alr", request.GET.get("alert"))
            else "",
            "steps_url": self.url_of("steps", row.shown_id) if actor.may(self.write_scope) else "",
        }

    def steps_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The editor: a form for each step, and one for a new step of the kind that is asked for.
        A fault leaves what was typed as it is.
        """
        row = self.seen(request, object_id)
        if not actor_of(request).may(self.write_scope):
            raise Http404
        steps = [dict(step) for step in row.steps]
        kind = KINDS.get(request.GET.get("new", ""))
        if request.method == "POST":
            steps, done = self._edit(request, row)
            if done:
                return redirect(self.url_of("steps", row.shown_id))
            kind = None
        elif kind is not None:
            steps = [*steps, step_forms.blank(kind.name, [step["key"] for step in steps])]
        known = step_forms.choices()
        context = self.page_context(
            request,
            row,
            title=f"Steps of {row.name}",
            forms=step_forms.forms(steps, known),
            is_new=kind is not None,
            kinds=list(KINDS.values()),
            drawing=layout.draw(graph.checked(row.steps)),
            fields_help=", ".join(conditions.FIELDS),
            ops_help=", ".join(conditions.OPERATORS),
        )
        return TemplateResponse(request, "desk/playbook_steps.html", context)

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Run the playbook that a page of an alert or an investigation names."""
        return self.run_view(request, request.POST.get("playbook_id", ""))

    def run_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Run it, and lead to the page of the run; back to where the form was if it is refused."""
        row = self.seen(request, object_id)
        made = None
        if request.method == "POST":
            given: dict[str, Any] = {"note": request.POST.get("note", "")}
            given |= {"dry_run": True} if request.POST.get("dry_run") else {}
            for name in ("alert_id", "investigation_id"):
                given |= {name: text} if (text := request.POST.get(name, "").strip()) else {}
            values = self.checked(request, RunBody, given, partial=False)
            if values is not None:
                made = self._start(request, row, values)
        if made is None:
            return back(request, self.url_of("change", row.shown_id))
        return redirect(reverse("admin:soc_playbookrun_change", args=[made.shown_id]))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A playbook from the text of a CACAO file."""
        if not self.has_view_permission(request):
            raise Http404
        made = None
        if request.method == "POST":
            given = {"cacao": _json(request.POST.get("cacao", ""))}
            values = self.checked(request, ImportBody, given, partial=False)
            if values is not None:
                actor = actor_of(request)
                made = self.attempt(
                    request,
                    lambda: cacao_files.read(values["cacao"], actor=actor),
                    done="Imported.",
                )
        return redirect(self.url_of("change", made.shown_id) if made else self.url_of("changelist"))

    def cacao_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The playbook as a CACAO file, to keep."""
        row = self.seen(request, object_id)
        answer = JsonResponse(cacao_files.write(row), json_dumps_params={"indent": 2})
        name = slugify(row.name)[:60] or "playbook"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.cacao.json"'
        return answer

    def past_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How often its conditions would have matched in the last days, and on what."""
        row = self.seen(request, object_id)
        found = triggers.look_back(row.trigger_conditions, days=LOOKED_BACK_DAYS)
        context = self.page_context(request, row, title=f"The past of {row.name}", found=found)
        return TemplateResponse(request, "desk/playbook_past.html", context)

    def _start(self, request: HttpRequest, row: Playbook, values: dict[str, Any]) -> Any:
        return self.attempt(
            request,
            lambda: runs.start(
                row,
                actor=actor_of(request),
                alert=values.get("alert_id"),
                investigation=values.get("investigation_id"),
                dry_run=values.get("dry_run", False),
                note=values.get("note") or "",
            ),
            done="",
        )

    def _edit(self, request: HttpRequest, row: Any) -> tuple[list[dict[str, Any]], bool]:
        """The steps as one form changes them, and whether they were saved so."""
        steps = _changed([dict(step) for step in row.steps], request)
        row.expected_version = number(request.POST.get("version"))
        if request.POST.get("act") == "validate":
            try:
                playbooks.checked(steps)
                messages.success(request, "These steps hang together and can be saved.")
            except BadInput as refusal:
                messages.error(request, refusal.message)
            return steps, False
        actor = actor_of(request)
        try:
            playbooks.checked(steps)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return [step for step in steps if step.get("kind") in KINDS], False
        saved = self.attempt(
            request,
            lambda: playbooks.update(row, {"steps": steps}, actor=actor),
            done="Steps saved.",
        )
        return steps, saved is not None


def _changed(steps: list[dict[str, Any]], request: HttpRequest) -> list[dict[str, Any]]:
    """Steps after one act of the editor: save, up, down or delete of the step at a place."""
    act, place = request.POST.get("act", "save"), number(request.POST.get("place")) or 0
    there = 0 < place <= len(steps)
    if act == "delete" and there:
        return steps[: place - 1] + steps[place:]
    other = place - 1 if act == "up" else place + 1
    if act in ("up", "down"):
        if there and 0 < other <= len(steps):
            steps[place - 1], steps[other - 1] = steps[other - 1], steps[place - 1]
        return steps
    kind = KINDS.get(request.POST.get("kind", ""))
    if kind is None:
        return steps
    written = step_forms.read(request.POST, kind)
    if there:
        steps[place - 1] = written
    else:
        steps.append(written)
    return steps


def _told(row: Any) -> Any:
    """A playbook with its numbers in people's words."""
    stats = row.shown_stats
    row.shown_category = (row.category or "").replace("_", " ").capitalize()
    row.shown_steps = len(row.steps)
    row.shown_total = stats["total"]
    rate = stats["success_rate"]
    row.shown_rate = "–" if rate is None else f"{rate:.0%}".replace("%", " %")
    return row


def _newest(row: Playbook) -> list[Any]:
    found = PlaybookRun.objects.filter(playbook=row).select_related("alert").order_by("-id")
    return list(found[:NEWEST_RUNS])


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
