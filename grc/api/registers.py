"""Assets, accounts, risks and regulators over REST, with CSV in and out."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import csvs
from core.api.views import Writing
from grc.api.duty_shapes import RegulatorSerializer
from grc.api.register_shapes import (
    AccountSerializer,
    AssetSerializer,
    CsvAnswer,
    CsvBody,
    RiskSerializer,
    ScaleBody,
)
from grc.filters import AccountFilters, AssetFilters, RegulatorFilters, RiskFilters
from grc.models import Account, Asset, Regulator, Risk
from grc.services import accounts, action_risks, assets, incident_links, regulators, risks, sheets

SCOPES = {"read": "grc:read", "write": "grc:write", "export": "grc:read"}


class SheetViewSet(Writing):
    """A register that is read in and out as a file."""

    scopes: ClassVar[dict[str, str]] = SCOPES

    @extend_schema(request=CsvBody, responses=CsvAnswer, filters=False)
    @action(detail=False, methods=["post"], url_path="import", url_name="import")
    def read_in(self, request: Request) -> Response:
        """Look at a CSV line by line; with `commit`, and no problem in any, write all of it."""
        given = self.checked(CsvBody)
        lines = sheets.read_in(
            self.service.SHEET, given["csv"], actor=self.actor, commit=given["commit"]
        )
        problems = sum(bool(line.problem) for line in lines)
        committed = given["commit"] and not problems
        told = {"committed": committed, "problems": problems, "results": lines}
        return Response(CsvAnswer(told).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, filters=False)
    @action(detail=False, methods=["get"])
    def export(self, request: Request) -> HttpResponse:
        """The whole register as CSV."""
        name = f"{self.model._meta.model_name}s.csv"
        return csvs.download(name, sheets.read_out(self.service.SHEET))


class RegisterViewSet(SheetViewSet):
    """A register whose rows incidents name."""

    column: ClassVar[str]

    def detailed(self, rows: list[Any]) -> list[Any]:
        held = incident_links.incidents_of(self.column, [row.pk for row in rows])
        for row in rows:
            row.shown_incidents = held.get(row.pk, [])
        return rows


class RegulatorViewSet(SheetViewSet):
    """An authority to which one of our entities reports."""

    model = Regulator
    service = regulators
    serializer_class = RegulatorSerializer
    filterset_class = RegulatorFilters


class AssetViewSet(RegisterViewSet):
    """Something worth protecting."""

    model = Asset
    service = assets
    serializer_class = AssetSerializer
    filterset_class = AssetFilters
    column = "asset_id"


class AccountViewSet(RegisterViewSet):
    """An account of a person, a service or a customer."""

    model = Account
    service = accounts
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    column = "account_id"


class RiskViewSet(RegisterViewSet):
    """What may happen, on the tenant's scale."""

    model = Risk
    service = risks
    serializer_class = RiskSerializer
    filterset_class = RiskFilters
    column = "risk_id"
    scopes: ClassVar[dict[str, str]] = {**SCOPES, "scale": "grc:read"}

    def detailed(self, rows: list[Any]) -> list[Any]:
        held = action_risks.actions_of([row.pk for row in rows])
        for row in super().detailed(rows):
            row.shown_actions = held.get(row.pk, [])
        return rows

    @extend_schema(responses=ScaleBody, filters=False)
    @action(detail=False, methods=["get"])
    def scale(self, request: Request) -> Response:
        """How many steps likelihood and impact have here."""
        return Response(ScaleBody(risks.scale()).data)

    @extend_schema(request=ScaleBody, responses=ScaleBody, filters=False)
    @scale.mapping.post
    def set_scale(self, request: Request) -> Response:
        """Choose another scale; refused while a risk lies above it."""
        given = self.checked(ScaleBody)
        row = risks.set_scale(
            actor=self.actor,
            likelihood_steps=given["likelihood_steps"],
            impact_steps=given["impact_steps"],
            note=given.get("note") or "",
        )
        return Response(ScaleBody(row).data)
