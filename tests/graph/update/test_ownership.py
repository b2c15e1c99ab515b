"""Who owns which graph."""

import pytest

from graph.terms import DEFAULT_BASE, SHARED_GRAPHS
from graph.update import CuratedGraph, DefaultGraphIsView, DerivedGraph, Ownership

BASE = "https://example.org/"
SOURCES = [{"slug": "report", "graph": f"{BASE}graph/report"}]


def of(*, strict: bool, sources: list[dict[str, str]] | None = None) -> Ownership:
    manifest = {"base": BASE} if sources is None else {"base": BASE, "sources": sources}
    return Ownership.of(manifest, strict=strict)


@pytest.mark.parametrize("strict", [True, False])
def test_graphs_of_sources_are_curated_and_the_error_says_where(strict: bool) -> None:
    owner = of(strict=strict, sources=SOURCES)
    assert owner.kind(f"{BASE}graph/report") == "curated"
    with pytest.raises(CuratedGraph, match=r"seeds/report/ \(source\.toml is beside them\)"):
        owner.check(f"{BASE}graph/report")


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("reference", "seeds/reference/"),
        ("quality", "quality_notes"),
        ("ontology", "ontology/therascape.ttl"),
    ],
)
def test_shared_graphs_from_files_name_them(name: str, where: str) -> None:
    with pytest.raises(CuratedGraph, match=where):
        of(strict=False).check(f"{BASE}graph/{name}")


def test_every_shared_name_is_reserved_whether_the_graph_is_there_or_not() -> None:
    for owner in (of(strict=False), of(strict=False, sources=SOURCES)):
        kinds = {name: owner.kind(f"{BASE}graph/{name}") for name in SHARED_GRAPHS}
        assert {name for name, kind in kinds.items() if kind == "curated"} == {
            *("reference", "quality", "ontology", "examples"),
        }
        assert "written" not in kinds.values()
        with pytest.raises(DerivedGraph, match="kept by the system"):
            owner.check(f"{BASE}graph/writes")


def test_all_others_are_for_writing() -> None:
    owner = of(strict=False, sources=SOURCES)
    for graph in (f"{BASE}graph/mine", "urn:x", f"{BASE}graph/derived/x", "http://e/graph/derived"):
        owner.check(graph)
        assert owner.kind(graph) == "written"


def test_the_default_graph_is_for_writing_unless_it_is_a_view() -> None:
    with pytest.raises(DefaultGraphIsView):
        of(strict=False).check(None)
    of(strict=True, sources=SOURCES).check(None)


def test_a_dataset_of_somebody_s_own_has_one_reserved_name() -> None:
    for owner in (of(strict=True), of(strict=True, sources=[])):
        for name in SHARED_GRAPHS - {"default"}:
            owner.check(f"{BASE}graph/{name}")
        # Releases keep the default graph under this name.
        with pytest.raises(DerivedGraph):
            owner.check(f"{BASE}graph/default")


def test_without_a_base_it_is_the_usual_one() -> None:
    assert Ownership.of({}, strict=False).kind(f"{DEFAULT_BASE}graph/audit") == "derived"
