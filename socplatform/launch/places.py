"""Where the launcher keeps things: in the checkout's `.data`; as root the server's in the state
folder.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from socplatform.launch.problem import LaunchError

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT / ".data"
STATE = Path("/var/lib/soc-platform")
DIGEST = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:16]
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 100  # bytes; the system allows 103 to 107


@dataclass(frozen=True)
class Account:
    """The system user that the database server runs as, when we are root."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """None when we are an ordinary user: the server then runs as that user. PostgreSQL refuses
    root.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LaunchError(
        "PostgreSQL cannot run as root, and there is no user 'postgres'. Make one, or run as "
        "another user."
    )


def data_folder() -> Path:
    """The checkout's `.data`, closed to others; git ignores it."""
    try:
        DATA.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LaunchError(
            f"{DATA} cannot be made ({error.strerror}). Run as the user who owns the checkout."
        ) from error
    if not os.access(DATA, os.R_OK | os.W_OK | os.X_OK):
        raise LaunchError(
            f"{DATA} belongs to another user. Run as that user, or move the folder away to start "
            "afresh."
        )
    return DATA


def server_folder() -> Path:
    """The folder of the embedded server: its lock, its log, its cluster.

    As root it is outside the checkout, since the server's user may not be able to reach that,
    and opening a home to it is not ours to do.
    """
    if os.geteuid() != 0:
        folder = data_folder() / "postgres"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = STATE / DIGEST
    if not folder.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(
            0o711
        )  # the server's user passes through to its cluster and its programs, and lists nothing
    return folder


def socket_folder(cluster: Path) -> Path:
    """The cluster's own folder, or a private one with a short name where that path is too long for
    a socket.
    """
    if len(os.fsencode(cluster / SOCKET_NAME)) <= LONGEST_SOCKET:
        return cluster
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if len(os.fsencode(base)) > LONGEST_SOCKET // 2:
        base = Path("/tmp")  # noqa: S108 - the folder made in it is private and checked
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return private_folder(base / f"soc-{os.geteuid()}-{name}")


def private_folder(folder: Path) -> Path:
    """Make the folder for us alone. One that somebody else made under this name is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = (
        stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    )
    if not ours:
        raise LaunchError(
            f"{folder} is open to other users or is not yours. Remove it, then try again."
        )
    return folder
