"""What a database is answered that asks who we are."""

from urllib.request import AbstractDigestAuthHandler

import pytest

from graph.remote import Credentials
from graph.remote.authorization import answer_to

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
