"""Keys and passwords that are made once and kept in `.data`, readable by their owner only."""

import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path

from socplatform.launch import places
from socplatform.launch.problem import LaunchError

NAMES = ("SECRET_KEY", "TOKEN_KEY", "superuser", "soc_owner", "soc_app", "soc_platform")


def values() -> dict[str, str]:
    """The kept values; the first call makes them."""
    path = places.data_folder() / "secrets.json"
    if not path.exists():
        _make(path)
    try:
        found: dict[str, str] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise LaunchError(
            f"{path} cannot be read. Run as its owner, or move .data away to start afresh."
        ) from error
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise LaunchError(
            f"{path} lacks {', '.join(missing)}. Restore it, or move .data away to start afresh."
        )
    return found


def fingerprint(kept: dict[str, str]) -> str:
    """Tells whether a cluster was made with these passwords, and gives none of them away."""
    return hashlib.sha256(kept["superuser"].encode()).hexdigest()[:32]


def key_of_secrets() -> str:
    """The key that connectors' secrets are sealed with where none is given: it follows from a kept
    one, so that folders made before it need nothing new.
    """
    return hashlib.sha256(b"secrets" + values()["SECRET_KEY"].encode()).hexdigest()


def fresh() -> dict[str, str]:
    return {name: secrets.token_urlsafe(48 if name.endswith("_KEY") else 24) for name in NAMES}


def _make(path: Path) -> None:
    """Written aside and linked into place: of two commands that start at once, both read the same
    values.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(fresh(), file, indent=2)
        os.link(temporary, path)
    except FileExistsError:
        pass  # the other command was first
    finally:
        os.unlink(temporary)
