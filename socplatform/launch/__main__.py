"""`python -m socplatform.launch run` serves the platform; `… browser alertmanager` sees to the
programs that tests drive.
"""

import sys

from socplatform.launch import needed
from socplatform.launch.problem import LaunchError
from socplatform.launch.run import run


def main(arguments: list[str]) -> int:
    if arguments == ["run"]:
        return run()
    if arguments and set(arguments) <= set(needed.EVERY):
        try:
            for name in arguments:
                needed.EVERY[name].ensure()
        except LaunchError as problem:
            print(problem, file=sys.stderr)
            return 1
        return 0
    print(
        "Write `python -m socplatform.launch run`, or the programs to see to: "
        f"{', '.join(needed.EVERY)}.",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
