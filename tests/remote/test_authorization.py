"""What a database is answered that asks who we are."""

from urllib.request import AbstractDigestAuthHandler

import pytest

from graph.remote import Credentials, RemoteError
from graph.remote.authorization import answer_to
from tests.remote.scripted import OK, get, wire_to

#: User, password and challenge of RFC 7616, 3.9.1; what is answered there depends on a cnonce.
CHALLENGE = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: Digest "
    b'realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    b'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    b'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"\r\n\r\n'
)
MUFASA = Credentials("Mufasa", "Circle of Life")
#: The example of RFC 7616, 3.9.1, and what it has for each hash.
EXAMPLE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
MD5 = "8ca523f5e9506fed4657c9700eebdbec"
SHA_256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
BASIC = "Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl"


def answered(challenges: str, credentials: Credentials = MUFASA) -> str | None:
    answer = answer_to(challenges, credentials)
    return answer and answer("GET", "/dir/index.html")


@pytest.fixture(autouse=True)
def _known_cnonce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AbstractDigestAuthHandler, "get_cnonce", lambda _, __: CNONCE)


@pytest.mark.parametrize(
    ("challenges", "expected"),
    [
        (EXAMPLE % "MD5", MD5),
        (EXAMPLE % "SHA-256", SHA_256),
        (EXAMPLE % "sha-256", SHA_256),
        (f"{EXAMPLE % 'MD5'}, {EXAMPLE % 'SHA-256'}", SHA_256),
        (f"{EXAMPLE % 'SHA-512-256'}, {EXAMPLE % 'MD5'}", MD5),
        (f'Basic realm="x", {EXAMPLE % "MD5"}', MD5),
        ((EXAMPLE % "MD5").replace("auth, auth-int", "auth-int, auth"), MD5),
        ((EXAMPLE % "MD5").replace("algorithm=MD5", "Algorithm = MD5"), MD5),
    ],
)
def test_digest_is_that_of_the_standard(challenges: str, expected: str) -> None:
    assert f'response="{expected}"' in str(answered(challenges))


@pytest.mark.parametrize(
    "challenges",
    [
        *('Basic realm="x"', "basic", 'Bearer realm="x", Basic realm="y, z"'),
        *('Basic realm="x", Bearer', 'Negotiate, Basic realm="Digest nonce=x", NTLM'),
        f'{EXAMPLE % "SHA-512-256"}, Basic realm="x"',
        f'Basic realm="x", {(EXAMPLE % "MD5").replace("auth, auth-int", "auth-int")}',
        'Digest nonce="without a realm", Basic realm="x"',
    ],
)
def test_basic_is_found_among_others(challenges: str) -> None:
    assert answered(challenges) == BASIC


@pytest.mark.parametrize(
    "challenges",
    [
        "",
        "Bearer",
        ",,,",
        'realm="x"',
        "Digest",
        'Digest realm="x"',
        EXAMPLE % "SHA-1",
        '"',
        "Digest =",
    ],
)
def test_what_cannot_be_met(challenges: str) -> None:
    assert answered(challenges) is None


def test_nobody_is_nobody() -> None:
    assert answered('Basic realm="x"', Credentials("Mufasa", None)) is None


@pytest.mark.parametrize("kind", ["MD5", "SHA-256"])
def test_names_and_passwords_have_all_letters(kind: str) -> None:
    value = answered(EXAMPLE % kind, Credentials("Jäsøn 細胞", "pässwörd"))
    assert value is not None
    assert 'username="Jäsøn 細胞"' in value.encode("latin-1").decode()


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


def test_digest_goes_on_with_each_call() -> None:
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


def test_a_challenge_is_found_whichever_header_has_it() -> None:
    both = (
        b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nWWW-Authenticate: Bearer\r\n'
        b"Content-Length: 0\r\n\r\n"
    )
    with wire_to(both, OK, credentials=Credentials("Aladdin", "open sesame")) as (wire, server):
        assert get(wire) == b"ok"
    assert b"Authorization: Basic " in server.requests[1]
