"""A release with superseded editions: what a default answer sees is as if they had never been."""

import csv
import io
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from graph.audit import audit
from graph.build import build, statements
from graph.catalogue.files import statistics_of
from graph.checkpoint import checkpoint
from graph.editions import current, editions, history, links
from graph.export.formats import FORMATS
from graph.export.model import Scope, silent
from graph.figures.stored import merged, selecting
from graph.journal import Journal
from graph.release import DataDirectory, Release, content_id
from graph.rules import derive
from graph.sources.landscape import Landscape, read_landscape
from graph.written import load_current
from ontology.namespaces import DCT, KG, RDF, RDFS
from tests.editions.made import NEW, OLD, make_pair
from tests.graph.test_checkpoint import LAUNCHED, insert
from tests.landscape import spoil
from tests.landscape.made import IRIS

HISTORY = {IRIS.graph(OLD), IRIS.graph("history")}
FORECASTS = IRIS.graph("forecasts")
Graphs = dict[NamedNode, set[tuple[object, ...]]]


def by_graph(release: Release) -> Graphs:
    found: Graphs = defaultdict(set)
    for quad in release.quads():
        assert isinstance(quad.graph_name, NamedNode)
        found[quad.graph_name].add((quad.subject, quad.predicate, quad.object))
    return found


def default(store: Store) -> set[tuple[object, ...]]:
    found = store.quads_for_pattern(None, None, None, DefaultGraph())
    return {(quad.subject, quad.predicate, quad.object) for quad in found}


def test_the_default_view_is_that_of_a_release_without_superseded_editions(
    release: Release, newer: Release
) -> None:
    found, expected = by_graph(release), by_graph(newer)
    assert release.history == {graph.value for graph in HISTORY}
    assert found.keys() - expected.keys() == HISTORY
    for graph in expected.keys() - {FORECASTS}:
        assert found[graph] == expected[graph], graph
    assert not newer.history
    view, plain = default(release.store()), default(newer.store())
    assert view - found[FORECASTS] == plain - expected[FORECASTS]
    assert release.manifest["counts"]["classes"][KG.Report.value] == 2


def test_history_has_everything_else_and_says_what_replaces_what(release: Release) -> None:
    graphs = by_graph(release)
    told = graphs[IRIS.graph("history")]
    old, new = IRIS.source(OLD), IRIS.source(NEW)
    assert (new, DCT.replaces, old) in told
    assert (old, DCT.isReplacedBy, new) in told
    whole = default(release.store(editions="all"))
    assert whole == set().union(*graphs.values())
    assert not told & default(release.store())
    kinds = {triple[2] for triple in told if triple[1] == DCT.type}
    assert IRIS.thing("concept", "revision") in kinds


def test_no_statement_has_two_values_where_all_editions_are_asked(release: Release) -> None:
    single = {KG.computedValue, KG.lowest, KG.highest, KG.agrees, KG.forecastMedian, KG.about}
    values: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for subject, predicate, object_ in default(release.store(editions="all")):
        if predicate in single:
            values[subject, predicate].add(object_)
    # A note may be about several things; a finding or a forecast has one value of each.
    notes = {key for key in values if key[1] == KG.about and "/id/claim/" in str(key[0])}
    assert len(values) > 50
    assert not [key for key in values.keys() - notes if len(values[key]) > 1]


def test_a_finding_that_all_editions_lead_to_otherwise_keeps_its_value() -> None:
    node, graph = IRIS.statement("revision", ["x"]), IRIS.graph("audit")
    now = [Quad(node, KG.agrees, KG.Finding, graph)]
    everything = [Quad(node, KG.agrees, KG.Claim, graph), Quad(KG.Claim, RDF.type, KG.Claim, graph)]
    assert list(history(now, everything, [OLD], IRIS)) == [
        Quad(KG.Claim, RDF.type, KG.Claim, IRIS.graph("history"))
    ]


