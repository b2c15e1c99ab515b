import random
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.release import content_id
from graph.terms import Iris
from ontology.description import tables
from ontology.namespaces import DCT, KG, RDF, RDFS
from ontology.terms import Term, terms
from ontology.vocabulary import NAMESPACE, expand, prefixes
from tests.examples import examples
from tests.landscape.made import IRIS, Made, about, make, term
from tests.landscape.spoil import (
    BRIEF,
    OUTLOOK,
    SEEDS,
    add,
    add_page,
    cells,
    copied,
    edit,
    recount,
    write,
)

DECLARED: dict[str, Term] = {declared.iri: declared for declared in terms()}


# -- all statements ---------------------------------------------------------------------------


def test_every_table_is_in_the_landscape() -> None:
    """What is not in it is not tested by it."""
    here = {path.name.split(".")[0] for path in SEEDS.rglob("*.csv")}
    assert here == set(tables())


def test_every_property_and_class_is_declared(made: Made) -> None:
    standard = {namespace for namespace in prefixes().values() if namespace != NAMESPACE}
    for quad in made.quads:
        used = [quad.predicate.value]
        if quad.predicate == RDF.type:
            assert isinstance(quad.object, NamedNode)
            used.append(quad.object.value)
        for iri in used:
            assert iri in DECLARED or any(iri.startswith(known) for known in standard), iri


def test_every_term_of_ours_that_is_named_is_declared(made: Made) -> None:
    named = {
        node.value
        for quad in made.quads
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(NAMESPACE)
    }
    authors = f"{NAMESPACE}the-authors"  # told of in the vocabulary, and no term of it
    assert named - {NAMESPACE, authors} <= set(DECLARED)


def test_every_property_of_a_table_is_stated_somewhere(made: Made) -> None:
    """A column that never becomes a statement would be lost without a sign."""
    stated = {quad.predicate.value for quad in made.claimed}
    filled = {
        column.predicate
        for records in (made.landscape.registers, *(s.records for s in made.landscape.sources))
        for record in records
        for name, column in record.table.columns.items()
        if column.predicate and name in record.values
    }
    assert filled <= stated


def test_nothing_is_blank_and_everything_stands_in_a_graph_of_ours(made: Made) -> None:
    own = {"reference", "quality", "derived", "audit", "forecasts", "ontology", "examples"}
    names = {*own, OUTLOOK, BRIEF}
    assert {quad.graph_name for quad in made.quads} == {IRIS.graph(name) for name in names}
    for quad in made.quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
    content_id(made.quads)  # which refuses blank nodes, triple terms and the default graph


def test_every_thing_that_is_spoken_of_has_a_class_and_one_label_a_graph(made: Made) -> None:
    classes, labels = defaultdict[str, set[str]](set), defaultdict[object, set[str]](set)
    for quad in made.quads:
        if quad.predicate == RDF.type:
            classes[str(quad.subject)].add(str(quad.object))
        if quad.predicate == RDFS.label:
            labels[quad.subject, quad.graph_name].add(str(quad.object))
    retired = {str(term("id/agent/estia-labs")), str(term("id/claim/ao-fig-0"))}
    for quad in made.quads:
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(f"{IRIS.base}id/"):
                assert classes[str(node)] or str(node) in retired, node
    assert {len(found) for found in labels.values()} == {1}
    assert not any("id/" in label for found in labels.values() for label in found)


def test_what_is_said_fits_the_domains_and_ranges_of_the_ontology(made: Made) -> None:
    above = {iri: set(declared.parents) for iri, declared in DECLARED.items() if declared.is_class}
    classes = defaultdict[str, set[str]](set)
    for quad in made.quads:
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            queue = [quad.object.value]
            while queue:
                cls = queue.pop()
                classes[str(quad.subject)].add(cls)
                queue += above.get(cls, ())
    anything = {expand("rdfs:Resource"), expand("rdfs:Literal"), expand("rdf:Property")}
    for quad in made.quads:
        declared = DECLARED.get(quad.predicate.value)
        if declared is None or quad.graph_name == IRIS.graph("ontology"):
            continue
        assert declared.domain in anything | classes[str(quad.subject)], quad
        if isinstance(quad.object, Literal):
            fits = {expand("rdfs:Literal"), quad.object.datatype.value}
        else:
            fits = {expand("rdfs:Resource"), *classes[str(quad.object)]}
            if quad.predicate in (KG.impliedProperty, KG.derives, KG.readCompletelyFor):
                continue  # terms of vocabularies, which are not described here
        assert declared.range in fits, quad


