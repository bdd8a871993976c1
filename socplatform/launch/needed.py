"""Programs that tests drive: found, or installed where we may (as root, with apt-get)."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from socplatform.launch.problem import LaunchError


@dataclass(frozen=True, slots=True)
class Program:
    """What it is called, on the path and in Debian, and by which variable another is named."""

    title: str
    names: tuple[str, ...]
    package: str
    variable: str
    tests: str

    def find(self) -> str | None:
        """The path of the one that the variable names, or of the first installed one."""
        given = os.environ.get(self.variable, "").strip()
        if given:
            return shutil.which(given)
        return next((path for path in map(shutil.which, self.names) if path), None)

    def ensure(self) -> str:
        """Find one; install one where we may."""
        found = self.find()
        may = os.geteuid() == 0 and shutil.which("apt-get")
        if found is None and not os.environ.get(self.variable) and may:
            print(f"{self.tests} need {self.title}; installing it with apt-get.", flush=True)
            self._install()
            found = self.find()
        if found is None:
            named = " or ".join(dict.fromkeys((self.package, *self.names)))
            raise LaunchError(
                f"{self.tests} need {self.title}. Install {named}, or set {self.variable} to its "
                "path."
            )
        return found

    def _install(self) -> None:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", self.package]
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run(command, check=False, env=quiet)


CHROMIUM = Program(
    title="Chromium",
    names=("chromium", "chromium-browser", "google-chrome"),
    package="chromium",
    variable="CHROMIUM",
    tests="The browser tests",
)
ALERTMANAGER = Program(
    title="Prometheus Alertmanager",
    names=("prometheus-alertmanager", "alertmanager"),
    package="prometheus-alertmanager",
    variable="ALERTMANAGER",
    tests="The tests of its webhook",
)
EVERY = {"browser": CHROMIUM, "alertmanager": ALERTMANAGER}
