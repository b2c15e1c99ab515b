"""The page of a report: the document, how completely it was read, every claim with its place."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app

BROWSER = {"Accept": "text/html"}
COHERENT = "/source/coherent-cellular-immunotherapy"
TOWARDS = "/source/towards-latin-america-cell-gene-therapy"


@pytest.fixture(scope="module")
def whole(landscape_release: Release, landscape_engine: EmbeddedEngine) -> Flask:
    return create_app(landscape_engine, landscape_release)


@pytest.fixture
def visitor(whole: Flask) -> FlaskClient:
    return whole.test_client()


def text_of(visitor: FlaskClient, path: str) -> str:
    response = visitor.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text


def rows(text: str) -> list[str]:
    """The claims of the page, each without its markup."""
    claims = text.partition('id="_claims"')[2].partition('id="_facts"')[0]
    found = re.findall(r'<tr><th scope="row">.*?</tr>', claims, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in found]


def test_the_document_and_how_it_was_read(visitor: FlaskClient) -> None:
    text = text_of(visitor, COHERENT)
    assert "Cellular Immunotherapy Market Size and Share Analysis" in text
    assert "CMI8447" in text
    assert "Read completely for" in text
    assert "not yet recorded" in text
    assert "https://www.coherentmarketinsights.com/industry-reports/" in text
    figures = text_of(visitor, "/source/astute-analytica-cell-and-gene-therapy")
    assert "no class of facts: its silence means" in figures


def test_every_claim_is_there_once_over_all_pages(visitor: FlaskClient) -> None:
    told: list[str] = []
    path: str | None = TOWARDS
    while path is not None:
        text = text_of(visitor, path)
        told += re.findall(r'<tr><th scope="row"><a href="(/id/claim/[^"]+)"', text)
        following = re.search(r'<a class="button quiet" href="([^"]+)" rel="next"', text)
        path = unescape(following[1]) if following else None
    number = re.search(r"in ([\d,]+) places, each with", text_of(visitor, TOWARDS))
    assert number
    assert len(told) == int(number[1].replace(",", "")) > 500
    query = (
        "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?c dct:source "
        "<source/towards-latin-america-cell-gene-therapy> . "
        "?m kg:claim ?c . ?f kg:mention ?m ; a kg:Fact }"
    )
    counted = visitor.get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert counted.split() == ["n", str(len(told))]


def test_claims_stand_in_the_order_of_the_text(visitor: FlaskClient) -> None:
    text = text_of(visitor, COHERENT)
    parts = re.findall(r'<section class="source" id="([a-z0-9-]+)" aria-labelledby', text)
    assert parts[0] == "title"
    assert len(parts) == len(set(parts)) > 1


def test_claims_are_filtered_by_section_kind_and_text(visitor: FlaskClient) -> None:
    section = rows(text_of(visitor, f"{TOWARDS}?section=top-companies"))
    assert section
    assert any(
        row.startswith("Novartis, Top companies 1 1 listing Novartis stated") for row in section
    )
    listings = rows(text_of(visitor, f"{TOWARDS}?section=top-companies&class=Listing"))
    assert listings
    assert all(" listing " in row for row in listings)
    assert len(listings) < len(section)
    found = rows(text_of(visitor, f"{TOWARDS}?text=NOVARTIS"))
    assert found
    assert all("novartis" in row.casefold() for row in found)
    text = text_of(visitor, f"{TOWARDS}?section=top-companies&class=Listing")
    assert "Section: Top Companies · Kind: listing" in text  # the footnote, and paper


def test_each_claim_leads_to_the_publisher_where_the_address_is_known(visitor: FlaskClient) -> None:
    known = text_of(visitor, f"{COHERENT}?class=MarketFigure")
    assert "cellular-immunotherapy-market#:~:text=" in known
    assert ":~:text=" not in text_of(visitor, f"{TOWARDS}?class=MarketShare")
    assert "/report-a-problem?about=" in known


def test_nothing_found_and_nothing_left_are_told_apart(visitor: FlaskClient) -> None:
    assert "No claim fits" in text_of(visitor, f"{TOWARDS}?text=zzzqqq%3Cscript%3E")
    assert "The claims end before this" in text_of(visitor, f"{TOWARDS}?after=999999")


@pytest.mark.parametrize(
    "query",
    [
        *("section=nowhere", "section=%3E%3Cscript", "class=Nothing", "after=-1", "after=x"),
        *("text=" + "x" * 300, "section=a&section=b", "other=1"),
    ],
)
def test_what_cannot_be_wanted_is_refused(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"{TOWARDS}?{query}", headers=BROWSER).status_code == 400


def test_data_take_no_filter(visitor: FlaskClient) -> None:
    assert visitor.get(f"{TOWARDS}.ttl").status_code == 200
    assert visitor.get(f"{TOWARDS}.ttl?section=faq").status_code == 400
