"""Bodies of the API."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from core import strictjson


class StrictJSONParser(BaseParser):
    """JSON, read strictly: duplicate names, NUL, half surrogates and deep nesting are refused by
    name.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = whole(stream)
        return strictjson.loads(body) if body.strip() else {}


class RawParser(BaseParser):
    """The bytes as they came, for those who read them record by record."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return whole(stream)


class RawNDJSONParser(RawParser):
    media_type = "application/x-ndjson"


def whole(stream: IO[Any]) -> bytes:
    """The body, read no further than the limit; a larger one is a 413."""
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig
    return body
