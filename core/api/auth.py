"""`/api/v1/auth`: tokens. Answers that fail are returned, not raised, so that what a failure
records is kept.
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import problems
from core.services import tokens
from core.shapes import StrictSerializer

WRONG = "E-mail, password or tenant do not fit together."


class SignInBody(StrictSerializer):
    email = serializers.CharField(max_length=320)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    tenant = serializers.CharField(max_length=100)


class RefreshBody(StrictSerializer):
    refresh = serializers.CharField(max_length=4096)


class AppTokenBody(StrictSerializer):
    client_id = serializers.CharField(max_length=100)
    client_secret = serializers.CharField(max_length=200)


class PairAnswer(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class AccessAnswer(serializers.Serializer[Any]):
    access = serializers.CharField()


class TokenView(APIView):
    """Whoever asks for a token cannot have one yet."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    body_class: type[StrictSerializer]

    def checked(self, request: Request) -> dict[str, Any]:
        body = self.body_class(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        return values


class SignIn(TokenView):
    body_class = SignInBody

    @extend_schema(request=SignInBody, responses=PairAnswer, operation_id="auth_token")
    def post(self, request: Request) -> Response:
        """Access and refresh token for one person in one tenant. Only failed sign-ins are
        throttled.
        """
        values = self.checked(request)
        credentials = {"username": values["email"].strip().lower()}
        if not AxesProxyHandler.is_allowed(request._request, credentials):
            return _problem(
                429, "too_many", "Too many failed sign-ins. Wait ten minutes, then try again."
            )
        pair = tokens.sign_in(request._request, **values)
        return _answer(pair, WRONG)


class Refresh(TokenView):
    body_class = RefreshBody

    @extend_schema(request=RefreshBody, responses=PairAnswer, operation_id="auth_token_refresh")
    def post(self, request: Request) -> Response:
        """A new pair for a refresh token, once; using one again ends the whole family."""
        return _answer(
            tokens.refresh(self.checked(request)["refresh"]),
            "This refresh token is not valid any more.",
        )


class AppToken(TokenView):
    body_class = AppTokenBody

    @extend_schema(request=AppTokenBody, responses=AccessAnswer, operation_id="auth_app_token")
    def post(self, request: Request) -> Response:
        """An access token for an application."""
        access = tokens.application_token(**self.checked(request))
        if access is None:
            return _problem(401, "not_authenticated", "This key is unknown, wrong or deactivated.")
        return Response({"access": access}, headers={"Cache-Control": "no-store"})


def _answer(pair: tokens.Pair | None, refusal: str) -> Response:
    if pair is None:
        return _problem(401, "not_authenticated", refusal)
    return Response(
        {"access": pair.access, "refresh": pair.refresh}, headers={"Cache-Control": "no-store"}
    )


def _problem(status: int, kind: str, detail: str) -> Response:
    headers = (
        {"Retry-After": str(int(settings.AXES_COOLOFF_TIME.total_seconds()))}
        if status == 429
        else {}
    )
    if status == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="api"'}
    body = problems.document(status, kind, detail)
    return Response(body, status=status, headers=headers, content_type=problems.CONTENT_TYPE)
