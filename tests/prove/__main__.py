"""Run every proof and print a line for each; exit 1 when one fails. `FULL=1` for the full number of
tries and kills. With names, only those proofs, one after the other.

Without names they run in two processes beside each other, each on a cluster of its own: the whole
sweep takes as long as all the others.
"""

import subprocess
import sys
import time
from collections.abc import Callable

from tests.prove import stage
from tests.prove.report import Proof

WHOLE_SWEEP = ("scopes", "sweep")


def main() -> int:
    if wanted := sys.argv[1:]:
        return _here(wanted)
    shares = (list(WHOLE_SWEEP), ["--without", *WHOLE_SWEEP])
    running = [subprocess.Popen([sys.executable, "-m", "tests.prove", *names]) for names in shares]
    return max([1 if each.wait() else 0 for each in running])


def _here(wanted: list[str]) -> int:
    with stage.prepared(), stage.connected("platform") as platform:
        from tests.prove import proofs

        without = wanted[0] == "--without"
        every = proofs.every(platform)
        return _run([(name, prove) for name, prove in every if (name in wanted) is not without])


def _run(chosen: list[tuple[str, Callable[[], Proof]]]) -> int:
    held = []
    for _, prove in chosen:
        started = time.monotonic()
        proof = prove()
        held.append(proof.say())
        print(f"  {proof.name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
