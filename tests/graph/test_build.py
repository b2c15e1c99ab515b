import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from graph.build import BuildReport, Step, build, check
from graph.checkpoint import checkpoint
from graph.journal import Journal
from graph.problems import InvalidSeeds
from graph.release import DataDirectory, Written, content_id
from graph.rules import rules
from graph.written import Served, WrittenLost, load_current
from ontology.namespaces import KG, RDF
from tests.graph.writing import delta, write
from tests.landscape.made import IRIS, Made, ask, term
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, add, copied, delete, edit, swap

ROOT = Path(__file__).resolve().parents[2]
STEPS = [
    "reading sources",
    "making statements",
    "deriving edges",
    "auditing figures",
    "forecasting",
    "validating shapes",
    "publishing",
    "done",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDirectory, BuildReport]:
    """A release of the invented landscape; to be read, or copied and then changed."""
    data = DataDirectory(tmp_path_factory.mktemp("built"))
    return data, build(data, seeds=SEEDS)


@pytest.fixture
def own(built: tuple[DataDirectory, BuildReport], tmp_path: Path) -> DataDirectory:
    """A copy of that release, to be built over."""
    return DataDirectory(shutil.copytree(built[0].path, tmp_path / "data", symlinks=True))


def contents(path: Path) -> dict[str, str]:
    """Every file and link below a folder, with its hash or target."""
    return {
        str(entry.relative_to(path)): (
            str(entry.readlink())
            if entry.is_symlink()
            else hashlib.sha256(entry.read_bytes()).hexdigest()
        )
        for entry in path.rglob("*")
        if entry.is_symlink() or entry.is_file()
    }


# -- a build ----------------------------------------------------------------------------------


def test_a_build_makes_a_current_release(
    built: tuple[DataDirectory, BuildReport], made: Made
) -> None:
    data, report = built
    assert data.current() == report.release
    assert report.changed
    assert report.release.id == content_id(made.quads)[0]
    facts = ask(report.release.store(), "SELECT ?e { <id/claim/ao-reg-1> kg:states ?e }")
    assert facts == [("id/event/lumicel-approval-norland",)]


def test_a_report_counts_rows_and_derived_edges(
    built: tuple[DataDirectory, BuildReport], made: Made
) -> None:
    _, report = built
    assert report.rows[OUTLOOK]["segments"] == 3
    assert report.rows[OUTLOOK]["sections"] == 7
    assert report.rows[BRIEF] == {
        "ignored": 1,
        "market_figures": 1,
        "names": 1,
        "regulatory_events": 1,
        "sections": 2,
    }
    assert report.rows["shared registers"]["retired"] == 2
    assert set(report.derived) == {rule.name for rule in rules()}
    assert report.derived["part-of"] == 2
    statements = {q.subject for q in made.derived if q.predicate == KG.rule}
    assert sum(report.derived.values()) == len(statements)


def test_the_manifest_tells_what_the_release_was_made_of(
    built: tuple[DataDirectory, BuildReport],
) -> None:
    manifest = built[1].release.manifest
    assert manifest["base"] == "https://w3id.org/therascape/"
    assert manifest["rules"] == [rule.name for rule in rules()]
    assert [source["slug"] for source in manifest["sources"]] == [BRIEF, OUTLOOK]
    outlook = manifest["sources"][1]
    assert outlook["graph"] == "https://w3id.org/therascape/graph/acme-outlook"
    assert outlook["publisher"] == "Acme Insights"
    assert outlook["published"] == "2024-06"
    assert outlook["code"] == "AI-7"
    text = (SEEDS.parent / "texts" / "acme-outlook.txt").read_bytes()
    assert outlook["text_sha256"] == hashlib.sha256(text).hexdigest()
    assert "market_figures" in outlook["read_completely"]
    assert "mentions" not in outlook["read_completely"]
    rows = built[1].rows[OUTLOOK]
    assert outlook["rows"] == rows
    apart = ("sections", "mentions", "ignored", "quality_notes")
    assert outlook["claims"] == sum(n for table, n in rows.items() if table not in apart)


def test_the_manifest_knows_no_machine(built: tuple[DataDirectory, BuildReport]) -> None:
    text = (built[1].release.path / "manifest.json").read_text("utf-8")
    for path in (SEEDS, ROOT, built[0].path, Path.home(), Path(sys.prefix)):
        assert str(path) not in text
    data = built[1].release.nquads.read_text("utf-8")
    assert str(ROOT) not in data


def test_building_again_changes_no_byte(own: DataDirectory) -> None:
    before = contents(own.path)
    report = build(own, seeds=SEEDS)
    assert not report.changed
    assert {k: v for k, v in contents(own.path).items() if k != "publish.lock"} == {
        k: v for k, v in before.items() if k != "publish.lock"
    }