# -- the parts of a fact ----------------------------------------------------------------------


def test_a_fact_that_is_no_thing_of_its_own_is_its_claim(made: Made) -> None:
    assert about(made.claimed, "id/claim/ao-fig-1") == {
        "rdf:type": ["kg:Claim", "kg:Fact", "kg:MarketFigure", "kg:Observation"],
        "rdfs:label": ['"World market for lumen grafts, 2024: 3.10 billion USD"'],
        "dct:source": ["source/acme-outlook"],
        "kg:market": ["id/market/global-lumen-grafts"],
        "sdmx-dimension:refPeriod": ['"2024"^^<xsd:gYear>'],
        "kg:value": ['"3.10"^^<xsd:decimal>'],
        "kg:valueAsPrinted": ['"3.10"'],
        "kg:halfUnit": ['"0.005"^^<xsd:decimal>'],
        "sdmx-attribute:unitMeasure": ["id/concept/usd-billion"],
        "kg:measure": ["id/concept/market-size"],
        "kg:mention": ["id/claim/ao-fig-1#m1", "id/claim/ao-fig-1#m2"],
        "kg:statedIn": ["source/acme-outlook#market-size"],
    }


def test_a_mention_tells_where_how_and_in_which_words(made: Made) -> None:
    assert about(made.claimed, "id/claim/ao-fig-1#m1") == {
        "rdf:type": ["kg:Mention"],
        "kg:claim": ["id/claim/ao-fig-1"],
        "kg:section": ["source/acme-outlook#market-size"],
        "kg:paragraph": ['"1"^^<xsd:integer>'],
        "kg:manner": ["id/concept/reported"],
        "kg:approximation": ['"nearly"'],
        "kg:printed": ['"nearly USD 3.10 Bn in 2024"', '"world market"'],
    }


def test_a_further_mention_has_its_own_place_and_says_what_it_implies(made: Made) -> None:
    assert about(made.claimed, "id/claim/ao-fig-1#m2") == {
        "rdf:type": ["kg:Mention"],
        "kg:claim": ["id/claim/ao-fig-1"],
        "kg:section": ["source/acme-outlook#market-size"],
        "kg:paragraph": ['"5"^^<xsd:integer>'],
        "kg:manner": ["id/concept/stated"],
        "kg:printed": ['"USD 3.10 Bn"', '"in 2024"'],
        "kg:impliedProperty": ["kg:market"],
    }


def test_an_event_is_a_thing_that_the_claims_of_two_sources_state(made: Made) -> None:
    event, one, other = (
        "id/event/lumicel-approval-norland",
        "id/claim/ao-reg-1",
        "id/claim/ab-reg-1",
    )
    assert about(made.claimed, one) == {
        "rdf:type": ["kg:Claim"],
        "rdfs:label": ['"Approval, Lumicel, Grey fever, Norland, 2024-03-05"'],
        "dct:source": ["source/acme-outlook"],
        "kg:states": [event],
        "kg:mention": [f"{one}#m1"],
    }
    told = about(made.claimed, event)
    assert told["rdf:type"] == ["kg:Event", "kg:Fact", "kg:RegulatoryEvent"]
    assert told["dct:source"] == ["source/acme-brief", "source/acme-outlook"]
    assert told["kg:mention"] == [f"{other}#m1", f"{one}#m1"]
    own = [quad for quad in made.claimed if quad.graph_name == IRIS.graph(BRIEF)]
    assert about(own, event)["kg:date"] == ['"2024-03"^^<xsd:gYearMonth>']
    assert "kg:applicant" not in about(own, event)


def test_a_section_has_its_place_in_the_document(made: Made) -> None:
    assert about(made.claimed, "source/acme-outlook#outlook") == {
        "rdf:type": ["kg:Section"],
        "rdfs:label": ['"Outlook"'],
        "kg:heading": ['"Outlook"'],
        "kg:parentSection": ["source/acme-outlook#title"],
        "dct:isPartOf": ["source/acme-outlook"],
        "kg:position": ['"7"^^<xsd:integer>'],
    }


