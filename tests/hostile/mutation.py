"""Queries that are nearly right, and bytes that are no query: made by seeded chance."""

import random
import re
import string
from functools import cache
from typing import NamedTuple

from tests.hostile.corpus import QUERIES
from tests.hostile.server import ROOT

SUITES = ROOT.parent / "shared" / "w3c" / "sparql"  # used where it is beside the checkout

_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+|[\w-]*:[\w.-]*|\w+|\s+|."""
)
_WORDS = r"""
    SELECT ASK CONSTRUCT DESCRIBE WHERE { } ( ) . ; , * / | ^ ! = != < > && || + - DISTINCT REDUCED
    OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES EXISTS NOT IN AS GROUP BY HAVING ORDER LIMIT
    OFFSET FROM NAMED SERVICE SILENT LOAD INSERT DATA DELETE DROP COUNT(*) SUM(?a) REGEX STR LANG
    BOUND IF COALESCE NOW() RAND() UUID() a true 1 -1 1.5 1e999 99999999999999999999 '' "x"@en
    'x'^^xsd:integer _:b [] () <> <urn:x> <../x> kg: rdfs:label undefined:x ?x $x << >> UNDEF
    PREFIX BASE # \ \u0041 \uD800 @ ^^ é 🧬
""".split()
_SAME_KIND = (
    re.compile(r"[?$]\w+"),
    re.compile(r"<[^>]+>|[a-z]\w*:\w+"),
    re.compile(r"\d+"),
    re.compile(r"\"[^\"]*\"|'[^']*'"),
)


@cache
def seeds() -> tuple[str, ...]:
    """The questions, the attacks that are files, and the W3C's queries where they are."""
    files = [*(ROOT / "graph" / "questions").glob("*.rq"), *QUERIES.glob("*.rq")]
    files += SUITES.rglob("*.rq") if SUITES.is_dir() else ()
    texts = (path.read_bytes().decode("utf-8", "replace") for path in sorted(files))
    return tuple(text for text in texts if len(text) < 20_000)


@cache
def _pieces(kind: int) -> tuple[str, ...]:
    """Tokens of one kind, from all seeds."""
    found = {
        token
        for text in seeds()
        for token in _TOKEN.findall(text)
        if _SAME_KIND[kind].fullmatch(token)
    }
    return tuple(sorted(found))


def mutated(chance: random.Random) -> bytes:
    """Return a query with up to four changes: of tokens, mostly, or of bytes."""
    tokens = _TOKEN.findall(chance.choice(seeds()))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        _change(chance, tokens)
    data = "".join(tokens).encode("utf-8", "surrogatepass")
    if chance.random() < 0.08:
        data = _scratched(chance, data)
    return data


def _change(chance: random.Random, tokens: list[str]) -> None:
    if not tokens:
        return
    place = chance.randrange(len(tokens))
    what = chance.random()
    if what < 0.7:
        _exchange(chance, tokens, place)
    elif what < 0.77:
        del tokens[place]
    elif what < 0.84:
        tokens.insert(place, tokens[place])
    elif what < 0.9:
        other = chance.randrange(len(tokens))
        tokens[place], tokens[other] = tokens[other], tokens[place]
    elif what < 0.97:
        tokens.insert(place, f" {chance.choice(_WORDS)} ")
    else:
        del tokens[place : place + chance.randrange(20)]


def _exchange(chance: random.Random, tokens: list[str], place: int) -> None:
    """Put another token of the same kind into the place, or after it where there is one."""
    for index in (*range(place, len(tokens)), *range(place)):
        for kind, pattern in enumerate(_SAME_KIND):
            if pattern.fullmatch(tokens[index]):
                tokens[index] = chance.choice(_pieces(kind))
                return


def _scratched(chance: random.Random, data: bytes) -> bytes:
    """Change a few bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed) + 1)
        changed[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
    return bytes(changed)


class Noise(NamedTuple):
    """A request that is HTTP, and little else."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW", "query")
