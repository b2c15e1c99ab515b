"""What the pages tell people to type is run, and what they show as output is what comes out."""

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from graph.release import Release
from tests.docs.commands import environment_of, run, typed
from tests.docs.conftest import Shipped
from tests.docs.markdown import PAGES, ROOT, Block, blocks
from tests.docs.refresh import SHOWING, refreshed
from tests.docs.serving import ADDRESS, serving

README = ROOT / "README.md"

TOKEN = "a-token-for-the-examples"
#: Commands of the README that set the whole thing up; `.ci/run` runs them.
BY_CI = frozenset({"make serve", "make test"})


#: The commands that build the shipped seeds and do nothing else.
BUILD = re.compile(r"therascape build(?: --data (?P<data>[\w-]+))?")
#: What a shell does more than to split words: not where it is quoted.
_SHELL = re.compile(r"[|&;<>*$`]")
_QUOTED = re.compile(r"'[^']*'")


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """That of a new user, with nothing built."""
    return environment_of(tmp_path_factory.mktemp("new") / "data")


def _run(command: str, folder: Path, environment: dict[str, str], shipped: Shipped) -> None:
    """Run a command as written.

    One that builds the shipped seeds into a folder that is not there leaves what the same command
    left when it was run for all pages. A command of ours by itself runs in this process: to start
    Python anew for each takes as long again.
    """
    if build := BUILD.fullmatch(command):
        data = folder / (build["data"] or environment["THERASCAPE_DATA"])
        if not data.exists():
            copytree(shipped.data, data, symlinks=True)
            return
    if command.startswith("therascape ") and not _SHELL.search(_QUOTED.sub("", command)):
        typed(*shlex.split(command)[1:], folder=folder, **environment)
    else:
        run(command, folder, environment)


def _commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.strip() and line not in BY_CI]


@pytest.fixture
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process read the statements of a release, which are loaded once."""
    monkeypatch.setattr(Release, "store", cache(Release.store))


@pytest.mark.usefixtures("_loaded_once")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(
    page: Path, tmp_path: Path, environment: dict[str, str], shipped: Shipped
) -> None:
    """Files are written as shown and commands run in the order of the page."""
    for block in blocks(page):
        if block.note == "file":
            target = tmp_path / block.value
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        elif block.language == "sh":
            for command in _commands(block):
                _run(command, tmp_path, environment, shipped)


@pytest.mark.usefixtures("_loaded_once")
def test_the_pages_show_what_comes_out(tmp_path: Path, shipped: Shipped) -> None:
    """Outputs on the pages are those of the shipped seeds: run the module to renew them."""
    data = copytree(shipped.data, tmp_path / "data", symlinks=True)
    for page in SHOWING:
        text = page.read_text("utf-8")
        assert text.count("```sparql") >= 5
        assert refreshed(text, data, shipped.printed) == text, "run `python -m tests.docs.refresh`"


@pytest.fixture
def service(tmp_path: Path, shipped: Shipped) -> Iterator[str]:
    """A running service; the address is what the README has instead of its own."""
    data = copytree(shipped.data, tmp_path / "data", symlinks=True)
    with serving(data, {"THERASCAPE_WRITE_TOKEN": TOKEN}) as address:
        yield address


def test_the_python_of_the_readme_works(
    service: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Each snippet runs against a service and prints an answer."""
    snippets = [block for block in blocks(README) if block.language == "python"]
    assert len(snippets) == 2
    for snippet in snippets:
        file = tmp_path / "snippet.py"
        file.write_text(snippet.text.replace(ADDRESS, service), "utf-8")
        printed = run(f"{sys.executable} snippet.py", tmp_path, environment)
        assert len(printed.splitlines()) > 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_writes_of_the_readme_work(
    service: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    (snippet,) = [block for block in blocks(README) if block.language == "bash"]
    text = snippet.text.replace(ADDRESS, service)
    printed = run(f"set -e\n{text}", tmp_path, {**environment, "TOKEN": TOKEN})
    assert "Iovance Biotherapeutics,call them" in printed
    assert (
        len(re.findall(r"^\d{4}-\d\d-\d\dT.*,token-[0-9a-f]{8},write \d", printed, re.MULTILINE))
        == 2
    )
