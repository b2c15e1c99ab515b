"""Bytes as they are sent: their coding, their validator, and whether the client has them already.

RFC 9110: sections 8.4 and 12.5.3 (codings), 8.8.3 (ETag), 13.1 (conditions).
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from typing import Literal

import brotli

Coding = Literal["br", "gzip"]

#: Codings that are offered, the preferred first.
CODINGS: tuple[Coding, ...] = ("br", "gzip")
_SHORTEST = 1024  # bytes; below, a coding saves no packet
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
_COMPRESSIBLE = re.compile(
    r"text/.*|.*\+(?:json|xml)|application/(?:json|xml|n-triples|n-quads|trig)"
)
_ALIASES = {"x-gzip": "gzip"}
_ELEMENT = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7E\x80-\xFF]*")')
_TAGS = re.compile(rf"\s*(?:{_TAG.pattern}\s*(?:,\s*)*)+")
_MOST_ELEMENTS = 100


@dataclass(frozen=True, slots=True)
class Representation:
    """Bytes as they go over the wire. `coding` is None for bytes as they are."""

    body: bytes
    coding: Coding | None = None

    @property
    def etag(self) -> str:
        """A strong entity tag, with its quotes: the hash of the very bytes."""
        return etag(self.body)


def represent(body: bytes, media_type: str, accept_encoding: str | None) -> Representation:
    """Return the bytes in the coding that the client likes best, where one is worth the while."""
    worthwhile = len(body) >= _SHORTEST and _COMPRESSIBLE.fullmatch(media_type)
    coding = choose_coding(accept_encoding) if worthwhile else None
    return Representation(body if coding is None else encode(body, coding), coding)


def encode(body: bytes, coding: Coding) -> bytes:
    """Return the bytes in a coding; the same bytes always give the same."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def choose_coding(accept_encoding: str | None) -> Coding | None:
    """Return the coding with the greatest weight; None to send the bytes as they are.

    A coding that is not named is not wanted, while bytes as they are always remain: also for a
    client that refuses them and names no coding that is offered.
    """
    weights = _weights(accept_encoding or "")
    rest = weights.get("*")
    plain = weights.get("identity", 0.0 if rest is None else rest)
    best, chosen = plain, None
    for coding in CODINGS:
        weight = weights.get(coding, rest or 0.0)
        if weight > best or (chosen is None and weight == best > 0):
            best, chosen = weight, coding
    return chosen


def etag(body: bytes) -> str:
    """Return the strong entity tag of bytes, with its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def has_already(if_none_match: str | None, tag: str) -> bool:
    """Whether If-None-Match says that the client has what this tag is of."""
    return if_none_match is not None and _names(if_none_match, tag, weak=True)


def expects(if_match: str, tag: str) -> bool:
    """Whether If-Match names this tag, by the strong comparison."""
    return _names(if_match, tag, weak=False)


def _names(header: str, tag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    if not _TAGS.fullmatch(header):
        return False
    return any(found == tag and (weak or not mark) for mark, found in _TAG.findall(header) if found)


def _weights(header: str) -> dict[str, float]:
    """Weights by coding in small letters; an element that cannot be read is left out."""
    found: dict[str, float] = {}
    for element in header.split(",")[:_MOST_ELEMENTS]:
        if match := _ELEMENT.fullmatch(element):
            name = match[1].lower()
            weight = 1.0 if match[2] is None else float(match[2])
            found[_ALIASES.get(name, name)] = weight
    return found
