"""An embedded PostgreSQL: made once, run as our own child, reached through a private socket
only.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from socplatform.launch import places, processes, programs, urls
from socplatform.launch.problem import LaunchError

SUPERUSER = "soc_superuser"
START_SECONDS = 120.0  # a server that was killed first replays its log
STOP_SECONDS = 12.0
LARGEST_LOG = 5_000_000
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin")
INITDB_LOCALE = "--builtin-locale=C.UTF-8"  # the same order of text on every machine
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=256MB",
    "log_checkpoints=off",
)
THROWAWAY = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


@dataclass(frozen=True)
class Cluster:
    """`folder` is ours and holds the log; `home` in it belongs to the user that the server runs
    as.
    """

    folder: Path
    account: places.Account | None
    programs: Path
    settings: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        return self.folder / "cluster"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        return places.socket_folder(self.home)

    def url(self, *, password: str) -> str:
        return urls.at_socket(
            self.socket_folder, user=SUPERUSER, password=password, database="postgres"
        )


@dataclass(frozen=True)
class Server:
    cluster: Cluster
    process: subprocess.Popen[bytes]


def at(folder: Path, *, keep: Path, settings: tuple[str, ...] = ()) -> Cluster:
    """The cluster of a folder; `keep` is where a copy of the programs may stay."""
    account = places.server_account()
    return Cluster(folder, account, programs.folder(keep, account=account), settings)


def create(cluster: Cluster, *, password: str, made_for: str) -> Path | None:
    """Make the cluster if it is not there. One made with other passwords is set aside, and its path
    returned.
    """
    mark = cluster.folder / "made-for"
    aside = None
    if cluster.data.exists() and not (mark.exists() and mark.read_text() == made_for):
        aside = cluster.folder / time.strftime("set-aside-%Y%m%d-%H%M%S", time.gmtime())
        cluster.home.rename(aside)
    if not cluster.data.exists():
        _initialise(cluster, password=password)
        mark.write_text(made_for)
    return aside


@contextmanager
def serving(cluster: Cluster, *, password: str) -> Iterator[Server]:
    """The server runs while the block does. Whoever enters it is the only one to use this cluster's
    folder.
    """
    _end_orphan(cluster)
    if cluster.log.exists() and cluster.log.stat().st_size > LARGEST_LOG:
        cluster.log.unlink()
    command: list[str | Path] = [cluster.programs / "postgres", "-D", cluster.data, "-p", "5432"]
    command += ["-k", cluster.socket_folder]
    for setting in (*SETTINGS, *cluster.settings):
        command += ["-c", setting]
    with _log(cluster) as log:
        process = processes.start(
            command,
            dies_by=signal.SIGINT,
            account=cluster.account,
            env=ENVIRONMENT,
            cwd=cluster.home,
            output=log,
        )
    try:
        _await_answer(process, cluster, password=password)
        yield Server(cluster, process)
    finally:
        processes.stop(process, by=signal.SIGINT, within=STOP_SECONDS)


def _initialise(cluster: Cluster, *, password: str) -> None:
    """Made aside and renamed, so that an interrupted start leaves no half cluster."""
    shutil.rmtree(cluster.home, ignore_errors=True)
    cluster.home.mkdir(mode=0o700)
    secret = cluster.folder / "initial-password"
    secret.unlink(missing_ok=True)
    handle = os.open(secret, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(password + "\n")
    if cluster.account is not None:
        for path in (cluster.home, secret):
            os.chown(path, cluster.account.uid, cluster.account.gid)
    made = cluster.home / "data.new"
    command: list[str | Path] = [
        cluster.programs / "initdb",
        "-D",
        made,
        "-U",
        SUPERUSER,
        f"--pwfile={secret}",
        *INITDB,
        INITDB_LOCALE,
    ]
    if "fsync=off" in cluster.settings:
        command.append("--no-sync")
    try:
        with _log(cluster) as log:
            child = processes.start(
                command, account=cluster.account, env=ENVIRONMENT, cwd=cluster.home, output=log
            )
            try:
                status = child.wait()
            finally:
                processes.sweep(child)
    finally:
        secret.unlink()
    if status != 0:
        raise LaunchError(
            f"The embedded database could not be made. Its last words:\n{_last_words(cluster)}"
        )
    made.rename(cluster.data)


def _end_orphan(cluster: Cluster) -> None:
    """Stop a server whose parent was killed: still ending, or never told (there is no such signal
    on macOS).

    Only one that answers on its socket is told: the process id that it left may be another's by
    now.
    """
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(cluster.socket_folder / places.SOCKET_NAME))
    except OSError:
        return
    command: list[str | Path] = [
        cluster.programs / "pg_ctl",
        "stop",
        "-D",
        cluster.data,
        "-m",
        "fast",
        "-t",
        "60",
        "-s",
    ]
    child = processes.start(
        command,
        account=cluster.account,
        env=ENVIRONMENT,
        cwd=cluster.home,
        output=subprocess.DEVNULL,
    )
    child.wait()


def _await_answer(process: subprocess.Popen[bytes], cluster: Cluster, *, password: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(cluster.url(password=password), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None:
                raise LaunchError(
                    "The embedded database ended at its start. Its last words, from "
                    f"{cluster.log}:\n"
                    f"{_last_words(cluster)}"
                ) from error
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"The embedded database does not answer; {cluster.log} may say why."
                ) from error
        else:
            return
        time.sleep(0.02)


def _log(cluster: Cluster) -> IO[bytes]:
    """Ours alone, since statements in it may show what cases contain; the server writes through the
    handle.
    """
    return os.fdopen(os.open(cluster.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")


def _last_words(cluster: Cluster) -> str:
    return "\n".join(cluster.log.read_text(errors="replace").splitlines()[-10:])