_PATHS = (
    *("/sparql", "/sparql", "/sparql", "/sparql/", "/store", "/store/x", "/store/%2F", "/queries"),
    *(
        "/queries/x",
        "/",
        "/health",
        "/problems",
        "/nothing",
        "//sparql",
        "/sparql/../store",
        "/%00",
    ),
)
_TYPES = (
    *("application/sparql-query", "application/sparql-update", "text/turtle", "application/trig"),
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/mixed"),
    *("application/json", "text/plain; charset=utf-16", "application/sparql-query; charset=x"),
    *("application/ld+json", "application/n-quads", "application/rdf+xml", "*/*", "", ";;="),
)
_NAMES = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Encoding"),
    *("If-None-Match", "If-Match", "Range", "Query-Id", "Origin", "Referer", "Cookie"),
    *("X-Forwarded-For", "X-HTTP-Method-Override", "Cache-Control", "Accept-Charset", "Forwarded"),
    *("Access-Control-Request-Method", "Slug", "Prefer", "If-Modified-Since", "TE"),
)
_PARAMETERS = (
    *("query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "graph"),
    *("default", "format", "timeout", "x"),
)
# All that may stand in a header (RFC 9110, 5.5).
_HEADER = string.printable.strip() + " \t" + "".join(map(chr, range(0x80, 0x100)))


def noise(chance: random.Random) -> Noise:
    """Return a request with a method, an address, headers and a body of chance.

    Nothing in it asks for a page, so that a problem is a document for programs.
    """
    method = chance.choice(_METHODS)
    target = chance.choice(_PATHS)
    if chance.random() < 0.6:
        target += "?" + "&".join(_parameter(chance) for _ in range(chance.randint(1, 3)))
    headers = {"Accept": chance.choice(("*/*", "application/json", "q=;,/", "text/turtle;q=2"))}
    for _ in range(chance.randrange(4)):
        headers[chance.choice(_NAMES)] = _header(chance)
    if "html" in headers["Accept"].lower():
        del headers["Accept"]
    body = None
    if method not in ("GET", "HEAD", "OPTIONS", "TRACE") or chance.random() < 0.1:
        body = _body(chance)
        headers["Content-Type"] = chance.choice(_TYPES)
    return Noise(method, target, headers, body)


def _parameter(chance: random.Random) -> str:
    name = chance.choice(_PARAMETERS)
    value = chance.choice(
        ("ASK%7B%7D", "1", "-1", "nan", "1e9", "http%3A%2F%2Fx", "%FF%FE", "%", "%zz", "")
    )
    if chance.random() < 0.2:
        value = "".join(f"%{byte:02X}" for byte in chance.randbytes(chance.randrange(30)))
    return f"{name}={value}" if chance.random() < 0.9 else name


def _header(chance: random.Random) -> str:
    length = chance.choice((0, 1, 5, 20, 100))
    known = ("*", "gzip", "br;q=0", "Bearer x", 'W/"x"', "bytes=0-1", "identity;q=0, *;q=0")
    if chance.random() < 0.4:
        return chance.choice(known)
    return "".join(chance.choices(_HEADER, k=length)).strip()


def _body(chance: random.Random) -> bytes:
    kind = chance.random()
    if kind < 0.3:
        return mutated(chance)
    if kind < 0.5:
        return b"&".join(_parameter(chance).encode() for _ in range(chance.randrange(4)))
    return chance.randbytes(chance.choice((0, 1, 10, 100, 1000, 100_000)))


def garbage(chance: random.Random) -> bytes:
    """Return bytes that need not be HTTP at all."""
    head = chance.choice(
        (b"", b"GET ", b"GET / HTTP/1.1\r\n", b"POST /sparql HTTP/1.1\r\nHost: x\r\n")
    )
    length = chance.choice((b"", b"Content-Length: -1\r\n", b"Content-Length: 9\r\n" * 2))
    chunked = chance.choice((b"", b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n"))
    return head + length + chunked + chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n"
