"""What a database may do to a call: be slow, end early, send too much, lead elsewhere."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from graph.query import (
    Cancellation,
    DeadlineExceeded,
    EngineUnavailable,
    QueryCancelled,
    ResultTooLarge,
)
from graph.remote import (
    Address,
    Credentials,
    Database,
    DatabaseUnavailable,
    Layout,
    RemoteError,
)
from graph.remote.database import Asked, InvalidAddress
from graph.remote.wire import Bounds, Message, Wire
from tests.remote.servers import free_port

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BOUNDS = Bounds(5.0, 1000)
#: User, password and challenge of RFC 7616, 3.9.1; what is answered there depends on a cnonce.
CHALLENGE = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: Digest "
    b'realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    b'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    b'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"\r\n\r\n'
)


class Scripted:
    """A server that answers each request with the next reply, or as a function does."""

    def __init__(self, *replies: bytes | Callable[[socket.socket], None]) -> None:
        self.replies = list(replies)
        self.requests: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._answer, args=[connection]))
            self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        received = b""
        while self.replies:
            try:
                part = connection.recv(65536)
            except OSError:
                return
            if not part:
                return
            received += part
            head, found, body = received.partition(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            if not found or len(body) < length:
                continue
            self.requests.append(received)
            received = b""
            reply = self.replies.pop(0)
            try:
                if callable(reply):
                    reply(connection)
                else:
                    connection.sendall(reply)
            except OSError:
                return
        connection.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for connection in self._open:
            connection.close()


@contextmanager
def wire_to(
    *replies: bytes | Callable[[socket.socket], None], credentials: Credentials | None = None
) -> Iterator[tuple[Wire, Scripted]]:
    server = Scripted(*replies)
    wire = Wire(server.origin, credentials or Credentials())
    try:
        yield wire, server
    finally:
        wire.close()
        server.close()


def get(wire: Wire, bounds: Bounds = BOUNDS) -> bytes:
    return wire.call(Message("GET", "/sparql"), bounds).body


def test_connections_are_kept() -> None:
    with wire_to(OK, OK, OK) as (wire, server):
        assert [get(wire), get(wire), get(wire)] == [b"ok"] * 3
        assert server.connections == 1


def test_a_kept_connection_that_died_is_made_anew() -> None:
    def leave(connection: socket.socket) -> None:
        connection.sendall(OK)
        connection.close()

    with wire_to(leave, OK) as (wire, server):
        assert get(wire) == b"ok"
        time.sleep(0.05)
        assert get(wire) == b"ok"
        assert server.connections == 2


def test_nobody_there() -> None:
    wire = Wire(f"http://127.0.0.1:{free_port()}", Credentials())
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        get(wire)


def test_a_deadline_is_that_of_all_addresses_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *one, **more: asked(*one, **more) * 4)
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # nobody takes them, so later ones get no answer
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        time.sleep(0.1)
        wire = Wire(f"http://127.0.0.1:{full.getsockname()[1]}", Credentials())
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            get(wire, Bounds(0.3, 1000))
        assert time.monotonic() - begun < 0.8


def test_a_deadline_ends_a_call_that_says_nothing() -> None:
    with wire_to(lambda _: time.sleep(3)) as (wire, _):
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            get(wire, Bounds(0.3, 1000))
        assert time.monotonic() - begun < 2.5


def test_a_deadline_ends_an_answer_that_comes_by_drops() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.05)

    with wire_to(drip) as (wire, _), pytest.raises(DeadlineExceeded):
        get(wire, Bounds(0.3, 10_000))


def test_a_deadline_ends_a_head_that_comes_by_drops() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(60):
            connection.sendall(f"X-{number}: x\r\n".encode())
            time.sleep(0.05)

    with wire_to(drip) as (wire, _), pytest.raises(DeadlineExceeded):
        get(wire, Bounds(0.3, 10_000))


def test_a_call_that_nobody_waits_for_ends() -> None:
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.cancel).start()
    with wire_to(lambda _: time.sleep(1)) as (wire, _), pytest.raises(QueryCancelled):
        get(wire, Bounds(5.0, 1000, cancellation))


def test_what_was_cancelled_before_is_not_waited_for() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with wire_to(lambda _: time.sleep(3)) as (wire, _), pytest.raises(QueryCancelled):
        get(wire, Bounds(5.0, 1000, cancellation))


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    ],
    ids=["length", "in a chunk", "after a chunk", "no size"],
)
def test_an_answer_that_ends_early_is_none(reply: bytes) -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _), pytest.raises(RemoteError, match="broke its answer off"):
        get(wire)


@pytest.mark.parametrize(
    "reply",
    [b"", b"HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200],
    ids=["nothing", "no status", "not HTTP", "too many headers"],
)
def test_what_is_no_answer(reply: bytes) -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _), pytest.raises(EngineUnavailable, match="does not answer"):
        get(wire)


def test_a_length_that_is_none_is_no_fault_of_ours() -> None:
    def end(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nok")
        connection.shutdown(socket.SHUT_RDWR)

    with wire_to(end) as (wire, _):
        assert get(wire) == b"ok"  # up to the end of the connection


def test_an_answer_that_is_too_large_is_not_read() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    with wire_to(flood) as (wire, _), pytest.raises(ResultTooLarge):
        get(wire, Bounds(5.0, 100_000))


def test_redirects_are_told_and_not_followed() -> None:
    trap = Scripted(OK)
    moved = f"HTTP/1.1 302 Found\r\nLocation: {trap.origin}/\r\nContent-Length: 0\r\n\r\n".encode()
    with wire_to(moved) as (wire, _), pytest.raises(RemoteError, match="redirect"):
        get(wire)
    assert trap.connections == 0
    trap.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RemoteError),
        (401, RemoteError),
        (403, RemoteError),
        (500, RemoteError),
        (503, EngineUnavailable),
        (429, EngineUnavailable),
    ],
)
def test_each_status_is_told(status: int, error: type[Exception]) -> None:
    reply = f"HTTP/1.1 {status} No\r\nContent-Length: 8\r\n\r\nsome why".encode()
    with wire_to(reply) as (wire, _), pytest.raises(error, match=str(status)):
        get(wire)


def test_basic_is_sent_when_it_is_asked_for() -> None:
    challenge = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
    with wire_to(challenge, OK, OK, credentials=Credentials("Aladdin", "open sesame")) as (w, s):
        get(w)
        get(w)
    assert b"authorization" not in s.requests[0].lower()
    for request in s.requests[1:]:
        assert b"Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" in request  # RFC 7617, 2


def test_a_token_is_sent_at_once() -> None:
    with wire_to(OK, credentials=Credentials(token="abc.def")) as (wire, server):
        get(wire)
    assert b"Authorization: Bearer abc.def\r\n" in server.requests[0]


def test_digest_is_that_of_the_standard() -> None:
    from hashlib import md5
    from urllib.request import parse_http_list, parse_keqv_list

    credentials = Credentials("Mufasa", "Circle of Life")
    with wire_to(CHALLENGE, OK, OK, credentials=credentials) as (wire, server):
        assert get(wire) == b"ok"
        assert get(wire) == b"ok"
    counts = []
    for request in server.requests[1:]:
        line = next(
            one for one in request.split(b"\r\n") if one.startswith(b"Authorization: Digest ")
        )
        said = parse_keqv_list(parse_http_list(line.decode().partition("Digest ")[2]))
        # RFC 7616, 3.4.1 to 3.4.3, computed here again.
        one = md5(b"Mufasa:http-auth@example.org:Circle of Life").hexdigest()
        two = md5(b"GET:/sparql").hexdigest()
        middle = f"{said['nonce']}:{said['nc']}:{said['cnonce']}:auth"
        assert said["response"] == md5(f"{one}:{middle}:{two}".encode()).hexdigest()
        assert said["opaque"] == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        assert said["uri"] == "/sparql"
        counts.append(said["nc"])
    assert counts == ["00000001", "00000002"]


def test_a_wrong_password_is_told_and_not_repeated() -> None:
    with (
        wire_to(*[CHALLENGE] * 9, credentials=Credentials("Mufasa", "wrong")) as (wire, server),
        pytest.raises(RemoteError, match="does not let us in"),
    ):
        get(wire)
    assert len(server.requests) <= 3


@pytest.mark.parametrize("status", [b"500 Oops", b"503 Later", b"403 No", b"302 Found"])
def test_what_a_database_says_is_for_the_operator_alone(status: bytes) -> None:
    said = b"NullPointerException \x1b[31m at db.internal:1111 password=hunter2 " + b"x" * 9000
    head = b"HTTP/1.1 " + status + b"\r\nLocation: http://db.internal/%s\r\n" % (b"y" * 9000)
    reply = head + b"Content-Length: %d\r\n\r\n%s" % (len(said), said)
    with (
        wire_to(reply) as (wire, server),
        pytest.raises((RemoteError, DatabaseUnavailable)) as raised,
    ):
        wire.call(Message("POST", "/some/query?access-token=geheim"), Bounds(5.0, 20_000))
    assert f"{server.origin}/some/query" in str(raised.value)
    assert "geheim" not in str(raised.value)
    assert len(str(raised.value)) < 1000
    number = status[:3].decode()
    assert isinstance(raised.value, RemoteError | DatabaseUnavailable)
    assert raised.value.told == f"the database behind this service answers with status {number}"


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


def test_the_password_is_in_no_message() -> None:
    shown = repr(Credentials("user", "geheim", "token"))
    assert "geheim" not in shown
    assert "token" not in shown.replace("token=", "")


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


def test_a_challenge_is_found_whichever_header_has_it() -> None:
    both = (
        b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nWWW-Authenticate: Bearer\r\n'
        b"Content-Length: 0\r\n\r\n"
    )
    with wire_to(both, OK, credentials=Credentials("Aladdin", "open sesame")) as (wire, server):
        assert get(wire) == b"ok"
    assert b"Authorization: Basic " in server.requests[1]