def test_the_manifest_says_which_edition_replaces_which(release: Release, newer: Release) -> None:
    sources = {source["slug"]: source for source in release.manifest["sources"]}
    assert (sources[OLD]["replaced_by"], sources[NEW]["replaces"]) == (NEW, OLD)
    assert sources[OLD]["series"] == sources[NEW]["series"] == "lumen-graft-outlook"
    assert not {"series", "replaces", "replaced_by"} & sources["acme-brief"].keys()
    assert "history" not in newer.manifest
    assert not {"replaces", "replaced_by"} & {k for s in newer.manifest["sources"] for k in s}


def test_forecasts_choose_among_all_editions(release: Release) -> None:
    store = release.store()
    said = {
        triple.object for triple in store.quads_for_pattern(None, KG.olderEdition, None, FORECASTS)
    }
    assert IRIS.source(OLD) in said


def test_counts_are_those_of_the_default_view(release: Release, newer: Release) -> None:
    store = release.store()
    assert release.manifest["counts"]["triples"] == len(default(store))
    found = statistics_of(release)
    assert found.triples == len(default(store))
    assert found.classes[KG.Report.value] == 2
    assert statistics_of(newer).classes[KG.Listing.value] == found.classes[KG.Listing.value]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("nquads", "all"),
        ("organisations-csv", "now"),
        ("events-csv", "now"),
        ("segments-csv", "now"),
    ],
)
def test_exports_have_the_whole_and_tables_the_current_view(
    release: Release, newer: Release, name: str, most: str
) -> None:
    (format_,) = (one for one in FORMATS if one.name == name)
    target = io.BytesIO()
    format_.write(release, Scope(), target, silent)
    if most == "all":
        assert content_id(parse(target.getvalue(), format=RdfFormat.N_QUADS))[0] == release.id
        return
    expected = io.BytesIO()
    format_.write(newer, Scope(), expected, silent)
    assert target.getvalue() == expected.getvalue()
    assert len(list(csv.reader(io.StringIO(target.getvalue().decode())))) > 2


def test_what_a_superseded_edition_registers_stays(tmp_path: Path) -> None:
    seeds = make_pair(tmp_path)
    (seeds / "reference" / "places.acme.csv").rename(seeds / OLD / "places.csv")
    release = build(DataDirectory(tmp_path / "data"), seeds=seeds).release
    region = IRIS.thing("place", "ao-boreal-region")
    assert (region, RDFS.label) in {
        triple[:2] for triple in by_graph(release)[IRIS.graph("reference")]
    }


def test_a_claim_of_a_superseded_edition_may_not_vanish(tmp_path: Path) -> None:
    seeds = make_pair(tmp_path)
    data = DataDirectory(tmp_path / "data")
    build(data, seeds=seeds)
    spoil.delete(seeds / OLD / "quality_notes.csv", "ao-note-1")
    with pytest.raises(Exception, match="claim:ao-note-1 was published and is gone"):
        build(data, seeds=seeds)


def test_a_series_without_a_second_edition_changes_nothing_else(tmp_path: Path) -> None:
    plain = build(DataDirectory(tmp_path / "plain"), seeds=spoil.SEEDS).release
    seeds = make_pair(tmp_path)
    shutil.rmtree(seeds / NEW)
    shutil.copytree(spoil.SEEDS / OLD, seeds / OLD, dirs_exist_ok=True)
    (seeds / "reference" / "places.acme.csv").unlink()
    again = build(DataDirectory(tmp_path / "again"), seeds=seeds).release
    assert again.id == plain.id
    for name in ("data.nq", "manifest.json"):
        assert (again.path / name).read_bytes() == (plain.path / name).read_bytes()


# -- writes ---------------------------------------------------------------------------------------


