"""YAML from strangers: every scalar is a text, and what grows when it is read is refused.

No tag makes an object, since the base constructor knows none. Aliases are refused, so that nothing
multiplies; depth and size are bounded.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class YamlError(Exception):
    """The text is no YAML that is read here; the message says where and why."""


class _Refused(yaml.MarkedYAMLError):
    pass


class _Texts(yaml.BaseLoader):
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise _Refused(problem="aliases are not read; write the value out", problem_mark=mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused(problem=f"deeper than {MAX_DEPTH} levels", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_scalar(self, node: Any) -> Any:
        text = super().construct_scalar(node)
        if isinstance(text, str) and _UNKEEPABLE.search(text):
            raise _Refused(problem="NUL or half a surrogate pair", problem_mark=node.start_mark)
        return text


def documents(content: bytes) -> list[Any]:
    """The documents of a file, as dicts, lists and texts; YamlError for what cannot be read."""
    if len(content) > MAX_BYTES:
        raise YamlError(f"larger than {MAX_BYTES // 1024} KB")
    try:
        found = list(_read(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise YamlError(f"no UTF-8 at byte {error.start}") from error
    except yaml.MarkedYAMLError as error:
        place = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise YamlError(f"{place}{error.problem}") from error
    except yaml.YAMLError as error:
        raise YamlError(" ".join(str(error).split())) from error
    return [each for each in found if each not in ("", None)]


def _read(text: str) -> Iterator[Any]:
    loader = _Texts(text)
    try:
        while loader.check_data():  # type: ignore[no-untyped-call]
            yield loader.get_data()
    finally:
        loader.dispose()


def text_of(value: Any) -> str:
    """A part of a document as YAML again, in the order it had."""
    shown: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    return shown.strip()
