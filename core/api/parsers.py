"""Bodies of the API."""

from collections.abc import Mapping
from typing import IO, Any

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
        body = stream.read()
        return strictjson.loads(body) if body.strip() else {}
