"""What Django answers where no view of ours did: a problem document below `/api/`, a page
elsewhere.
"""

import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views import defaults

from core import audit, problems

BROKE = "Something of ours broke. Nothing was changed; tell whoever runs this platform this id."


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A path that is nobody's."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _problem(404, "not_found", problems.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A fault of ours. Its trace is in the log, under the id that the caller is told. What the
    database refused or did not answer in time is told as such.
    """
    error = sys.exc_info()[1]
    known = problems.describe(error) if isinstance(error, OperationalError) else None
    if known and not _is_api(request):
        return render(request, "refused.html", known, status=known["status"])
    if known:
        return _answer(known)
    if not _is_api(request):
        return defaults.server_error(request)
    return _problem(500, "fault", BROKE, correlation_id=str(audit.correlation.get()))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, kind: str, detail: str, **more: str) -> HttpResponse:
    return _answer(problems.document(status, kind, detail, **more))


def _answer(body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=body["status"], content_type=problems.CONTENT_TYPE)
