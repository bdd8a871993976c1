import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from socplatform.launch import places
from tests.launch import checkout as checkouts


@pytest.fixture(scope="module")
def used_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[checkouts.Checkout]:
    yield from _made(tmp_path_factory.mktemp("used"))


@pytest.fixture
def checkout(used_checkout: checkouts.Checkout) -> Iterator[checkouts.Checkout]:
    """A checkout under a home that is closed to others; what other tests began in it has ended."""
    yield used_checkout
    used_checkout.end()


@pytest.fixture
def fresh_checkout(tmp_path: Path) -> Iterator[checkouts.Checkout]:
    """One in which nothing was ever started."""
    yield from _made(tmp_path)


def _made(folder: Path) -> Iterator[checkouts.Checkout]:
    """Afterwards what it keeps in the state folder is removed too."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    made = checkouts.make(home / "soc")
    yield made
    made.end()
    digest = hashlib.sha256(os.fsencode(made.folder.resolve())).hexdigest()[:16]
    state = places.STATE / digest
    assert checkouts.eventually(
        lambda: not any(map(checkouts.alive, _servers(made.folder / ".data", state)))
    )
    shutil.rmtree(state, ignore_errors=True)


def _servers(*folders: Path) -> list[int]:
    """Process ids in the servers' own notes; a killed server leaves its note behind."""
    notes = [note for folder in folders for note in folder.rglob("postmaster.pid")]
    return [int(note.read_text().split()[0]) for note in notes]
