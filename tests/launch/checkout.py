"""A small checkout of its own for a test: the launcher, and nothing that it serves."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from socplatform.launch import places

OURS = ("DATABASE_", "TEST_DATABASE_", "SECRET_KEY", "TOKEN_KEY", "PYTEST_", "COV_")
PREFACE = """
import os, sys, signal, psycopg
from socplatform.launch.environment import ensure_database
def say(*words): print(*words, flush=True)
def server():
    connection = psycopg.connect(os.environ["DATABASE_URL"])
    return connection.execute("select pg_postmaster_start_time()::text").fetchone()[0]
"""


@dataclass(frozen=True)
class Checkout:
    folder: Path
    started: list[subprocess.Popen[str]]

    def python(self, code: str, **env: str) -> subprocess.Popen[str]:
        """Run code that finds the launcher of this checkout; its input and output are pipes."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        child = subprocess.Popen(
            [sys.executable, "-c", PREFACE + code],
            cwd=self.folder,
            env=inherited | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(child)
        return child

    def output(self, code: str, **env: str) -> list[str]:
        return self.python(code, **env).communicate(timeout=30)[0].splitlines()

    def end(self) -> None:
        for child in self.started:
            child.kill()
            child.communicate()
        self.started.clear()


def make(folder: Path) -> Checkout:
    package = folder / "socplatform"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copytree(
        Path(places.__file__).parent,
        package / "launch",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return Checkout(folder, [])


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def finish(child: subprocess.Popen[str]) -> str:
    """Let a child that waits for its input go on; what it says from here to its end."""
    return child.communicate("\n", timeout=30)[0]


def eventually(holds: Callable[[], bool], *, within: float = 15.0) -> bool:
    """Poll until it holds or the time is over."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """A process that ended but has not been waited for does not count."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip()) and not found.stdout.strip().startswith("Z")


def modes(folder: Path) -> dict[Path, int]:
    return {path: path.lstat().st_mode for path in (folder, *folder.parents, *folder.rglob("*"))}
