"""Which template a thing has, what its kind is called, and which shape marks it."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.description.facts import Fact


@dataclass(frozen=True, slots=True)
class Kind:
    """How a class of things is shown: `template` without its folder, `mark` a key of `shapes`."""

    template: str
    text: str
    mark: str


OTHER = Kind("thing", "Thing", "statement")
#: Classes by contracted name, the more special before the more general.
_BY_CLASS = {
    "kg:Organisation": Kind("organisation", "Organisation", "company"),
    "kg:Person": Kind("person", "Person", "company"),
    "kg:Therapy": Kind("therapy", "Therapy", "therapy"),
    "kg:Technology": Kind("technology", "Technology", "therapy"),
    "kg:Place": Kind("place", "Place", "region"),
    "kg:Market": Kind("market", "Market", "statement"),
    "kg:Segment": Kind("segment", "Segment of a report", "therapy-type"),
    "kg:RegulatoryEvent": Kind("event", "Regulatory event", "event"),
    "kg:Launch": Kind("event", "Launch", "event"),
    "kg:Deal": Kind("event", "Deal", "event"),
    "kg:ClinicalResult": Kind("event", "Clinical result", "event"),
    "kg:Initiative": Kind("event", "Initiative", "event"),
    "kg:Milestone": Kind("event", "Milestone", "event"),
    "kg:QualityNote": Kind("claim", "Doubt about a report", "statement"),
    "kg:Claim": Kind("claim", "Claim", "statement"),
    "kg:Rule": Kind("rule", "Rule", "derived"),
    "kg:DerivedStatement": Kind("statement", "Derived statement", "derived"),
    "kg:Finding": Kind("computed", "Finding, computed from figures", "derived"),
    "kg:Forecast": Kind("computed", "Forecast, computed", "derived"),
    "kg:CalibrationResult": Kind("computed", "Calibration result, computed", "derived"),
    "kg:Remainder": Kind("computed", "Remainder, computed", "derived"),
    "prov:Activity": Kind("computed", "Computation", "derived"),
    "schema:CreativeWorkSeries": Kind("series", "Series of editions", "statement"),
    "skos:ConceptScheme": Kind("scheme", "Code list", "therapy-type"),
    "skos:Concept": Kind("concept", "Concept", "therapy-type"),
}
#: Concepts whose code list says more of what they are.
_BY_SCHEME = {
    "therapy-type": Kind("concept", "Therapy type", "therapy-type"),
    "indication": Kind("concept", "Indication", "indication"),
}
# What an organisation is called by its type.
_ORGANISATIONS = "kg:organisationType"


def kind_of(classes: Iterable[str], said: Fact | None) -> Kind:
    """Return how a thing of these classes is shown; `said` is what is said of it."""
    found = set(classes)
    kind = next((kind for name, kind in _BY_CLASS.items() if name in found), OTHER)
    if said is None:
        return kind
    if kind.template == "concept":
        return _BY_SCHEME.get(scheme_of(said), kind)
    if kind.template == "organisation" and (text := said.text(_ORGANISATIONS)):
        return Kind(kind.template, text, kind.mark)
    return kind


def scheme_of(said: Fact) -> str:
    """Return the slug of the code list that a concept is in; empty where it is in none."""
    schemes = said.values.get("skos:inScheme", ())
    return schemes[0].iri.rpartition("/")[2] if schemes else ""
