"""Settings read from the environment: each reader names the variable that is wrong and what it
wants.
"""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value == "":
        return default
    raise ImproperlyConfigured(f"{name} is '{value}'; write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is '{value}'; write a whole number.") from error


def numbers(name: str, default: int) -> dict[str, int]:
    """Whole numbers by lower-case name: `24,falco=2`. The one without a name, under `*`, is for
    all others.
    """
    found = {"*": default}
    for word in words(name):
        key, _, value = word.rpartition("=")
        if not value.strip().isdecimal():
            raise ImproperlyConfigured(f"{name} has '{word}'; write 24,falco=2 for example.")
        found[key.strip().lower() or "*"] = int(value)
    return found


def database(name: str) -> dict[str, Any]:
    """Django's settings for one postgresql:// URL; a socket folder may stand in `?host=`."""
    url = text(name)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} must be a postgresql:// URL; `make run` sets it for you."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }
