"""What pages count is what the data say: numbers of pages against SPARQL and the API."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.service.pages.shipped import BROWSER, page, read

SEVERAL = ("novartis", "fiocruz", "terumo-bct", "instituto-butantan", "inmegen")


def test_cells_of_the_matrix_are_facts_with_their_evidence(shipped: FlaskClient) -> None:
    """The number of each cell is that of the facts behind it, as its own data have them."""
    cells = _cells(shipped)
    assert len(cells) > 40
    for address, number in cells[::3]:
        path, _, query = address.partition("?")
        rows = read(shipped, f"{path}.json?{query}")["rows"]
        assert len({row["claim"]["iri"] for row in rows}) == number, address
        assert all(row["report"]["label"] and row["section"] for row in rows)


def test_totals_of_the_matrix_are_those_of_the_question(shipped: FlaskClient) -> None:
    answer = read(shipped, "/api/v1/questions/players-in?limit=10000")
    players = {row["player"]["iri"] for row in answer["rows"]}
    places = {row["place"]["iri"] for row in answer["rows"]}
    assert f"{len(players)} players in {len(places)} places" in page(shipped, "/landscape").text


@pytest.mark.parametrize("slug", SEVERAL)
def test_an_entity_has_as_many_ties_as_the_api(shipped: FlaskClient, slug: str) -> None:
    answer = read(shipped, f"/api/v1/questions/places-of?player=agent/{slug}&active=any-tie")
    text = page(shipped, f"/id/agent/{slug}").text
    number = answer["total"]
    assert re.search(rf"\b{number} ties? to (?:a place|places)", text)


def test_the_timeline_has_every_event_once(shipped: FlaskClient) -> None:
    found = page(shipped, "/timeline")
    query = "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a ?c . ?c rdfs:subClassOf kg:Event }"
    number = _value(shipped, query)
    totals = [row for row in found.rows if row and row[0].strip() in _KINDS]
    assert sum(int(row[-1].split()[0]) for row in totals) == number


def test_a_report_has_as_many_claims_as_the_data(shipped: FlaskClient) -> None:
    for slug in ("coherent-cellular-immunotherapy", "towards-latin-america-cell-gene-therapy"):
        source = f"<https://w3id.org/therascape/source/{slug}>"
        other = f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c a kg:Claim ; dct:source {source} }}"
        places = _value(shipped, _by_claim(source))
        text = page(shipped, f"/source/{slug}").text
        assert f"{_value(shipped, other):,} claims in {places:,} places" in text


def test_figures_of_a_market_are_as_printed(shipped: FlaskClient) -> None:
    found = page(shipped, "/markets/global-cellular-immunotherapy-market")
    query = """SELECT ?fact ?printed { ?fact a kg:MarketFigure ; kg:valueAsPrinted ?printed ;
        kg:market <https://w3id.org/therascape/id/market/global-cellular-immunotherapy-market>
        FILTER NOT EXISTS { ?fact kg:segment ?s } }"""
    answer = read(shipped, "/sparql", query_string={"query": query, "format": "json"})
    rows = answer["results"]["bindings"]
    assert len(rows) > 10
    for row in rows:
        path = "/" + row["fact"]["value"].removeprefix("https://w3id.org/therascape/")
        told = [text for to, text in found.links if to == path]
        assert any(row["printed"]["value"] in text for text in told), path


_KINDS = (
    *("Regulatory events", "Launches", "Deals", "Clinical results", "Initiatives", "Milestones"),
)


def _cells(visitor: FlaskClient) -> list[tuple[str, int]]:
    text = visitor.get("/landscape", headers=BROWSER).text.partition("<tfoot>")[0]
    found = re.findall(r'<td class="level[^>]*><a href="([^"]+)"[^>]*>\s*([0-9]+)', text)
    return [(unescape(address), int(number)) for address, number in found]


def _value(visitor: FlaskClient, query: str) -> int:
    answer = read(visitor, "/sparql", query_string={"query": query, "format": "json"})
    return int(answer["results"]["bindings"][0]["n"]["value"])


def _by_claim(source: str) -> str:
    return f"""SELECT (COUNT(DISTINCT ?m) AS ?n) {{ ?c a kg:Claim ; dct:source {source} ;
        kg:mention ?m }}"""
