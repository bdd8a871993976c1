"""The ground that proofs run on: a throw-away cluster with a migrated database, used as the app
role.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import django
import psycopg
from django.conf import settings
from django.core.management import call_command

from socplatform.launch import embedded, kept, roles, urls
from socplatform.launch.cluster import throwaway

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "socplatform.settings",
    "SECRET_KEY": "secret-of-the-proofs-" * 3,
    "TOKEN_KEY": "token-key-of-the-proofs-" * 3,
    "SECRETS_KEYS": "secrets-key-of-the-proofs-" * 2,
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "OUTBOUND_ALLOW": "playing=127.0.0.0/8",
    "BEHIND_TLS": "0",
    "DEBUG": "0",
}


DATABASE = "soc_prove"


@contextmanager
def prepared(settings_of_cluster: tuple[str, ...] = embedded.THROWAWAY) -> Iterator[str]:
    """A cluster, the three roles, all migrations, and Django set up on it; the superuser's URL of
    its database. Nothing survives the block.
    """
    with throwaway(settings_of_cluster) as admin_url, tempfile.TemporaryDirectory() as evidence:
        handed = roles.ensure(admin_url, passwords=kept.fresh(), database=DATABASE)
        os.environ.update(ENVIRONMENT | handed | {"EVIDENCE_DIR": evidence})
        django.setup()
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.SPECTACULAR_SETTINGS["DISABLE_ERRORS_AND_WARNINGS"] = True
        logging.disable(
            logging.CRITICAL
        )  # refusals and failures by the thousand are what we came for
        call_command("migrate", verbosity=0)
        yield urls.changed(admin_url, database=DATABASE)


@contextmanager
def connected(role: str) -> Iterator[psycopg.Connection]:
    """A connection of its own as `app`, `owner` or `platform`; each statement is a transaction."""
    url = {
        "app": "DATABASE_URL",
        "owner": "DATABASE_OWNER_URL",
        "platform": "DATABASE_PLATFORM_URL",
    }
    with psycopg.connect(os.environ[url[role]], autocommit=True) as connection:
        yield connection
