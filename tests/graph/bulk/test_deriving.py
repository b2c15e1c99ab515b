"""Rules applied to one source after the other, in several processes."""

import multiprocessing.synchronize
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from graph.bulk import deriving
from graph.bulk.deriving import derived_lines
from graph.bulk.errors import ImportRefused
from graph.release import content_id
from graph.release.canonical import nquads
from graph.rules import derive
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris
from tests.graph.release.samples import ROOT

IRIS = Iris()
SOURCES = 5


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The statements of some synthetic reports, in order."""
    path = tmp_path_factory.mktemp("deriving") / "some.nq"
    path.write_bytes(b"".join(lines(World.of(SOURCES, 3), IRIS, lambda _: None)))
    return path


@pytest.fixture(scope="module")
def expected(file: Path) -> bytes:
    _, text = content_id(derive(parse(path=file, format=RdfFormat.N_QUADS), IRIS))
    return nquads(text)


@pytest.mark.parametrize("few", [0, SOURCES + 3])
@pytest.mark.parametrize("taken_out", [0, 1, 1000])
def test_it_is_what_is_derived_of_all_at_once(
    file: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch, few: int, taken_out: int
) -> None:
    monkeypatch.setattr(deriving, "_FEW", few)
    monkeypatch.setattr(deriving, "_MOST_TAKEN_OUT", taken_out)  # of this process
    told: list[tuple[int, int]] = []
    found = derived_lines(file, IRIS, SOURCES + 3, lambda done, of: told.append((done, of)))
    assert b"".join(found) == expected
    assert told == [(done, SOURCES + 3) for done in range(1, len(told) + 1)]
    assert len(told) >= SOURCES
    assert [*file.parent.iterdir()] == [file]


def test_without_memory_to_share_it_is_this_process_that_derives(
    file: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deriving, "_FEW", 0)

    def refused(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")  # of a semaphore, in /dev/shm

    monkeypatch.setattr(multiprocessing.synchronize.SemLock, "__init__", refused)
    found = derived_lines(file, IRIS, SOURCES, lambda *_: None)
    assert b"".join(found) == expected


def children(process: str = "self") -> set[int]:
    """The processes that this one began."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return {int(one) for file in tasks for one in file.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no /proc")
def test_a_process_that_is_killed_ends_it_with_a_reason(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deriving, "_FEW", 0)
    before = children()

    def kill(_done: int, _of: int) -> None:
        for process in children() - before:
            os.kill(process, signal.SIGKILL)

    with pytest.raises(ImportRefused, match="ended from outside"):
        list(derived_lines(file, IRIS, SOURCES, kill))
    assert [*file.parent.iterdir()] == [file]


IMPORTING = """
import sys
from pathlib import Path
from graph.bulk import deriving
from graph.terms import Iris
if __name__ == "__main__":
    deriving._FEW = 0
    print("begun", flush=True)
    for _ in range(1000):
        list(deriving.derived_lines(Path(sys.argv[1]), Iris(), 1, lambda *_: None))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no /proc")
def test_the_processes_end_with_the_one_that_began_them(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "importing.py"
    program.write_text(IMPORTING)
    own = file.parent / "own"
    own.mkdir()
    (own / "some.nq").write_bytes(file.read_bytes())
    command = [sys.executable, str(program), str(own / "some.nq")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as begun:
        assert begun.stdout is not None
        begun.stdout.readline()
        deadline = time.monotonic() + 30
        while len(found := children(str(begun.pid))) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        begun.kill()
    deadline = time.monotonic() + 30
    while any(_runs(process) for process in found):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
