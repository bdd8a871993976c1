"""Dockerfile and .env.example say what is there."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from socplatform.launch import run
from socplatform.launch.places import CHECKOUT

READERS = {"text", "flag", "words", "number", "numbers", "database", "given", "get", "setenv"}
NAME = re.compile(r"^[A-Z][A-Z_]{2,}$")
NOT_OURS = {"XDG_RUNTIME_DIR", "PYTEST_XDIST_WORKER"}  # the system's and pytest's
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()


def variables_read(tree: ast.AST) -> Iterator[str]:
    """First arguments of the readers, and keys of os.environ; the names in a tuple of theirs
    too.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if called in READERS:
                yield from constants(node.args[0])
        if isinstance(node, ast.keyword) and node.arg == "variable":
            yield from constants(node.value)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from constants(node.slice)


def constants(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and NAME.match(part.value)
        ):
            yield part.value


def test_env_example_lists_every_variable_that_the_code_reads() -> None:
    files = [
        path
        for app in ("socplatform", "core", "grc", "soc")
        for path in (CHECKOUT / app).rglob("*.py")
    ]
    read = {
        name for path in files for name in variables_read(ast.parse(path.read_text()))
    } - NOT_OURS

    listed = set(
        re.findall(r"^#?([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE)
    )

    assert {"SECRET_KEY", "DATABASE_OWNER_URL", "PORT"} <= read
    assert read == listed


def test_env_example_explains_every_variable() -> None:
    lines = (CHECKOUT / ".env.example").read_text().splitlines()

    for above, line in pairwise(lines):
        if re.match(r"^#?[A-Z_]+=", line):
            assert re.match(r"^# .+\.$", above), line


def test_every_path_that_the_dockerfile_copies_exists() -> None:
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    let_through = (CHECKOUT / ".dockerignore").read_text()

    assert len(copied) >= 8
    for path in copied:
        assert (CHECKOUT / path).exists(), path
        assert f"!{path}\n" in let_through, path


def test_the_image_serves_with_the_options_of_make_run() -> None:
    command = json.loads(re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[0])
    own = {"--bind", "--workers"}  # the address; WEB_CONCURRENCY

    assert command[:3] == ["python", *run.web(8000)[1:3]]
    assert options(command) - own_pairs(command, own) == options(run.web(8000)) - own_pairs(
        run.web(8000), own
    )


def test_a_number_of_processes_that_is_asked_for_comes_before_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bench measures one process, whatever is set."""
    monkeypatch.setenv("WEB_WORKERS", "3")

    assert ("--workers", "1") in options(run.web(8000, workers="1"))
    assert ("--workers", "3") in options(run.web(8000))


def options(command: list[str]) -> set[tuple[str, str]]:
    return {
        pair for pair in zip(command, [*command[1:], ""], strict=True) if pair[0].startswith("--")
    }


def own_pairs(command: list[str], names: set[str]) -> set[tuple[str, str]]:
    return {pair for pair in options(command) if pair[0] in names}


def test_commands_named_in_the_makefile_and_ci_exist() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    for target in re.findall(r"make (\w+)", (CHECKOUT / ".ci" / "run").read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_no_file_of_the_launcher_is_long() -> None:
    for path in Path(run.__file__).parent.glob("*.py"):
        assert len(path.read_text().splitlines()) < 250, path
