"""Chromium, which the browser tests drive."""

import os
import shutil
import subprocess

from socplatform.launch.problem import LaunchError

NAMES = ("chromium", "chromium-browser", "google-chrome")
APT = (
    ["apt-get", "update", "-q"],
    ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
)


def find() -> str | None:
    """The path of a Chromium: the one that CHROMIUM names, or the first installed one."""
    given = os.environ.get("CHROMIUM", "").strip()
    if given:
        return shutil.which(given)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure() -> str:
    """Find one; install one where we may (as root, with apt-get)."""
    found = find()
    if (
        found is None
        and not os.environ.get("CHROMIUM")
        and os.geteuid() == 0
        and shutil.which("apt-get")
    ):
        print("The browser tests need Chromium; installing it with apt-get.", flush=True)
        for command in APT:
            subprocess.run(
                command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            )
        found = find()
    if found is None:
        raise LaunchError(
            "The browser tests need Chromium. Install chromium or google-chrome, or set CHROMIUM "
            "to its path."
        )
    return found
