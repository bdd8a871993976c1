"""Run every proof and print a line for each; exit 1 when one fails. `FULL=1` for the full number of
kills.
"""

import sys
import time
from collections.abc import Callable

from tests.prove import stage
from tests.prove.report import Proof


def main() -> int:
    wanted = set(sys.argv[1:])
    with stage.prepared(), stage.connected("platform") as platform:
        from tests.prove import proofs

        every = proofs.every(platform)
        chosen = [(name, prove) for name, prove in every if not wanted or name in wanted]
        return _run(chosen)


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