def test_a_report_is_described_with_what_it_was_read_for(made: Made) -> None:
    found = about(made.claimed, "source/acme-outlook")
    read = found.pop("kg:readCompletelyFor")
    assert found == {
        "rdf:type": ["kg:Report"],
        "rdfs:label": ['"Acme, Outlook (2024)"'],
        "dct:title": ['"Lumen Graft Outlook"'],
        "dct:publisher": ["id/agent/acme-insights"],
        "kg:dataGroup": ["id/agent/acme-insights"],
        "dct:rights": ['"Invented for tests."@en'],
        "dct:identifier": ['"AI-7"'],
        "dct:language": ['"en"'],
        "dct:issued": ['"2024-06"^^<xsd:gYearMonth>'],
        "kg:accessed": ['"2026-11-02"^^<xsd:date>'],
        "dcat:landingPage": ["https://acme.example/reports/lumen?edition=7"],
    }
    assert {"kg:MarketFigure", "kg:Section", "kg:QualityNote"} <= set(read)
    assert "kg:Mention" not in read
    brief = about(made.claimed, "source/acme-brief")["kg:readCompletelyFor"]
    assert brief == ["kg:MarketFigure", "kg:RegulatoryEvent", "kg:Section"]


def test_a_report_counts_to_the_data_group_that_was_decided(made: Made) -> None:
    brief = about(made.claimed, "source/acme-brief")
    assert brief["dct:publisher"] == ["id/agent/acme-press"]
    assert brief["kg:dataGroup"] == ["id/agent/acme-insights"]
    assert brief["kg:dataGroupReason"] == ['"It prints what Acme Insights had."@en']
    figure = about(made.claimed, "id/claim/ab-fig-1")
    assert figure["kg:scopeRelation"] == ["id/concept/scope-narrower"]
    assert "kg:scopeRelation" not in about(made.claimed, "id/claim/ao-fig-1")


def test_a_page_of_figures_says_what_it_was_read_for(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add_page(seeds, "acme-page", "ap")
    claimed = make(seeds).claimed
    assert about(claimed, "source/acme-page")["kg:readFor"] == ["kg:GrowthRate", "kg:MarketFigure"]
    assert "kg:readFor" not in about(claimed, "source/acme-brief")
    mention = about(claimed, "id/claim/ap-fig-1#m1")
    assert mention["kg:section"] == ["source/acme-page#page"]
    assert "kg:paragraph" not in mention
    assert "kg:heading" not in about(claimed, "source/acme-page#page")


def test_doubts_stand_apart(made: Made) -> None:
    quads = [quad for quad in made.claimed if quad.graph_name == IRIS.graph("quality")]
    assert {quad.subject for quad in quads} == {term("id/claim/ao-note-1")}
    assert about(made.claimed, "id/claim/ao-note-1") == {
        "rdf:type": ["kg:QualityNote"],
        "rdfs:label": ['"Wording, said with a blur once and without it once"'],
        "rdfs:comment": ['"said with a blur once and without it once"@en'],
        "dct:type": ["id/concept/wording"],
        "dct:source": ["source/acme-outlook"],
        "kg:about": ["id/claim/ao-fig-1", "source/acme-outlook"],
    }


def test_registers_aliases_and_retired_things(made: Made) -> None:
    assert about(made.claimed, "id/place/sudria") == {
        "rdf:type": ["kg:Place"],
        "rdfs:label": ['"Sudria"'],
        "kg:placeType": ["id/concept/country"],
        "kg:placeCode": ['"SX"'],
        "kg:placeWithin": ["id/place/world"],
        "skos:altLabel": ['"Sudrian"'],
        "kg:mergeDecision": ['"the adjective"@en'],
    }
    assert about(made.claimed, "id/agent/estia-labs") == {
        "owl:deprecated": ['"true"^^<xsd:boolean>'],
        "rdfs:comment": ['"one company under two slugs"@en'],
        "dct:isReplacedBy": ["id/agent/estia-biolabs"],
    }
    assert set(about(made.claimed, "id/claim/ao-fig-0")) == {"owl:deprecated", "rdfs:comment"}
    assert about(made.claimed, "id/claim/ao-list-2")["kg:organisation"] == [
        "id/agent/estia-biolabs"
    ]


# -- numbers, dates, labels -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "value", "printed", "half_unit"),
    [
        ("claim/ao-share-1", "62.50", "62.50", "0.005"),
        ("claim/ao-rate-1", "13.8", "13.8", "0.05"),
        ("claim/ao-stat-1", "3", "3", "0.5"),
        ("event/estia-hundred-patients", "100", "100", "0.5"),
    ],
)
def test_a_number_is_kept_three_ways(
    made: Made, claim: str, value: str, printed: str, half_unit: str
) -> None:
    found = about(made.claimed, f"id/{claim}")
    assert found["kg:value"] == [f'"{value}"^^<xsd:decimal>']
    assert found["kg:valueAsPrinted"] == [f'"{printed}"']
    assert found["kg:halfUnit"] == [f'"{half_unit}"^^<xsd:decimal>']


