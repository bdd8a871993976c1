"""Findings over REST, their files and their custody."""

from typing import Any, ClassVar

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing
from core.shapes import NoteSerializer
from soc.api.serializers.findings import (
    CustodyAnswer,
    CustodyBody,
    CustodyLine,
    FileBody,
    FindingSerializer,
    VerifyAnswer,
)
from soc.filters.findings import FindingFilters
from soc.models import Finding
from soc.services import evidence, findings


class FindingViewSet(Writing):
    """A forensic artefact, or what an automated analyst found."""

    model = Finding
    service = findings
    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "soc:write",
        "download": "soc:read",
        "destroy": "soc:configure",
        "restore": "soc:configure",
    }

    def scope_of(self, action_name: str) -> str:
        if action_name == "custody":
            return "soc:read" if self.request.method in ("GET", "HEAD") else "soc:write"
        return super().scope_of(action_name)

    def detailed(self, rows: list[Any]) -> list[Any]:
        alerts = findings.alerts_of(row.pk for row in rows)
        for row in rows:
            row.shown_alert_ids = alerts.get(row.pk, [])
        return rows

    @extend_schema(request={"multipart/form-data": FileBody}, responses=FindingSerializer)
    @action(detail=True, methods=["post"], url_path="file", parser_classes=[MultiPartParser])
    def upload(self, request: Request, pk: str) -> Response:
        """Keep the file of an artefact, once. It is measured, and never changed again."""
        values = self.checked(FileBody)
        return self.shown(
            evidence.store(
                self.get_object(),
                values["file"],
                actor=self.actor,
                sha256=values.get("sha256", ""),
                note=values.get("note", ""),
            )
        )

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, filters=False
    )
    @upload.mapping.get
    def download(self, request: Request, pk: str) -> FileResponse | HttpResponse:
        """The file, always as a download; each one is a line in its custody."""
        return download_of(self.get_object(), request, self.actor)

    @extend_schema(request=NoteSerializer, responses=VerifyAnswer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Measure the file again, and write down whether it is as it was."""
        finding = self.get_object()
        note = self.checked(NoteSerializer).get("note") or ""
        holds = evidence.verify(finding, actor=self.actor, note=note)
        return Response({"holds": holds, "sha256": finding.sha256})

    @extend_schema(
        request=CustodyBody, responses={200: CustodyAnswer, 201: CustodyLine}, filters=False
    )
    @action(detail=True, methods=["get", "post"])
    def custody(self, request: Request, pk: str) -> Response:
        """The chain of custody, oldest first; a POST adds what was done outside the platform."""
        finding = self.get_object()
        if request.method == "POST":
            values = self.checked(CustodyBody)
            line = evidence.hand_over(
                finding, values["action"], actor=self.actor, note=values["note"]
            )
            return Response(CustodyLine(line).data, status=status.HTTP_201_CREATED)
        return Response({"results": CustodyLine(evidence.custody(finding), many=True).data})


def download_of(finding: Finding, request: Any, actor: Any) -> FileResponse | HttpResponse:
    """The file as an attachment of no type, so that no browser shows or runs it."""
    if request.method == "HEAD":
        return HttpResponse(content_type="application/octet-stream")
    file = evidence.read(finding, actor=actor)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=finding.file_name or "unnamed",
        content_type="application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
