"""Any lines in the order of their bytes, each once, whatever the size of a run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.lines import beginning, in_order

LINES = st.lists(st.binary(max_size=6).map(lambda data: data.replace(b"\n", b"") + b"\n"))


@given(LINES, st.integers(1, 40))
def test_lines_are_put_in_order(lines: list[bytes], run_bytes: int) -> None:
    assert list(in_order(lines, run_bytes=run_bytes)) == sorted(set(lines))


@given(lines=LINES, start=st.binary(min_size=1, max_size=2))
def test_lines_are_found_by_what_they_begin_with(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines"
    path.write_bytes(b"".join(sorted(set(lines))))
    start = start.replace(b"\n", b"x")
    expected = [line for line in sorted(set(lines)) if line.startswith(start)]
    assert list(beginning(path, start)) == expected


def test_runs_are_merged_when_there_are_many(tmp_path: Path) -> None:
    lines = [f"{number * 7919 % 1009}\n".encode() for number in range(1009)]
    found = []
    for line in in_order(lines, run_bytes=8, folder=tmp_path):
        assert not list(tmp_path.iterdir()), "whoever is killed would leave it"
        found.append(line)
    assert found == sorted(lines)