def test_what_a_number_is_out_of_is_a_number_too(made: Made) -> None:
    assert about(made.claimed, "id/claim/ao-stat-1")["kg:base"] == ['"7"^^<xsd:decimal>']


EDTF = "http://id.loc.gov/datatypes/edtf"


@pytest.mark.parametrize(
    ("form", "literal", "earliest", "latest", "precision"),
    [
        ("2024", '"2024"^^<xsd:gYear>', "2024-01-01", "2024-12-31", "year"),
        ("2024-02", '"2024-02"^^<xsd:gYearMonth>', "2024-02-01", "2024-02-29", "month"),
        ("2024-06-05", '"2024-06-05"^^<xsd:date>', "2024-06-05", "2024-06-05", "day"),
        ("2023-33", f'"2023-33"^^<{EDTF}>', "2023-01-01", "2023-03-31", "quarter"),
        ("2023-41", f'"2023-41"^^<{EDTF}>', "2023-07-01", "2023-12-31", "half-year"),
        ("2021/2022", f'"2021/2022"^^<{EDTF}>', "2021-01-01", "2022-12-31", "interval"),
        ("../2024-06", f'"../2024-06"^^<{EDTF}>', None, "2024-06-30", "not-after"),
        ("2020-01/..", f'"2020-01/.."^^<{EDTF}>', "2020-01-01", None, "not-before"),
    ],
)
def test_a_date_keeps_its_form_and_has_bounds(
    tmp_path: Path,
    *,
    form: str,
    literal: str,
    earliest: str | None,
    latest: str | None,
    precision: str,
) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "launches.csv", "ao-launch-1", date=form)
    found = about(make(seeds).claimed, "id/event/lumicel-launch-sudria")
    assert found["kg:date"] == [literal]
    assert found.get("kg:earliest") == ([f'"{earliest}"^^<xsd:date>'] if earliest else None)
    assert found.get("kg:latest") == ([f'"{latest}"^^<xsd:date>'] if latest else None)
    assert found["kg:datePrecision"] == [f"id/concept/precision-{precision}"]


def test_years_and_quoted_dates_have_no_bounds(made: Made) -> None:
    found = about(made.claimed, "id/claim/ao-stat-1")
    assert found["kg:quotedDate"] == ['"2024-05"^^<xsd:gYearMonth>']
    assert "kg:earliest" not in found


@pytest.mark.parametrize(
    ("thing", "label"),
    [
        ("claim/ao-rel-1", "Brightcell Subsidiary of Helio Group"),
        ("claim/ao-count-1", "Several companies that bank cells"),
        ("event/brightcell-estia-licence", "Licence deal, Brightcell, Estia Biolabs, 2023-33"),
        ("claim/ao-share-1", None),
        ("claim/ao-dist-1", "Lumicel, First, grafts in a country"),
        ("segment/ao-donor", "Donor Grafts"),
    ],
)
def test_a_label_is_made_of_what_is_filled(made: Made, thing: str, label: str | None) -> None:
    share = "Autologous Grafts, share of World market for lumen grafts: 62.50 Percent, 2024"
    assert about(made.claimed, f"id/{thing}")["rdfs:label"] == [f'"{label or share}"']


