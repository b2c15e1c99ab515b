"""What is imported fits the shapes of its classes, or is taken as it is knowingly."""

from pathlib import Path

import pytest

from graph.bulk.errors import ImportRefused
from graph.bulk.importing import Imported, import_file
from graph.bulk.reading import Progress
from graph.release import DataDirectory
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris
from ontology.namespaces import KG, RDFS

IRIS = Iris()
SLUGS = ("synthetic-report-0", "synthetic-report-1")


def imported(data: Path, lines_: list[bytes], *, validates: bool = True) -> Imported:
    """Import lines; with what the rules derive."""
    data.mkdir(exist_ok=True)
    file = data / "in.nq"
    file.write_bytes(b"".join(sorted(lines_)))
    where = DataDirectory(data / "data")
    return import_file(where, file, IRIS, lambda _: lambda *_: None, validates=validates)


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """The statements of two synthetic reports."""
    return [*lines(World.of(2, 1), IRIS, lambda _: None)]


def without(made: list[bytes], part: bytes) -> list[bytes]:
    """All lines but the first that has this part."""
    spoilt = next(line for line in made if part in line)
    return [line for line in made if line != spoilt]


def test_what_fits_is_imported_and_nothing_is_said_of_it(tmp_path: Path, made: list[bytes]) -> None:
    done = imported(tmp_path, made)
    assert [*done.seconds][3] == "shapes"
    assert "validated" not in done.release.manifest


def test_progress_is_told_of_the_part_that_takes_longest(tmp_path: Path, made: list[bytes]) -> None:
    file = tmp_path / "made.nq"
    file.write_bytes(b"".join(made))
    seen: dict[str, list[tuple[int, int]]] = {}

    def begin(part: str) -> Progress:
        return lambda done, total: seen.setdefault(part, []).append((done, total))

    done = import_file(DataDirectory(tmp_path / "data"), file, IRIS, begin)
    told = [done for done, _ in seen["shapes"]]
    assert told == sorted(told)
    assert len(told) > 2
    assert 0 < told[0] < told[-1]
    assert {total for _, total in seen["shapes"]} == {done.release.manifest["counts"]["statements"]}
    assert told[-1] <= seen["shapes"][0][1]


def test_what_does_not_fit_is_named(tmp_path: Path, made: list[bytes]) -> None:
    former = imported(tmp_path, made).release
    figure = next(line for line in made if f" {KG.MarketFigure} ".encode() in line).split(b" ")[0]
    spoilt = without(made, figure + f" {KG.value} ".encode())
    with pytest.raises(ImportRefused) as refused:
        imported(tmp_path, spoilt)
    told = str(refused.value)
    assert figure.decode().strip("<>") in told
    assert "value" in told
    assert "--no-shapes" in told
    assert DataDirectory(tmp_path / "data").current() == former
    release = imported(tmp_path, spoilt, validates=False).release
    assert release.manifest["validated"] == {
        "sources": [],
        "seed": release.manifest["counts"]["statements"],
        "share": 0,
    }


@pytest.mark.parametrize("graph", ["reference", "derived"])
def test_what_is_registered_and_computed_is_held_against_them_too(
    tmp_path: Path, made: list[bytes], graph: str
) -> None:
    whole = imported(tmp_path, made).release.nquads.read_bytes().splitlines(keepends=True)
    end = f" {IRIS.graph(graph)} .\n".encode()
    part = KG.rule if graph == "derived" else RDFS.label
    line = next(line for line in whole if line.endswith(end) and f" {part} ".encode() in line)
    with pytest.raises(ImportRefused, match=line.split(b" ")[0].decode().strip("<>")):
        imported(tmp_path, [one for one in whole if one != line])


def test_of_a_large_file_it_is_a_sample(
    tmp_path: Path, made: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.bulk.validating.MOST_VALIDATED", 4_000)
    told = imported(tmp_path, made).release.manifest["validated"]
    (inside,) = told["sources"]
    assert (told["share"], inside in SLUGS) == (0.5, True)
    outside = next(slug for slug in SLUGS if slug != inside)
    whole = DataDirectory(tmp_path / "data").current()
    assert whole is not None
    known = whole.nquads.read_bytes().splitlines(keepends=True)

    def spoilt(slug: str, predicate: str, graph: str) -> list[bytes]:
        """The same number of statements, one of which says what no shape allows."""
        line = next(
            line
            for line in known
            if f" {predicate} ".encode() in line
            and line.endswith(f" {IRIS.graph(graph)} .\n".encode())
            and (graph == slug or f"{line.split(b' ')[0]!r}"[2:-1] in of(slug))
        )
        subject, said = line.split(b" ")[:2]
        return [
            *(one for one in known if one != line),
            subject + b" " + said + f' "nothing" {IRIS.graph(graph)} .\n'.encode(),
        ]

    def of(slug: str) -> set[str]:
        """The derived statements that rest on a source."""
        says = f" <http://purl.org/dc/terms/source> {IRIS.source(slug)} {IRIS.graph('derived')}"
        return {line.split(b" ")[0].decode() for line in known if says.encode() in line}

    for predicate, graph in ((str(KG.value), ""), (str(KG.rule), "derived")):
        with pytest.raises(ImportRefused, match="nothing"):
            imported(tmp_path, spoilt(inside, predicate, graph or inside))
        imported(tmp_path, spoilt(outside, predicate, graph or outside))


def test_a_large_file_without_sources_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.bulk.validating.MOST_VALIDATED", 2)
    some = [
        b"<https://e.org/s> <https://e.org/p> <https://e.org/%d> <https://e.org/g> .\n" % n
        for n in range(5)
    ]
    told = imported(tmp_path, some).release.manifest["validated"]
    assert (told["sources"], told["share"]) == ([], 0)
