"""Results as complete bytes. A graph has each triple once, in the order of its N-Triples lines.

Ordering costs about three microseconds a triple and holds the graph in memory as text; there is no
size beyond which it is left out. Blank nodes are named b0, b1 … in the order in which the engine
finds them, since it invents names at random.
"""

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
    serialize,
)

from graph.query.errors import NotExpressible
from graph.query.formats import BINDINGS, GRAPHS

_NOT_XML = re.compile(rb"[\x00-\x08\x0B\x0C\x0E-\x1F]|\xEF\xBF[\xBE\xBF]")
_RDF_12 = re.compile(rb'^[^ ]+ [^ ]+ <<\(|"@[A-Za-z0-9-]+--(?:ltr|rtl) \.$')
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_IN_NAME = re.compile(
    rf"[{_NAME_START}][{_NAME_START}0-9.\u00b7\u0300-\u036f\u203f-\u2040-]*>$"
)
# Prefixes that mean something to RDF/XML itself or to the engine's writer of it.
_RESERVED = re.compile(r"xml|rdf$|its$|oxprefix", re.IGNORECASE)


def write_bindings(results: QuerySolutions | QueryBoolean, media_type: str) -> bytes:
    """Return the result of SELECT or ASK. Raises NotExpressible if XML cannot hold it."""
    format_ = BINDINGS[media_type]
    body = results.serialize(format=format_)
    assert body is not None
    if format_ == QueryResultsFormat.XML and (found := _NOT_XML.search(body)):
        raise _not_in_xml("bindings", found[0], [t for t in BINDINGS if "xml" not in t])
    return body


def write_graph(triples: QueryTriples, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the result of CONSTRUCT or DESCRIBE; of the prefixes, those that can be used.

    Raises NotExpressible for what RDF 1.1 or the format cannot hold.
    """
    text = triples.serialize(format=RdfFormat.N_TRIPLES)
    assert text is not None
    lines = text.splitlines(keepends=True)
    _check_rdf_11(text, lines)
    lines = sorted(set(_named(lines) if b"_:" in text else lines))
    ordered = b"".join(lines)
    format_ = GRAPHS[media_type]
    if format_ in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        return ordered
    used = {
        name: namespace
        for name, namespace in sorted(prefixes.items())
        if b"<" + namespace.encode() in ordered
    }
    if format_ == RdfFormat.RDF_XML:
        return _write_rdf_xml(ordered, lines, used)
    return _write(ordered, format_, used)


def _write(ordered: bytes, format_: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    triples = parse(ordered, format=RdfFormat.N_TRIPLES)
    body = serialize(triples, format=format_, prefixes=dict(prefixes))
    assert body is not None
    return body


def _named(lines: Iterable[bytes]) -> list[bytes]:
    names: dict[bytes, bytes] = {}

    def named(term: bytes) -> bytes:
        return names.setdefault(term, b"_:b%d" % len(names)) if term.startswith(b"_:") else term

    parts = (line.split(b" ", 2) for line in lines)
    return [
        b"%b %b %b .\n" % (named(subject), predicate, named(rest.removesuffix(b" .\n")))
        for subject, predicate, rest in parts
    ]


def _check_rdf_11(text: bytes, lines: Iterable[bytes]) -> None:
    if b" <<(" not in text and b"--" not in text:
        return
    if any(_RDF_12.search(line) for line in lines):
        raise NotExpressible(
            "graph",
            (),
            "a triple term or a base direction is RDF 1.2, which the formats for graphs do not "
            "hold yet; ask for it with SELECT",
        )


def _write_rdf_xml(ordered: bytes, lines: Iterable[bytes], prefixes: Mapping[str, str]) -> bytes:
    others = [t for t in GRAPHS if "xml" not in t]
    for predicate in sorted({line.split(b" ", 2)[1] for line in lines}):
        if not _ENDS_IN_NAME.search(predicate.decode()):
            raise NotExpressible(
                "graph",
                tuple(others),
                f"RDF/XML cannot write the property {predicate.decode()}: it does not end in a "
                f"name of XML",
            )
    kept = {name: iri for name, iri in prefixes.items() if not _RESERVED.match(name)}
    try:
        body = _write(ordered, RdfFormat.RDF_XML, kept)
    except OSError as error:
        raise NotExpressible(
            "graph", tuple(others), f"RDF/XML cannot write this: {error}"
        ) from None
    if found := _NOT_XML.search(body):
        raise _not_in_xml("graph", found[0], others)
    # The engine writes it as it is, and a reader of XML would take it for a line feed.
    return body.replace(b"\r", b"&#13;")


def _not_in_xml(form: str, character: bytes, others: Iterable[str]) -> NotExpressible:
    code = ord(character.decode())
    return NotExpressible(form, tuple(others), f"XML cannot write the character U+{code:04X}")
