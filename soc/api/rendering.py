"""A report as an answer of the API: a page for print, or Markdown."""

from django.http import HttpResponse
from django.template.loader import render_to_string

from soc.services import markdown
from soc.services.reports import Report

SHAPES = ("html", "md")
# The page runs nothing and loads nothing but its style sheet, whatever its texts say.
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def answer(report: Report, shape: str) -> HttpResponse:
    """The report in one of SHAPES."""
    if shape == "md":
        response = HttpResponse(markdown.of(report), content_type="text/markdown; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{report.number}.md"'
        return response
    page = render_to_string("reports/investigation.html", {"report": report})
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    return response