def test_each_step_is_told_before_it_begins(tmp_path: Path) -> None:
    steps: list[Step] = []
    build(DataDirectory(tmp_path / "data"), seeds=SEEDS, listener=steps.append)
    assert steps == [Step(name, n, 7) for n, name in enumerate(STEPS)]


def test_another_order_of_seeds_is_no_other_release(
    built: tuple[DataDirectory, BuildReport], tmp_path: Path
) -> None:
    seeds = copied(tmp_path)
    moved = shutil.move(seeds / BRIEF, tmp_path / BRIEF)
    report = build(DataDirectory(tmp_path / "data"), [Path(moved)], seeds=seeds)
    assert report.release.id == built[1].release.id
    assert report.release.manifest == built[1].release.manifest


# -- the same everywhere ----------------------------------------------------------------------

BUILD = """
import sys
from pathlib import Path
from graph.build import build
from graph.release import DataDirectory
report = build(DataDirectory(Path(sys.argv[1])), seeds=Path(sys.argv[2]))
print(report.release.id)
"""


def test_hash_seed_and_place_do_not_count(
    built: tuple[DataDirectory, BuildReport], tmp_path: Path
) -> None:
    manifests = [(built[1].release.path / "manifest.json").read_bytes()]
    running = []
    for seed in ("1", "2"):
        place = tmp_path / f"place {seed}"
        place.mkdir()
        command = [sys.executable, "-c", BUILD, str(place / "data"), str(copied(place))]
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        running.append(
            subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.PIPE, text=True)
        )
    for seed, process in zip(("1", "2"), running, strict=True):
        output, _ = process.communicate(timeout=50)
        assert process.returncode == 0
        assert output.strip() == built[1].release.id
        release = tmp_path / f"place {seed}" / "data" / "current" / "manifest.json"
        manifests.append(release.read_bytes())
    assert len(set(manifests)) == 1


# -- a build that fails -----------------------------------------------------------------------


def refused(data: DataDirectory, seeds: Path, *sources: Path) -> list[str]:
    with pytest.raises(InvalidSeeds) as caught:
        build(data, sources, seeds=seeds)
    return [str(problem) for problem in caught.value.problems]