def test_a_label_names_events_and_reports_by_their_names(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    path = seeds / OUTLOOK / "distinctions.csv"
    edit(path, "ao-dist-1", subject="event:lumicel-launch-sudria")
    add(path, "ao-dist-1", id="ao-dist-2", subject="source:acme-brief")
    claimed = make(seeds).claimed
    (launch,) = about(claimed, "id/claim/ao-dist-1")["rdfs:label"]
    assert launch.startswith('"Therapy launch, Lumicel, Brightcell, Sudria, ../2024-06, First')
    (brief,) = about(claimed, "id/claim/ao-dist-2")["rdfs:label"]
    assert brief.startswith('"Acme, Brief (2025), First')


def test_braces_in_a_cell_are_just_braces(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", factor="{0} {kind.__class__} {{}}")
    (label,) = about(make(seeds).claimed, "id/claim/ao-fact-1")["rdfs:label"]
    assert label == '"Driver, {0} {kind.__class__} {{}}"'


# -- who says what ----------------------------------------------------------------------------


def of(quads: tuple[Quad, ...], graph: str) -> set[Quad]:
    return {quad for quad in quads if quad.graph_name == IRIS.graph(graph)}


def test_what_a_source_says_stands_in_its_graph_only(made: Made) -> None:
    for slug, prefix in ((OUTLOOK, "ao-"), (BRIEF, "ab-")):
        (source,) = (source for source in made.landscape.sources if source.slug == slug)
        ids = {IRIS.thing("claim", record.id) for record in source.of("claims")}
        assert ids
        assert {q.graph_name for q in made.claimed if q.subject in ids} == {IRIS.graph(slug)}
        claims = {q.subject for q in of(made.claimed, slug) if q.object == KG.Claim}
        assert claims == ids
        assert all(f"/claim/{prefix}" in claim.value for claim in ids)
        sources = {q.object for q in of(made.claimed, slug) if q.predicate == DCT.source}
        assert sources == {IRIS.source(slug)}


@pytest.mark.parametrize(("slug", "other"), [(OUTLOOK, BRIEF), (BRIEF, OUTLOOK)])
def test_a_source_says_the_same_alone_as_together(
    tmp_path: Path, made: Made, slug: str, other: str
) -> None:
    seeds = copied(tmp_path)
    shutil.rmtree(seeds / other)
    alone = make(seeds)
    assert of(alone.claimed, slug) == of(made.claimed, slug)


def test_another_base_changes_the_data_and_not_the_vocabulary() -> None:
    base = "https://data.acme.example/"
    quads = make(iris=Iris(base)).quads
    text = "\n".join(map(str, quads))
    ontology = "w3id.org/therascape/ns"
    assert text.count("w3id.org/therascape/") == text.count(ontology)
    assert text.replace(base, IRIS.base) == "\n".join(map(str, make().quads))


# -- order does not count ---------------------------------------------------------------------


def shuffled(seeds: Path, chance: random.Random) -> None:
    """Another order of rows and columns, and tables in parts. Sections stand as in the text."""
    for path in sorted(seeds.rglob("*.csv")):
        if path.name.startswith("sections"):
            continue
        head, *rows = cells(path)
        order = chance.sample(range(len(head)), len(head))
        chance.shuffle(rows)
        table, *_ = path.name.split(".")
        path.unlink()
        cut = chance.randint(0, len(rows))
        for part, some in (("", rows[:cut]), (f".part-{chance.random()}", rows[cut:])):
            ordered = [[row[i] for i in order] for row in (head, *some)]
            write(path.parent / f"{table}{part}.{path.stem}.csv", ordered)
    for source in (seeds / OUTLOOK, seeds / BRIEF):
        recount(source)


@settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.randoms(use_true_random=False))
def test_order_and_parting_of_rows_and_files_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, several: tuple[Path, str], chance: random.Random
) -> None:
    seeds = shutil.copytree(several[0], tmp_path_factory.mktemp("shuffled") / "seeds")
    shuffled(seeds, chance)
    assert content_id(make(seeds).quads)[0] == several[1]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The landscape with more mentions of one claim, whose numbers must not change, and its id."""
    seeds = copied(tmp_path_factory.mktemp("several"))
    path = seeds / OUTLOOK / "mentions.csv"
    for paragraph in ("3", "4", "6"):
        for printed in ("2024", "Norland"):
            add(path, "ao-fig-1", claim="ao-fig-1", paragraph=paragraph, printed=printed)
    return seeds, content_id(make(seeds).quads)[0]


def test_an_organisation_without_a_group_is_its_own(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    register = seeds / "reference" / "organisations.csv"
    edit(register, "helio-norland", group="helio-group", group_decision="called its arm")
    quads = make(seeds).claimed
    assert about(quads, "id/agent/helio-norland")["kg:group"] == ["id/agent/helio-group"]
    assert about(quads, "id/agent/helio-group")["kg:group"] == ["id/agent/helio-group"]
    assert about(quads, "id/agent/brightcell")["kg:group"] == ["id/agent/brightcell"]
