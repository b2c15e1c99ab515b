"""What is around every page: the header fills itself, the footnote says what a page rests on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.pages import frame
from service.pages.frame import Footnote, newest_report, places

BROWSER = {"Accept": "text/html"}


def test_the_header_has_only_pages_that_there_are(app: Flask) -> None:
    with app.test_request_context("/sparql"):
        found = places()
        assert {"Query", "Data"} <= {place.text for place in found}
        assert [place.text for place in found if place.current] == ["Query"]
        for place in found:
            assert app.test_client().get(place.address, headers=BROWSER).status_code == 200


def test_a_page_that_comes_is_in_the_header(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    known = (*frame._PLACES, ("Problems", ("problems",), "p"), ("Nothing", ("nothing",), "n"))
    monkeypatch.setattr(frame, "_PLACES", known)
    page = app.test_client().get("/problems", headers=BROWSER).text
    assert '<a href="/problems" aria-current="page">Problems</a>' in page
    assert '<a href="/problems" data-key="p">Problems</a>' in page
    assert "Nothing</a>" not in page


def test_no_two_pages_have_one_key() -> None:
    keys = [key for _, _, key in frame._PLACES]
    assert len(set(keys)) == len(keys)
    assert "h" not in keys, "that one leads home"


def test_a_page_below_an_address_is_within_it(app: Flask) -> None:
    with app.test_request_context("/catalog/below"):
        assert [place.text for place in places() if place.current] == ["Data"]
    with app.test_request_context("/catalogue"):
        assert not [place.text for place in places() if place.current]


def test_addresses_follow_where_the_service_is_mounted(app: Flask) -> None:
    with app.test_request_context("/sparql", base_url="http://a.example/under/"):
        (query,) = (place for place in places() if place.text == "Query")
        assert query.address == "/under/sparql"
        assert query.current


def test_the_footnote_says_what_a_page_rests_on(app: Flask) -> None:
    with app.test_request_context("/"):
        assert newest_report() == "2025-08"
        release = app.extensions["therascape"].release.id[:12]
        ending = (f"release {release}", "newest report of 2025-08")
        assert Footnote().parts() == ("2 reports", *ending)
        made = Footnote(reports=1, sections=14, filters=(("Therapy type", "<CAR-T>"),))
        assert made.parts() == ("1 report", "14 sections", "Therapy type: <CAR-T>", *ending)


def test_every_page_ends_in_a_footnote_and_prints_its_address(client: FlaskClient) -> None:
    page = client.get("/problems", headers=BROWSER, base_url="http://a.example/").text
    assert page.count('<p class="footnote">') == 1
    assert '<p class="printed footnote">http://a.example/problems' in page


def test_the_search_is_a_form_that_needs_no_script(client: FlaskClient) -> None:
    page = client.get("/search?q=%22%3E%3Cb%3E", headers=BROWSER).text
    assert '<form class="search" role="search" action="/search" method="get">' in page
    assert 'value="&#34;&gt;&lt;b&gt;"' in page


@pytest.mark.parametrize(
    ("path", "method", "status", "words"),
    [
        ("/id/agent/alpha-bi", "GET", 404, ("Did you mean", "id/agent/alpha-bio", "Search for")),
        ("/nonsense-here", "GET", 404, ("q=nonsense+here", "Begin at the first page")),
        ("/health", "PUT", 405, ("Begin at the first page",)),
    ],
)
def test_problems_help_on(
    client: FlaskClient, path: str, method: str, status: int, words: tuple[str, ...]
) -> None:
    response = client.open(path, method=method, headers=BROWSER)
    assert response.status_code == status
    for word in words:
        assert word in response.text
    assert 'role="search"' in response.text


def test_what_may_pass_is_offered_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no")

    monkeypatch.setitem(app.view_functions, "problems", fail)
    response = app.test_client().get("/problems?a=%3Cb%3E", headers=BROWSER)
    assert response.status_code == 500
    assert 'href="/problems?a=%3Cb%3E">Try the same again</a>' in response.text
