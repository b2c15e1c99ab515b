"""What is read back from statements, of the invented landscape and of a few lines of Turtle."""

from decimal import Decimal

import pytest
from pyoxigraph import RdfFormat, Store

from graph.figures.model import Published
from graph.figures.stored import merged, read_published, selecting
from ontology.vocabulary import prefixes
from tests.landscape.made import IRIS, Made

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
TURTLE = """
<source/one> a kg:Report ; rdfs:label "One (2025)" ; dct:publisher <id/agent/acme> ;
  dct:issued "2025-01"^^xsd:gYearMonth ; dct:modified "2025-10-09"^^xsd:date ;
  kg:dataGroup <id/agent/owner> ; kg:dataGroupReason "It says so." ;
  dcat:landingPage <https://acme.example/one> .
<id/agent/acme> rdfs:label "Acme" . <id/agent/owner> rdfs:label "Owner" .
<source/two> a kg:Report ; rdfs:label "Two" ; dct:publisher <id/agent/acme> .
<id/market/whole> rdfs:label "Whole" . <id/market/part> rdfs:label "Part" ;
  kg:parentMarket <id/market/whole> .
<id/segment/skin> rdfs:label "Skin" ; kg:dimension <id/concept/by-organ> ;
  kg:parentSegment <id/segment/body> . <id/concept/by-organ> rdfs:label "Organ" .
<id/claim/fig> a kg:MarketFigure ; dct:source <source/one> ; kg:market <id/market/part> ;
  sdmx-dimension:refPeriod "2034"^^xsd:gYear ; kg:value 58 ; kg:valueAsPrinted "58.00" ;
  sdmx-attribute:unitMeasure <id/concept/usd-billion> ; kg:measure <id/concept/market-size> ;
  kg:scopeRelation <id/concept/scope-narrower> ;
  kg:mention <id/claim/fig#m2>, <id/claim/fig#m10>, <id/claim/fig#m1> .
<id/claim/fig#m1> kg:manner <id/concept/projected> ; kg:section <source/one#title> ;
  kg:paragraph 3 .
<id/claim/fig#m2> kg:approximation "nearly" . <id/claim/fig#m10> kg:approximation "over" .
<id/concept/projected> rdfs:label "Projected" . <source/one#title> rdfs:label "Title" .
<id/claim/rate> a kg:GrowthRate ; dct:source <source/one> ; kg:market <id/market/part> ;
  kg:toYear "2034"^^xsd:gYear ; kg:valueAsPrinted "31.61" ; dct:type <id/concept/growth-cagr> .
<id/claim/share> a kg:MarketShare ; dct:source <source/two> ; kg:market <id/market/part> ;
  kg:segment <id/segment/skin> ; kg:valueAsPrinted "45.0" .
<id/claim/rank> a kg:Ranking ; dct:source <source/two> ; kg:market <id/market/part> ;
  kg:place <id/place/norland> ; dct:type <id/concept/ranking-fastest-growing> .
<id/claim/other> a kg:Ranking ; dct:source <source/two> ; kg:market <id/market/part> ;
  dct:type <id/concept/ranking-largest> .
<id/claim/bad> a kg:MarketFigure ; dct:source <source/two> ; kg:market <id/market/part> .
"""


@pytest.fixture(scope="module")
def published() -> Published:
    store = Store()
    store.load((HEAD + TURTLE).encode(), format=RdfFormat.TURTLE, base_iri=IRIS.base)
    return read_published(selecting(store, IRIS))


def test_a_figure_with_all_that_is_said_of_it(published: Published) -> None:
    (figure,) = published.figures
    assert figure.key == f"{IRIS.base}id/claim/fig"
    assert figure.value is not None
    assert (figure.value.printed, figure.value.half_unit) == ("58.00", Decimal("0.005"))
    assert (figure.year, figure.unit, figure.relation) == (2034, "usd-billion", "narrower")
    assert (figure.manner, figure.approximation) == ("Projected", "nearly")
    assert figure.place_in_text == "Title, 3"
    assert published.scope_name(figure.scope) == "Part"


def test_a_publication_with_its_data_group_and_latest_date(published: Published) -> None:
    one = published.figures[0].publication
    assert (published.name(one.publisher), published.name(one.group)) == ("Acme", "Owner")
    assert one.group_reason == "It says so."
    assert one.edition is not None
    assert one.edition.form == "2025-10-09"
    assert one.url == "https://acme.example/one"
    two = published.shares[0].publication
    assert two.group == two.publisher  # none is on record
    assert two.edition is None


def test_rates_shares_and_superlatives(published: Published) -> None:
    (rate,) = published.rates
    assert (rate.from_year, rate.to_year, rate.kind) == (None, 2034, "growth-cagr")
    (share,) = published.shares
    assert published.scope_name(share.scope) == "Skin, Part"
    assert published.name(share.dimension) == "Organ"
    (superlative,) = published.superlatives
    assert superlative.key.endswith("/rank")
    assert superlative.scope.place.endswith("/norland")
    assert published.nested == {share.scope.segment}
    assert published.parents == {f"{IRIS.base}id/market/part": f"{IRIS.base}id/market/whole"}


def test_what_has_no_digits_is_left_out_and_told(published: Published) -> None:
    assert published.notices == [
        f"{IRIS.base}id/claim/bad has no printed digits that can be read: left out"
    ]


def test_the_invented_landscape_is_read_back(made: Made) -> None:
    published = read_published(selecting(merged(made.claimed), IRIS))
    assert [(f.year, f.value.printed) for f in published.figures if f.value] == [
        (2024, "2.9"), (2024, "3.10"), (2031, "7.64"),
    ]  # fmt: skip
    assert len({figure.publication.group for figure in published.figures}) == 1
    assert [rate.value.printed for rate in published.rates] == ["13.8"]
    assert published.notices == []
