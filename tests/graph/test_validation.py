"""SHACL holds the graph to the tables, and leads every fault back to the row that made it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import SH, Graph, URIRef

from graph.problems import Problem
from graph.terms import Iris
from graph.validation import violations
from ontology.description import tables
from ontology.namespaces import DCT, KG, RDF, RDFS, XSD
from ontology.terms import terms
from ontology.vocabulary import expand
from tests.landscape.made import IRIS, Made, make, term
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, add_page, cells, copied

SHAPES = ("shapes.ttl", "shapes-tables.ttl", "shapes-derived.ttl", "shapes-forecasts.ttl")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for name in SHAPES:
        graph.parse(data=(files("ontology") / name).read_text("utf-8"), format="turtle")
    return graph


def test_the_sound_landscape_fits_its_shapes(made: Made) -> None:
    assert list(violations(made.landscape, made.quads, IRIS)) == []


def test_every_class_of_facts_has_a_shape(shapes: Graph) -> None:
    targets = {str(target) for target in shapes.objects(None, SH.targetClass)}
    above = {declared.iri: declared.parents for declared in terms() if declared.is_class}

    def is_fact(iri: str) -> bool:
        return iri == expand("kg:Fact") or any(map(is_fact, above.get(iri, ())))

    inner = {parent for parents in above.values() for parent in parents}
    facts = {iri for iri in above if is_fact(iri)}
    assert len(facts) > 20
    # Classes that only gather others have the shapes of those.
    assert {iri for iri in facts - targets if iri not in inner} == set()
    assert {table.cls for table in tables().values() if table.cls} <= targets


def test_every_shape_says_how_to_mend_what_does_not_fit(shapes: Graph) -> None:
    owners = {*shapes.subjects(SH.targetClass, None), *shapes.subjects(SH.targetSubjectsOf, None)}
    said = {part for owner in owners for part in shapes.objects(owner, SH.property | SH.sparql)}
    assert len(said) > 100
    for shape in {*said, *shapes.subjects(SH["or"], None)}:
        (message,) = shapes.objects(shape, SH.message)
        assert len(str(message)) > 20


def test_every_column_with_a_property_has_a_shape_that_names_it(shapes: Graph) -> None:
    namespace = expand("kg:")
    for table in tables().values():
        for column in table.columns.values():
            if not (table.cls and column.predicate):
                continue
            shape = URIRef(f"{namespace}shape-{table.name}-{column.name}")
            assert shapes.value(shape, SH.path) == URIRef(column.predicate)
            assert f"{table.name}.csv, column {column.name}" in str(shapes.value(shape, SH.message))
            assert ((shape, SH.minCount, None) in shapes) == column.required
            assert ((shape, SH.maxCount, None) in shapes) == (not column.many)


# -- faults of the graph ----------------------------------------------------------------------

Change = Callable[[list[Quad]], list[Quad]]


def drop(subject: str, predicate: NamedNode) -> Change:
    def change(quads: list[Quad]) -> list[Quad]:
        kept = [q for q in quads if (q.subject, q.predicate) != (term(subject), predicate)]
        assert len(kept) < len(quads)
        return kept

    return change


def say(subject: str, predicate: NamedNode, object_: NamedNode | Literal, graph: str) -> Change:
    def change(quads: list[Quad]) -> list[Quad]:
        return [*quads, Quad(term(subject), predicate, object_, IRIS.graph(graph))]

    return change


def instead(subject: str, predicate: NamedNode, object_: NamedNode | Literal, graph: str) -> Change:
    def change(quads: list[Quad]) -> list[Quad]:
        return say(subject, predicate, object_, graph)(drop(subject, predicate)(quads))

    return change


def decimal(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


@dataclass(frozen=True)
class Fault:
    """A change of the graph, and the file, row, column and words that must be told for it."""

    change: Change
    file: str
    key: str | None
    column: str | None
    message: str


OUT = f"{OUTLOOK}/"
FAULTS = {
    "claim without a mention": Fault(
        drop("id/claim/ao-act-1", KG.mention),
        *(OUT + "activities.csv", "ao-act-1", "mention", "at least one mention"),
    ),
    "fact in no section": Fault(
        drop("id/claim/ao-chain-1", KG.statedIn),
        *(OUT + "value_chain.csv", "ao-chain-1", "statedIn", "stated in a section"),
    ),
    "claim of two reports": Fault(
        say("id/claim/ao-fact-1", DCT.source, IRIS.source(BRIEF), OUTLOOK),
        *(OUT + "factors.csv", "ao-fact-1", "source", "exactly one report"),
    ),
    "fact with two labels": Fault(
        say("id/claim/ao-rank-1", RDFS.label, Literal("Second"), OUTLOOK),
        *(OUT + "rankings.csv", "ao-rank-1", "label", "one label"),
    ),
    "place for an organisation": Fault(
        instead("id/claim/ao-prof-1", KG.organisation, term("id/place/norland"), OUTLOOK),
        *(OUT + "organisation_profiles.csv", "ao-prof-1", "organisation", "one organisation."),
    ),
    "negative value": Fault(
        instead("id/claim/ao-fig-2", KG.value, decimal("-1"), OUTLOOK),
        *(OUT + "market_figures.csv", "ao-fig-2", "value", "one measure, at least 0."),
    ),
    "value that is text": Fault(
        instead("id/claim/ao-rate-1", KG.value, Literal("13.8"), OUTLOOK),
        *(OUT + "growth_rates.csv", "ao-rate-1", "value", "one measure."),
    ),
    "value without its digits": Fault(
        drop("id/event/estia-hundred-patients", KG.valueAsPrinted),
        *(OUT + "milestones.csv", "ao-mile-1", "valueAsPrinted", "A number is printed once"),
    ),
    "rounding of nothing": Fault(
        instead("id/event/lumicel-phase-2-response", KG.halfUnit, decimal("0"), OUTLOOK),
        *(OUT + "clinical_results.csv", "ao-clin-1", "halfUnit", "The rounding of a number"),
    ),
    "no kind": Fault(
        drop("id/claim/ao-dist-1", DCT.type),
        *(OUT + "distinctions.csv", "ao-dist-1", "distinction", "scheme distinction"),
    ),
    "kind of another scheme": Fault(
        instead("id/event/lumicel-launch-sudria", DCT.type, term("id/concept/approval"), OUTLOOK),
        *(OUT + "launches.csv", "ao-launch-1", "kind", "scheme launch-kind"),
    ),
    "another unit than the only one": Fault(
        instead(
            *("id/claim/ao-share-1", NamedNode(expand("sdmx-attribute:unitMeasure"))),
            *(term("id/concept/usd-billion"), OUTLOOK),
        ),
        *(OUT + "shares.csv", "ao-share-1", "unit", "Always percent"),
    ),
    "about nothing": Fault(
        drop("id/event/lumicel-site-sudria", KG.therapy),
        *(OUT + "regulatory_events.csv", "ao-reg-2", None, "fill in one of therapy, technology"),
    ),
    "segment without a name": Fault(
        drop("id/segment/ao-donor", KG.name),
        *(OUT + "segments.csv", "ao-seg-3", "name", "one text. The segment as printed"),
    ),
    "end before the beginning": Fault(
        instead(
            *("id/event/lumicel-approval-norland", KG.latest),
            *(Literal("2024-03-04", datatype=XSD.date), OUTLOOK),
        ),
        *(OUT + "regulatory_events.csv", "ao-reg-1", "earliest", "no earlier than it begins"),
    ),
    "date without a precision": Fault(
        drop("id/event/boreal-network", KG.datePrecision),
        *(OUT + "initiatives.csv", "ao-init-1", "datePrecision", "one precision"),
    ),
    "period that ends before it begins": Fault(
        instead("id/claim/ao-ann-1", KG.toYear, Literal("2024", datatype=XSD.gYear), OUTLOOK),
        *(OUT + "announcements.csv", "ao-ann-1", None, "no earlier than it begins"),
    ),
    "mention above the heading": Fault(
        instead("id/claim/ao-fig-1#m2", KG.paragraph, Literal(-1), OUTLOOK),
        *(OUT + "mentions.csv", "ao-fig-1", "paragraph", "names its line in the section"),
    ),
    "sentence for a fragment": Fault(
        instead("id/claim/ao-cred-1#m1", KG.printed, Literal("x" * 121), OUTLOOK),
        *(OUT + "credits.csv", "ao-cred-1", "printed", "short fragments"),
    ),
    "mention without its line": Fault(
        drop("id/claim/ao-chain-1#m1", KG.paragraph),
        *(OUT + "value_chain.csv", "ao-chain-1", None, "names its line in a section that has"),
    ),
    "report in no data group": Fault(
        drop("source/acme-outlook", KG.dataGroup),
        *(OUT + "source.toml", None, "dataGroup", "count to one data group"),
    ),
    "report without a publisher": Fault(
        drop("source/acme-outlook", DCT.publisher),
        *(OUT + "source.toml", None, "publisher", "one publisher"),
    ),
    "register with two names": Fault(
        say("id/place/norland", RDFS.label, Literal("North"), "reference"),
        *("reference/places.csv", "norland", "label", "one text. Its name"),
    ),
    "place in no place": Fault(
        instead("id/place/sudria", KG.placeWithin, term("id/agent/brightcell"), "reference"),
        *("reference/places.csv", "sudria", "within", "any number of place"),
    ),
    "doubt of no kind": Fault(
        drop("id/claim/ao-note-1", DCT.type),
        *(OUT + "quality_notes.csv", "ao-note-1", "issue", "Kind of doubt"),
    ),
}


@pytest.fixture(scope="module")
def found(made: Made) -> list[Problem]:
    """All faults planted at once: validation takes a moment."""
    quads = list(made.quads)
    for fault in FAULTS.values():
        quads = fault.change(quads)
    for quad in made.derived:
        if quad.predicate == KG.evidence and "/owns-" in quad.subject.value:  # type: ignore[union-attr]
            quads.remove(quad)
    return list(violations(made.landscape, quads, IRIS))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_led_back_to_its_row(found: list[Problem], name: str) -> None:
    fault = FAULTS[name]
    line = None
    if fault.key is not None:
        keys = [row[0] for row in cells(SEEDS / fault.file)]
        line = keys.index(fault.key) + 1
    told = [p for p in found if (p.file, p.line) == (f"seeds/{fault.file}", line)]
    assert any(p.column == fault.column and fault.message in p.remedy for p in told), told
    assert all("does not fit its shape" in p.message for p in told)


def test_a_fault_of_a_rule_is_led_back_to_its_premise(found: list[Problem]) -> None:
    (told,) = [p for p in found if "names its kind of evidence" in p.remedy]
    assert (told.file, told.line) == (f"seeds/{OUT}technology_profiles.csv", 2)
    assert "mend the rule" in told.remedy


def test_each_fault_is_told_once(found: list[Problem]) -> None:
    assert len(found) == len(set(found))
    rows = {(p.file, p.line) for p in found}
    assert len(rows) == len({(f.file, f.key) for f in FAULTS.values()}) + 1, rows


def test_two_sources_may_tell_one_event_differently(made: Made) -> None:
    """Each by itself has one date; the merge of both has two."""
    event = term("id/event/lumicel-approval-norland")
    dates = {q.object for q in made.claimed if (q.subject, q.predicate) == (event, KG.date)}
    assert len(dates) == 2


def test_code_lists_follow_the_base() -> None:
    iris = Iris("https://data.acme.example/a/")
    other = make(iris=iris)
    unit = NamedNode(expand("sdmx-attribute:unitMeasure"))
    share = iris.thing("claim", "ao-share-1")
    quads = [q for q in other.quads if (q.subject, q.predicate) != (share, unit)]
    wrong = Quad(share, unit, iris.thing("concept", "usd-billion"), iris.graph(OUTLOOK))
    (problem,) = violations(other.landscape, [*quads, wrong], iris)
    assert (problem.file, problem.column) == (f"seeds/{OUT}shares.csv", "unit")


def test_what_no_row_made_is_still_told(made: Made) -> None:
    stray = Quad(term("id/agent/stray"), RDF.type, KG.Organisation, IRIS.graph("reference"))
    found = list(violations(made.landscape, [*made.quads, stray], IRIS))
    assert {(p.file, p.line) for p in found} == {("graph", None)}
    assert all("id/agent/stray" in p.message and p.remedy for p in found)


def test_a_fault_of_one_page_among_several_is_led_back_to_it(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    for number in (1, 2, 3):
        add_page(seeds, f"acme-page-{number}", f"ap{number}")
    pages = make(seeds)
    assert list(violations(pages.landscape, pages.quads, IRIS)) == []
    quads = drop("id/claim/ap2-fig-1#m1", KG.manner)(list(pages.quads))
    (problem,) = violations(pages.landscape, quads, IRIS)
    assert (problem.file, problem.line) == ("seeds/acme-page-2/market_figures.csv", 2)
