"""Writing in the admin beside the moves: edit, new, delete and restore. The shapes of the API check
the inputs, and services decide.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from rest_framework.exceptions import ValidationError

from core import ids
from core.admin import picking
from core.admin.base import TenantModelAdmin, actor_of, back
from core.problems import describe
from core.services import people

CHOSEN = ("choice", "row")
NULLABLE = ("member", "row", "pick", "number")
LEFT_ALONE = ("choice", "time", "check")


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form. Kinds: line, text, json, number, tags, ids, choice, flag (yes or no),
    member, row, pick, picks, time, check.

    A `row` is chosen by its id, which has the `prefix`; its page fills the choices. A `pick` is one
    row chosen by its name among many, `picks` are several.
    """

    name: str
    label: str
    kind: str = "line"
    choices: tuple[tuple[str, str], ...] = ()
    starts_empty: bool = False
    help: str = ""
    prefix: str = "per"

    def shown(self, row: Any) -> str:
        """The value of a row, as the input shows it."""
        if self.kind == "picks" and not self.starts_empty:
            return ", ".join(each.shown_id for each in row.picked[self.name])
        value = None if self.starts_empty or self.kind == "check" else getattr(row, self.name)
        if value is None:
            return ""
        if self.kind in ("member", "row", "pick"):
            return ids.show(self.prefix, value) or ""
        if self.kind == "flag":
            return "true" if value else "false"
        if self.kind == "tags":
            return ", ".join(value)
        if self.kind == "json":
            return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return str(value)

    @property
    def is_picked(self) -> bool:
        return self.kind in ("pick", "picks")

    def read(self, text: str) -> Any:
        """What the shape of the API is given for a text of the form."""
        if self.kind == "tags":
            return text.split(",")
        if self.kind in ("ids", "picks"):
            return [each.strip() for each in text.split(",") if each.strip()]
        if self.kind == "json":
            return _json(text)
        return None if self.kind in NULLABLE and not text else text

    def sent(self, request: HttpRequest, otherwise: str = "") -> str:
        """The text of the input in a form; of `picks` all of them, with commas."""
        if self.kind == "picks" and self.name in request.POST:
            return ", ".join(filter(None, request.POST.getlist(self.name)))
        return request.POST.get(self.name, otherwise).replace("\r\n", "\n").strip()


