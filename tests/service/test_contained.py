"""Commands that answer take no more memory than they may, and say what was wrong: real ones."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from graph.query import StoreUnreadable
from graph.release import DataDirectory, Release
from graph.stores.files import make_store
from service.failures import run
from tests.commands import in_process
from tests.graph.stores.damaging import flip
from tests.graph.template.conftest import MEMORY_BOMB
from tests.service.conftest import Therascape, command_environment
from tests.service.dataset import publish

COUNT = 'SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STR(?s) != "x") }'
SMALL = {"THERASCAPE_TOTAL_MEMORY": "64"}


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Release, Path]:
    """A release, and where its store on the disk is."""
    release = publish(tmp_path / "stored")
    return release, make_store(DataDirectory(tmp_path / "stored"), release)


def test_a_query_takes_no_more_memory_than_it_may(program: Therascape) -> None:
    done = program("query", MEMORY_BOMB, **SMALL)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "the 64 MiB that are allowed" in line
    assert "THERASCAPE_TOTAL_MEMORY" in line
    assert program("query", "ASK {}", **SMALL).stdout == "true\n"


@pytest.mark.parametrize("command", [("query", COUNT), ("search", "Alpha")])
def test_a_damaged_store_is_told_as_such(
    program: Therascape, stored: tuple[Release, Path], command: tuple[str, ...]
) -> None:
    release, place = stored
    for table in place.glob("*.sst"):
        if table.stat().st_size > 2000:
            flip(table)
    done = program(*command, "--data", str(release.path.parents[1]), **SMALL)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("therascape: the store on the disk is damaged (")
    assert "check the disk, and remove" in line


def test_a_store_that_cannot_be_opened_is_told_as_such(stored: tuple[Release, Path]) -> None:
    release, place = stored
    flip(next(place.glob("MANIFEST-*")))
    done = in_process("query", "ASK {}", "--data", str(release.path.parents[1]))
    assert done.returncode == 3
    assert "MANIFEST" in done.stderr
    assert "remove the folder stores" in done.stderr


def test_what_a_service_says_of_its_store_is_told_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @click.command()
    def ask() -> None:
        raise StoreUnreadable

    assert run(ask, []) == 3
    assert capsys.readouterr().err == f"therascape: {StoreUnreadable()}\n"


def test_a_setting_that_is_wrong_is_told(program: Therascape) -> None:
    done = program("query", "ASK {}", THERASCAPE_TOTAL_MEMORY="much")
    assert done.returncode == 2
    assert "THERASCAPE_TOTAL_MEMORY" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("query", "ASK {}"), ("query", "SELECT * { ?s ?p ?o }"), ("settings",)]
)
def test_whoever_has_read_enough_is_no_problem(data: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "service", *arguments]
    done = subprocess.run(
        command,
        env=command_environment(data) | {"PYTHONUNBUFFERED": "1"},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
