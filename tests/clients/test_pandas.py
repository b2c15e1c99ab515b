"""pandas reads answers straight from their address."""

import csv
import urllib.request
from urllib.parse import urlencode

import pytest

pandas = pytest.importorskip("pandas")

FIGURES = "SELECT ?s ?label ?value { ?s kg:value ?value ; rdfs:label ?label } ORDER BY ?value"

pytestmark = pytest.mark.timeout(60)


def address(endpoint: str, **more: str) -> str:
    return f"{endpoint}?{urlencode({'query': FIGURES, **more})}"


def test_a_table_by_the_name_of_its_format(endpoint: str) -> None:
    table = pandas.read_csv(address(endpoint, format="csv"))
    assert list(table.columns) == ["s", "label", "value"]
    assert table["value"].tolist() == [7 * number for number in range(30)]
    assert table["label"][3] == "Marktgröße 3"


def test_a_table_by_negotiation(endpoint: str) -> None:
    table = pandas.read_csv(address(endpoint), storage_options={"Accept": "text/csv"})
    assert len(table) == 30


def test_a_compressed_table(endpoint: str) -> None:
    asked = {"Accept": "text/csv", "Accept-Encoding": "gzip"}
    assert len(pandas.read_csv(address(endpoint), storage_options=asked)) == 30


def test_tabs(endpoint: str) -> None:
    table = pandas.read_table(address(endpoint, format="tsv"), quoting=csv.QUOTE_NONE)
    assert list(table.columns) == ["?s", "?label", "?value"]
    assert table["?label"][3] == '"Marktgröße 3"@de'


def test_json(endpoint: str) -> None:
    found = pandas.read_json(address(endpoint, format="json"), typ="series")
    rows = pandas.json_normalize(found["results"]["bindings"])
    assert rows["value.value"].astype(int).sum() == 7 * sum(range(30))
    assert set(rows["label.xml:lang"]) == {"de"}


def test_an_answer_that_was_sent_for_by_post(endpoint: str) -> None:
    request = urllib.request.Request(
        endpoint, urlencode({"query": FIGURES}).encode(), {"Accept": "text/csv"}
    )
    with urllib.request.urlopen(request) as response:
        assert len(pandas.read_csv(response)) == 30
