import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph.release import DataDirectoryError, data_directory
from tests.graph.release.samples import ROOT, names

SHOW = "from graph.release import data_directory; print(data_directory(None))"


def shown(package: Path, **environment: str) -> str:
    """What a process that has the package from this folder, and nothing else set, answers."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=package.anchor,
        env={"PYTHONPATH": str(package), "HOME": "/home/some one", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.removesuffix("\n")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the package graph, as pip would copy it."""
    root = tmp_path / "site packages"
    shutil.copytree(ROOT / "graph", root / "graph", ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_explicit_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THERASCAPE_DATA", "/from/environment")
    assert data_directory("/explicit path") == Path("/explicit path")
    assert data_directory(None) == Path("/from/environment")


def test_paths_become_absolute_and_home_is_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("THERASCAPE_DATA", "~/data")
    assert data_directory("some/data") == tmp_path / "some/data"
    assert data_directory(None) == Path("/home/me/data")
    (tmp_path / "link").symlink_to("elsewhere")
    assert data_directory("link") == tmp_path / "link"


@pytest.mark.parametrize("explicit", ["", "  "])
def test_an_empty_option_is_a_mistake(explicit: str) -> None:
    with pytest.raises(DataDirectoryError, match="--data is empty"):
        data_directory(explicit)


def test_an_unknown_home_is_named() -> None:
    with pytest.raises(DataDirectoryError, match="~nobody-of-this-name/x: the home folder"):
        data_directory("~nobody-of-this-name/x")


def test_nothing_is_created(tmp_path: Path) -> None:
    data_directory(str(tmp_path / "data"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("environment", [{}, {"THERASCAPE_DATA": ""}])
def test_in_a_checkout(package: Path, environment: dict[str, str]) -> None:
    (package / "pyproject.toml").write_text('[project]\nname = "therascape"\n')
    assert shown(package, **environment) == str(package / ".therascape")


@pytest.mark.parametrize(
    "stray", [None, '[project]\nname = "other"\n', "not [toml", "", "project = 1", "\ud800"]
)
def test_installed_it_is_the_data_folder_of_the_user(package: Path, stray: str | None) -> None:
    if stray is not None:
        (package / "pyproject.toml").write_bytes(stray.encode(errors="surrogatepass"))
    assert shown(package) == "/home/some one/.local/share/therascape"


@pytest.mark.parametrize(
    ("xdg", "expected"),
    [
        ("/xdg data", "/xdg data/therascape"),
        ("", "/home/some one/.local/share/therascape"),
        ("relative", "/home/some one/.local/share/therascape"),
    ],
)
def test_the_xdg_folder(package: Path, xdg: str, expected: str) -> None:
    assert shown(package, XDG_DATA_HOME=xdg) == expected
