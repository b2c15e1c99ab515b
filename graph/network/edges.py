"""What of a release is in the network: the only place where this is decided.

The network is for the question how things connect. It has the things (organisations, therapies,
technologies, places, markets, segments, concepts), the facts and events that tie them, and edges
for the properties that say something of them. Left out is what says how we know it, and what would
connect everything with everything without saying anything.
"""

from collections.abc import Mapping

from pyoxigraph import NamedNode

from ontology.namespaces import KG
from ontology.vocabulary import expand

#: Kinds of IRIs that are nodes, with or without an edge.
THINGS = ("agent", "therapy", "technology", "place", "market", "segment", "event", "concept")
#: Kinds of IRIs that are nodes where an edge leads from them: they tell how things connect.
FACTS = ("claim",)
NODE_KINDS = (*THINGS, *FACTS)
#: What a fact is told by: an edge from one of these is described by where it begins.
TELLING = ("claim", "event", "segment")

_PROVENANCE = "says where something is told, or how we know it"
_MANNER = "says how a fact is put, measured or filed: it would tie all facts that are put alike"
_SORT = "being of one sort is no connection; the sort is a property"
_LISTED = "being listed or named together is no connection"

#: Properties of our vocabulary that are no edges, each with the reason. All others are.
LEFT_OUT: Mapping[str, str] = {
    KG.about.value: _PROVENANCE,
    KG.claim.value: _PROVENANCE,
    KG.derives.value: _PROVENANCE,
    KG.evidence.value: _PROVENANCE,
    KG.impliedProperty.value: _PROVENANCE,
    KG.mention.value: _PROVENANCE,
    KG.premise.value: _PROVENANCE,
    KG.readCompletelyFor.value: _PROVENANCE,
    KG.rule.value: _PROVENANCE,
    KG.section.value: _PROVENANCE,
    KG.statedIn.value: _PROVENANCE,
    KG.states.value: _PROVENANCE,
    KG.bracketMeaning.value: _MANNER,
    KG.companyTier.value: _MANNER,
    KG.datePrecision.value: _MANNER,
    KG.dimension.value: _MANNER,
    KG.exclusivity.value: _MANNER,
    KG.manner.value: _MANNER,
    KG.mapping.value: _MANNER,
    KG.measure.value: _MANNER,
    KG.placeType.value: _MANNER,
    KG.organisationType.value: _SORT,
    KG.technologyType.value: _SORT,
    KG.listedIn.value: _LISTED,
    KG.namedIn.value: _LISTED,
}
#: Properties of other vocabularies that are edges: relations of concepts, and of places.
ALSO = tuple(
    expand(f"skos:{name}")
    for name in (
        *("broader", "related", "exactMatch", "closeMatch", "broadMatch", "narrowMatch"),
        "relatedMatch",
    )
)
#: Classes of facts that are no nodes, each with the reason.
LEFT_OUT_CLASSES: Mapping[str, str] = {
    KG.Announcement.value: "it says what the report does not give",
    KG.Credit.value: _PROVENANCE,
    KG.Finding.value: _PROVENANCE,
    KG.Listing.value: _LISTED,
    KG.NameUse.value: _LISTED,
    KG.QualityNote.value: _PROVENANCE,
    KG.Reference.value: _PROVENANCE,
    KG.ReportDetail.value: _PROVENANCE,
}
#: Our vocabulary is closed: what was written to the service adds no kind of edge.
_EDGES = {
    term.value for term in vars(KG).values() if isinstance(term, NamedNode)
} - LEFT_OUT.keys() | {*ALSO}


def is_edge(predicate: str) -> bool:
    """Whether statements with this property (an IRI) are edges, where both ends are nodes."""
    return predicate in _EDGES
