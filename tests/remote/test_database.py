"""Addresses of a database, and what it may not answer."""

import socket

import pytest

from graph.remote import (
    Address,
    Credentials,
    Database,
    DatabaseUnavailable,
    Layout,
    RemoteError,
)
from graph.remote.database import Asked, InvalidAddress
from graph.remote.wire import Message, Wire
from tests.remote.scripted import BOUNDS, Scripted
from tests.remote.servers import free_port


def test_two_databases_on_one_host_can_be_told_apart() -> None:
    wire = Wire(f"http://127.0.0.1:{(port := free_port())}", Credentials())
    with pytest.raises(DatabaseUnavailable) as raised:
        wire.call(Message("POST", "/here/query?key=geheim"), BOUNDS)
    assert f"http://127.0.0.1:{port}/here/query cannot be reached" in str(raised.value)
    assert "127.0.0.1" not in raised.value.told
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://a/query,http://b/query", "a space between"),
        ("http://a/query,", "a space between"),
        ("http://a,b/query", "a space between"),
        ("http://a/query;http://b|c", "'|'"),
        ("http://a/<query>", "'<'"),
        ('http://a/"query"', "letter that no address has"),
        ("http://a/100%", "'%'"),
        ("http://a/{repository}", "'{'"),
        ("http://x:geheim@a/{repository}", "'{'"),
        ("http://x:geheim@a/query", "must not hold a password"),
    ],
)
def test_what_is_no_address(url: str, said: str) -> None:
    with pytest.raises(InvalidAddress) as raised:
        Address(url)
    assert said in str(raised.value)
    assert "geheim" not in str(raised.value)


def test_commas_and_escapes_are_letters_of_paths() -> None:
    assert Address("http://a/b,c/%20d;e?f=(g),h").query


def test_a_graph_store_that_is_not_there_is_told() -> None:
    gone = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    server = Scripted(gone, gone)
    database = Database(Address(f"{server.origin}/q", None, f"{server.origin}/store"))
    with pytest.raises(RemoteError, match=f"nothing at {server.origin}/store"):
        database.write_graph("urn:g", b"")
    database.drop_graph("urn:g")  # a graph that is not there is no fault
    database.close()
    server.close()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/",
        "x.example/sparql",
        "file:///etc/passwd",
        "http://",
        "http://user:secret@x.example/sparql",
        "http://x.example/ sparql",
        "http://x.example/a\nb",
        "http://x.example:0/",
        "http://x.example:99999/",
        "http://x.example/#here",
        "http://[::1/",
        "",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidAddress) as raised:
        Address(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "body",
    [
        b"not JSON",
        b"[]",
        b'{"head": {}}',
        b'{"head": {"vars": ["x"]}, "results": {}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": 1}}',
        b'{"boolean": true}',
        *(
            b'{"head": {"vars": %s}, "results": {"bindings": %s}}' % (variables, bindings)
            for variables, bindings in [
                (b"[1]", b"[]"),
                (b'"x"', b"[]"),
                (b'["x"]', b"[1]"),
                (b'["x"]', b"[[]]"),
                (b'["x"]', b'[{"x": 1}]'),
                (b'["x"]', b'[{"x": {"type": "uri"}}]'),
                (b'["x"]', b'[{"x": {"type": "uri", "value": 7}}]'),
                (b'["x"]', b'[{"x": {"type": "literal", "value": "a", "datatype": 7}}]'),
            ]
        ),
    ],
)
def test_what_is_no_result_is_told(body: bytes) -> None:
    reply = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    server = Scripted(reply)
    database = Database(Address(f"{server.origin}/sparql"))
    with pytest.raises(RemoteError):
        database.select(Asked("SELECT * {}"))
    database.close()
    server.close()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n"])
def test_a_graph_without_an_end_is_none(head: bytes) -> None:
    """It may have been cut between two lines."""

    def end(connection: socket.socket) -> None:
        connection.sendall(head + b"\r\n<urn:a> <urn:b> <urn:c> .\n")
        connection.shutdown(socket.SHUT_RDWR)

    server = Scripted(end)
    database = Database(Address(f"{server.origin}/sparql"))
    with pytest.raises(RemoteError, match="whether it is whole"):
        database.construct(Asked("CONSTRUCT WHERE { ?s ?p ?o }"), list)
    database.close()
    server.close()


@pytest.mark.parametrize(
    "row",
    [
        "{}",
        '{"n": {"type": "literal", "value": "many"}}',
        '{"n": {"type": "literal", "value": "-1"}}',
        '{"n": {"type": "triple", "value": {}}}',
        '{"n": {"type": "triple"}}',
        '{"m": {"type": "literal", "value": "1"}}',
    ],
)
def test_a_number_that_is_none_is_told(row: str) -> None:
    body = b'{"head": {"vars": ["n"]}, "results": {"bindings": [%b]}}' % row.encode()
    reply = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    server = Scripted(reply, reply)
    database = Database(Address(f"{server.origin}/sparql"))
    with pytest.raises(RemoteError, match="does not count"):
        database.count("urn:a")
    with pytest.raises(RemoteError, match="nothing that we wrote"):
        Layout().held(database)
    database.close()
    server.close()


def test_an_answer_that_was_given_up_is_none() -> None:
    body = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
    reply = b"HTTP/1.1 200 OK\r\nX-SQL-State: S1TAT\r\nContent-Length: %d\r\n\r\n" % len(body)
    server = Scripted(reply + body)
    database = Database(Address(f"{server.origin}/sparql"))
    with pytest.raises(RemoteError, match="gave up"):
        database.select(Asked("SELECT * {}"))
    database.close()
    server.close()
