"""The page of what is called so."""

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}


def test_things_are_found_by_name_and_lead_to_their_pages(client: FlaskClient) -> None:
    page = client.get("/search?q=alpha", headers=BROWSER).text
    assert '<a href="/id/agent/alpha-bio"><bdi>Alpha Bio</bdi></a>' in page
    assert client.get("/id/agent/alpha-bio", headers=BROWSER).status_code == 200


def test_a_misspelt_name_is_found_and_said_to_be_so(client: FlaskClient) -> None:
    page = client.get("/search?q=alpah+bio", headers=BROWSER).text
    assert "<bdi>Alpha Bio</bdi>" in page
    assert "misspelt" in page


def test_nothing_asked_and_nothing_found_are_told_apart(client: FlaskClient) -> None:
    assert "Nothing is asked yet" in client.get("/search", headers=BROWSER).text
    assert "Nothing is asked yet" in client.get("/search?q=+", headers=BROWSER).text
    page = client.get("/search?q=zzzzqqqq%3Cscript%3E", headers=BROWSER).text
    assert "Nothing is called so" in page
    assert "<script>" not in page
    assert "zzzzqqqq&lt;script&gt;" in page


@pytest.mark.parametrize("text", ["x" * 10_000, "\u202e", "🧬", "\"'<>&"])
def test_any_text_may_be_asked_for(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text}, headers=BROWSER)
    assert response.status_code == 200


def test_the_data_are_at_the_same_address(client: FlaskClient) -> None:
    rows = client.get("/search.json?q=alpha").get_json()["rows"]
    assert rows[0]["label"] == "Alpha Bio"
    assert client.get("/search?q=alpha").get_json()["rows"] == rows
    table = client.get("/search.csv?q=alpha")
    assert table.mimetype == "text/csv"
    assert "Alpha Bio" in table.text
