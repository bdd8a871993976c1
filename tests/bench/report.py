"""What was measured, and the line it prints."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """A value beside what the same machine can do at most, measured in the same run."""

    name: str
    value: float
    unit: str
    floor: float

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    def line(self) -> str:
        """The line of the contract."""
        return (
            f"BENCH {self.name} {self.value:.4g} {self.unit} floor={self.floor:.4g} "
            f"ratio={self.ratio:.3f}"
        )


def typical(measure: Callable[[], float]) -> float:
    """The median of three rounds."""
    return median(measure() for _ in range(ROUNDS))


def beside(
    name: str, unit: str, measure: Callable[[], float], floor: Callable[[], float]
) -> Figure:
    """The medians of three rounds of both, by turns, so that what else the machine does counts for
    both.
    """
    values, floors = zip(*[(measure(), floor()) for _ in range(ROUNDS)], strict=True)
    return Figure(name, median(values), unit, median(floors))


def machine() -> str:
    """What it was measured on, in a line."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = Path("/proc/meminfo").read_text().split()[1]
    return (
        f"{len(models)} × {models[0] if models else platform.machine()}, "
        f"{int(memory) / 1024 / 1024:.0f} GiB, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}"
    )
