"""Deciding on many alerts in one dialog, and taking it back."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import path
from django.utils import timezone
from rest_framework.exceptions import APIException

from core import audit, ids, workflow
from core.actors import Actor
from core.admin.base import actor_of, back
from core.errors import DomainError
from soc.admin.queue_asked import Asked
from soc.admin.queue_beside import BesideDesk, told
from soc.api.serializers.alerts import AssignBody
from soc.models import Alert
from soc.services import alerts, links, triage
from soc.services.triage import ASSIGN, Decision, Seen, Taken
from soc.workflows import ALERT

MAX_BULK = 500
VERBS = ("acknowledge", "triage", "escalate", "resolve", "close", "suppress", "reopen")
NAMED_CASES = 3  # of those that an undo leaves alerts in
UNDO = "desk_undo"  # in the session: what the last decision was, for its undo


class BulkDesk(BesideDesk):
    """One dialog for every move of many alerts, each answered by itself."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("bulk/", wrap(self.bulk_view), name="soc_alert_bulk"),
            path("matching/", wrap(self.matching_view), name="soc_alert_matching"),
            path("bulk-undo/", wrap(self.bulk_undo_view), name="soc_alert_bulk_undo"),
        ]
        return own + super().get_urls()

    def bulk_moves(self, actor: Actor) -> list[workflow.Move]:
        """The moves that this person may make from the queue."""
        return [move for move in ALERT if move.verb in VERBS and actor.may(move.scope)]

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        if not self.bulk_moves(actor_of(request)):
            raise Http404
        if request.method != "POST":  # whoever had to sign in first comes here
            return back(request, self.url_of("changelist"))
        verb = request.POST.get("verb", "")
        if verb not in (*VERBS, ASSIGN):
            raise Http404
        decision = self._decision(request, verb)
        rows = self._rows(request) if decision else []
        if decision is None or not rows:
            return back(request, self.url_of("changelist"))
        actor = actor_of(request)
        results = triage.decide(rows, decision, actor=actor, seen=_seen(request))
        _tell(request, ALERT[verb].target or "done" if verb in VERBS else "given away", results)
        _keep_for_undo(request, results)
        return back(request, self.url_of("changelist"))

    def matching_view(self, request: HttpRequest) -> HttpResponse:
        """How many alerts the view holds, counted up to what one decision may be about."""
        self.may_look(request)
        try:
            rows = _before(Asked(request).rows, request.GET.get("since", ""))
            count = rows.order_by()[: MAX_BULK + 1].count()
        except APIException as error:
            return JsonResponse({"detail": told(error)}, status=400)
        return JsonResponse({"count": min(count, MAX_BULK), "is_cut": count > MAX_BULK})

    def _rows(self, request: HttpRequest) -> list[Alert | None]:
        """The alerts that were chosen one by one, None for what is not here; or those of the whole
        view as the page had it, in its order.
        """
        if request.POST.get("whole"):
            return self._whole(request)
        read = [ids.read("alr", text) for text in request.POST.getlist("ids")[:MAX_BULK]]
        known = Alert.objects.for_list().in_bulk([pk for pk in read if pk])
        return [known.get(pk) if pk else None for pk in read]

    def _whole(self, request: HttpRequest) -> list[Alert | None]:
        asked = Asked(request, QueryDict(request.POST.get("in", "")))
        try:
            rows = _before(asked.rows, request.POST.get("since", ""))
            page = asked.cut(rows, limit=MAX_BULK, cursor=None)
        except (DomainError, APIException) as error:
            messages.error(request, told(error))
            return []
        if page.next:
            text = f"This view holds more than {MAX_BULK} alerts. The first {MAX_BULK} were taken."
            messages.warning(request, text)
        return list(page.rows)

    def bulk_undo_view(self, request: HttpRequest) -> HttpResponse:
        self.may_look(request)
        kept = self.undoable(request)
        if request.method != "POST":
            return back(request, self.url_of("changelist"))
        if kept is None:
            messages.error(request, "There is nothing to undo any more.")
            return back(request, self.url_of("changelist"))
        known = Alert.objects.for_list().in_bulk([UUID(text) for text in kept["ids"]])
        rows = list(known.values())
        escalated = set(escalated_of(rows))
        with transaction.atomic():
            results = triage.undo(rows, correlation_id=UUID(kept["of"]), actor=actor_of(request))
        del request.session[UNDO]
        _tell(request, "as they were", results, done="Undone")
        undone = {each.pk for each in results if isinstance(each, Alert)}
        tell_what_stays(request, escalated & undone)
        return back(request, self.url_of("changelist"))

    def undoable(self, request: HttpRequest) -> dict[str, Any] | None:
        """The last decision of this session, while it can be taken back."""
        kept: dict[str, Any] | None = request.session.get(UNDO)
        if not kept or kept["tenant"] != str(actor_of(request).tenant_id):
            return None
        age = timezone.now() - datetime.fromisoformat(kept["at"])
        return kept if age < alerts.UNDO_WITHIN else None

    def _decision(self, request: HttpRequest, verb: str) -> Decision | None:
        """What the dialog says; None after telling the person what is wrong."""
        actor = actor_of(request)
        values = self.inputs(request, verb) if verb in VERBS else {}
        text = request.POST.get("assignee", "")
        me = ids.show("per", actor.person_id)
        wanted = {"me": me, "none": None}.get(text, text)
        held = (
            self.checked(request, AssignBody, {"assignee_id": wanted}, partial=False)
            if text
            else {"assignee_id": None}
        )
        if values is None or held is None:
            return None
        arguments = workflow.arguments(ALERT[verb], values) if verb in VERBS else {}
        note = str(values.get("note") or request.POST.get("note") or "")
        together = verb == "escalate" and request.POST.get("together") == "yes"
        return Decision(verb, arguments, note, bool(text), held["assignee_id"], together)


