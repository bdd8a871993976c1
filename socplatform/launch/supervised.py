"""A server that is started again when it dies, after a pause that grows."""

import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

from socplatform.launch import processes
from socplatform.launch.places import CHECKOUT

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # whoever lived this long starts afresh with a short pause
STARTS_TRIED = 3


@dataclass
class Supervised:
    name: str
    command: list[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float | None = None
    deaths: int = 0

    def start(self) -> None:
        self.due_at = None
        self.started_at = time.monotonic()
        self.process = processes.start(self.command, env=self.env, cwd=CHECKOUT)

    def watch(self) -> None:
        """Notice a death, clear up after it, start again when the pause is over."""
        if self.process is not None and self.process.poll() is not None:
            self._mourn(self.process)
        if self.due_at is not None and time.monotonic() >= self.due_at:
            self.start()

    @property
    def fails_at_start(self) -> bool:
        return self.deaths >= STARTS_TRIED

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, *, within: float) -> None:
        """Wait for an end that was asked for; then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            print(f"The {self.name} takes too long to end; ending it now.", flush=True)
        processes.sweep(self.process)

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        processes.sweep(process)  # children that it left would hold its port
        now = time.monotonic()
        if now - self.started_at > STEADY_SECONDS:
            self.deaths = 0
        self.deaths += 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (self.deaths - 1))
        self.due_at, self.process = now + pause, None
        print(
            f"The {self.name} ended ({_how(process.returncode)}); starting it again in {pause:g} "
            "s.",
            flush=True,
        )


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