class EditingAdmin(TenantModelAdmin):
    """`editable` and `creatable` are the inputs of the dialogs, and empty where people do not write
    such rows; `keeper` names the person in charge; `needed` is the input that a new row has.
    """

    service: ClassVar[Any]
    serializer_class: ClassVar[Any]
    editable: ClassVar[tuple[Field, ...]] = ()
    creatable: ClassVar[tuple[Field, ...]] = ()
    keeper: ClassVar[str] = ""
    naming: ClassVar[str] = "title"
    deletable: ClassVar[bool] = True
    write_scope: ClassVar[str] = "soc:write"
    delete_scope: ClassVar[str] = "soc:configure"

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("offers/", wrap(self.offers_view), name=f"{name}_offers"),
            path("<str:object_id>/edit/", wrap(self.edit_view), name=f"{name}_edit"),
            path("<str:object_id>/restore/", wrap(self.restore_view), name=f"{name}_restore"),
        ]
        return own + super().get_urls()

    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change fields with the inputs of the dialog; what is as it was is left out."""
        row = self.seen(request, object_id)
        _only_if(self.editable)
        row.picked = self.picked(row)
        if request.method == "POST":
            row.expected_version = number(request.POST.get("version"))
            values = self.checked(request, self.serializer_class, self.given(request, row))
            if values is not None:
                self._update(request, row, values)
        return back(request, self.url_of("change", row.shown_id))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a new row and lead to its page."""
        if not self.has_view_permission(request):
            raise Http404
        _only_if(self.creatable)
        made = None
        if request.method == "POST":
            made = self._create(request)
        if made is None:
            return back(request, self.url_of("changelist"))
        return redirect(self.url_of("change", made.shown_id))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Delete what the person has looked at, and show its history, where it can be restored."""
        row = self.seen(request, object_id)
        _only_if(self.deletable)
        row.expected_version = number(request.POST.get("version"))
        gone = None
        if request.method == "POST" and row.expected_version is None:
            messages.error(request, "Open the page again and delete it from there.")
        elif request.method == "POST":
            gone = self._with_note(
                request, row, self.service.delete, "Deleted. It can be restored here."
            )
        return redirect(self.url_of("history" if gone else "change", row.shown_id))

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found_or_deleted(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        _only_if(self.deletable)
        if request.method == "POST":
            self._with_note(request, row, self.service.restore, "Restored.")
            row = self.found_or_deleted(request, object_id)
        return redirect(self.url_of("history" if row.is_deleted else "change", row.shown_id))

    def offers_view(self, request: HttpRequest) -> HttpResponse:
        """Rows that the input `name` may be given, as [id, name]; by a part of their names with
        `like`.
        """
        picked = {each.name for each in (*self.editable, *self.creatable) if each.is_picked}
        name = request.GET.get("name", "")
        _only_if(name in picked and self.may_write(request))
        like = request.GET.get("like", "").replace("\0", "").strip()[:200]
        return JsonResponse({"offers": self.offered(name, like)})

    def may_write(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and actor_of(request).may(self.write_scope)

    def offered(self, name: str, like: str) -> list[picking.Choice]:
        """Rows that an input may be given, by a part of their names."""
        return picking.offered(self.serializer_class, name, like)

    def picked(self, row: Any) -> dict[str, list[Any]]:
        """The rows that each input of kind `picks` names now."""
        return {}

    def seen(self, request: HttpRequest, object_id: str) -> Any:
        """The row of an id in a path, for who may read it; 404 for everything else."""
        row = self.found(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        return row

    def history_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        may_restore = self.deletable and row.is_deleted and actor_of(request).may(self.delete_scope)
        return {"restore_url": self.url_of("restore", row.shown_id) if may_restore else ""}

    def editing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page of a row needs for the dialogs: nothing for who may not write."""
        actor = actor_of(request)
        may_edit = actor.may(self.write_scope)
        members = self.members(row) if may_edit and self.keeper else []
        if may_edit:
            row.picked = self.picked(row)
        return {
            "members": members,
            "keeper": (ids.show("per", getattr(row, self.keeper)) or "") if self.keeper else "",
            "edit_fields": inputs(row, self.editable, members) if may_edit else [],
            "edit_url": self.url_of("edit", row.shown_id),
            "offers_url": self.url_of("offers"),
            "delete_url": self.url_of("delete", row.shown_id)
            if self.deletable and actor.may(self.delete_scope)
            else "",
        }

    def creating(self, request: HttpRequest) -> dict[str, Any]:
        """What a list needs for its dialog of a new row."""
        if not self.creatable or not actor_of(request).may(self.write_scope):
            return {}
        row = self.model()
        asks = any(field.kind == "member" for field in self.creatable)
        return {
            "new_fields": inputs(row, self.creatable, self.members(row) if asks else []),
            "new_url": self.url_of("add"),
            "offers_url": self.url_of("offers"),
        }

    def members(self, row: Any) -> list[tuple[str, str]]:
        """Whom the row may be given to, nobody first; whoever has it now is named in any case."""
        known = people.members()
        held = getattr(row, self.keeper) if self.keeper else None
        if held and held not in known:
            known[held] = getattr(row, self.keeper.removesuffix("_id")).name
        return [("", "Nobody"), *((ids.show("per", pk) or "", name) for pk, name in known.items())]

    def given(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The inputs that differ from what the row shows, and the note."""
        values: dict[str, Any] = {"note": request.POST.get("note", "")}
        for field in self.editable:
            text = field.sent(request, field.shown(row))
            left_alone = not text and field.kind in LEFT_ALONE
            if not left_alone and text != field.shown(row).replace("\r\n", "\n").strip():
                values[field.name] = field.read(text)
        return values

    def checked(
        self, request: HttpRequest, shape: Any, data: dict[str, Any], *, partial: bool = True
    ) -> dict[str, Any] | None:
        """The inputs, checked by a shape of the API; None after telling the person what is
        wrong.
        """
        context = {"request": request, "actor": actor_of(request)}
        body = shape(data=data, context=context, partial=partial)
        if not body.is_valid():
            problem = describe(ValidationError(body.errors))
            messages.error(request, problem["detail"] if problem else "")
            return None
        values: dict[str, Any] = body.validated_data
        return values

    def _update(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        note = values.pop("note", "")
        actor = actor_of(request)
        changed = self.attempt(
            request, lambda: self.service.update(row, values, actor=actor, note=note), done=""
        )
        if changed is not None and changed.version == row.version:
            messages.info(request, "Nothing was changed.")
        elif changed is not None:
            messages.success(request, f"{self.model._meta.verbose_name.capitalize()} changed.")

    def _create(self, request: HttpRequest) -> Any:
        given = {field: field.sent(request) for field in self.creatable}
        filled = {field.name: field.read(text) for field, text in given.items() if text}
        if self.naming and self.naming not in filled:
            messages.error(request, f"Give it a {self.naming}.")
            return None
        values = self.checked(request, self.serializer_class, filled, partial=False)
        if values is None:
            return None
        return self.attempt(
            request,
            lambda: self.service.create(values, actor=actor_of(request)),
            done=f"{self.model._meta.verbose_name.capitalize()} created.",
        )

    def _with_note(self, request: HttpRequest, row: Any, call: Any, done: str) -> Any:
        values = self.checked(
            request, self.serializer_class, {"note": request.POST.get("note", "")}
        )
        if values is None:
            return None
        note = values.get("note", "")
        return self.attempt(
            request, lambda: call(row, actor=actor_of(request), note=note), done=done
        )


def inputs(
    row: Any, fields: tuple[Field, ...], members: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The inputs of a dialog, filled with what the row has now."""
    return [
        {
            "name": field.name,
            "label": field.label,
            "kind": field.kind,
            "value": field.shown(row),
            "choices": members if field.kind == "member" else _choices(field),
            "held": []
            if field.starts_empty or not field.is_picked
            else picking.held(row, field.name, field.kind),
            "help": field.help,
            "needed": field.name in ("title", "name", "value"),
        }
        for field in fields
    ]


def words(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Words of a vocabulary as choices."""
    return tuple((word, word.replace("_", " ").capitalize()) for word in values)


def _only_if(there_is: object) -> None:
    """What people cannot do to such rows is not found."""
    if not there_is:
        raise Http404


def number(text: str | None) -> int | None:
    """A version in a form; None for anything that is no number."""
    return int(text[:9]) if text and text.isascii() and text.isdigit() else None


def _choices(field: Field) -> list[tuple[str, str]]:
    if field.kind == "flag":
        return [("true", "Yes"), ("false", "No")]
    if field.kind not in CHOSEN and not field.choices:
        return []
    return [*([("", "Leave as it is")] if field.starts_empty else []), *field.choices]


def _json(text: str) -> Any:
    """What a text of the form says in JSON; the text itself where it says nothing, for the shape to
    refuse by name.
    """
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text
