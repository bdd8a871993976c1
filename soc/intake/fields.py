"""Values of a record by the end of their path, however tools nest and spell their names."""

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from soc.intake.normalise import EMPTY

MAX_LEAVES = 5_000
MAX_PATH = 500  # of a path that is looked at; longer ones are no tool's
MAX_PARTS = 3  # of a path that can be asked for

_FILLING = re.compile(r"[\s_@-]")


class Fields:
    """Scalars by the last one to three parts of their path, shallow ones first.

    Names are lower case without `_`, `-`, `@`: `srcip` finds src_ip and srcIp at any depth,
    `source.ip` finds a nested pair as well as a dotted key, `^id` finds `id` at the top only.
    """

    def __init__(self, record: dict[str, Any]) -> None:
        self._values: dict[str, list[str]] = {}
        for path, text in _leaves(record):
            for name in _names(path) if len(path) <= MAX_PATH else ():
                self._values.setdefault(name, []).append(text)

    def all(self, *names: str) -> list[str]:
        """Every value under the names, in the order of the names."""
        return [text for name in names for text in self._values.get(name, ())]

    def first(self, *names: str) -> str:
        """The first value under the first name that has one, or ''."""
        return next((self._values[name][0] for name in names if name in self._values), "")


@lru_cache(maxsize=4_096)
def _plain(key: str) -> str:
    return _FILLING.sub("", key.lower())


@lru_cache(maxsize=16_384)
def _names(path: str) -> tuple[str, ...]:
    parts = path.split(".")
    names = [".".join(parts[-count:]) for count in range(1, min(len(parts), MAX_PARTS) + 1)]
    return (*names, "^" + path) if len(parts) == 1 else tuple(names)


def _leaves(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Strings and numbers with their path, level by level; lists add nothing to the path."""
    queue: deque[tuple[str, Any]] = deque([("", record)])
    left = MAX_LEAVES
    while queue and left:
        path, value = queue.popleft()
        if isinstance(value, dict):
            queue.extend((_join(path, key), item) for key, item in value.items())
        elif isinstance(value, list):
            queue.extend((path, item) for item in value)
        elif text := _text(value):
            left -= 1
            yield path, text


def _join(path: str, key: str) -> str:
    # A key as long as a page is no name; its end would be kept for every process's life.
    plain = _plain(key) if len(key) <= 100 else ""
    return f"{path}.{plain}" if path else plain


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return "" if text.lower() in EMPTY else text
