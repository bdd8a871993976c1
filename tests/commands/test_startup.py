"""What the server refuses to start with, each with the sentence that says what to change."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from socplatform.startup import refuse_unsafe

pytestmark = pytest.mark.django_db(transaction=True)
OWN = {"SECRET_KEY": "s" * 40, "TOKEN_KEY": "t" * 40, "ALLOWED_HOSTS": ["soc.example.org"]}


@pytest.fixture
def production(settings):
    for name, value in ({"DEBUG": False} | OWN).items():
        setattr(settings, name, value)
    return settings


def test_safe_settings_and_a_bound_role_are_served(production):
    refuse_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "only-for-a-first-look", "Set SECRET_KEY to a random string"),
        ("TOKEN_KEY", "only-for-a-first-look-token-and-more", "Set TOKEN_KEY to a random string"),
        ("SECRET_KEY", "short", "Set SECRET_KEY to a random string"),
        ("TOKEN_KEY", OWN["SECRET_KEY"], "SECRET_KEY and TOKEN_KEY must differ"),
        ("ALLOWED_HOSTS", ["*"], "Name your hosts in ALLOWED_HOSTS"),
    ],
)
def test_an_unsafe_setting_is_refused(production, name, value, sentence):
    setattr(production, name, value)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        refuse_unsafe()


def test_debugging_needs_no_secrets(production):
    production.DEBUG, production.SECRET_KEY = True, "short"

    refuse_unsafe()


@pytest.mark.parametrize("role", ["owner", "platform"])
def test_a_role_that_could_bypass_row_security_is_refused(production, role):
    with (
        connection.as_role(role),
        pytest.raises(ImproperlyConfigured, match="could bypass row security"),
    ):
        refuse_unsafe()


def as_owner(statement):
    with connection.as_role("owner"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("word", ["NO FORCE", "DISABLE"])
def test_a_table_without_forced_row_security_is_refused(production, word):
    as_owner(f"ALTER TABLE soc_alert {word} ROW LEVEL SECURITY")
    try:
        with pytest.raises(ImproperlyConfigured, match="not forced on: soc_alert"):
            refuse_unsafe()
    finally:
        as_owner("ALTER TABLE soc_alert ENABLE ROW LEVEL SECURITY")
        as_owner("ALTER TABLE soc_alert FORCE ROW LEVEL SECURITY")


@pytest.mark.worker
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", b"Set SECRET_KEY to a random string of your own"),
        ("DATABASE_URL", "owner", b"could bypass row security"),
    ],
)
def test_the_web_server_does_not_start_unsafe(outside, name, value, sentence):
    safe = {"DEBUG": "0", "SECRET_KEY": "s" * 40, "TOKEN_KEY": "t" * 40}
    given = outside | safe
    changed = outside["DATABASE_OWNER_URL"] if value == "owner" else value
    if changed:
        given[name] = changed
    else:
        del given[name]
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "socplatform.wsgi"]

    ended = subprocess.run(command, env=given, capture_output=True, timeout=60, check=False)

    assert ended.returncode == 3
    assert sentence in ended.stderr
