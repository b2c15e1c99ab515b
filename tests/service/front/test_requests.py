"""What the application gets, and what clients get, for usual and unusual requests."""

import contextlib
import json
from typing import Any

import pytest

from tests.service.front.conftest import Answer, Toy, answer

HOST = b"Host: x\r\n"
END = b"\r\n\r\n"


def echoed(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200
    return dict(json.loads(answer.body))


def test_the_environment_is_that_of_wsgi(toy: Toy) -> None:
    got = echoed(
        toy.ask("/a%2Fb/%C3%A4?q=%C3%A4&r", "POST", b"\xff1", Content_Type="x/y", Query_Id="a.b-1")
    )
    assert got["REQUEST_METHOD"] == "POST"
    assert got["PATH_INFO"] == "/a/b/\xc3\xa4"
    assert got["raw"] == "/a%2Fb/%C3%A4"
    assert got["QUERY_STRING"] == "q=%C3%A4&r"
    assert (got["CONTENT_TYPE"], got["CONTENT_LENGTH"]) == ("x/y", "2")
    assert got["body"] == "\xff1"
    assert got["HTTP_QUERY_ID"] == got["id"] == "a.b-1"
    assert got["REMOTE_ADDR"] == "127.0.0.1"
    assert got["SERVER_PORT"] == str(toy.port)
    assert got["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert got["wsgi.url_scheme"] == "http"


def test_a_query_id_that_cannot_be_used_is_replaced(toy: Toy) -> None:
    assert len(echoed(toy.ask("/", Query_Id="a b"))["id"]) == 32


def test_headers_are_bytes_as_latin_1_and_joined(toy: Toy) -> None:
    got = echoed(
        toy.raw(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: caf\xe9\r\nX-B: 1\r\nX-B: 2\r\nX_B: 3\r\n\r\n")
    )
    assert got["HTTP_X_A"] == "caf\xe9"
    assert got["HTTP_X_B"] == "1, 2"


def test_a_chunked_body_is_a_whole_one_to_the_application(toy: Toy) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    got = echoed(toy.raw(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
    assert (got["body"], got["CONTENT_LENGTH"]) == ("abcde", "5")
    assert "HTTP_TRANSFER_ENCODING" not in got


@pytest.mark.parametrize(
    ("request_", "status", "path"),
    [
        (b"GET //a/../b%00%ff HTTP/1.1\r\n" + HOST, 200, "//a/../b\0\xff"),
        (b"GET /%zz% HTTP/1.1\r\n" + HOST, 200, "/%zz%"),
        (b"GET http://else.where:1/abs?x HTTP/1.1\r\n" + HOST, 200, "/abs"),
        (b"GET / HTTP/1.0", 200, "/"),
        (b"BREW / HTTP/1.1\r\n" + HOST, 200, "/"),
        (b"GET /?\xc3\xa4{} HTTP/1.1\r\n" + HOST, 200, "/"),
        (b"GET * HTTP/1.1\r\n" + HOST, 400, None),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST, 204, None),
        (b"CONNECT a:80 HTTP/1.1\r\n" + HOST, 405, None),
        (b"GET /\xff HTTP/1.1\r\n" + HOST, 400, None),
        (b"GET /a\0b HTTP/1.1\r\n" + HOST, 400, None),
        (b"nonsense", 400, None),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n" + HOST, 400, None),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + HOST, 400, None),
    ],
)
def test_unusual_requests(toy: Toy, request_: bytes, status: int, path: str | None) -> None:
    got = toy.raw(request_.removesuffix(b"\r\n") + END)
    assert got.status == status
    if path is not None:
        assert echoed(got)["PATH_INFO"] == path
    assert toy.ask("/quick/b").body == b"first b"


def test_an_endless_head_is_refused(toy: Toy) -> None:
    # The answer is lost to a client that is still sending.
    with contextlib.suppress(ConnectionResetError):
        got = toy.raw(b"GET /" + b"x" * 500_000 + b" HTTP/1.1\r\n" + HOST + END)
        assert got.status in (414, 431)
    assert toy.ask("/quick/b").body == b"first b"


def test_head_has_the_headers_and_no_body(toy: Toy) -> None:
    with toy.connect() as sock:
        sock.sendall(b"HEAD /kept/30 HTTP/1.1\r\nHost: x\r\n\r\nGET /quick/c HTTP/1.1\r\n")
        sock.sendall(b"Host: x\r\n\r\n")
        assert answer(sock, "HEAD").body == b""
        assert answer(sock).body == b"first c"


def test_http_1_0_closes_and_keep_alive_stays(toy: Toy) -> None:
    with toy.connect() as sock:
        sock.sendall(b"GET /quick/1 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(sock).body == b"first 1"
        sock.sendall(b"GET /quick/2 HTTP/1.0\r\n\r\n")
        assert answer(sock).body == b"first 2"
        assert sock.recv(1) == b""


def test_the_body_is_sent_when_the_client_is_told_to_continue(toy: Toy) -> None:
    head = b"POST /size HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with toy.connect() as sock:
        sock.sendall(head % 5)
        assert sock.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        sock.sendall(b"hello")
        assert answer(sock)["X-Size"] == "5"
    with toy.connect() as sock:
        sock.sendall(head % 30_000)
        assert answer(sock).status == 413  # at once, and without the body
        assert sock.recv(1) == b""


@pytest.mark.parametrize("path", ["/size", "/%73ize", "/storeroom"])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_beyond_the_limit_is_refused(toy: Toy, path: str, chunked: bool) -> None:
    size = 300_000  # so much that a client is still sending when the answer comes
    if chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size)
        head = b"Transfer-Encoding: chunked"
    else:
        head, body = b"Content-Length: %d" % size, b"x" * size
    request = b"POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s" % (path.encode(), head, body)
    got = toy.raw(request)
    assert got.status == 413
    assert got["Content-Type"] == "application/problem+json"
    assert got["Connection"] == "close"
    problem = json.loads(got.body)
    assert problem["type"].endswith("#body-too-large")
    assert "20,000" in problem["detail"]


def test_graphs_may_be_larger(toy: Toy) -> None:
    assert toy.ask("/store", "PUT", b"x" * 3_000_000).status == 200
    assert toy.ask("/%73tore/a", "PUT", b"x" * 3_000_000).status == 200
    assert toy.ask("/store", "PUT", b"x" * 5_000_000).status == 413


def test_people_get_a_page(toy: Toy) -> None:
    got = toy.ask("/", "POST", b"x" * 30_000, Accept="text/html,*/*;q=0.5")
    assert (got.status, got["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert b"<h1>" in got.body


@pytest.mark.parametrize("what", ["raise", "panic", "silent", "split"])
def test_an_application_that_fails_is_a_problem(toy: Toy, what: str) -> None:
    got = toy.ask(f"/{what}")
    assert got.status == 500
    assert json.loads(got.body)["type"].endswith("#internal-error")
    assert "purpose" not in got.body.decode()
    assert "Set-Cookie" not in got.headers


def test_all_ways_of_wsgi_to_answer(toy: Toy) -> None:
    before = len(toy.events("closed"))
    got = toy.ask("/pieces")
    assert got.body == b"first second third"
    assert (got["Content-Length"], got["X-Latin"]) == ("18", "caf\xe9")
    assert len(toy.events("closed")) == before + 1
    assert toy.ask("/write")["Content-Length"] is None  # a 204


def test_the_observer_is_told(toy: Toy) -> None:
    toy.ask("/told?x", "POST", b"x" * 30_000)
    told = [event[1] for event in toy.events("ended") if event[1][1] == "/told"]
    assert [one[0] for one in told] == ["POST"]
    assert told[0][2] == 413
    assert told[0][4].endswith("#body-too-large")
