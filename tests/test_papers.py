"""README and the papers name only what is there: links, paths, make targets, commands."""

import re
from functools import lru_cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# The recipe tells how to make these; they are not there before.
OF_THE_RECIPES = re.compile(
    r"grc/(models|services|admin)/risks?\.py|tests/grc/test_risks\.py|.*<name>\.py"
    r"|tests/prove/rooms/risks\.py"
)
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
MADE = {".data", ".venv", ".env"}  # by `make run`, not by git
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")


@lru_cache
def text_of(paper):
    return paper.read_text()


def quoted(paper):
    """What stands in backticks in the prose of a paper."""
    return QUOTED.findall(FENCED.sub("", text_of(paper)))


def code(paper):
    """All code of a paper: in backticks, and in blocks of a shell."""
    blocks = [body for kind, body in FENCED.findall(text_of(paper)) if kind in ("sh", "console")]
    return [*quoted(paper), *blocks]


def is_path(word):
    head, slash, _ = word.partition("/")
    if word.startswith(("/", "http")) or re.search(r"[\s{}…*(]", word):
        return False
    named = re.fullmatch(r"[\w.-]+\.(md|toml|lock|py|yaml)|Makefile|Dockerfile|LICENSE", word)
    return bool(named) or (bool(slash) and head in TOP) or head in {".ci", ".env.example"}


def exists(word):
    """Where a bare name of a module stands anywhere, that is enough."""
    if (ROOT / word).exists():
        return True
    return "/" not in word and any(next((ROOT / top).rglob(word), None) for top in sorted(TOP))


def named(paper):
    return str(paper.relative_to(ROOT))


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_relative_link_leads_somewhere(paper):
    links = [link.partition("#")[0] for link in LINK.findall(text_of(paper))]
    relative = [link for link in links if link and not re.match(r"[a-z]+:", link)]

    assert [link for link in relative if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_path_that_is_named_exists(paper):
    paths = [word.rstrip("/") for word in quoted(paper) if is_path(word)]
    wanted = [path for path in paths if not OF_THE_RECIPES.fullmatch(path) and path not in MADE]

    assert [path for path in wanted if not exists(path)] == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_make_target_that_is_named_exists(paper):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    targets |= set(re.findall(r"check-[a-z]+", (ROOT / "Makefile").read_text()))
    wanted = {word for text in code(paper) for word in MAKE.findall(text)}

    assert wanted - targets == set()


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_command_that_is_named_exists(paper):
    wanted = {word for text in code(paper) for word in COMMAND.findall(text)}

    assert wanted - set(get_commands()) == set()


def test_readme_names_every_command_of_ours():
    ours = {
        name for name, app in get_commands().items() if app in ("core", "grc", "soc", "socplatform")
    }
    readme = text_of(ROOT / "README.md")

    assert {name for name in ours if f"manage.py {name}" not in readme} == set()
    assert {"make run", "make test"} <= set(re.findall(r"make [a-z]+", readme))


def test_readme_shows_pictures_that_are_there():
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text_of(ROOT / "README.md"))

    assert len(shown) >= 3
    assert all((ROOT / path).stat().st_size > 10_000 for path in shown)


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "adr"
    listed = set(LINK.findall(text_of(folder / "README.md")))
    pages = list(folder.glob("[0-9]*.md"))

    assert {path.name for path in pages} == listed
    for page in pages:
        parts = re.findall(r"^## (.+)$", text_of(page), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], page.name
        assert re.search(r"^Status: (accepted|replaced by .+)$", text_of(page), re.MULTILINE)


def test_the_licence_is_the_apache_licence_as_it_is():
    lines = text_of(ROOT / "LICENSE").splitlines()

    assert lines[1].strip() == "Apache License"
    assert lines[2].strip() == "Version 2.0, January 2004"
    assert len(lines) == 202
    assert "END OF TERMS AND CONDITIONS" in text_of(ROOT / "LICENSE")


def test_papers_speak_calmly_and_name_no_machine():
    for paper in PAPERS:
        prose = FENCED.sub("", text_of(paper)).replace("![", "[")
        assert "!" not in QUOTED.sub("", prose), named(paper)
        assert not re.search(r"/(root|home|work|tmp)/", text_of(paper)), named(paper)
