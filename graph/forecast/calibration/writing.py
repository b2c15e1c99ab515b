"""What results of calibration have in common as RDF: their names, and how they were made."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from graph.figures.model import Published
from graph.forecast.choices import ESTIMAND
from graph.forecast.writing import SOFTWARE, Told, quads, software
from graph.terms import Iris
from ontology.namespaces import DCT, KG, PROV, RDF, RDFS

LEAVE_ONE_OUT = "calibration-leave-one-out"
REVISION = "calibration-revision"
SIMULATION = "calibration-simulation"

_LABELS = {
    LEAVE_ONE_OUT: "Calibration: one group left out",
    REVISION: "Calibration: older editions and later claims",
    SIMULATION: "Calibration: simulation",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes into the graph `forecasts`; every node has an IRI that follows from its content."""

    iris: Iris
    published: Published

    def activity(
        self,
        kind: str,
        parameters: Mapping[str, object],
        notes: Iterable[str],
        used: Iterable[str] = (),
        seed: int | None = None,
    ) -> Iterator[Quad]:
        """How results of a kind were made, on which figures; `seed` where something is drawn."""
        yield from quads(
            self.iris,
            self._maker(kind),
            [
                (RDF.type, PROV.Activity),
                (RDFS.label, Literal(_LABELS[kind], language="en")),
                (DCT.type, self.concept(kind)),
                (KG.estimand, self.concept(ESTIMAND)),
                (KG.parameters, json.dumps(parameters, sort_keys=True)),
                (KG.seed, seed),
                (SOFTWARE, software()),
                *((RDFS.comment, Literal(note, language="en")) for note in dict.fromkeys(notes)),
                *((PROV.used, NamedNode(key)) for key in dict.fromkeys(used)),
            ],
        )

    def result(self, kind: str, named: Iterable[str], told: Told) -> Iterator[Quad]:
        """A result of a kind; `named` tells it from all others of its kind."""
        shared = [
            (RDF.type, KG.CalibrationResult),
            (DCT.type, self.concept(kind)),
            (PROV.wasGeneratedBy, self._maker(kind)),
        ]
        node = self.iris.statement("calibration", [kind, *named])
        yield from quads(self.iris, node, [*shared, *told])

    def concept(self, slug: str) -> NamedNode:
        """The node of a concept."""
        return self.iris.thing("concept", slug)

    def _maker(self, kind: str) -> NamedNode:
        return self.iris.statement("calibration", [kind])
