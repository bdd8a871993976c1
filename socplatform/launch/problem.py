"""What the launcher tells a person when it cannot go on."""


class LaunchError(Exception):
    """A sentence that says what is wrong and what to do next."""
