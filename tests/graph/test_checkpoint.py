"""A checkpoint puts what was written into a release, with what rules derive from it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from graph.build import BuildReport, build
from graph.checkpoint import NothingToCheckpoint, checkpoint, main
from graph.delta import Delta
from graph.journal import Journal
from graph.origin import Origin, digest_of_inputs, outdated_origin, record_origin
from graph.release import DataDirectory, Release
from graph.rules import derive
from graph.written import Served, load_current
from ontology.namespaces import KG, RDF, RDFS
from ontology.vocabulary import prefixes
from tests.graph.release.samples import DETAILS, named, quads
from tests.graph.writing import content, delta, write
from tests.landscape.made import IRIS
from tests.landscape.spoil import SEEDS

ROOT = Path(__file__).resolve().parents[2]
MINE = IRIS.graph("mine")
LAUNCH, ACME, CELLUM = BlankNode("launch"), NamedNode("urn:acme"), NamedNode("urn:cellum")
LAUNCHED = [
    Quad(LAUNCH, RDF.type, KG.Launch, MINE),
    Quad(LAUNCH, KG.organisation, ACME, MINE),
    Quad(LAUNCH, KG.launched, CELLUM, MINE),
    Quad(CELLUM, RDF.type, KG.Therapy, MINE),
    Quad(CELLUM, RDFS.label, Literal("Cellum"), MINE),
]
TIES = """SELECT ?therapy ?premise ?source {
  ?d rdf:subject <urn:acme> ; rdf:predicate kg:tiedTo ; rdf:object ?therapy ;
     kg:premise ?premise ; dct:source ?source ; rdfs:label ?label .
  <urn:acme> kg:tiedTo ?therapy . ?premise a kg:Launch }"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDirectory, BuildReport]:
    """A release of the invented landscape; to be copied."""
    data = DataDirectory(tmp_path_factory.mktemp("built"))
    return data, build(data, seeds=SEEDS)


@pytest.fixture
def data(built: tuple[DataDirectory, BuildReport], tmp_path: Path) -> DataDirectory:
    return DataDirectory(shutil.copytree(built[0].path, tmp_path / "data", symlinks=True))


def served(data: DataDirectory, *, strict: bool = False) -> Served:
    found = load_current(data, strict=strict)
    assert found is not None
    return found


def insert(data: DataDirectory, quads_: list[Quad], *, strict: bool = False) -> Served:
    now = served(data, strict=strict)
    return write(data, now, delta(now.store, quads_), strict=strict)


def rows(store: Store) -> list[tuple[str, ...]]:
    solutions = store.query(TIES, prefixes=dict(prefixes()))
    assert isinstance(solutions, QuerySolutions)
    return [tuple(str(term) for term in row) for row in solutions]


# -- rules ------------------------------------------------------------------------------------


def test_rules_take_a_written_graph_for_one_more_source(data: DataDirectory) -> None:
    before = data.current()
    assert before is not None
    now = insert(data, LAUNCHED)
    assert rows(now.store) == []  # until the next checkpoint
    release = checkpoint(data, strict=False)
    after = served(data).store
    assert rows(after) == [(str(CELLUM), str(LAUNCH), str(MINE))]
    assert release.written.graphs == (MINE.value, IRIS.writes_graph.value)
    assert release.manifest["sources"] == before.manifest["sources"]
    assert release.manifest["rules"] == before.manifest["rules"]
    derived = IRIS.graph("derived")
    apart = {derived, MINE, IRIS.writes_graph}
    assert {q for q in named(release) if q.graph_name not in apart} == {
        q for q in named(before) if q.graph_name != derived
    }
    assert {q for q in named(before) if q.graph_name == derived} < set(named(release))


def test_what_is_no_longer_written_is_no_longer_derived(data: DataDirectory) -> None:
    before = data.current()
    assert before is not None
    now = insert(data, LAUNCHED)
    checkpoint(data, strict=False)
    write(data, now, delta(now.store, deleted=LAUNCHED), strict=False)
    release = checkpoint(data, strict=False)
    assert rows(served(data).store) == []
    ours = {IRIS.writes_graph, MINE}
    assert {q for q in named(release) if q.graph_name not in ours} == set(named(before))


def test_a_text_in_the_place_of_a_thing_derives_nothing(data: DataDirectory) -> None:
    wrong = [*LAUNCHED[:1], Quad(LAUNCH, KG.organisation, Literal("Acme"), MINE), *LAUNCHED[2:]]
    insert(data, [*wrong, Quad(LAUNCH, KG.mention, Literal("x"), MINE)])
    checkpoint(data, strict=False)
    assert rows(served(data).store) == []


def test_two_graphs_are_two_sources_and_never_mixed(data: DataDirectory) -> None:
    other = NamedNode("urn:other")
    moved = [Quad(q.subject, q.predicate, q.object, other) for q in LAUNCHED]
    insert(data, [LAUNCHED[0], *moved[1:]])
    checkpoint(data, strict=False)
    assert rows(served(data).store) == []
    insert(data, [*LAUNCHED, *moved])
    checkpoint(data, strict=False)
    sources = [str(MINE), str(other)]
    assert sorted(rows(served(data).store)) == [
        (str(CELLUM), str(LAUNCH), source) for source in sources
    ]


