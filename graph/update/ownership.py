"""Who owns which graph: files in the checkout, the system, or whoever writes to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from graph.terms import DEFAULT_BASE, SHARED_GRAPHS, Iris
from graph.update.errors import CuratedGraph, DefaultGraphIsView, DerivedGraph

Kind: TypeAlias = Literal["curated", "derived", "written"]

_CURATED = {
    "reference": "the registers in seeds/reference/",
    "quality": "the tables quality_notes*.csv of the sources, in seeds/<source>/",
    "ontology": "ontology/therascape.ttl",
    "examples": "the queries in graph/questions/",
}
# In the files of a release this name stands for the default graph of a plain dataset.
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Ownership:
    """The graphs of one release that are not for writing, by IRI.

    `curated` has with each graph the files that it is made from; `view` says that the default
    graph is the merge of the named ones.
    """

    curated: Mapping[str, str]
    derived: frozenset[str]
    view: bool

    @classmethod
    def of(cls, manifest: Mapping[str, Any], *, strict: bool) -> "Ownership":
        """Return who owns the graphs of the release with this manifest.

        The graphs of its sources are curated; the names of shared graphs are reserved, whether
        such graphs are there or not. `strict` says that the default graph is a graph of its own:
        then it can be written to, and a release without sources, somebody's own dataset, reserves
        nothing but the name that the default graph has in the files of a release.
        """
        iris = Iris(str(manifest.get("base", DEFAULT_BASE)))
        sources = manifest.get("sources") or ()
        derived = {iris.graph(_DEFAULT).value}
        curated: dict[str, str] = {}
        if sources or not strict:
            shared = {name: iris.graph(name).value for name in SHARED_GRAPHS}
            curated = {iri: _CURATED[name] for name, iri in shared.items() if name in _CURATED}
            derived.update(iri for name, iri in shared.items() if name not in _CURATED)
        for source in sources:
            curated[str(source["graph"])] = (
                f"the tables of the source in seeds/{source['slug']}/ (source.toml is beside them)"
            )
        return cls(curated, frozenset(derived), view=not strict)

    def kind(self, graph: str) -> Kind:
        """Whether a named graph is made from files, by the system, or by writes."""
        if graph in self.curated:
            return "curated"
        return "derived" if graph in self.derived else "written"

    def check(self, graph: str | None) -> None:
        """Return if anybody may write to the graph; None is the default graph.

        Raises CuratedGraph, DerivedGraph and DefaultGraphIsView.
        """
        if graph is None:
            if self.view:
                raise DefaultGraphIsView
        elif graph in self.curated:
            raise CuratedGraph(graph, self.curated[graph])
        elif graph in self.derived:
            raise DerivedGraph(graph)
