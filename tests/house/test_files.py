"""What may stand in the repository."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.house.checkout import PACKAGES, PYPROJECT, ROOT, git_files, kept_files

# Each pattern is written so that it does not find itself.
FORBIDDEN = {
    "address of a package registry or mirror": re.compile(
        r"py[p]i\.org/simple|python[h]osted\.org|registry\.np[m]js|registry\.yarn[p]kg"
        r"|[d]eb\.debian\.org|security\.debia[n]\.org|archive\.ubunt[u]\.com"
        r"|--extra-index-[u]rl|--index-[u]rl|--find-[l]inks"
    ),
    "path of one machine": re.compile(
        r"(?<![\w.])(?:/roo[t]/|/User[s]/\w|/wor[k]/\w|/op[t]/(?:py|wheels)|/tm[p]/lab)"
        r"|\b[A-Z]:\\User[s]\\"
    ),
}


def texts() -> Iterator[tuple[str, str]]:
    """Give name and content of each text file."""
    for name in kept_files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8")


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_names_a_registry_or_a_machine(kind: str) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[kind].search(line)
    ]
    assert not found, f"{kind}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (
            "address of a package registry or mirror",
            "https://files.python" + "hosted.org/packages/x",
        ),
        ("path of one machine", "see /Use" + "rs/ann/therascape"),
        ("path of one machine", "cd /wo" + "rk/main"),
        ("path of one machine", "see file:///op" + "t/wheels"),
    ],
)
def test_the_patterns_find_what_they_are_for(kind: str, line: str) -> None:
    assert FORBIDDEN[kind].search(line)


def test_git_ignores_nothing_in_the_packages_but_bytecode_and_what_is_made() -> None:
    # What git ignores, the wheel leaves out without a word, unless it is named as an artifact.
    ignored = git_files("--others", "--ignored", "--exclude-standard", "--", *PACKAGES)
    (artifact,) = PYPROJECT["tool"]["hatch"]["build"]["artifacts"]
    made = artifact.removeprefix("/").removesuffix("*")
    assert [name for name in ignored if "__pycache__" not in name and made not in name] == []


def test_every_folder_with_python_files_is_a_package() -> None:
    files = [PurePosixPath(name) for name in kept_files()]
    folders = {file.parent for file in files if file.suffix == ".py"}
    ours = {
        folder for folder in folders if folder.parts and folder.parts[0] in (*PACKAGES, "tests")
    }
    assert [str(folder) for folder in sorted(ours) if folder / "__init__.py" not in files] == []


def test_test_files_have_a_name_that_pytest_collects() -> None:
    lost = [
        name
        for name in kept_files()
        if name.startswith("tests/")
        and name.endswith(".py")
        and not PurePosixPath(name).name.startswith("test_")
        and "\ndef test_" in (ROOT / name).read_text(encoding="utf-8")
    ]
    assert lost == []


def test_packages_are_imported_by_their_modules() -> None:
    # `import graph` says nothing; `from graph.release import …` names what is needed.
    found = [
        f"{name}:{node.lineno}"
        for name in kept_files()
        if name.endswith(".py")
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"), name))
        if isinstance(node, ast.Import) and any(alias.name in PACKAGES for alias in node.names)
    ]
    assert found == []
