"""Data that have something to show on every page: two releases, and things that the seeds lack."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.origin import read_origin, record_origin
from graph.release import DataDirectory, Release
from graph.terms import Iris
from ontology.namespaces import DCT, KG, OWL, RDF, RDFS
from ontology.vocabulary import expand

IRIS = Iris()
WITHDRAWN = "id/agent/withdrawn-company"
MERGED = "id/agent/merged-company"
ODD = "id/agent/odd-one"
SERIES = "id/series/yearly-outlook"
SKOLEM = ".well-known/genid/remark"
_RENAMED = IRIS.thing("agent", "novartis")
_LOST = "id/claim/cmi8447-listing-001"
_FIRST = re.compile(r"^\{(.+)\}")


@dataclass(frozen=True, slots=True)
class History:
    """A data directory with the release that is served, and a former one."""

    folder: Path
    current: Release
    former: Release
    store: Store

    def fill(self, address: str) -> str:
        """Return the address of a page, with what stands for a release or a thing replaced."""
        address = _FIRST.sub(lambda found: f"/{self._first(found[1])}", address)
        return address.replace("{current}", self.current.id).replace("{former}", self.former.id)

    def _first(self, name: str) -> str:
        """The path of the first thing of a class that has a page of its own."""
        of = self.store.quads_for_pattern(None, RDF.type, NamedNode(expand(name)), None)
        paths = (str(quad.subject).strip("<>").removeprefix(IRIS.base) for quad in of)
        return min(path for path in paths if path.startswith("id/") and "#" not in path)


def with_history(built: Path, folder: Path) -> Path:
    """Copy the data directory of the seeds, and publish a release after it."""
    data = DataDirectory(copytree(built, folder, symlinks=True, dirs_exist_ok=True))
    former = data.current()
    assert former is not None
    current = data.publish([*_kept(former), *_odd()], former.details)
    # A start would else build the release of the seeds, and serve that.
    origin = read_origin(data)
    assert origin is not None
    record_origin(data, replace(origin, release=current.id))
    return folder


def history_in(folder: Path) -> History:
    """Open what `with_history` made."""
    data = DataDirectory(folder)
    current = data.current()
    assert current is not None
    (former,) = (data.release(id_) for id_ in data.ids() if id_ != current.id)
    return History(folder, current, former, current.store())


def _kept(release: Release) -> Iterator[Quad]:
    """What the former release says, but for one claim and one name."""
    for quad in release.quads():
        path = str(getattr(quad.subject, "value", "")).removeprefix(IRIS.base)
        if path.partition("#")[0] == _LOST:
            continue
        if quad.subject == _RENAMED and quad.predicate == RDFS.label:
            yield Quad(_RENAMED, RDFS.label, Literal("Novartis AG", language="en"), quad.graph_name)
        else:
            yield quad


def _odd() -> Sequence[Quad]:
    """Things of kinds that the seeds have none of."""
    registers = IRIS.graph("reference")
    gone, merged, odd, series, skolem = (
        NamedNode(IRIS.base + path) for path in (WITHDRAWN, MERGED, ODD, SERIES, SKOLEM)
    )
    report = IRIS.source("reanin-cellular-immunotherapy")
    return (
        Quad(gone, OWL.deprecated, Literal(True), registers),
        Quad(gone, RDFS.comment, Literal("It was counted twice."), registers),
        Quad(merged, OWL.deprecated, Literal(True), registers),
        Quad(merged, DCT.isReplacedBy, _RENAMED, registers),
        Quad(odd, RDFS.label, Literal("Something odd", language="en"), registers),
        Quad(odd, KG.about, _RENAMED, registers),
        Quad(series, RDF.type, NamedNode(expand("schema:CreativeWorkSeries")), registers),
        Quad(series, RDFS.label, Literal("Yearly outlook", language="en"), registers),
        Quad(report, DCT.isPartOf, series, registers),
        Quad(skolem, RDFS.comment, Literal("Said of something without a name."), registers),
        Quad(skolem, KG.about, _RENAMED, registers),
    )
