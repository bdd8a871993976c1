"""Bodies of the API."""

import zlib
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from core import memory, strictjson
from core.problems import Problem
from core.strictjson import Malformed

MAX_MEMBERS = 10_000  # of a gzip body; senders make one, some a few hundred
PIECE = 64 * 1024


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
    """The bytes as they came, for those who read them record by record; a compressed body is opened
    no further than the limit.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {}).get("request")
        encoding = request.headers.get("Content-Encoding", "") if request else ""
        body = opened(whole(stream), encoding)
        memory.make_room(len(body))
        return body


class RawNDJSONParser(RawParser):
    media_type = "application/x-ndjson"


class RawCSVParser(RawParser):
    media_type = "text/csv"


def opened(body: bytes, encoding: str) -> bytes:
    """The body out of its Content-Encoding: gzip or none; one larger than the limit is a 413,
    however small it came.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return body
    if name not in {"gzip", "x-gzip"}:
        detail = f"Content-Encoding '{name[:50]}' is not known here. Use gzip, or none."
        raise Problem(415, "unsupported_media_type", detail)
    try:
        return _inflated(body)
    except zlib.error as error:
        raise Malformed("The body is no gzip, or its end is missing.") from error


def _inflated(body: bytes) -> bytes:
    """The members of a gzip body, one after the other. In pieces: what follows a member is copied,
    and very many small ones are no body but work.
    """
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    found, at = bytearray(), 0
    for _ in range(MAX_MEMBERS):
        reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        while not reader.eof:
            piece = body[at : at + PIECE]
            if not piece:
                raise zlib.error("the end is missing")
            found += reader.decompress(piece, limit + 1 - len(found))
            if len(found) > limit:
                raise RequestDataTooBig
            at += len(piece) - len(reader.unused_data)
        if at == len(body):
            return bytes(found)
    raise Malformed(f"The body has more than {MAX_MEMBERS:,} gzip members. Send one.")


def whole(stream: IO[Any]) -> bytes:
    """The body, read no further than the limit; a larger one is a 413."""
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig
    return body
