"""One way to a database for `make run` and manage.py: the given one, or the embedded one."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from socplatform.launch import embedded, kept, places, roles, turns, urls
from socplatform.launch.problem import LaunchError

URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")
KEYS = ("SECRET_KEY", "TOKEN_KEY")
RUN_GUEST_SECONDS = 8.0  # `make run` must be gone 30 seconds after it is told


@dataclass(frozen=True)
class Database:
    """Where the data are, in words; and the embedded server, if this process started it."""

    place: str
    server: embedded.Server | None = None


@contextmanager
def ensure_database(*, kind: turns.Kind = "command") -> Iterator[Database]:
    """Set the database URLs and the keys in the environment; the database serves while the block
    runs.

    What the environment or `.env` gives is used as it is. Refusals are LaunchErrors.
    """
    read_env_file()
    for name in KEYS:
        if not given(name):
            os.environ[name] = kept.values()[name]
            os.environ.setdefault("SECRETS_KEYS", kept.key_of_secrets())
    if given("DATABASE_URL"):
        use_given(kind)
        yield Database("the database that DATABASE_URL names")
        return
    with _embedded(kind) as database:
        yield database


def given(name: str) -> str:
    return os.environ.get(name, "").strip()


def read_env_file() -> None:
    """Plain NAME=VALUE lines of the checkout's `.env`; the real environment wins."""
    path = places.CHECKOUT / ".env"
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def use_given(kind: turns.Kind) -> None:
    """A DATABASE_URL alone whose user may create roles becomes the three roles' URLs."""
    url = given("DATABASE_URL")
    if given("DATABASE_OWNER_URL") or given("DATABASE_PLATFORM_URL"):
        return
    try:
        may_create = roles.may_create(url)
    except LaunchError:
        if kind == "run":
            raise
        return  # some commands need no database; the others say so themselves
    if may_create:
        os.environ |= roles.ensure(url, passwords=kept.values(), database=urls.database_of(url))
    elif kind == "run":
        raise LaunchError(
            "The user of DATABASE_URL may not create roles. Give one who may, or set "
            "DATABASE_OWNER_URL and "
            "DATABASE_PLATFORM_URL too; .env.example says what each is for."
        )


@contextmanager
def _embedded(kind: turns.Kind) -> Iterator[Database]:
    folder = places.server_folder()
    cluster = embedded.at(folder, keep=folder)
    with turns.turn(folder, kind=kind, answers=lambda: _answers(cluster)) as turn:
        if not turn.starter:
            os.environ |= _urls(cluster)
            yield Database(str(cluster.home))
            return
        passwords = kept.values()
        aside = embedded.create(
            cluster, password=passwords["superuser"], made_for=kept.fingerprint(passwords)
        )
        if aside is not None:
            print(
                f"This checkout starts afresh; an earlier one's data are kept in {aside}.",
                file=sys.stderr,
            )
        with embedded.serving(cluster, password=passwords["superuser"]) as server:
            admin = cluster.url(password=passwords["superuser"])
            os.environ |= roles.ensure(admin, passwords=passwords, database=urls.DEFAULT_DATABASE)
            turn.ready()
            try:
                yield Database(str(cluster.home), server)
            finally:
                turn.end(within=RUN_GUEST_SECONDS if kind == "run" else None)


def _urls(cluster: embedded.Cluster) -> dict[str, str]:
    passwords = kept.values()
    return {
        name: urls.at_socket(
            cluster.socket_folder,
            user=role,
            password=passwords[role],
            database=urls.DEFAULT_DATABASE,
        )
        for name, role in zip(URLS, ("soc_app", "soc_owner", "soc_platform"), strict=True)
    }


def _answers(cluster: embedded.Cluster) -> bool:
    try:
        psycopg.connect(_urls(cluster)["DATABASE_URL"], connect_timeout=5).close()
    except (psycopg.OperationalError, LaunchError):
        return False
    return True