def test_a_build_that_fails_leaves_everything_as_it_was(own: DataDirectory, tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    before = contents(own.path)
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", place="nowhere")
    assert "there is no place 'nowhere'" in refused(own, seeds)[0]
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", place="norland", id="ao-fact-2")
    assert "claim:ao-fact-1 was published and is gone" in refused(own, seeds)[0]
    assert contents(own.path) == before
    empty = DataDirectory(tmp_path / "empty")
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-2", kind="")
    refused(empty, seeds)
    assert not empty.path.exists()


def test_steps_stop_where_the_build_fails(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", kind="")
    steps: list[Step] = []
    with pytest.raises(InvalidSeeds):
        build(DataDirectory(tmp_path / "data"), seeds=seeds, listener=steps.append)
    assert [step.name for step in steps] == STEPS[:1]


# -- what was published does not vanish -------------------------------------------------------

Loss = Callable[[Path], object]


@pytest.mark.parametrize(
    ("lose", "thing"),
    [
        (lambda seeds: delete(seeds / OUTLOOK / "factors.csv", "ao-fact-1"), "claim:ao-fact-1"),
        (
            lambda seeds: delete(seeds / OUTLOOK / "quality_notes.csv", "ao-note-1"),
            "claim:ao-note-1",
        ),
        (
            lambda seeds: edit(seeds / OUTLOOK / "launches.csv", "ao-launch-1", event="new-slug"),
            "event:lumicel-launch-sudria",
        ),
        (
            lambda seeds: edit(seeds / OUTLOOK / "segments.csv", "ao-seg-3", segment="ao-new"),
            "segment:ao-donor",
        ),
    ],
    ids=["claim", "doubt", "event", "segment"],
)
def test_nothing_that_was_published_vanishes(
    own: DataDirectory, tmp_path: Path, lose: Loss, thing: str
) -> None:
    seeds = copied(tmp_path)
    lose(seeds)
    (told,) = refused(own, seeds)
    assert told.startswith(f"seeds/{OUTLOOK}: {thing} was published and is gone. Restore its row")
    assert told.endswith(f"or add {thing} to reference/retired.csv with the reason.")


def test_what_vanishes_with_a_reason_is_known_as_retired(
    own: DataDirectory, tmp_path: Path
) -> None:
    seeds = copied(tmp_path)
    delete(seeds / OUTLOOK / "factors.csv", "ao-fact-1")
    edit(seeds / OUTLOOK / "segments.csv", "ao-seg-3", segment="ao-new")
    retired = seeds / "reference" / "retired.csv"
    add(retired, entity="claim:ao-fact-1", reason="read wrongly")
    add(retired, entity="segment:ao-donor", replaced_by="segment:ao-new", reason="a better slug")
    report = build(own, seeds=seeds)
    assert report.changed
    told = ask(
        report.release.store(), "SELECT ?x ?why { ?x owl:deprecated true; rdfs:comment ?why }"
    )
    assert told == [
        ("id/agent/estia-labs", '"one company under two slugs"@en'),
        ("id/claim/ao-fact-1", '"read wrongly"@en'),
        ("id/claim/ao-fig-0", '"read from a draft"@en'),
        ("id/segment/ao-donor", '"a better slug"@en'),
    ]


def test_a_source_that_is_left_out_is_no_loss(own: DataDirectory, tmp_path: Path) -> None:
    """A user's folder may be named in one build and not in the next."""
    seeds = copied(tmp_path)
    shutil.rmtree(seeds / BRIEF)
    report = build(own, seeds=seeds)
    assert [source["slug"] for source in report.release.manifest["sources"]] == [OUTLOOK]


def test_another_base_is_another_graph_and_no_loss(own: DataDirectory, tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    delete(seeds / OUTLOOK / "factors.csv", "ao-fact-1")
    report = build(own, base="https://data.acme.example/", seeds=seeds)
    assert report.release.manifest["base"] == "https://data.acme.example/"


def test_a_damaged_release_is_mended_by_building(own: DataDirectory) -> None:
    release = own.current()
    assert release is not None
    release.nquads.write_bytes(b"")
    assert build(own, seeds=SEEDS).release.id == release.id
    (own.path / "current").unlink()
    (own.path / "current").symlink_to(Path("releases", "0" * 64))
    report = build(own, seeds=SEEDS)
    assert report.changed
    assert report.release.id == release.id
    assert len(ask(report.release.store(), "SELECT ?c { ?c a kg:Claim }")) > 30


# -- what was written is carried over ---------------------------------------------------------

MINE = IRIS.graph("mine")
WRITTEN = [
    Quad(BlankNode("b1"), RDF.type, KG.Launch, MINE),
    Quad(BlankNode("b1"), KG.organisation, NamedNode("urn:acme"), MINE),
    Quad(BlankNode("b1"), KG.launched, NamedNode("urn:cellum"), MINE),
    Quad(NamedNode("urn:cellum"), RDF.type, KG.Therapy, MINE),
]
TIED = "SELECT ?o { <urn:acme> kg:tiedTo ?o }"


def inserted(data: DataDirectory, quads: list[Quad], *, created: tuple[str, ...] = ()) -> Served:
    served = load_current(data, strict=False)
    assert served is not None
    change = replace(delta(served.store, quads), created=(MINE.value, *created))
    return write(data, served, change, strict=False)


def mine(store: Store) -> set[Quad]:
    return {*quads_of(store, MINE), *quads_of(store, IRIS.writes_graph)}


def quads_of(store: Store, graph: NamedNode) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, graph))


def test_without_writes_a_build_knows_nothing_of_them(
    built: tuple[DataDirectory, BuildReport],
) -> None:
    assert "written" not in built[1].release.manifest
    assert not built[0].journal.exists()


def test_what_was_written_is_in_every_later_release(own: DataDirectory, tmp_path: Path) -> None:
    before = own.current()
    now = inserted(own, WRITTEN, created=("urn:empty",))
    assert len(mine(now.store)) > len(WRITTEN)  # who wrote it, and when
    for turn in range(3):
        seeds = copied(tmp_path / str(turn))
        figures = seeds / BRIEF / "source.toml"
        swap(figures, 'short_title = "', f'short_title = "{turn} ')
        report = build(own, seeds=seeds)
        assert report.changed
        assert report.release != before
        store = report.release.store()
        assert mine(store) == mine(now.store)
        assert store.contains_named_graph(NamedNode("urn:empty"))
        assert ask(store, TIED) == [("urn:cellum",)]  # rules run over it, too
        assert report.release.written == Written(
            tuple(sorted([MINE.value, IRIS.writes_graph.value, "urn:empty"])), 1
        )
        served = load_current(own, strict=False)
        assert served is not None
        assert (served.number, served.release) == (1, report.release)
        if turn == 1:
            checkpoint(own, strict=False)


def test_a_build_after_a_checkpoint_is_the_same_release(own: DataDirectory) -> None:
    inserted(own, WRITTEN)
    release = checkpoint(own, strict=False)
    report = build(own, seeds=SEEDS)
    assert not report.changed
    assert report.release.id == release.id
    assert report.release.written.build is None


def test_what_is_written_and_withdrawn_is_gone_but_for_the_record(own: DataDirectory) -> None:
    now = inserted(own, WRITTEN)
    write(own, now, delta(now.store, deleted=WRITTEN, dropped=[MINE]))
    report = build(own, seeds=SEEDS)
    store = report.release.store(strict=True)
    assert quads_of(store, MINE) == set()
    assert report.release.written == Written((IRIS.writes_graph.value,), 2)


def test_a_source_does_not_take_a_graph_that_was_written(
    own: DataDirectory, tmp_path: Path
) -> None:
    inserted(own, WRITTEN)
    seeds = copied(tmp_path)
    (seeds / BRIEF).rename(seeds / "mine")
    (told,) = refused(own, seeds)
    assert told.startswith(f"seeds/mine: its graph {MINE} has statements that were written")
    assert "Rename the folder" in told


def test_a_damaged_release_with_writes_is_not_built_over(own: DataDirectory) -> None:
    now = inserted(own, WRITTEN)
    current = own.current()
    assert current is not None
    current.nquads.write_bytes(b"")
    report = build(own, seeds=SEEDS)  # the journal has it all still
    assert mine(report.release.store()) == mine(now.store)
    checkpoint(own, strict=False)
    report.release.nquads.write_bytes(b"")
    with pytest.raises(WrittenLost, match=r"up to journal entry 1.*Restore"):
        build(own, seeds=SEEDS)


WRITE_ON = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from graph.release import DataDirectory
from graph.written import load_current
from tests.graph.writing import delta, write
data = DataDirectory(Path(sys.argv[1]))
now = load_current(data, strict=False)
graph = NamedNode(f"{now.release.iris.base}graph/mine")
while True:
    name = Literal(f"number {now.number + 1}")
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), name, graph)
    now = write(data, now, delta(now.store, [quad]), strict=False)
    print(now.number, flush=True)
