"""The three roles: what they may do and, above all, what they may not."""

import json
import os
from collections.abc import Iterator

import psycopg
import pytest

from socplatform.launch import environment, urls
from socplatform.launch.problem import LaunchError
from tests.launch.checkout import Checkout


@pytest.fixture
def database() -> Iterator[str]:
    """A copy of the prepared database, as test databases are; nobody may be connected to the
    original.
    """
    original = urls.database_of(os.environ["DATABASE_OWNER_URL"]).removeprefix("test_")
    name = f"probe_{os.getpid()}"
    maintenance = urls.changed(os.environ["DATABASE_OWNER_URL"], database="postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"create database {name} template {original}")
        yield name
        connection.execute(f"drop database {name}")  # waits for those who are just leaving


def ask(role: str, database: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(
        urls.changed(os.environ[role], database=database), autocommit=True
    ) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


ATTRIBUTES = (
    "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb "
    "from pg_roles where rolname = "
)


@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("soc_owner", (True, False, False, False, True)),
        ("soc_app", (True, False, False, False, False)),
        ("soc_platform", (True, False, True, False, False)),
    ],
)
def test_a_role_has_its_attributes_and_no_more(
    database: str, role: str, attributes: tuple[bool, ...]
) -> None:
    assert ask("DATABASE_URL", database, f"{ATTRIBUTES} '{role}'") == [attributes]


def test_the_app_role_is_member_of_nothing(database: str) -> None:
    query = "select count(*) from pg_auth_members where member = 'soc_app'::regrole"

    assert ask("DATABASE_URL", database, query) == [(0,)]


def test_the_app_role_writes_rows_of_the_owners_tables(database: str) -> None:
    ask("DATABASE_OWNER_URL", database, "create table probe (id serial, word text)")

    ask(
        "DATABASE_URL",
        database,
        "insert into probe (word) values ('one'); update probe set word = 'two'",
    )

    assert ask("DATABASE_URL", database, "delete from probe returning id, word") == [(1, "two")]


@pytest.mark.parametrize(
    "statement",
    [
        "truncate probe",
        "drop table probe",
        "create table other (id int)",
        "set role soc_platform",
        "set role soc_owner",
    ],
)
def test_the_app_role_is_refused(database: str, statement: str) -> None:
    ask("DATABASE_OWNER_URL", database, "create table probe (id serial)")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask("DATABASE_URL", database, statement)


def test_the_owner_gives_a_function_to_the_platform_role(database: str) -> None:
    ask(
        "DATABASE_OWNER_URL",
        database,
        "create table probe (id serial); insert into probe default values",
    )
    ask(
        "DATABASE_OWNER_URL",
        database,
        "create function whose() returns text language sql security definer "
        "as $$select current_user || id from probe$$;"
        "alter function whose() owner to soc_platform",
    )

    assert ask("DATABASE_URL", database, "select whose()") == [("soc_platform1",)]


def test_run_refuses_a_url_whose_user_may_not_create_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    app_url = urls.changed(os.environ["DATABASE_URL"], database="postgres")
    monkeypatch.setenv("DATABASE_URL", app_url)
    monkeypatch.delenv("DATABASE_OWNER_URL")
    monkeypatch.delenv("DATABASE_PLATFORM_URL")

    with pytest.raises(LaunchError, match="may not create roles"):
        environment.use_given("run")
    environment.use_given("command")
    assert os.environ["DATABASE_URL"] == app_url


GIVEN = """
import json
from socplatform.launch import urls
from socplatform.launch.cluster import throwaway
with throwaway() as admin:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            "create role dba login createdb createrole bypassrls password 'p@ss/word'"
        )
    os.environ["DATABASE_URL"] = urls.changed(
        admin, database="cases", user="dba", password="p@ss/word"
    )
    for _ in range(2):
        with ensure_database(kind="run"):
            found = {}
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL"):
                with psycopg.connect(os.environ[name]) as connection:
                    query = "select current_user, current_database()"
                    found[name] = connection.execute(query).fetchone()
        os.environ["DATABASE_URL"] = urls.changed(
        admin, database="cases", user="dba", password="p@ss/word"
    )
        del os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_PLATFORM_URL"]
    say(json.dumps(found))
"""


def test_a_given_server_gets_the_roles_from_a_user_who_is_no_superuser(checkout: Checkout) -> None:
    said = checkout.output(GIVEN)

    assert json.loads(said[-1]) == {
        "DATABASE_URL": ["soc_app", "cases"],
        "DATABASE_OWNER_URL": ["soc_owner", "cases"],
        "DATABASE_PLATFORM_URL": ["soc_platform", "cases"],
    }
