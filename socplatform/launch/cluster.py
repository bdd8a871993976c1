"""A throw-away database cluster for tests: quick, private, gone at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socplatform.launch import embedded, kept, places, roles

DATABASE = "soc_tests"  # prepared and left empty: test databases are copies of it


@contextmanager
def database_for_tests() -> Iterator[dict[str, str]]:
    """The environment of a test run: three database URLs, and keys that are good for tests only."""
    keys = {"SECRET_KEY": "secret-of-the-tests-" * 3, "TOKEN_KEY": "token-key-of-the-tests-" * 3}
    keys["SECRETS_KEYS"] = "secrets-key-of-the-tests-" * 2
    given = os.environ.get("TEST_DATABASE_URL", "").strip()
    if given:
        yield keys | roles.ensure(given, passwords=kept.values(), database=DATABASE)
        return
    # Statistics taken between two tests, of tables that are empty just then, mislead the planner.
    with throwaway((*embedded.THROWAWAY, "autovacuum=off")) as admin_url:
        yield keys | roles.ensure(admin_url, passwords=kept.fresh(), database=DATABASE)


@contextmanager
def throwaway(settings: tuple[str, ...] = embedded.THROWAWAY) -> Iterator[str]:
    """The superuser's URL of a cluster that does not survive the block, nor, unless other settings
    are given, a power cut: nothing is synced.
    """
    root = os.geteuid() == 0
    keep = places.server_folder() if root else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="soc-tests-", dir=keep))
    try:
        if root:
            folder.chmod(0o711)  # the server's user passes through to its cluster
        passwords = kept.fresh()
        password = passwords["superuser"]
        cluster = embedded.at(folder, keep=keep, settings=settings)
        embedded.create(cluster, password=password, made_for=kept.fingerprint(passwords))
        with embedded.serving(cluster, password=password):
            yield cluster.url(password=password)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
