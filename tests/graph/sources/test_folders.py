import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph.problems import InvalidSeeds
from graph.sources.landscape import read_landscape
from graph.terms import SHARED_GRAPHS
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, cells, copied, swap, write
from tests.rights import without_override


def slugs(*extra: Path, seeds: Path = SEEDS) -> list[str]:
    return [source.slug for source in read_landscape(extra, seeds=seeds).sources]


def refused(*extra: Path, seeds: Path = SEEDS) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(extra, seeds=seeds)
    assert all(problem.remedy for problem in caught.value.problems)
    return [(p.file, p.message, p.remedy) for p in caught.value.problems]


def own_source(folder: Path, name: str = "acme-own") -> Path:
    """A source of a user: the brief under another name, with ids of its own."""
    own = shutil.copytree(SEEDS / BRIEF, folder / name)
    for path in own.glob("*.csv"):
        write(path, [[cell.replace("ab-", "own-") for cell in row] for row in cells(path)])
    swap(own / "source.toml", 'id_prefix = "ab"', 'id_prefix = "own"')
    return own


def test_sources_are_the_folders_with_a_manifest() -> None:
    assert slugs() == [BRIEF, OUTLOOK]


def test_a_folder_may_be_named_itself_or_the_folder_around_it(tmp_path: Path) -> None:
    own = own_source(tmp_path)
    assert (
        slugs(own) == slugs(tmp_path) == slugs(own, tmp_path, own) == [BRIEF, OUTLOOK, "acme-own"]
    )


def test_naming_a_shipped_source_reads_it_once() -> None:
    assert slugs(SEEDS / OUTLOOK, SEEDS) == [BRIEF, OUTLOOK]


def test_a_folder_that_is_here_has_a_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_source(tmp_path))
    assert "acme-own" in slugs(Path())
    (tmp_path / "acme-own" / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "acme-own" / "sub")
    assert "acme-own" in slugs(Path(".."))


def test_a_link_to_a_folder_is_the_folder(tmp_path: Path) -> None:
    own = own_source(tmp_path / "somewhere", "v2")
    (tmp_path / "acme-own").symlink_to(own)
    assert "acme-own" in slugs(tmp_path / "acme-own")


def test_the_registers_beside_a_source_are_read_with_it(tmp_path: Path) -> None:
    own = own_source(tmp_path)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "people.csv").write_text("slug,label\nbo-tree,Bo Tree\n", "utf-8")
    for given in (own, tmp_path, tmp_path / "reference"):
        landscape = read_landscape((given,), seeds=SEEDS)
        assert "bo-tree" in {record.key for record in landscape.registers}


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "empty").mkdir()
    for name, message in (
        ("gone", "is no folder"),
        ("file", "is no folder"),
        ("loop", "is no folder"),
        ("empty", "has no source in it"),
    ):
        assert [p[:2] for p in refused(tmp_path / name)] == [(str(tmp_path / name), message)]


def test_seeds_that_are_not_there_are_no_crash(tmp_path: Path) -> None:
    assert [p[:2] for p in refused(seeds=tmp_path / "gone")] == [
        ("seeds", "cannot be listed: No such file or directory")
    ]


ROOT = Path(__file__).resolve().parents[3]
CHECK = """
import sys
from pathlib import Path
from graph.build import check
for problem in check((Path(sys.argv[2]),), seeds=Path(sys.argv[1])).problems:
    print(problem)
"""


def test_a_folder_that_may_not_be_listed_is_refused(tmp_path: Path) -> None:
    own = own_source(tmp_path)
    own.chmod(0)
    try:
        done = subprocess.run(
            [*without_override(), sys.executable, "-c", CHECK, SEEDS, tmp_path],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        own.chmod(0o700)
    assert f"{own}: cannot be listed: Permission denied" in done.stdout


def test_tables_without_a_manifest_are_not_passed_over(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    (seeds / BRIEF / "source.toml").unlink()
    assert refused(seeds=seeds) == [
        (
            f"seeds/{BRIEF}",
            "has tables and no source.toml",
            "Write its source.toml, or move the folder away.",
        )
    ]
    (seeds / "notes").mkdir()
    (seeds / "notes" / "readme.md").touch()
    shutil.rmtree(seeds / BRIEF)
    assert slugs(seeds=seeds) == [OUTLOOK]


@pytest.mark.parametrize("name", ["Acme", "acme_own", "acme own", "acme.own", "\u00e4cme", "-acme"])
def test_a_source_needs_a_slug_for_a_name(tmp_path: Path, name: str) -> None:
    own_source(tmp_path, name)
    (problem,) = refused(tmp_path)
    assert problem[:2] == (f"{tmp_path}/{name}", "is no name for a source")
    assert "a-z, 0-9 and single hyphens" in problem[2]


@pytest.mark.parametrize("name", sorted(SHARED_GRAPHS))
def test_no_source_takes_the_graph_of_something_else(tmp_path: Path, name: str) -> None:
    own = own_source(tmp_path, name)
    (problem,) = refused(own)
    assert problem[1] == "is no name for a source"
    assert name in problem[2]


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    one, other = own_source(tmp_path / "one", "mine"), own_source(tmp_path / "other", "mine")
    problem = refused(one, other)[-1]
    assert problem == (
        str(other),
        f"has the same name as {one}",
        "Rename one of them: the name is part of the source's address.",
    )


def test_a_copy_stands_in_for_the_shipped_source_of_its_name(tmp_path: Path) -> None:
    own = shutil.copytree(SEEDS / BRIEF, tmp_path / BRIEF)
    landscape = read_landscape((own,), seeds=SEEDS)
    assert [s.name for s in landscape.sources if s.slug == BRIEF] == [str(own)]
    assert landscape.registers == read_landscape(seeds=SEEDS).registers


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("launchs.csv", "is no table", "Did you mean launches"),
        ("xyzzy.csv", "is no table", "The tables are activities"),
        ("launches.CSV", "is no table", "Did you mean launches"),
        ("Launches.csv", "is no table", "Did you mean launches"),
        ("launches 2.csv", "is no table", "Did you mean launches"),
        (".csv.csv", "", ""),
    ],
)
def test_a_file_that_looks_like_a_table_is_one_or_is_told(
    tmp_path: Path, name: str, message: str, remedy: str
) -> None:
    seeds = copied(tmp_path)
    (seeds / BRIEF / name).write_text("slug,label\n", "utf-8")
    if not message:
        assert slugs(seeds=seeds) == slugs()
        return
    (problem,) = refused(seeds=seeds)
    assert problem[0] == f"seeds/{BRIEF}/{name}"
    assert message in problem[1]
    assert remedy in problem[2]


def test_other_files_are_nobodys_business(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    for name in ("README.md", "launches.csv~", "launches.csv.bak", ".DS_Store", "._launches.csv"):
        (seeds / BRIEF / name).write_bytes(b"\xff\0")
    (seeds / "__pycache__").mkdir()
    assert slugs(seeds=seeds) == slugs()


def test_facts_do_not_stand_among_shared_registers(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    shutil.move(seeds / BRIEF / "market_figures.csv", seeds / "reference" / "market_figures.csv")
    found = refused(seeds=seeds)
    assert (
        "seeds/reference/market_figures.csv",
        "is a table of a source",
        "Move it into a source folder; this one holds shared registers.",
    ) in found


def test_a_name_that_is_no_text_can_still_be_told(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    try:
        Path(os.fsdecode(os.fsencode(seeds / BRIEF) + b"/x\xff.csv")).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (problem,) = refused(seeds=seeds)
    assert problem[0].encode().endswith(b"x\\udcff.csv")
