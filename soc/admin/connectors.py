"""Connectors at the desk: a register of what playbooks may call."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from core.admin.base import actor_of
from core.admin.editing import Field, words
from core.admin.register import Column, RegisterAdmin
from soc.api.serializers.connectors import ConnectorSerializer
from soc.filters.playbooks import ConnectorFilters
from soc.models import Connector
from soc.services import connectors
from soc.vocabulary import AUTH_SCHEMES, CONNECTOR_KINDS

SECRET = Field(
    "secret",
    "Secret",
    "secret",
    starts_empty=True,
    help="Written only. Empty leaves it as it is; another host clears it.",
)


@admin.register(Connector)
class ConnectorAdmin(RegisterAdmin):
    service = connectors
    serializer_class = ConnectorSerializer
    filterset_class = ConnectorFilters
    write_scope = delete_scope = connectors.ADMIN
    naming = "name"
    heading = "Connectors"
    page_template = "desk/connector.html"
    empty = "No connectors yet. Playbooks call the outside through them, with their credentials."
    columns = (
        Column("Connector", "name"),
        Column("Kind", "kind"),
        Column("Address", "url"),
        Column("Identifies itself by", "auth_scheme"),
        Column("Secret since", "secret_set_at"),
        Column("Health", "health"),
        Column("On", "enabled"),
    )
    facts = (
        Column("Kind", "kind"),
        Column("Address", "url"),
        Column("Identifies itself by", "auth_scheme"),
        Column("User", "username"),
        Column("Header", "header_name"),
        Column("Sender", "sender"),
        Column("Secret since", "secret_set_at"),
        Column("On", "enabled"),
        Column("Health", "health"),
        Column("Said", "health_message"),
        Column("Looked at", "health_checked_at"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("name", "Name"),
        Field("description", "Description", "text"),
        Field("url", "Address", help="https://host/base, or smtps://host for mail."),
        Field("auth_scheme", "Identifies itself by", "choice", words(AUTH_SCHEMES)),
        Field("username", "User"),
        Field("header_name", "Header"),
        Field("sender", "Sender of mail"),
        SECRET,
        Field("enabled", "On", "flag"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("kind", "Kind", "choice", words(CONNECTOR_KINDS)),
        Field("url", "Address", starts_empty=True, help="https://host/base, or smtps://host."),
        Field("auth_scheme", "Identifies itself by", "choice", words(AUTH_SCHEMES)),
        Field("username", "User", starts_empty=True),
        SECRET,
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.check_view)
        own = path("<str:object_id>/check/", view, name="soc_connector_check")
        return [own, *super().get_urls()]

    def check_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have the worker try to reach it."""
        row = self.seen(request, object_id)
        if request.method == "POST":
            actor = actor_of(request)
            self.attempt(
                request,
                lambda: connectors.check_later(row, actor=actor),
                done="The worker tries to reach it.",
            )
        return redirect(self.url_of("change", row.shown_id))

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        may_check = actor_of(request).may(connectors.ADMIN)
        return {**super().contents(request, row), "may_check": may_check}
