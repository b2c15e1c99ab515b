"""Results of a database, in the terms in which the embedded engine gives them.

They are written in the process that answers, while they come: what there is of one in memory is
what was written of it, and a part of what came.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from pyoxigraph import (
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from graph.query import ResultTooLarge
from graph.query.formats import BINDINGS
from graph.query.results import write_bindings
from graph.remote.bounded import Bounded, file_of
from graph.remote.errors import RemoteError
from graph.remote.normal import NormalRows, normal_literal
from graph.remote.rows import RowsAsTheyCome, read_row

_AT_ONCE = 64 * 1024
#: Bytes that a text in a set takes beside its own.
OF_A_LINE = 100


def bindings(
    parts: Iterator[bytes], variables: Sequence[str], media_type: str, longest: int
) -> tuple[bytes, int]:
    """The rows of a result in SPARQL JSON, which comes in parts, in a media type, with these
    variables; and their number. Raises RemoteError, NotExpressible and ResultTooLarge.
    """
    rows = RowsAsTheyCome(parts)
    body = Bounded(longest)
    with _told():
        _solutions(file_of(_document(rows, variables))).serialize(body, format=BINDINGS[media_type])
    if not set(variables) <= set(rows.variables):
        raise RemoteError("the database's answer has other variables than the query")
    return write_bindings(body.getvalue(), media_type), rows.number


def boolean(value: bool, media_type: str) -> bytes:
    """The answer to an ASK in a media type."""
    text = _text({"head": {}, "boolean": value})
    found = parse_query_results(text, format=QueryResultsFormat.JSON)
    body = found.serialize(format=BINDINGS[media_type]) or b""
    return write_bindings(body, media_type)


def iris(parts: Iterator[bytes], most: int) -> tuple[list[str], int]:
    """The IRIs that a result in SPARQL JSON has, each once, and the number of its rows.

    Raises RemoteError, and ResultTooLarge where they take more than `most` bytes.
    """
    rows, found, size = RowsAsTheyCome(parts), dict[str, None](), 0
    for row in rows:
        for term in read_row(row).values():
            if term["type"] == "uri" and (iri := term["value"]) not in found:
                found[iri] = None
                size += len(iri) + OF_A_LINE
                if size > most:
                    raise ResultTooLarge(size, most)
    return [*found], rows.number


def triples_of_rows(parts: Iterator[bytes]) -> Iterator[Triple]:
    """The triples that are the rows of a SELECT of ?s, ?p and ?o. Raises RemoteError."""
    with _told():
        file = file_of(_document(RowsAsTheyCome(parts), ("s", "p", "o")))
        for row in _solutions(file):
            try:
                yield Triple(*row)
            except (TypeError, ValueError):
                raise RemoteError("the database's answer has a row that is no triple") from None


def triples(parts: Iterator[bytes]) -> Iterator[Triple]:
    """The triples of N-Triples, with literals as the embedded engine writes them.

    Raises RemoteError.
    """
    try:
        for found in parse(file_of(parts), format=RdfFormat.N_TRIPLES, lenient=True):
            kept = found.object
            if isinstance(kept, Literal) and (other := normal_literal(kept)) is not kept:
                yield Triple(found.subject, found.predicate, other)
            else:
                yield found.triple
    except (SyntaxError, MemoryError) as error:  # the second one where a line is too long
        raise RemoteError(f"the database's answer is not N-Triples: {error}") from None


def _document(rows: RowsAsTheyCome, variables: Sequence[str]) -> Iterator[bytes]:
    """A result with normal terms, in parts."""
    normal = NormalRows()
    batch, size = [b'{"head":{"vars":%b},"results":{"bindings":[' % _text([*variables])], 0
    for row in rows:
        batch.append(b"," + normal.row(row) if rows.number > 1 else normal.row(row))
        size += len(batch[-1])
        if size > _AT_ONCE:
            yield b"".join(batch)
            batch, size = [], 0
    yield b"".join([*batch, b"]}}"])


def _solutions(file: BinaryIO) -> QuerySolutions:
    found = parse_query_results(file, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"the database's answer has a term that there is not: {error}") from None
    except MemoryError as error:  # so the parser says that one term is larger than it takes
        raise RemoteError(f"the database's answer has a term that is too large: {error}") from None


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
