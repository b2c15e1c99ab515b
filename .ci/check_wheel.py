"""Build the wheel, compare it with what git holds, and use it in an environment of its own.

Besides what git holds, the wheel has the styles of the pages as they are written, and what was made
of them: every file of the manifest and no other, or the reason why there is none.

Run by `make wheel`, in the development environment. Exits with one line for each thing that is
wrong. With CI set, a file in the four packages that is not committed is wrong too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
BUILT = "service/static/built"
WITHOUT = f"{BUILT}/without.txt"
VERSION: str = PYPROJECT["project"]["version"]

# Runs in the fresh environment, away from the checkout: every module can be imported, from the
# installed packages, without a warning, and nobody else owns their names.
IMPORT_ALL = """
import importlib, importlib.metadata, pathlib, pkgutil, sys
owners = importlib.metadata.packages_distributions()
for package in sys.argv[1:]:
    assert set(owners[package]) == {"therascape"}, (package, owners[package])
    module = importlib.import_module(package)
    assert pathlib.Path(module.__file__).is_relative_to(sys.prefix), module.__file__
    for found in pkgutil.walk_packages(module.__path__, package + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without what the caller's environment might add; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    done = subprocess.run(
        command, cwd=cwd, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        shown = " ".join(str(part) for part in command)
        sys.exit(f"wheel: `{shown}` failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


_OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "THERASCAPE_DATA")


def build() -> Path:
    """Build into dist/, emptied first; return the wheel."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT, cwd=ROOT)
    (wheel,) = DIST.glob("*.whl")
    return wheel


def listed(*options: str) -> set[str]:
    """Ask git for files of the packages; those deleted from the work tree are left out."""
    names = run("git", "ls-files", "-z", *options, "--", *PACKAGES, cwd=ROOT).split("\0")
    return {name for name in names if name and (ROOT / name).is_file()}


def differences(wheel: Path) -> list[str]:
    """Compare the wheel with git: what is missing, what is too much, what nobody committed."""
    committed = listed("--cached")
    loose = listed("--others", "--exclude-standard")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        made = made_files(archive)
    packed = {name for name in names if ".dist-info/" not in name}
    expected = committed | loose | made | plain_styles()
    return [
        *(f"not in the wheel: {name}" for name in sorted(expected - packed)),
        *(f"in the wheel, unknown to git: {name}" for name in sorted(packed - expected)),
        *(f"not committed: {name}" for name in sorted(loose) if os.environ.get("CI")),
    ]


def made_files(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of what was made for the pages, as the wheel itself lists them."""
    if WITHOUT in archive.namelist():
        print(f"wheel: made without scripts: {archive.read(WITHOUT).decode().strip()}")
        return {WITHOUT}
    names: list[str] = json.loads(archive.read(f"{BUILT}/manifest.json"))["files"]
    return {f"{BUILT}/{name}" for name in (*names, "manifest.json", "notices.txt")}


def plain_styles() -> set[str]:
    """Return the names that the styles have in the wheel."""
    styles = ROOT / "web" / "styles"
    files = (file.relative_to(styles) for file in styles.rglob("*.css"))
    return {f"service/static/styles/{file.as_posix()}" for file in files}


def install(wheel: Path, folder: Path) -> Path:
    """Make an environment with the pins and the wheel; return its folder of commands."""
    venv.create(folder, with_pip=True)
    commands = folder / "bin"
    pip = (commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pins = ROOT / "requirements" / "runtime.txt"
    run(*pip, "--require-hashes", "--requirement", pins, cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    run(commands / "python", "-m", "pip", "check", cwd=folder)
    return commands


def try_out(commands: Path, elsewhere: Path) -> None:
    """Import everything, then use the command as a user would, in a folder that is no checkout."""
    run(commands / "python", "-I", "-W", "error", "-c", IMPORT_ALL, *PACKAGES, cwd=elsewhere)
    command = commands / "therascape"
    version = run(command, "--version", cwd=elsewhere)
    if VERSION not in version:
        sys.exit(f"wheel: `therascape --version` says {version.strip()!r}, not {VERSION}")
    data = ("--data", str(elsewhere / "data"))
    run(command, "build", *data, cwd=elsewhere)
    answer = run(command, "query", *data, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", cwd=elsewhere)
    if not any(character in "123456789" for character in answer):
        sys.exit(f"wheel: the installed command answers an empty graph: {answer!r}")


def main() -> None:
    """Build, compare, install, use."""
    wheel = build()
    if wrong := differences(wheel):
        sys.exit("\n".join(f"wheel: {line}" for line in wrong))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = install(wheel, folder / "environment")
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        try_out(commands, elsewhere)
    print(f"{wheel.name}: as git has it, and works from another folder")


if __name__ == "__main__":
    main()