def test_a_graph_without_facts_of_ours_says_nothing_to_any_rule() -> None:
    """So rules need not run over it. (What they are is told in any case.)"""
    quads_ = [Quad(q.subject, q.predicate, q.object, MINE) for q in LAUNCHED[1:3]]
    kinds = {q.object for q in derive(quads_, IRIS) if q.predicate == RDF.type}
    assert kinds == {KG.Rule}


@pytest.mark.parametrize("strict", [True, False])
def test_no_rule_adds_to_what_is_plain_data(tmp_path: Path, strict: bool) -> None:
    data = DataDirectory(tmp_path / "data")
    data.publish([], {"base": IRIS.base, "sources": []})
    now = insert(data, LAUNCHED, strict=True)
    release = checkpoint(data, strict=strict)
    assert release.manifest["counts"]["statements"] == len(LAUNCHED)
    assert content(served(data, strict=True).store) == content(now.store)


def test_a_strict_checkpoint_leaves_what_was_derived(data: DataDirectory) -> None:
    before = data.current()
    assert before is not None
    insert(data, LAUNCHED, strict=True)
    release = checkpoint(data, strict=True)
    assert {q for q in named(release) if q.graph_name != MINE} == set(named(before))


# -- releases and journal ---------------------------------------------------------------------


def test_without_writes_since_nothing_is_made(data: DataDirectory) -> None:
    before = data.current()
    assert checkpoint(data, strict=False) == before
    assert not data.journal.exists()
    insert(data, LAUNCHED)
    release = checkpoint(data, strict=False)
    assert checkpoint(data, strict=False) == release
    assert len(data.releases()) == 2


def test_writes_that_come_to_nothing_move_the_number_on(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    before = data.publish(quads(8), DETAILS)
    now = insert(data, LAUNCHED, strict=True)
    write(data, now, delta(now.store, deleted=LAUNCHED, dropped=[MINE]))
    release = checkpoint(data, strict=True)
    assert release.id == before.id
    assert (release.written.journal, release.written.build) == (2, before.id)
    assert Journal(data.journal).pruned == 2
    now = served(data, strict=True)
    write(data, now, Delta(created=("urn:empty",)))
    again = checkpoint(data, strict=True)
    assert (again.id, again.written.graphs) == (before.id, ("urn:empty",))
    assert content(served(data, strict=True).store)[1] >= {"<urn:empty>"}


def test_entries_written_meanwhile_stay_in_the_journal(
    data: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(data, LAUNCHED)
    more = [Quad(ACME, RDFS.label, Literal("Acme"), MINE)]
    place = DataDirectory._switch

    def slow(self: DataDirectory, id_: str) -> None:
        insert(data, more)  # the service goes on writing
        place(self, id_)

    with monkeypatch.context() as patched:
        patched.setattr(DataDirectory, "_switch", slow)
        release = checkpoint(data, strict=False)
    assert (release.written.journal, Journal(data.journal).pruned) == (1, 1)
    now = served(data)
    assert now.number == 2
    assert more[0] in now.store
    assert rows(now.store)


def test_a_checkpoint_is_of_the_build_before_it(data: DataDirectory) -> None:
    """So a start finds its input unchanged, and builds nothing anew."""
    current = data.current()
    assert current is not None
    record_origin(data, Origin(current.id, IRIS.base, (), digest_of_inputs([])))
    releases = []
    for name in ("Acme", "Acme Cells"):
        insert(data, [Quad(ACME, RDFS.label, Literal(name), MINE)])
        releases.append(checkpoint(data, strict=False))
        assert outdated_origin(data, releases[-1]) is None
    assert len({current.id, *(release.id for release in releases)}) == 3
    record_origin(data, Origin(current.id, IRIS.base, (), "of an older program"))
    assert outdated_origin(data, releases[-1]) is not None


def test_there_must_be_a_release(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckpoint, match="run `therascape build`"):
        checkpoint(DataDirectory(tmp_path), strict=False)


def test_the_command_prints_the_release_or_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "none")]) == 1
    assert "run `therascape build`" in capsys.readouterr().err
    data = DataDirectory(tmp_path / "data")
    data.publish(quads(8), DETAILS)
    insert(data, LAUNCHED, strict=True)
    command = [sys.executable, "-m", "graph.checkpoint", "--data", str(data.path)]
    done = subprocess.run(
        [*command, "--default-graph", "strict"],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    release = data.current()
    assert isinstance(release, Release)
    assert done.stdout == f"{release.id}\n"
    assert release.written.journal == 1


# -- killed -----------------------------------------------------------------------------------


def killed(tmp_path: Path, scenario: str, least: int) -> None:
    command = [sys.executable, "-m", "tests.graph.killed", scenario, str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=280
    )
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["killed"] >= least


@pytest.mark.parametrize(("scenario", "least"), [("some", 20), ("later", 25)])
def test_kill_a_checkpoint_anywhere_and_nothing_is_lost(
    tmp_path: Path, scenario: str, least: int
) -> None:
    killed(tmp_path, scenario, least)


@pytest.mark.exhaustive
@pytest.mark.timeout(300)
def test_kill_a_checkpoint_at_many_more_lines_and_nothing_is_lost(tmp_path: Path) -> None:
    killed(tmp_path, "many", 150)
