"""The three database roles: owner (migrations), app (web and workers), platform (backup,
tenants).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from socplatform.launch import urls
from socplatform.launch.problem import LaunchError

# Can it log in, create databases, create roles, is it superuser, does it pass row security?
ATTRIBUTES = {
    "soc_owner": {"rolcanlogin": True, "rolcreatedb": True},
    "soc_app": {"rolcanlogin": True},
    "soc_platform": {"rolcanlogin": True, "rolbypassrls": True},
}
TURN = 20_251_120  # any number: two launchers at once take turns
WORDS = {
    "rolcanlogin": "login",
    "rolcreatedb": "createdb",
    "rolcreaterole": "createrole",
    "rolsuper": "superuser",
    "rolbypassrls": "bypassrls",
    "rolreplication": "replication",
}
# Said by soc_owner in the platform's database. Default privileges are kept per database:
# one that is made by copying this one (as the tests do) has them too.
INSIDE = """
alter schema public owner to soc_owner;
revoke all on schema public from public;
grant usage on schema public to soc_app;
grant usage, create on schema public to soc_platform;
alter default privileges grant select, insert, update, delete on tables to soc_app;
alter default privileges grant usage on sequences to soc_app;
alter default privileges grant execute on functions to soc_app;
alter default privileges grant all on tables to soc_platform;
alter default privileges grant all on sequences to soc_platform;
alter default privileges grant all on functions to soc_platform;
"""


def may_create(url: str) -> bool:
    """Whether the URL's user may create roles."""
    with _connected(url) as connection:
        row = connection.execute(
            "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"
        ).fetchone()
    return bool(row and row[0])


def ensure(admin_url: str, *, passwords: dict[str, str], database: str) -> dict[str, str]:
    """Make or mend the roles and their database; the three URLs by the names of their variables."""
    role_urls = {
        role: urls.changed(admin_url, database=database, user=role, password=passwords[role])
        for role in ATTRIBUTES
    }
    with _connected(admin_url) as connection:
        connection.execute("select pg_advisory_lock(%s)", [TURN])
        for name in ATTRIBUTES:
            _ensure_role(connection, name, password=passwords[name])
        _leave_all_groups(connection, "soc_app")
        if not _is_member(connection, "soc_owner", group="soc_platform"):
            connection.execute("grant soc_platform to soc_owner")  # migrations give it functions
        owner = _database_owner(connection, database)
        if owner is None:
            _create_database(admin_url, passwords["soc_owner"], database=database)
        elif owner != "soc_owner":
            connection.execute(
                sql.SQL("alter database {} owner to soc_owner").format(sql.Identifier(database))
            )
        with _connected(role_urls["soc_owner"]) as inside:
            inside.execute(INSIDE)
    return {
        "DATABASE_URL": role_urls["soc_app"],
        "DATABASE_OWNER_URL": role_urls["soc_owner"],
        "DATABASE_PLATFORM_URL": role_urls["soc_platform"],
    }


def _database_owner(connection: psycopg.Connection, database: str) -> str | None:
    query = "select pg_get_userbyid(datdba) from pg_database where datname = %s"
    row = connection.execute(query, [database]).fetchone()
    return str(row[0]) if row else None


def _create_database(admin_url: str, password: str, *, database: str) -> None:
    """As soc_owner, who then owns it, also where the administrator is no superuser."""
    url = urls.changed(admin_url, database="postgres", user="soc_owner", password=password)
    with _connected(url) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))


def _ensure_role(connection: psycopg.Connection, name: str, *, password: str) -> None:
    """Attributes are only named where they differ: a creator who is no superuser may not even
    repeat them.
    """
    wanted = {column: ATTRIBUTES[name].get(column, False) for column in WORDS}
    columns = sql.SQL(", ").join(map(sql.Identifier, WORDS))
    row = connection.execute(
        sql.SQL("select {} from pg_roles where rolname = %s").format(columns), [name]
    ).fetchone()
    if row is None:
        differing = [column for column in WORDS if wanted[column]]
    else:
        differing = [
            column for column, value in zip(WORDS, row, strict=True) if value != wanted[column]
        ]
    words = " ".join(("" if wanted[column] else "no") + WORDS[column] for column in differing)
    verb = "alter" if row else "create"
    # Digested here, so that the server's log never sees the password.
    digested = connection.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    ).decode()
    statement = sql.SQL(" ").join(
        [
            sql.SQL(verb + " role"),
            sql.Identifier(name),
            sql.SQL(words),
            sql.SQL("password"),
            sql.Literal(digested),
        ]
    )
    connection.execute(statement)


def _leave_all_groups(connection: psycopg.Connection, name: str) -> None:
    groups = connection.execute(
        "select pg_get_userbyid(roleid) from pg_auth_members where member = %s::regrole", [name]
    ).fetchall()
    for (group,) in groups:
        connection.execute(
            sql.SQL("revoke {} from {}").format(sql.Identifier(group), sql.Identifier(name))
        )


def _is_member(connection: psycopg.Connection, name: str, *, group: str) -> bool:
    row = connection.execute("select pg_has_role(%s, %s, 'member')", [name, group]).fetchone()
    return bool(row and row[0])


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """A connection whose refusals are sentences. A database that is not there yet is made later."""
    try:
        with _connection(url) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise LaunchError(
            f"The database refused: {error.diag.message_primary}. Give DATABASE_URL a user who "
            "may create roles "
            "with BYPASSRLS, or give DATABASE_OWNER_URL and DATABASE_PLATFORM_URL too."
        ) from error
    except psycopg.OperationalError as error:
        raise LaunchError(f"The database does not answer: {str(error).strip()}") from error


def _connection(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    return psycopg.connect(
        urls.changed(url, database="postgres"), autocommit=True, connect_timeout=10
    )
