"""Templates of a logic-less kind: `{{ alert.title }}` names a value by its path and can do nothing
else.

The context is made of plain dicts, lists and values, never of objects, so that a path reaches
nothing but data.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

ROOTS = ("alert", "investigation", "run", "playbook", "inputs", "steps")
MAX_TEXT = 100_000
_HOLE = re.compile(r"\{\{([^{}]{0,300})\}\}")
_PATH = re.compile(r"[a-z_][\w-]{0,63}(?:\.[\w-]{1,64}){0,11}", re.IGNORECASE)


class NoValue(LookupError):
    """A path that names nothing in this run."""


def paths_of(value: Any) -> Iterator[str]:
    """Every path that a value of templates names; what is no path is given as it stands."""
    if isinstance(value, str):
        for match in _HOLE.finditer(value):
            yield match[1].strip()
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from paths_of(name)
            yield from paths_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from paths_of(each)


def fault_of(value: Any, known_steps: frozenset[str]) -> str | None:
    """Why the templates in a value cannot be taken, or None."""
    for path in paths_of(value):
        if not _PATH.fullmatch(path):
            return f"'{{{{ {path} }}}}' is no path of names such as alert.title."
        root, _, rest = path.partition(".")
        if root not in ROOTS:
            return f"'{{{{ {path} }}}}' reaches outside: begin with one of {', '.join(ROOTS)}."
        step = rest.partition(".")[0]
        if root == "steps" and step not in known_steps:
            return f"'{{{{ {path} }}}}' names the step '{step}', which there is not."
    return None


def lookup(context: Mapping[str, Any], path: str) -> Any:
    """The value at a path; NoValue when there is none."""
    found: Any = context
    for name in path.split("."):
        found = _member(found, name, path)
    return found


def fill(value: Any, context: Mapping[str, Any]) -> Any:
    """The value with its templates filled. A text that is one template becomes the value itself;
    within a longer text, what is no text is written as JSON writers would expect it.
    """
    if isinstance(value, str):
        return _fill_text(value, context)
    if isinstance(value, Mapping):
        return {str(fill(name, context)): fill(each, context) for name, each in value.items()}
    if isinstance(value, list):
        return [fill(each, context) for each in value]
    return value


def preview(value: Any, context: Mapping[str, Any]) -> Any:
    """The same for people to look at: what has no value yet stays a template."""
    if isinstance(value, str):
        return _HOLE.sub(lambda match: _previewed(match, context), value)
    if isinstance(value, Mapping):
        return {name: preview(each, context) for name, each in value.items()}
    if isinstance(value, list):
        return [preview(each, context) for each in value]
    return value


def _previewed(match: re.Match[str], context: Mapping[str, Any]) -> str:
    try:
        return _shown(lookup(context, match[1].strip()))
    except NoValue:
        return match[0]


def _fill_text(text: str, context: Mapping[str, Any]) -> Any:
    whole = _HOLE.fullmatch(text.strip())
    if whole:
        return lookup(context, whole[1].strip())
    filled = _HOLE.sub(lambda match: _shown(lookup(context, match[1].strip())), text)
    return filled[:MAX_TEXT]


def _member(found: Any, name: str, path: str) -> Any:
    if isinstance(found, Mapping) and name in found:
        return found[name]
    if isinstance(found, list) and name.isascii() and name.isdigit() and int(name) < len(found):
        return found[int(name)]
    raise NoValue(f"'{{{{ {path} }}}}' has no value in this run.")


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
