"""Results as complete bytes. A graph has each triple once, in the order of its N-Triples lines.

Ordering costs about three microseconds a triple and holds the graph in memory as text; there is no
size beyond which it is left out. Blank nodes are named b0, b1 … in the order in which the engine
finds them, since it invents names at random.
"""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO

from pyoxigraph import QueryResultsFormat, RdfFormat, parse, serialize

from graph.query.errors import NotExpressible
from graph.query.formats import BINDINGS, GRAPHS
from graph.query.rdfxml import NoElementName, write_rdf_xml

_NOT_XML = re.compile(rb"[\x00-\x08\x0B\x0C\x0E-\x1F]|\xEF\xBF[\xBE\xBF]")
_RDF_12 = re.compile(rb'^[^ ]+ [^ ]+ <<\(|"@[A-Za-z0-9-]+--(?:ltr|rtl) \.$')


def write_bindings(body: bytes, media_type: str) -> bytes:
    """Return the result of SELECT or ASK as the engine writes it in that media type.

    Raises NotExpressible if XML cannot hold it.
    """
    if BINDINGS[media_type] == QueryResultsFormat.XML:
        return _checked_xml(body, "bindings", [t for t in BINDINGS if "xml" not in t])
    return body


def write_graph(text: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the result of CONSTRUCT or DESCRIBE, given as N-Triples in any order.

    Of the prefixes, those that can be used are. Raises NotExpressible for what RDF 1.1 or the
    format cannot hold.
    """
    lines = [*dict.fromkeys(text.splitlines(keepends=True))]
    return write_lines(lines, media_type, prefixes, BytesIO())


def write_lines(
    lines: list[bytes], media_type: str, prefixes: Mapping[str, str], output: BytesIO
) -> bytes:
    """As `write_graph`, given its lines, each once. What is no N-Triples is written to `output`,
    which is to be empty. Raises what that does, too.
    """
    _check_rdf_11(lines)
    if any(b"_:" in line for line in lines):
        lines = _named(lines)
    ordered = b"".join(sorted(lines))
    del lines
    format_ = GRAPHS[media_type]
    if format_ in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        return ordered
    used = {
        name: namespace
        for name, namespace in sorted(prefixes.items())
        if b"<" + namespace.encode() in ordered
    }
    if format_ == RdfFormat.RDF_XML:
        return _rdf_xml(ordered, used, output)
    triples = parse(ordered, format=RdfFormat.N_TRIPLES)
    serialize(triples, output, format=format_, prefixes=used)
    return output.getvalue()


def _named(lines: Iterable[bytes]) -> list[bytes]:
    names: dict[bytes, bytes] = {}

    def named(term: bytes) -> bytes:
        return names.setdefault(term, b"_:b%d" % len(names)) if term.startswith(b"_:") else term

    parts = (line.split(b" ", 2) for line in lines)
    return [
        b"%b %b %b .\n" % (named(subject), predicate, named(rest.removesuffix(b" .\n")))
        for subject, predicate, rest in parts
    ]


def _check_rdf_11(lines: Iterable[bytes]) -> None:
    some = (line for line in lines if b" <<(" in line or b"--" in line)
    if any(_RDF_12.search(line) for line in some):
        raise NotExpressible(
            "graph",
            (),
            "a triple term or a base direction is RDF 1.2, which the formats for graphs do not "
            "hold yet; ask for it with SELECT",
        )


def _rdf_xml(ordered: bytes, prefixes: Mapping[str, str], output: BytesIO) -> bytes:
    others = tuple(t for t in GRAPHS if "xml" not in t)
    try:
        for part in write_rdf_xml(ordered, prefixes):  # noqa: FURB122 - that goes past a bound
            output.write(part)
    except NoElementName as error:
        reason = f"RDF/XML cannot write the property <{error}>: it does not end in a name of XML"
        raise NotExpressible("graph", others, reason) from None
    return _checked_xml(output.getvalue(), "graph", others)


def _checked_xml(body: bytes, form: str, others: Iterable[str]) -> bytes:
    if found := _NOT_XML.search(body):
        code = ord(found[0].decode())
        raise NotExpressible(form, tuple(others), f"XML cannot write the character U+{code:04X}")
    # The engine writes some carriage returns as they are; readers of XML take them for line feeds.
    return body.replace(b"\r", b"&#13;")
