"""What the pages tell people to type is run, and what they show as output is what comes out."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.markdown import PAGES, ROOT, Block, blocks
from tests.docs.refresh import SHOWING, built, refreshed

README = ROOT / "README.md"

TOKEN = "a-token-for-the-examples"
#: Commands of the README that set the whole thing up; `.ci/run` runs them.
BY_CI = frozenset({"make serve", "make test"})


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user: the command on the path, data in a folder of its own."""
    data = tmp_path_factory.mktemp("data")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "THERASCAPE_DATA": str(data), "COLUMNS": "100"}


def _run(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def _commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.strip() and line not in BY_CI]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(
    page: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Files are written as shown and commands run in the order of the page."""
    for block in blocks(page):
        if block.note == "file":
            target = tmp_path / block.value
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        elif block.language == "sh":
            for command in _commands(block):
                _run(command, tmp_path, environment)


def test_the_pages_show_what_comes_out(tmp_path: Path) -> None:
    """Outputs on the pages are those of the shipped seeds: run the module to renew them."""
    printed = built(tmp_path)
    for page in SHOWING:
        text = page.read_text("utf-8")
        assert text.count("```sparql") >= 5
        assert refreshed(text, tmp_path, printed) == text, "run `python -m tests.docs.refresh`"


@pytest.fixture
def service(tmp_path: Path, environment: dict[str, str]) -> Iterator[str]:
    """A running service; the address is what the README has instead of its own."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(
        command,
        env={**environment, "THERASCAPE_WRITE_TOKEN": TOKEN},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        printed = ""
        while not (found := re.search(r"is on (http://\S+)/ ", printed)):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        yield found[1]
        process.terminate()


def test_the_python_of_the_readme_works(
    service: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Each snippet runs against a service and prints an answer."""
    snippets = [block for block in blocks(README) if block.language == "python"]
    assert len(snippets) == 2
    for snippet in snippets:
        file = tmp_path / "snippet.py"
        file.write_text(snippet.text.replace("http://127.0.0.1:8000", service), "utf-8")
        printed = _run(f"{sys.executable} snippet.py", tmp_path, environment)
        assert len(printed.splitlines()) > 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_writes_of_the_readme_work(
    service: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    (snippet,) = [block for block in blocks(README) if block.language == "bash"]
    text = snippet.text.replace("http://127.0.0.1:8000", service)
    printed = _run(f"set -e\n{text}", tmp_path, {**environment, "TOKEN": TOKEN})
    assert "Iovance Biotherapeutics,call them" in printed
    assert (
        len(re.findall(r"^\d{4}-\d\d-\d\dT.*,token-[0-9a-f]{8},write \d", printed, re.MULTILINE))
        == 2
    )
