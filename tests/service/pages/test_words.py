"""Words of the trade, on every page and in every table: what each thing is called, and what not."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.service.pages.shipped import BROWSER

PAGES = (
    *("/", "/landscape", "/landscape?cols=m49&rows=group", "/landscape/evidence?player=novartis"),
    *("/explore", "/explore?view=table", "/explore?cols=company,region"),
    *("/compare", "/compare?ids=novartis&ids=pfizer", "/compare?ids=Brazil&ids=Mexico"),
    *("/timeline", "/markets", "/markets/global-cellular-immunotherapy-market"),
    *("/markets/latin-america-cell-and-gene-therapy-market", "/data", "/changes", "/about"),
    *("/search?q=players+active+in+Brazil", "/id/agent/novartis", "/id/therapy/kymriah"),
    *("/id/place/brazil", "/id/concept/car-t-cell-therapy", "/id/segment/cmi8447-car-t"),
    *("/source/coherent-cellular-immunotherapy", "/source/reanin-cellular-immunotherapy"),
)
TABLES = (
    *("/landscape.csv", "/landscape/evidence.csv?player=novartis", "/explore.csv", "/timeline.csv"),
    *("/compare.csv?ids=novartis&ids=pfizer", "/markets.csv", "/search.csv?q=novartis"),
    "/markets/global-cellular-immunotherapy-market.csv",
)
#: What a word stands for, and by which expression it is found. Nobody observes a market, and a
#: value for a past year is an estimate, too; "actual" is at most the word of a publisher.
FORBIDDEN = {
    "observed": r"\bobserved\b",
    "actual": r"\bactual\b",
    "modality": r"\bmodalit(?:y|ies)\b",
    "data source": r"\bdata sources?\b",
    "source document": r"\bsource documents?\b",
    "silence of the sources": r"\bsilence of (?:the|each) sources?\b",
    "regulatory approval event": r"\bapproval events?\b",
    "a name in code": r"\b(?:stated-tie|any-tie|shared_by)\b",
}
#: What is read of the words: reports and publishers have words of their own, which are quoted.
_ASIDE = re.compile(
    r"<(script|style|code|pre|option|q)\b.*?</\1>|<bdi>.*?</bdi>|“[^”]*”", re.DOTALL
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_word_that_is_not_of_the_trade(shipped: FlaskClient, path: str) -> None:
    response = shipped.get(path, headers=BROWSER)
    assert response.status_code == 200
    text = unescape(re.sub(r"<[^>]+>", " ", _ASIDE.sub(" ", response.text)))
    # As a publisher's word, and as a dimension that a report calls so itself.
    quoted = ("called actual", '"actual"', "manufacturing modality")
    told = re.sub("|".join(quoted), "", " ".join(text.split()).casefold())
    for word, expression in FORBIDDEN.items():
        found = re.search(rf".{{0,60}}{expression}.{{0,60}}", told)
        assert found is None, (word, found)


@pytest.mark.parametrize("path", TABLES)
def test_no_table_has_it_in_its_head(shipped: FlaskClient, path: str) -> None:
    response = shipped.get(path)
    assert response.status_code == 200
    head = next(csv.reader(io.StringIO(response.text)))
    for name in head:
        assert not re.search("observ|actual|modalit|^source", name), name


def test_the_words_that_are_asked_for_are_there(shipped: FlaskClient) -> None:
    market = _text(shipped, "/markets/global-cellular-immunotherapy-market")
    for words in ("Published for past years", "Pooled publisher range", "stated by", "Report"):
        assert words in market, words
    landscape = _text(shipped, "/landscape")
    for words in ("Therapy type", "blank: nothing in these 2 reports", "Any stated tie"):
        assert words in landscape, words
    assert "Cell source" in _text(shipped, "/id/technology/echo-nk")
    # An event is called by its own kind, which the report gives, and not by its class.
    assert "Accelerated approval" in _text(shipped, "/timeline")


def _text(visitor: FlaskClient, path: str) -> str:
    page = visitor.get(path, headers=BROWSER)
    assert page.status_code == 200, path
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
