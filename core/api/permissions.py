"""Each action of each resource names the scope it needs; one without a name needs to write."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.actors import Actor
from core.errors import ScopeMissing


class ScopeNeeded(PermissionDenied):
    """The refusal in DRF's own terms: the browsable pages ask for every action and expect them."""

    default_code = ScopeMissing.kind

    def __init__(self, scope: str) -> None:
        super().__init__(ScopeMissing(scope).message)


class HasScope(BasePermission):
    """Passes callers that hold the scope of the action; others get 403 naming it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Actor):
            return False
        if view.action is None:  # the method is not allowed: DRF answers 405 by itself
            return True
        scope = view.scope_of(view.action)
        if not request.auth.may(scope):
            raise ScopeNeeded(scope)
        return True
