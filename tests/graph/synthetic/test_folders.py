"""Source folders: without a problem, the same bytes everywhere, in the shape of the real ones."""

import errno
import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from graph.build import build
from graph.landscape.asking import Asking
from graph.landscape.matrix import MATRIX
from graph.query import EmbeddedEngine
from graph.release import DataDirectory
from graph.sources.landscape import Landscape, read_landscape, shipped
from graph.synthetic.errors import CannotGenerate
from graph.synthetic.folders import write_folders
from graph.synthetic.world import MOST_REPORTS, World
from tests.graph.landscape.asked import ask
from tests.graph.synthetic.conftest import written
from tests.house.checkout import ROOT


def test_an_ordinary_build_takes_it_and_answers(tmp_path: Path) -> None:
    """Shapes of SHACL too; of one report, since they are slow."""
    registers = tmp_path / "seeds"
    registers.mkdir()
    (registers / "reference").symlink_to(shipped() / "reference")
    out = written(tmp_path / "out", World.of(1, seed=5))
    report = build(DataDirectory(tmp_path / "data"), [out], seeds=registers)
    assert sum(report.rows["synthetic-report-0"].values()) > 100
    asking = Asking(EmbeddedEngine.over(report.release), report.release.iris.base)
    assert len(ask(asking, MATRIX).rows) > 10, "players in regions"


@pytest.mark.parametrize(
    ("reports", "seed"),
    [(1, 2**70), *(pytest.param(*each, marks=pytest.mark.exhaustive) for each in [(1, 0), (7, 3)])],
)
def test_any_number_of_reports_is_read_without_a_problem(
    tmp_path: Path, reports: int, seed: int
) -> None:
    found = read_landscape([written(tmp_path / "out", World.of(reports, seed))])
    assert sum(source.slug.startswith("synthetic-") for source in found.sources) == reports


def digest(folder: Path) -> str:
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        made.update(str(path.relative_to(folder)).encode())
        if path.is_file():
            made.update(path.read_bytes())
    return made.hexdigest()


@pytest.mark.parametrize("hash_seed", ["4711"])
def test_the_bytes_are_the_same_in_every_process(
    tmp_path: Path, folders: Path, hash_seed: str
) -> None:
    code = (
        "import sys; from pathlib import Path; from graph.synthetic.world import World; "
        "from graph.synthetic.folders import write_folders; "
        "write_folders(World.of(3, 1), Path(sys.argv[1]), lambda _: None)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    out = tmp_path / "out"
    subprocess.run([sys.executable, "-c", code, str(out)], check=True, env=environment)
    assert digest(out) == digest(folders)


def test_another_seed_is_another_landscape(tmp_path: Path) -> None:
    one, other = (written(tmp_path / str(seed), World.of(1, seed)) for seed in (1, 2))
    assert digest(one) != digest(other)


def test_publishers_contradict_each_other(several: Landscape) -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for source in several.sources:
        for record in source.records:
            plain = not record.values.get("segment") and not record.values.get("place")
            if record.table.name == "market_figures" and plain and source.slug.startswith("synth"):
                key = record.reference("market").slug, record.text("year")
                said.setdefault(key, set()).add(record.text("value"))
    assert any(len(values) > 1 for values in said.values())


def test_a_few_organisations_are_in_most_facts(several: Landscape) -> None:
    named = Counter(
        record.reference("organisation").slug
        for source in several.sources
        for record in source.records
        if source.slug.startswith("synthetic-") and "organisation" in record.values
    )
    often = [number for _, number in named.most_common()]
    assert sum(often[: len(often) // 10]) > 3 * len(often[: len(often) // 10]) * sum(often) / len(
        often
    )


def test_there_are_aliases_hierarchies_events_and_further_mentions(landscape: Landscape) -> None:
    ours = [source for source in landscape.sources if source.slug.startswith("synthetic-")]
    rows = [record for source in ours for record in source.records]
    tables = {record.table.name for record in rows}
    assert {"launches", "deals", "regulatory_events", "mentions", "names"} <= tables
    assert any(record.values.get("parent") for record in rows if record.table.name == "segments")
    registers = [r for r in landscape.registers if r.key.startswith("synthetic-")]
    assert any("aliases" in record.values for record in registers)
    assert any("within" in record.values for record in registers)
    assert any("broader" in record.values for record in registers)
    told = Counter(r.text("event") for r in rows if r.table.name == "launches")
    assert max(told.values()) > 1, "several reports tell of one event"


@pytest.mark.parametrize(("reports", "seed"), [(0, 1), (-3, 1), (MOST_REPORTS + 1, 1), (1, -1)])
def test_numbers_that_none_can_have_are_refused(reports: int, seed: int) -> None:
    with pytest.raises(CannotGenerate, match="give"):
        World.of(reports, seed)


@pytest.mark.parametrize("there", [True, False])
def test_what_could_not_be_written_as_a_whole_is_not_there(tmp_path: Path, there: bool) -> None:
    def fill_the_disk(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "out"
    if there:
        out.mkdir()
    with pytest.raises(CannotGenerate, match=r"No space left.*free some space.*another place$"):
        write_folders(World.of(2, 1), out, fill_the_disk)
    assert [*out.iterdir()] == []
    write_folders(World.of(1, 1), out, lambda _: None)


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CannotGenerate, match="not empty"):
        write_folders(World.of(1, 1), tmp_path, lambda _: None)
    with pytest.raises(CannotGenerate, match="not empty"):
        write_folders(World.of(1, 1), tmp_path / "mine.txt", lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
