"""`/healthz`: the process answers. `/readyz`: it can work: the database is there and migrated."""

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]


def middleware(get_response: Handler) -> Handler:
    """Answer both before sessions, tenants and transactions come in: health must not depend on
    them.
    """
    answers = {"/healthz": healthz, "/readyz": readyz}

    def handle(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path.rstrip("/"))
        return answer() if answer else get_response(request)

    return handle


def healthz() -> HttpResponse:
    return JsonResponse({"status": "ok"})


def readyz() -> HttpResponse:
    try:
        waiting = _migrations_waiting()
    except Error:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if waiting:
        return JsonResponse(
            {"status": f"{waiting} migrations wait; run manage.py migrate"}, status=503
        )
    return JsonResponse({"status": "ready"})


def _migrations_waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
