"""`hatch_build.py`: when it makes what, and what is left where the npm registry is out of reach."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build
from tests.house.checkout import PACKAGES, PYPROJECT, ROOT

NOWHERE = "http://127.0.0.1:9/"  # the port "discard", where nothing listens


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with next to nothing in its packages."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "web", root / "web", ignore=shutil.ignore_patterns("node_modules"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, root)
    for package in PACKAGES:
        (root / package).mkdir()
        (root / package / "__init__.py").touch()
    return root


@pytest.fixture
def _no_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))


def made(root: Path, manifest: dict[str, object], *files: str) -> None:
    folder = root / hatch_build.BUILT
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).write_text(name)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_nothing_is_fresh_that_was_not_made(project: Path) -> None:
    assert not hatch_build.is_fresh(project)
    made(project, {"stamp": hatch_build.stamp(project), "files": ["a.css"]})
    assert not hatch_build.is_fresh(project), "a file of the manifest is missing"
    made(project, {"stamp": hatch_build.stamp(project), "files": ["a.css"]}, "a.css")
    assert hatch_build.is_fresh(project)
    assert hatch_build.make(project) == ""


@pytest.mark.parametrize(
    "name", ["package.json", "package-lock.json", "build.mjs", "src/base.ts", "styles/base.css"]
)
def test_a_change_of_any_source_is_noticed(project: Path, name: str) -> None:
    made(project, {"stamp": hatch_build.stamp(project), "files": []})
    assert hatch_build.is_fresh(project)
    file = project / "web" / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert not hatch_build.is_fresh(project)


def test_a_new_source_and_a_renamed_one_are_noticed(project: Path) -> None:
    made(project, {"stamp": hatch_build.stamp(project), "files": []})
    new = project / "web" / "styles" / "new.css"
    new.touch()
    assert not hatch_build.is_fresh(project)
    made(project, {"stamp": hatch_build.stamp(project), "files": []})
    new.rename(new.with_name("newer.css"))
    assert not hatch_build.is_fresh(project)


def test_what_is_there_already_is_replaced_and_the_rest_removed(tmp_path: Path) -> None:
    folder, source = tmp_path / "built", tmp_path / "new.css"
    source.write_text("new")
    folder.mkdir()
    (folder / "old.css").write_text("old")
    (folder / ".half").write_text("of another install")
    hatch_build.put(folder, [source])
    assert sorted(file.name for file in folder.iterdir()) == [".half", "new.css"]
    assert (folder / "new.css").stat().st_mode & 0o777 == 0o644


@pytest.mark.usefixtures("_no_registry")
def test_a_wheel_is_made_without_the_registry(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=project,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        check=True,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert "made without their scripts: the npm registry could not be reached" in said
    assert "Traceback" not in said
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        reason = archive.read("service/static/built/without.txt").decode()
    assert reason.startswith("the npm registry could not be reached (")
    assert "service/static/styles/base.css" in names
    assert "service/static/styles/parts/tokens.css" in names
    assert not any(name.startswith("web/") for name in names)


@pytest.mark.usefixtures("_no_registry")
def test_an_old_bundle_does_not_stay_where_a_new_one_cannot_be_made(project: Path) -> None:
    made(project, {"stamp": "of older sources", "files": ["a.css"]}, "a.css")
    assert "could not be reached" in hatch_build.make(project)
    assert [file.name for file in (project / hatch_build.BUILT).iterdir()] == ["without.txt"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ENOTFOUND", "could not be reached (ENOTFOUND)"),
        ("E503", "could not be reached (E503)"),
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "could not be reached (UNABLE"),
        ("ETARGET", "does not have what is needed (ETARGET)"),
    ],
)
def test_why_packages_cannot_be_had_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, project: Path, code: str, words: str
) -> None:
    failing(monkeypatch, f"npm error code {code}\nnpm error more\n")
    assert words in hatch_build.make(project)


@pytest.mark.parametrize("error", ["npm error code EUSAGE\n", "npm error code EINTEGRITY\n", "?"])
def test_what_is_wrong_with_the_sources_is_an_error(
    monkeypatch: pytest.MonkeyPatch, project: Path, error: str
) -> None:
    failing(monkeypatch, error)
    with pytest.raises(RuntimeError, match="npm ci"):
        hatch_build.make(project)


def failing(monkeypatch: pytest.MonkeyPatch, error: str) -> None:
    def run(command: tuple[str, ...], *_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", error)

    monkeypatch.setattr(hatch_build, "_run", run)


def test_the_lock_pins_every_package_and_names_no_address() -> None:
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text
    assert "://" not in re.sub(r'"url": "[^"]*"', "", text)  # where authors ask for money
    packages = json.loads(text)["packages"]
    (root,) = (packages.pop(name) for name in [""])
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
    wanted = root["dependencies"] | root["devDependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_only_licences_that_may_be_shipped() -> None:
    # The tools that make the bundle are not in it.
    notices = (ROOT / "service" / "static" / "built" / "notices.txt").read_text()
    shipped = re.findall(r"^Licence: (.+)$", notices, re.MULTILINE)
    assert len(shipped) > 5
    assert {*shipped} <= {"MIT", "OFL-1.1"}


def test_what_an_install_is_made_from_is_known_to_uv() -> None:
    keys = {entry["file"] for entry in PYPROJECT["tool"]["uv"]["cache-keys"]}
    for pattern in hatch_build.SOURCES:
        assert f"web/{pattern}" in keys