"""


def test_a_service_writes_on_while_builds_and_checkpoints_are_made(
    own: DataDirectory, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", WRITE_ON, str(own.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "1\n"
        seeds = copied(tmp_path)
        swap(seeds / BRIEF / "source.toml", 'short_title = "', 'short_title = "New ')
        numbers = [build(own, seeds=seeds).release.written.journal]
        numbers.append(checkpoint(own, strict=False).written.journal)
        writer.kill()
        acknowledged = max([1, *(int(line) for line in writer.stdout.read().split())])
    served = load_current(own, strict=False)
    assert served is not None
    assert 1 <= numbers[0] <= numbers[1] <= acknowledged <= served.number <= acknowledged + 1
    names = {str(quad.object) for quad in quads_of(served.store, MINE)}
    assert names == {f'"number {number + 1}"' for number in range(served.number)}
    assert Journal(own.journal).pruned == numbers[1]


# -- a check ----------------------------------------------------------------------------------


def test_a_check_writes_nothing_and_counts_what_it_read(
    built: tuple[DataDirectory, BuildReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    steps: list[Step] = []
    report = check(seeds=SEEDS, listener=steps.append)
    assert report.problems == ()
    assert report.rows == built[1].rows
    assert [(step.name, step.total) for step in steps] == [
        (name, 6) for name in STEPS if name != "publishing"
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_check_tells_all_problems(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", place="nowhere")
    swap(seeds / BRIEF / "source.toml", 'publisher = "acme-press"', 'publisher = "nobody"')
    report = check(seeds=seeds)
    assert [problem.column for problem in report.problems] == ["publisher", "place"]
    assert report.rows == {}
    json.dumps([problem.as_dict() for problem in report.problems])


def test_a_fault_that_only_the_graph_shows_is_told_by_check_and_build(
    own: DataDirectory, tmp_path: Path
) -> None:
    seeds = copied(tmp_path)
    delete(seeds / "reference" / "concepts.rules.csv", "precision-not-after")
    found = check(seeds=seeds).problems
    assert [(p.file, p.line) for p in found] == [(f"seeds/{OUTLOOK}/launches.csv", 2)]
    assert "date-precision" in found[0].remedy
    assert refused(own, seeds) == [str(problem) for problem in found]


def test_the_release_has_an_address_for_everything_published(
    built: tuple[DataDirectory, BuildReport],
) -> None:
    store = built[1].release.store()
    assert ask(store, "SELECT ?c { ?c a kg:Organisation ; rdfs:label 'Brightcell' }") == [
        ("id/agent/brightcell",)
    ]
    assert term("id/agent/brightcell").value.startswith(built[1].release.manifest["base"])
