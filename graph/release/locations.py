"""Where the data directory is when nobody says, and when somebody does."""

import os
import tomllib
from pathlib import Path

from graph.release.errors import DataDirectoryError


def data_directory(explicit: str | None) -> Path:
    """Return the absolute path of the data directory; nothing is created or read there.

    The first of these: `explicit` (`--data`); THERASCAPE_DATA unless empty; `.therascape` in the
    checkout that this package runs from, if any; `therascape` in XDG_DATA_HOME, by default
    `~/.local/share` (XDG Base Directory Specification 0.8). `~` is expanded; symbolic links stay.

    Raises DataDirectoryError when `--data` is empty or the home folder is unknown.
    """
    if explicit is not None:
        if not explicit.strip():
            raise DataDirectoryError("--data is empty; give a folder, or leave --data out")
        return _absolute(explicit)
    if chosen := os.environ.get("THERASCAPE_DATA"):
        return _absolute(chosen)
    checkout = _checkout(Path(__file__))
    if checkout is not None:
        return checkout / ".therascape"
    xdg = Path(os.environ.get("XDG_DATA_HOME", ""))
    # The specification says: a relative path is invalid and to be ignored.
    return xdg / "therascape" if xdg.is_absolute() else _absolute("~/.local/share/therascape")


def _absolute(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:
        raise DataDirectoryError(
            f"{path}: the home folder is unknown; give a full path with --data or THERASCAPE_DATA"
        ) from None


def _checkout(module: Path) -> Path | None:
    """Return the folder of pyproject.toml above this package, if it is that of Therascape."""
    root = module.absolute().parents[2]
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project")
    except (OSError, ValueError):
        return None  # installed: beside `graph` are other packages, at most their stray files
    named = isinstance(project, dict) and project.get("name") == "therascape"
    return root if named else None
