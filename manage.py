#!/usr/bin/env python
"""Django's commands, with a database that answers: the given one, the running one, or one started
for this command.
"""

import os
import sys

from django.core.management import execute_from_command_line

from socplatform.launch.environment import ensure_database
from socplatform.launch.problem import LaunchError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socplatform.settings")
    try:
        with ensure_database():
            execute_from_command_line(sys.argv)
    except LaunchError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
