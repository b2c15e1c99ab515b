"""N-Quads: just what the folders say, in canonical order, in bounded memory."""

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from graph.build import statements
from graph.release import content_id
from graph.sources.landscape import Landscape, Source, shipped
from graph.synthetic.errors import CannotGenerate
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris
from tests.graph.synthetic.conftest import WORLD
from tests.house.checkout import ROOT

IRIS = Iris()


def _is_shipped(source: Source) -> bool:
    return (shipped() / source.slug).is_dir()


def test_they_are_what_a_build_states_of_the_folders(landscape: Landscape) -> None:
    theirs = {source.slug for source in landscape.sources if _is_shipped(source)}
    without = Landscape(
        tuple(record for record in landscape.registers if record.source not in theirs),
        tuple(source for source in landscape.sources if source.slug not in theirs),
    )
    _, expected = content_id(statements(without, IRIS))
    made = [line.decode().removesuffix("\n") for line in lines(WORLD, IRIS, lambda _: None)]
    assert made == expected


def test_small_runs_give_the_same_lines() -> None:
    whole = list(lines(World.of(1, 3), IRIS, lambda _: None))
    told: list[int] = []
    assert list(lines(World.of(1, 3), IRIS, told.append, run_bytes=200_000)) == whole
    assert told == sorted(told)
    assert len(told) > 3
    assert whole == sorted(set(whole))


def test_a_place_for_runs_that_fails_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(CannotGenerate, match=r"in order: .*gone.*temporary files with TMPDIR$"):
        list(lines(World.of(1, 1), IRIS, lambda _: None, run_bytes=100_000))


def _peak(reports: int) -> int:
    tracemalloc.start()
    for _ in lines(World.of(reports, 1), IRIS, lambda _: None, run_bytes=1_000_000, together=1):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_reports() -> None:
    few, many = _peak(1), _peak(2)
    assert many < 1.25 * few


def test_the_command_writes_them(tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    command = [sys.executable, "-m", "service", "generate", "--reports", "1", "--form", "nquads"]
    environment = {**os.environ, "PYTHONHASHSEED": "9", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, str(out)], check=True, env=environment, capture_output=True, text=True
    )
    assert out.read_bytes() == b"".join(lines(World.of(1, 1), IRIS, lambda _: None))
    assert "a second" in done.stderr
    again = subprocess.run(
        [*command, str(out)], check=False, env=environment, capture_output=True, text=True
    )
    assert again.returncode == 3
    assert "not empty" in again.stderr
