"""Answers from memory: the same bytes, for the same request, as long as they are true."""

import time

import pytest

from service.front.cache import Cache, entry_of, is_known, key_of, may_keep
from service.front.replies import Reply
from tests.service.front.conftest import Answer, Toy, answer


def unseen(answer: Answer) -> bytes:
    """How often the application had been called when it made this answer."""
    return answer.body.split()[2]


def test_a_repeated_request_is_answered_from_memory(toy: Toy) -> None:
    first = toy.ask("/kept/100?one", Accept="a/b")
    again = toy.ask("/kept/100?one", Accept="a/b")
    assert first.body == again.body
    varying = {"Date", "Query-Id"}
    kept = {k.lower(): v for k, v in first.headers.items() if k.title() not in varying}
    assert kept == {k.lower(): v for k, v in again.headers.items() if k.title() not in varying}
    assert again["Content-Length"] == str(len(again.body))
    assert again["Query-Id"] is None


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/kept/1?TWO"},
        {"path": "/kept/%31?two"},
        {"Accept": "c/d"},
        {"Accept_Encoding": "br"},
        {"Host": "else.where"},
        {"method": "POST"},
        {"method": "POST", "body": b"a"},
        {"method": "POST", "body": b"b"},
        {"method": "POST", "body": b"b", "Content_Type": "x/y"},
        {"Authorization": "Bearer a"},
        {"Range": "bytes=0-1"},
    ],
)
def test_what_decides_the_answer_decides_what_is_repeated(toy: Toy, other: dict[str, str]) -> None:
    usual = {"path": "/kept/1?two", "Accept": "a/b", "Accept_Encoding": "gzip"}
    assert unseen(toy.ask(**usual)) == unseen(toy.ask(**usual))  # type: ignore[arg-type]
    assert unseen(toy.ask(**usual)) != unseen(toy.ask(**(usual | other)))  # type: ignore[arg-type]


def test_two_headers_of_one_name_are_not_looked_up(toy: Toy) -> None:
    request = b"GET /kept/?dup HTTP/1.1\r\nHost: x\r\nAccept: a/b\r\nAccept: %s\r\n\r\n"
    assert unseen(toy.raw(request % b"c/d")) != unseen(toy.raw(request % b"c/d"))


def test_an_authorized_answer_is_not_kept_for_others(toy: Toy) -> None:
    first = toy.ask("/kept/?auth", Authorization="Bearer a")
    assert unseen(first) != unseen(toy.ask("/kept/?auth"))
    assert unseen(first) != unseen(toy.ask("/kept/?auth", Authorization="Bearer a"))


def test_the_same_post_is_answered_from_memory(toy: Toy) -> None:
    first = toy.ask("/kept/?post", "POST", b"query", Query_Id="mine")
    again = toy.ask("/kept/?post", "POST", b"query", Query_Id="yours")
    assert (first.body, first["Query-Id"]) == (again.body, "mine")
    assert again["Query-Id"] == "yours"
    assert ["/kept/", 200, len(first.body)] in [event[1] for event in toy.events("again")]


def test_a_post_has_no_304(toy: Toy) -> None:
    toy.ask("/kept/?post-etag", "POST", b"query")
    assert toy.ask("/kept/?post-etag", "POST", b"query", If_None_Match="*").status == 200


def test_a_body_that_comes_in_pieces_is_whole(toy: Toy) -> None:
    head = b"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n"
    for pieces in ([b"abc", b"def"], [b"", b"abcdef"]):
        with toy.connect() as sock:
            sock.sendall(head + pieces[0])
            time.sleep(0.1)
            sock.sendall(pieces[1])
            assert answer(sock)["X-Size"] == "6"


def test_a_query_id_is_that_of_the_request(toy: Toy) -> None:
    assert toy.ask("/kept/?id", Query_Id="mine")["Query-Id"] == "mine"
    assert toy.ask("/kept/?id", Query_Id="yours")["Query-Id"] == "yours"
    assert toy.ask("/kept/?id")["Query-Id"] is None


def test_head_is_answered_from_what_get_left(toy: Toy) -> None:
    got = toy.ask("/kept/50?head")
    head = toy.ask("/kept/50?head", "HEAD")
    assert head.body == b""
    assert head["ETag"] == got["ETag"]
    assert head["Content-Length"] == got["Content-Length"]
    toy.ask("/kept/50?other", "HEAD")
    assert toy.ask("/kept/50?other").body != b""


def test_who_has_it_already_gets_a_304(toy: Toy) -> None:
    first = toy.ask("/kept/?etag", If_None_Match='"none"')
    tag = str(first["ETag"])
    for condition in (tag, f'"x", W/{tag}', "*"):
        again = toy.ask("/kept/?etag", If_None_Match=condition)
        assert (again.status, again.body) == (304, b"")
        assert (again["ETag"], again["Vary"]) == (tag, first["Vary"])
        assert again["Content-Type"] is None
    assert toy.ask("/kept/?etag", If_None_Match='"x"').status == 200
    # The same without anything in memory.
    assert toy.ask("/kept/?fresh", If_None_Match="*").status == 304


def test_a_write_makes_all_of_it_forgotten(toy: Toy) -> None:
    first = toy.ask("/kept/?write")
    toy.ask("/write", "POST")
    again = toy.ask("/kept/?write")
    assert first.body.split()[1] != again.body.split()[1]


def test_what_varies_by_more_than_the_key_is_not_kept(toy: Toy) -> None:
    assert toy.ask("/varied").body != toy.ask("/varied").body


def reply(size: int, *headers: tuple[bytes, bytes]) -> Reply:
    return Reply(200, list(headers), b"x" * size)


def test_memory_is_bounded_and_the_oldest_leaves_first() -> None:
    cache = Cache(100_000)
    for number in range(50):
        assert cache.get("now", ("first",)) is None or number
        cache.put("now", (b"%d" % number,), entry_of(reply(8_000), lambda *_: None))
        if number == 5:
            assert cache.get("now", (b"0",)) is not None
        assert cache.held <= cache.limit
    assert len(cache) == 9
    assert cache.get("now", (b"49",)) is not None
    assert cache.get("now", (b"0",)) is None
    assert not cache.has_room(100_000 // 8)
    cache.put("before", ("late",), entry_of(reply(1), lambda *_: None))
    assert cache.get("now", ("late",)) is None
    assert cache.get("next", (b"49",)) is None
    assert (len(cache), cache.held) == (0, 0)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (reply(1), True),
        (reply(1, (b"vary", b"Accept, Accept-Encoding")), True),
        (reply(1, (b"vary", b"Accept"), (b"vary", b"Cookie")), False),
        (reply(1, (b"vary", b"*")), False),
        (reply(1, (b"set-cookie", b"a=b")), False),
        (reply(1, (b"cache-control", b"no-store")), False),
        (Reply(404, [], b""), False),
        (Reply(206, [], b""), False),
    ],
)
def test_what_may_be_kept(found: Reply, kept: bool) -> None:
    assert may_keep(found, "GET") is kept
    assert not may_keep(found, "HEAD")


def test_a_tag_within_another_is_not_that_tag() -> None:
    assert is_known(b'"abc"', b'"x", "abc"')
    assert not is_known(b'"abc"', b'"xabc"')
    assert not is_known(b"", b"*")


def test_keys_of_a_body_and_of_none_differ() -> None:
    scope = {"scheme": "http", "raw_path": b"/", "query_string": b"", "headers": []}
    assert key_of(scope, {}) != key_of(scope, {}, b"")
