"""Codings, validators and conditions, as RFC 9110 has them; OPTIONS, preflight, caching."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service.representation import (
    CODINGS,
    Representation,
    choose_coding,
    encode,
    etag,
    expects,
    has_already,
    represent,
)

LONG = b"abc " * 1000
PAGES = ("/", "/sparql", "/examples", "/problems", "/docs/service", "/description")
QUERY = "/sparql?query=SELECT+*+{+?s+?p+?o+}"


def decode(sent: Representation) -> bytes:
    decoded = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    return bytes(decoded[sent.coding](sent.body))


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("*;q=0.5, gzip", "gzip"),
        ("identity", None),
        ("identity;q=0", None),  # nothing else is named: better this than nothing
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0, *", "br"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate", None),
        ("gzip;q=2", None),
        ("gzip ; q=0.3 ,, br ; q=0.2", "gzip"),
        ("gzip;level=9", None),
        ("\x00gzip", None),
    ],
)
def test_which_coding(header: str | None, coding: str | None) -> None:
    assert choose_coding(header) == coding


@given(st.text(max_size=200))
def test_any_header_leads_to_a_coding_that_is_offered(header: str) -> None:
    assert choose_coding(header) in (None, *CODINGS)


WEIGHTS = st.integers(0, 1000).map(lambda n: n / 1000)


@given(st.dictionaries(st.sampled_from(["br", "gzip", "identity", "*", "zstd"]), WEIGHTS))
def test_what_is_chosen_is_accepted_and_nothing_weighs_more(weights: dict[str, float]) -> None:
    header = ", ".join(f"{name};q={weight:.3f}" for name, weight in weights.items())
    chosen = choose_coding(header)
    rest = weights.get("*", 0.0)
    offered = {coding: weights.get(coding, rest) for coding in CODINGS}
    plain = weights.get("identity", rest)
    if chosen is None:
        assert plain >= max(offered.values())
    else:
        assert offered[chosen] > 0
        assert offered[chosen] == max(plain, *offered.values())


@given(st.binary(max_size=3000), st.sampled_from([None, "gzip", "br", "br;q=0.1, gzip"]))
def test_what_is_sent_is_what_was_meant(body: bytes, header: str | None) -> None:
    sent = represent(body, "text/csv", header)
    assert decode(sent) == body
    assert represent(body, "text/csv", header).etag == sent.etag == etag(sent.body)


def test_each_coding_has_a_tag_of_its_own_that_stays_the_same() -> None:
    tags = {etag(LONG), *(etag(encode(LONG, coding)) for coding in CODINGS)}
    assert len(tags) == 3
    assert tags == {etag(LONG), *(etag(encode(LONG, coding)) for coding in CODINGS)}


@pytest.mark.parametrize(
    ("media_type", "size", "coded"),
    [
        ("text/html", 4000, True),
        ("application/sparql-results+json", 4000, True),
        ("application/sparql-results+xml", 4000, True),
        ("application/n-triples", 4000, True),
        ("image/svg+xml", 4000, True),
        ("text/html", 1000, False),
        ("application/octet-stream", 4000, False),
        ("image/png", 4000, False),
        ("", 4000, False),
    ],
)
def test_what_is_worth_a_coding(media_type: str, size: int, coded: bool) -> None:
    assert (represent(b"x" * size, media_type, "gzip").coding == "gzip") is coded


@pytest.mark.parametrize(
    ("header", "weak", "strong"),
    [
        ('"a"', True, True),
        ('W/"a"', True, False),
        ("*", True, True),
        ('"b"', False, False),
        ('"b", "a"', True, True),
        ('"b" , W/"a",', True, False),
        ('"b,a"', False, False),
        ("a", False, False),
        ('"a', False, False),
        ("", False, False),
        ('w/"a"', False, False),
    ],
)
def test_tags_in_conditions(header: str, weak: bool, strong: bool) -> None:
    assert has_already(header, '"a"') is weak
    assert expects(header, '"a"') is strong


@given(st.text(max_size=200))
def test_any_condition_is_read(header: str) -> None:
    assert has_already(header, '"a"') >= expects(header, '"a"')


@given(st.lists(st.tuples(st.booleans(), st.text("!#abc,/W*", max_size=5)), min_size=1))
def test_a_tag_in_a_list_is_found(tags: list[tuple[bool, str]]) -> None:
    header = ", ".join(f'{"W/" if weak else ""}"{tag}"' for weak, tag in tags)
    for weak, tag in tags:
        assert has_already(header, f'"{tag}"')
        assert expects(header, f'"{tag}"') or weak


@pytest.mark.parametrize("path", [*PAGES, QUERY, "/static/favicon.svg"])
@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_answers_are_coded_and_asked_about_again(
    client: FlaskClient, path: str, coding: str | None
) -> None:
    accepted = {"Accept-Encoding": coding} if coding else {}
    headers = {"Accept": "application/sparql-results+json"} if path == QUERY else {}
    headers |= accepted
    first = client.get(path, headers=headers)
    assert first.status_code == 200
    if len(client.get(path, headers=headers | {"Accept-Encoding": "identity"}).data) >= 1024:
        assert first.headers.get("Content-Encoding") == coding
    assert first.content_length == len(first.data)
    assert first.headers["ETag"] == etag(first.data)
    assert "Accept-Encoding" in first.headers["Vary"]
    head = client.head(path, headers=headers)
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Encoding", "Vary"):
        assert head.headers.get(name) == first.headers.get(name)
    for method in ("GET", "HEAD"):
        condition = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
        again = client.open(path, method=method, headers=headers | condition)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert "Content-Type" not in again.headers
        assert "Content-Length" not in again.headers
    condition = {"If-None-Match": '"other"'}
    assert client.get(path, headers=headers | condition).status_code == 200


def test_answers_to_posts_and_problems_have_no_tag(client: FlaskClient) -> None:
    posted = client.post("/sparql", data={"query": "ASK {}"}, headers={"If-None-Match": "*"})
    assert posted.status_code == 200
    assert "ETag" not in posted.headers
    missing = client.get("/nope", headers={"If-None-Match": "*"})
    assert missing.status_code == 404
    assert "ETag" not in missing.headers
    assert missing.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        ("/sparql/", "GET, HEAD, OPTIONS, POST"),
        ("/store", "DELETE, GET, HEAD, OPTIONS, POST, PUT"),
        ("/store/any/thing", "DELETE, GET, HEAD, OPTIONS, POST, PUT"),
        ("/queries", "GET, HEAD, OPTIONS"),
        ("/queries/x", "DELETE, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_options(client: FlaskClient, path: str, methods: str) -> None:
    response = client.options(path)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Allow"] == methods
    assert "Access-Control-Allow-Methods" not in response.headers
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "PUT"}
    preflight = client.options(path, headers=asked)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Methods"] == methods
    allowed = preflight.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"Authorization", "Content-Type", "Query-Id", "If-Match", "If-None-Match"} <= {*allowed}


def test_options_says_which_bodies_are_read(client: FlaskClient) -> None:
    assert "application/sparql-update" in client.options("/sparql").headers["Accept-Post"]
    assert "text/turtle" in client.options("/store").headers["Accept-Post"]
    assert client.options("/nope").status_code == 404


def test_scripts_of_other_origins_may_read_our_headers(client: FlaskClient) -> None:
    exposed = client.get("/sparql?query=ASK{}").headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Location", "Query-Id", "Retry-After", "Therascape-Release"} <= {
        *exposed
    }


def test_answers_link_to_what_the_service_is(client: FlaskClient) -> None:
    for path in ("/", "/sparql?query=ASK{}", "/description"):
        link = client.get(path).headers["Link"]
        assert '</description>; rel="service-desc"; type="text/turtle"' in link
        assert '</docs/service>; rel="service-doc"' in link
        assert '</health>; rel="status"' in link