def test_writes_reach_both_views_and_a_checkpoint_keeps_them_apart(
    seeds: Path, tmp_path: Path
) -> None:
    data = DataDirectory(tmp_path / "data")
    built = build(data, seeds=seeds).release
    insert(data, LAUNCHED)
    served = load_current(data, strict=False)
    assert served is not None
    assert served.history is not None
    assert len(served.history) > len(served.store)
    for store in (served.store, served.history):
        assert {str(quad.predicate) for quad in LAUNCHED} <= {
            str(quad.predicate)
            for quad in store.quads_for_pattern(None, None, None, IRIS.graph("mine"))
        }
    after = checkpoint(data, strict=False)
    assert after.id != built.id
    assert after.history == built.history
    graphs, before = by_graph(after), by_graph(built)
    for graph in HISTORY:
        assert graphs[graph] == before[graph]
    assert before[IRIS.graph("derived")] <= graphs[IRIS.graph("derived")]
    assert not graphs[IRIS.graph("derived")] & graphs[IRIS.graph("history")]
    assert Journal(data.journal).last == after.written.journal


def test_what_history_says_too_is_gone_from_the_default_graph_when_it_is_deleted(
    release: Release,
) -> None:
    from graph.delta import Delta, apply_delta

    store = release.store()
    (only,) = (
        quad
        for quad in store.quads_for_pattern(IRIS.thing("claim", "ao-fig-1"), KG.value, None)
        if quad.graph_name == IRIS.graph(OLD)
    )
    mine = Quad(only.subject, only.predicate, only.object, IRIS.graph("mine"))
    there = Quad(only.subject, only.predicate, only.object)
    text = f"{mine} .\n".encode()
    assert there not in store
    apply_delta(store, Delta(text), merged=True, apart=release.history)
    assert there in store
    apply_delta(store, Delta(b"", text), merged=True, apart=release.history)
    assert there not in store


# -- the invariant, for editions of any content ---------------------------------------------------


def pipeline(landscape: Landscape) -> set[Quad]:
    """Everything that is made of a landscape but for forecasts, which take seconds."""
    quads = statements(landscape, IRIS)
    quads += dict.fromkeys(derive(quads, IRIS))
    quads += audit(selecting(merged(quads), IRIS), IRIS)
    return set(quads)


_DROPPABLE = ("launches", "listings", "deals", "growth_rates", "rankings")


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    revised=st.dictionaries(
        st.sampled_from(["ap-fig-1", "ap-fig-2", "ap-fig-3"]), st.decimals(1, 20, places=2)
    ),
    dropped=st.sets(st.sampled_from(_DROPPABLE)),
    # In the month of the other edition there is no order, and a build says so.
    day=st.dates().filter(lambda day: not str(day).startswith("2024-06")),
)
def test_history_never_shows_in_the_default_view(
    revised: dict[str, object], dropped: set[str], day: object
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = make_pair(Path(folder))
        for figure, value in revised.items():
            printed = f"nearly USD {value} Bn"
            spoil.edit(
                seeds / NEW / "market_figures.csv", figure, value=str(value), printed=printed
            )
        for table in sorted(dropped):
            rows = spoil.cells(seeds / NEW / f"{table}.csv")
            spoil.write(seeds / NEW / f"{table}.csv", rows[:1])
        (seeds / NEW / "mentions.csv").unlink()
        path = seeds / NEW / "source.toml"
        text = path.read_text("utf-8").replace('"2025-06"', f'"{day}"')
        path.write_text(text.replace("mentions = { rows = 1, complete = false }\n", ""), "utf-8")
        spoil.recount(seeds / NEW)
        landscape = read_landscape(seeds=seeds)
        found = editions(landscape)
        (out,) = found.superseded
        assert out == (OLD if str(day) > "2024-06" else NEW)
        now, whole = pipeline(current(landscape, {out})), pipeline(landscape)
        apart = set(history(now, whole, {out}, IRIS)) | set(links(found, IRIS))
        names = {quad.graph_name for quad in apart}
        assert names <= {IRIS.graph(out), IRIS.graph("history")}
        assert not names & {quad.graph_name for quad in now}
        assert now == pipeline(read_landscape(seeds=seeds, exclude=[out]))
        # Nothing of it is lost but what a current finding has otherwise.
        triples = {(q.subject, q.predicate, q.object) for q in (*now, *apart)}
        lost = [q for q in whole if (q.subject, q.predicate, q.object) not in triples]
        assert {quad.graph_name for quad in lost} <= {IRIS.graph("audit")}
