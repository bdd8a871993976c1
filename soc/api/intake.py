"""The intake door: one record, an array or NDJSON in a tool's own shape."""

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.authentication import (
    KeyAuthentication,
    SignatureAuthentication,
    TenantSessionAuthentication,
)
from core.api.parsers import RawCSVParser, RawNDJSONParser, RawParser
from core.api.views import TenantViewSet
from core.problems import Problem
from soc.intake import formats
from soc.intake.envelope import Record, TooManyError
from soc.intake.window import EnvelopeError
from soc.models import Alert
from soc.services import intake


class OutcomeAnswer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=intake.STATUSES)
    id = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class IntakeAnswer(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = serializers.IntegerField()
    skipped = serializers.IntegerField()
    results = OutcomeAnswer(many=True)


class IntakeViewSet(TenantViewSet):
    """Takes what a tool sends. An application's key may stand in the Authorization header
    itself.
    """

    model = Alert
    scopes: ClassVar[dict[str, str]] = {"write": intake.INGEST, "read": intake.INGEST}
    authentication_classes = (
        SignatureAuthentication,
        KeyAuthentication,
        TenantSessionAuthentication,
    )
    parser_classes = (RawParser, RawNDJSONParser, RawCSVParser)
    serializer_class = IntakeAnswer
    pagination_class = None

    @extend_schema(
        request={"application/json": dict, "application/x-ndjson": str, "text/csv": str},
        responses={202: IntakeAnswer, 422: IntakeAnswer},
        filters=False,
    )
    def create(self, request: Request, name: str) -> Response:
        """202 with an answer per record; 422 with the same body when every record was rejected."""
        try:
            format_ = formats.get(name)
        except formats.UnknownFormatError as error:
            raise Problem(404, "unknown_format", str(error)) from error
        body = request.data if isinstance(request.data, bytes) else b""
        records = records_in(format_, body)
        outcomes = intake.take(records, actor=self.actor, format=name, origin="api")
        return Response(answer_of(outcomes), status=_status(outcomes))


def records_in(format_: formats.Format, body: bytes) -> list[Record]:
    """The records of a body, or a refusal that leaves nothing."""
    try:
        return formats.split_request(format_, body)
    except TooManyError as error:
        raise Problem(413, "too_many", f"{error.reason}: send them in parts.") from error
    except EnvelopeError as error:
        sentence = f"{error.reason} (byte {error.position})."
        raise Problem(400, "malformed", sentence, position=error.position) from error


def answer_of(outcomes: list[intake.Outcome]) -> dict[str, Any]:
    """Records are counted from 0 here, as an array's places are."""
    results = [asdict(outcome) | {"index": outcome.index - 1} for outcome in outcomes]
    return {**intake.tally(outcomes), "results": results}


def _status(outcomes: list[intake.Outcome]) -> int:
    """All rejected is 422, and yet kept: the answer is returned, not raised, so that the records
    stay.
    """
    return 422 if outcomes and all(outcome.status == "rejected" for outcome in outcomes) else 202
