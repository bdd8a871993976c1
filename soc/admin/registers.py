"""Rejected records: a list to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin.base import ReadingAdmin
from soc.models import RejectedRecord


@admin.register(RejectedRecord)
class RejectedRecordAdmin(ReadingAdmin):
    """Records that intake could not take. Their bytes are shown as text."""

    list_display = ("created_at", "format", "reason", "position", "origin", "seen_count")
    exclude = ("raw", "digest")

    def get_queryset(self, request: HttpRequest) -> Any:
        """The bytes are read when a page shows them."""
        return super().get_queryset(request).defer("raw")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = super().get_readonly_fields(request, obj)
        return [name for name in names if name not in self.exclude] + ["record"]

    @admin.display(description="The record as it came")
    def record(self, row: RejectedRecord) -> str:
        return row.text
