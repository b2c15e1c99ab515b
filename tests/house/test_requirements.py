"""The pins in requirements/: complete, by hash, in agreement with each other and pyproject.toml."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

import hatch_build
from tests.house.checkout import PACKAGES, PYPROJECT, ROOT

FILES = ("build", "dev", "runtime")
REMEDY = "run `make lock`"

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(name: str) -> dict[str, str]:
    """Versions by package name; every line that is no comment must be a pin or a hash."""
    found: dict[str, str] = {}
    hashes = 1
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for number, text in enumerate(lines, 1):
        if not text or text.lstrip().startswith("#"):
            continue
        if pin := PIN.match(text):
            assert hashes, f"{name}.txt:{number}: the pin before this one has no hash; {REMEDY}"
            found[pin["name"]] = pin["version"]
            hashes = 0
        else:
            assert HASH.match(text), f"{name}.txt:{number}: neither pin nor hash: {text}; {REMEDY}"
            hashes += 1
    assert hashes
    return found


def normalised(requirement: str) -> str:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_pin_with_hashes(name: str) -> None:
    assert pins(name)


@pytest.mark.parametrize("name", ["build", "runtime"])
def test_the_development_pins_contain_the_others(name: str) -> None:
    # .ci/setup.sh relies on it: an environment set up for `make test` also serves.
    assert pins(name).items() <= pins("dev").items(), REMEDY


def test_everything_that_pyproject_asks_for_is_pinned() -> None:
    runtime = {normalised(text) for text in PYPROJECT["project"]["dependencies"]}
    assert runtime <= pins("runtime").keys(), REMEDY
    groups = PYPROJECT["dependency-groups"].values()
    dev = {normalised(text) for group in groups for text in group if isinstance(text, str)}
    assert dev <= pins("dev").keys(), REMEDY


def test_the_build_backend_has_one_version_everywhere() -> None:
    requires = PYPROJECT["build-system"]["requires"]
    build = PYPROJECT["dependency-groups"]["build"]
    assert requires == [f"hatchling=={pins('build')['hatchling']}"]
    # hatch_build.py asks for Node.js by itself, and only when it is needed.
    node = f"{hatch_build.NODE}=={pins('build')[hatch_build.NODE]}"
    assert build == [*requires, node]
    assert hatch_build.pinned_node(ROOT) == node


def third_party(folders: tuple[str, ...]) -> dict[str, str]:
    """Distributions that the Python files of these folders import, each with one place."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for file in (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            else:
                continue
            for name in {module.partition(".")[0] for module in modules}:
                if name not in (
                    *sys.stdlib_module_names,
                    *PACKAGES,
                    "tests",
                    "bench",
                    "hatch_build",
                ):
                    owner = normalised(owners.get(name, [name])[0])
                    found[owner] = f"{file.relative_to(ROOT)}:{node.lineno} imports {name}"
    return found


def test_what_the_packages_import_is_declared() -> None:
    # A package that is only there because another one needs it can go away with it.
    declared = {normalised(text) for text in PYPROJECT["project"]["dependencies"]}
    assert [at for owner, at in third_party(PACKAGES).items() if owner not in declared] == []


def test_what_tests_and_scripts_import_is_declared() -> None:
    groups = PYPROJECT["dependency-groups"].values()
    declared = {
        normalised(text)
        for part in (PYPROJECT["project"]["dependencies"], *groups)
        for text in part
        if isinstance(text, str)
    }
    used = third_party(("tests", "bench", ".ci"))
    assert [at for owner, at in used.items() if owner not in declared] == []
