"""Gives every test run a database of its own; loaded with `-p tests.plugins.cluster`, before
pytest-django.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from socplatform.launch.cluster import database_for_tests


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper runs before every plain hook, so the URLs are there when Django reads its
    settings.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker inherits the main process's cluster
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        os.environ |= stack.enter_context(database_for_tests()) | {"BEHIND_TLS": "0"}
    return (yield)
