"""`python -m socplatform.launch run` serves the platform; `… browser` sees to Chromium."""

import sys

from socplatform.launch import browser
from socplatform.launch.problem import LaunchError
from socplatform.launch.run import run


def main(arguments: list[str]) -> int:
    if arguments == ["run"]:
        return run()
    if arguments == ["browser"]:
        try:
            browser.ensure()
        except LaunchError as problem:
            print(problem, file=sys.stderr)
            return 1
        return 0
    print(
        "Write `python -m socplatform.launch run` or `python -m socplatform.launch browser`.",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
