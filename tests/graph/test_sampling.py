"""A sample of the sources of a large landscape is held against the shapes, each in full."""

from pathlib import Path

import pytest
from pyoxigraph import Quad

from graph.build import build
from graph.details import details_of
from graph.release import DataDirectory
from graph.sampling import Sample, narrowed, sample
from graph.sources.landscape import shipped
from graph.synthetic.folders import write_folders
from graph.synthetic.world import World
from graph.validation import violations
from ontology.namespaces import KG, RDF
from tests.landscape.made import IRIS, Made, make


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped registers, and four synthetic reports."""
    folder = tmp_path_factory.mktemp("sampling") / "seeds"
    write_folders(World.of(4, 1), folder / "out", lambda _: None)
    for path in (folder / "out").iterdir():
        path.rename(folder / path.name)
    (folder / "out").rmdir()
    for path in (shipped() / "reference").iterdir():
        (folder / "reference" / f"{path.stem}.shipped.csv").symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def large(seeds: Path) -> Made:
    return make(seeds)


def slugs(large: Made) -> list[str]:
    return [source.slug for source in large.landscape.sources]


def chosen(large: Made, most: int) -> Sample:
    found = sample(slugs(large), len(large.quads), most)
    assert found is not None
    return found


def test_what_is_not_large_is_validated_as_a_whole(large: Made) -> None:
    assert sample(slugs(large), len(large.quads), len(large.quads)) is None


def test_the_sample_is_a_share_of_the_sources_and_follows_from_the_content(large: Made) -> None:
    half = chosen(large, len(large.quads) // 2)
    assert half == chosen(large, len(large.quads) // 2)
    assert (len(half.sources), half.of, half.share) == (2, 4, 0.5)
    assert half.seed == len(large.quads)
    assert chosen(large, 1).share == 0.25, "one at least"
    samples = {sample(slugs(large), 10**6 + number, 1) for number in range(20)}
    assert len({one.sources for one in samples if one}) == 4


def test_a_sample_conforms_and_its_errors_are_found(large: Made) -> None:
    one = chosen(large, 1)
    landscape, quads = narrowed(large.landscape, large.quads, one, IRIS)
    assert [source.slug for source in landscape.sources] == list(one.sources)
    assert len(quads) < len(large.quads) / 3
    assert list(violations(landscape, quads, IRIS)) == []
    (inside,) = one.sources
    outside = next(s.slug for s in large.landscape.sources if s.slug != inside)
    for slug, found in ((inside, 1), (outside, 0)):
        fact = next(
            quad.subject
            for quad in large.claimed
            if quad.predicate == RDF.type
            and quad.object == KG.MarketFigure
            and quad.graph_name == IRIS.graph(slug)
        )
        spoilt = [
            quad for quad in large.quads if quad.subject != fact or quad.predicate != KG.value
        ]
        problems = list(violations(*narrowed(large.landscape, spoilt, one, IRIS), IRIS))
        assert len(problems) == found, slug


def test_computed_statements_on_a_sampled_source_are_validated(large: Made) -> None:
    one = chosen(large, 1)
    graph, source = IRIS.graph("derived"), IRIS.source(one.sources[0])
    derived = next(q.subject for q in large.derived if q.object == source)
    spoilt = [quad for quad in large.quads if quad.subject != derived or quad.predicate != KG.rule]
    (problem,) = violations(*narrowed(large.landscape, spoilt, one, IRIS), IRIS)
    assert "rule" in str(problem)
    assert Quad(derived, RDF.type, KG.DerivedStatement, graph) in spoilt


def test_the_manifest_says_so(large: Made) -> None:
    one = Sample(("a", "b"), 4, 7)
    assert details_of(large.landscape, IRIS, one)["validated"] == {
        "sources": ["a", "b"],
        "seed": 7,
        "share": 0.5,
    }
    assert "validated" not in details_of(large.landscape, IRIS)


def test_a_large_build_says_which_sources_were_validated(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.build.MOST_VALIDATED", 10_000)
    report = build(DataDirectory(tmp_path), seeds=seeds)
    assert report.sample is not None
    assert report.release.manifest["validated"]["sources"] == list(report.sample.sources)
