"""A register as a CSV on the desk: downloaded, and read in after a look at what it would do."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from core import csvs
from core.admin.base import actor_of
from core.admin.register import RegisterAdmin
from grc.services import sheets
from grc.services.sheets import Line

MOST_SHOWN = 500
SAID = (("create", "new"), ("change", "changed"), ("keep", "as they are"))


class SheetAdmin(RegisterAdmin):
    """Its service has a `SHEET`."""

    list_template = "desk/sheet_register.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}"
        own = [
            path("csv/", wrap(self.csv_view), name=f"{name}_csv"),
            path("read-in/", wrap(self.read_in_view), name=f"{name}_read_in"),
        ]
        return own + super().get_urls()

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        read_in = self.url_of("read_in") if self.may_write(request) else ""
        return super().list_context(request) | {
            "csv_url": self.url_of("csv"),
            "read_in_url": read_in,
        }

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """The whole register as a file."""
        if not self.has_view_permission(request):
            raise Http404
        name = f"{self.model._meta.model_name}s.csv"
        return csvs.download(name, sheets.read_out(self.service.SHEET))

    def read_in_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a file, look at what each line would do, then write all of them."""
        if not self.may_write(request):
            raise Http404
        text = _text(request) if request.method == "POST" else ""
        commit = "commit" in request.POST
        lines = self._lines(request, text, commit) if text else None
        faults = [line for line in lines or [] if line.problem]
        if commit and lines is not None and not faults:
            messages.success(request, f"Read in: {_counted(lines)}.")
            return redirect(self.url_of("changelist"))
        context = self.page_context(
            request,
            None,
            title=f"{self.heading} from a CSV",
            heading=self.heading,
            list_url=self.url_of("changelist"),
            sheet=self.service.SHEET,
            text=text,
            lines=None if lines is None else (faults or lines)[:MOST_SHOWN],
            most_lines=MOST_SHOWN,
            faults=len(faults),
            told=_counted(lines or []),
        )
        return TemplateResponse(request, "desk/sheet.html", context)

    def _lines(self, request: HttpRequest, text: str, commit: bool) -> list[Line] | None:
        actor = actor_of(request)
        found: list[Line] | None = self.attempt(
            request,
            lambda: sheets.read_in(self.service.SHEET, text, actor=actor, commit=commit),
            done="",
        )
        return found


def _text(request: HttpRequest) -> str:
    """The file, or what was looked at before; empty after telling the person what is wrong."""
    file = request.FILES.get("file")
    if file is None:
        text = request.POST.get("csv", "")
    elif (file.size or 0) > sheets.MOST_BYTES:
        messages.error(request, f"A file has at most {sheets.MOST_BYTES:,} bytes. Part it in two.")
        return ""
    else:
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            messages.error(request, "The file is not in UTF-8. Save it in that encoding.")
            return ""
    if text.strip():
        return text
    messages.error(request, "Choose a file with a head of column names and a line for each row.")
    return ""


def _counted(lines: list[Line]) -> str:
    counts = Counter(line.action for line in lines)
    return ", ".join(f"{counts[action]} {words}" for action, words in SAID if counts[action])
