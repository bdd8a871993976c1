"""The base of every model in the admin: tenant's rows only, scopes as permissions, no rules of its
own.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin

from core import ids, workflow
from core.actors import Actor
from core.errors import DomainError
from core.feed import entries
from core.models import Membership, Person
from core.web import back as back


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; 404 without a tenant, as for everything that is not there."""
    actor: Actor | None = getattr(request.user, "actor", None)
    if actor is None:
        raise Http404
    return actor


class TenantModelAdmin(ModelAdmin):
    """Rows of the session's tenant. Fields are shown; changes are buttons that call services."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    ordering = ("-id",)
    read_scope: ClassVar[str] = "soc:read"
    fields_shown: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        actor_of(request)
        rows: QuerySet[Any] = self.model.objects.all()
        return rows.order_by(*self.ordering)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        pk = ids.read(getattr(self.model, "ID_PREFIX", ""), object_id)
        return (
            self.get_queryset(request).filter(pk=pk).first() if pk and from_field is None else None
        )

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row of an id in a path; 404 for everything else."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def found_or_deleted(self, request: HttpRequest, object_id: str) -> Any:
        """As above, and rows that were deleted too."""
        actor_of(request)
        pk = ids.read(getattr(self.model, "ID_PREFIX", ""), object_id)
        rows: Any = getattr(self.model, "with_deleted", self.model.objects)
        row = rows.filter(pk=pk).first() if pk else None
        if row is None:
            raise Http404
        return row

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_read(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_read(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may_read(self, request: HttpRequest) -> bool:
        actor: Actor | None = getattr(request.user, "actor", None)
        return actor is not None and actor.may(self.read_scope)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices are the tenant's rows; people are its members."""
        target = db_field.remote_field.model
        if target is Person:
            members = Membership.objects.filter(is_active=True).values("person_id")
            kwargs["queryset"] = Person.objects.filter(pk__in=members)
        else:
            kwargs["queryset"] = target.objects.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what, when and why, of a deleted row too."""
        row = self.found_or_deleted(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        context = self.page_context(request, row, title=f"History of {row}") | {
            "entries": story(row),
            **self.history_context(request, row),
        }
        return TemplateResponse(request, "desk/history.html", context)

    def history_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the history page shows beside the entries."""
        return {}

    def page_context(self, request: HttpRequest, row: Any, **more: Any) -> dict[str, Any]:
        """What every page of ours has: the site, the object, and what it is called."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "object": row,
            "actor": actor_of(request),
            **more,
        }

    def url_of(self, name: str, *args: Any) -> str:
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)

    def attempt(self, request: HttpRequest, call: Any, done: str) -> Any:
        """Run a service for a page: its refusal becomes a message, and what it half did is
        undone.
        """
        try:
            with transaction.atomic():
                result = call()
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return None
        if done:
            messages.success(request, done)
        return result

    def log_addition(self, *args: Any) -> None:
        """Django's own log is off: the audit trail replaces it."""

    def log_change(self, *args: Any) -> None:
        """As above."""

    def log_deletions(self, *args: Any) -> None:
        """As above."""


def story(row: Any) -> list[dict[str, Any]]:
    """The history of an object, newest first, with names for people and words for verbs.

    The same thing done again and again by the same person is told once, with how often.
    """
    told: list[dict[str, Any]] = []
    found = entries(row)
    names = names_of(_people_in(found))
    for entry in found:
        entry["actor"] = names.get(entry["actor_id"], "someone who has left")
        entry["what"] = workflow.past(entry["verb"].partition(".")[2])
        entry["times"] = 1
        entry["fields"] = [
            {"name": label(row, name), "old": _named(old, names), "new": _named(new, names)}
            for name, (old, new) in entry["changes"].items()
        ]
        if told and _same(told[-1], entry):
            told[-1]["times"] += 1
        else:
            told.append(entry)
    return told


def _named(value: Any, names: dict[UUID, str]) -> Any:
    return names.get(value, value) if isinstance(value, UUID) else value


def _people_in(found: list[dict[str, Any]]) -> set[UUID]:
    changed = [value for entry in found for pair in entry["changes"].values() for value in pair]
    return {entry["actor_id"] for entry in found} | {v for v in changed if isinstance(v, UUID)}


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    plain = not (one["changes"] or other["changes"])
    return plain and all(one[name] == other[name] for name in ("actor_id", "verb", "note"))


def names_of(person_ids: set[UUID]) -> dict[UUID, str]:
    """Names of people who have written in this tenant."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "name"))


def label(row: Any, attname: str) -> str:
    fields: list[Any] = row._meta.fields
    name = next((field.verbose_name for field in fields if field.attname == attname), attname)
    return str(name).replace("_", " ")