def escalated_of(rows: Iterable[Alert]) -> list[UUID]:
    return [row.pk for row in rows if row.status == "escalated"]


def tell_what_stays(request: HttpRequest, pks: Iterable[UUID]) -> None:
    """Undoing gives alerts their status back; the case that they were escalated to may hold work of
    others by now, and stays.
    """
    cases = sorted({str(each) for each in links.current_investigations(pks).values()})
    if not cases:
        return
    more = f" and {len(cases) - NAMED_CASES} more" if len(cases) > NAMED_CASES else ""
    text = f"Still in {', '.join(cases[:NAMED_CASES])}{more}."
    messages.info(request, f"{text} If that should not be, take them out there or close it.")


def _before(rows: Any, since: str) -> Any:
    """Those of the alerts that were there when the page was read."""
    try:
        return rows.filter(pk__lte=UUID(since))
    except ValueError:
        return rows


def _seen(request: HttpRequest) -> dict[UUID, Seen]:
    """What the page showed of each alert: `alr_…|open|per_…`."""
    found = {}
    for text in request.POST.getlist("seen")[:MAX_BULK]:
        name, _, rest = text.partition("|")
        status, _, holder = rest.partition("|")
        pk = ids.read("alr", name)
        if pk and status:
            found[pk] = Seen(status, ids.read("per", holder))
    return found


def _tell(request: HttpRequest, word: str, results: list[Any], done: str = "") -> None:
    """`5 of 6 closed. 1 was taken by S. Petrov.`"""
    refused = [each for each in results if isinstance(each, DomainError)]
    count = len(results) - len(refused)
    taken = Counter(each.told for each in refused if isinstance(each, Taken))
    told = [f"{many} {'was' if many == 1 else 'were'} {what}." for what, many in taken.items()]
    start = f"{done}: " if done else ""
    tell = messages.success if count else messages.error
    tell(request, " ".join([f"{start}{count} of {len(results)} {word}.", *told]))
    others = [each.message for each in refused if not isinstance(each, Taken)]
    for sentence in list(dict.fromkeys(others))[:3]:
        messages.warning(request, f"{others.count(sentence)} left as it was: {sentence}")


def _keep_for_undo(request: HttpRequest, results: list[Any]) -> None:
    done = [row for row in results if isinstance(row, Alert)]
    correlation_id = audit.correlation.get()
    if not done or correlation_id is None:
        return
    request.session[UNDO] = {
        "of": str(correlation_id),
        "ids": [str(row.pk) for row in done],
        "at": timezone.now().isoformat(),
        "tenant": str(actor_of(request).tenant_id),
        "many": len(done),
    }
