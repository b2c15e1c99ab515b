"""Results of SELECT in SPARQL 1.1 JSON: small ones as a whole, and those of any size row by row.

A term takes ten times the bytes as an object of Python that it has in a database's answer, so a
large result stays bytes, of which one part is held at a time.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.remote.errors import RemoteError

Term = Mapping[str, str]

#: The engine that writes results takes no value of 16 MiB.
LONGEST_ROW = 15 * 1024 * 1024
_LONGEST_FRAME = 1024 * 1024  # bytes before the rows, and after them
_NESTED = 9  # braces: a row, its terms, and triples in triples in these

# Without the way back (`*+`), so that a row takes neither memory nor time beyond its length.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rf'\{{[^{{}}"]*+(?:{_STRING}[^{{}}"]*+)*+\}}'


def _row(depth: int) -> str:
    inner = _row(depth - 1) if depth > 1 else _FLAT
    return rf'\{{[^{{}}"]*+(?:(?:{_STRING}|{inner})[^{{}}"]*+)*+\}}'


#: An object that has none: a term, but for triples, whose parts are found.
TERM = re.compile(_FLAT.encode(), re.DOTALL)
_NEXT = re.compile(rf"[ \t\r\n]*+,[ \t\r\n]*+({_row(_NESTED)})".encode(), re.DOTALL)
_END = re.compile(rb"[ \t\r\n]*+\]")
_NO_ROWS = re.compile(rb",[ \t\r\n]*+\]")
_BEGIN = re.compile(rb'"bindings"[ \t\r\n]*+:[ \t\r\n]*+\[')
_ROWS = "rows"
_NO_ROW = "the database's answer has a row that SPARQL 1.1 JSON does not have"


@dataclass(frozen=True, slots=True)
class Rows:
    """A small result of SELECT: its variables, and each row as SPARQL 1.1 JSON has it."""

    variables: Sequence[str]
    bindings: Sequence[Mapping[str, Term]]

    def values(self, name: str) -> list[str]:
        """The values of one variable, in order, where it has one; a triple is none."""
        terms = (row[name] for row in self.bindings if name in row)
        return [term["value"] for term in terms if term["type"] != "triple"]


def read_rows(body: bytes) -> Rows:
    """Return the rows of a result. Raises RemoteError."""
    variables, bindings = _table(read_document(body))
    if not all(map(_is_row, bindings)):
        raise RemoteError(_NO_ROW)
    return Rows(variables, bindings)


def read_row(row: bytes) -> Mapping[str, Term]:
    """Return one row. Raises RemoteError."""
    found = read_document(row)
    if not _is_row(found):
        raise RemoteError(_NO_ROW)
    return found


def read_document(body: bytes) -> Mapping[str, Any]:
    """Return what a result of a query says. Raises RemoteError."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise RemoteError("the database's answer is not JSON") from None
    if not isinstance(document, dict):
        raise RemoteError("the database's answer is no result of a query")
    return document


class RowsAsTheyCome:
    """The rows of a result whose bytes come in parts, each row as its bytes; to be gone through
    once. What there is around them is known then.

    Raises RemoteError where that is no result of SELECT, or has a row of more than LONGEST_ROW.
    What a row has is left to who reads it.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.number = 0
        self.variables: Sequence[str] = ()
        self._parts = parts
        self._left = b""

    def __iter__(self) -> Iterator[bytes]:
        while (begin := _BEGIN.search(self._left)) is None:
            self._more(_LONGEST_FRAME)
        frame = self._left[: begin.end()]
        self._left, at = b"," + self._left[begin.end() :], 0  # a comma before each row
        while True:
            while (found := _NEXT.match(self._left, at)) is not None:
                self.number += 1
                at = found.end()
                yield found[1]
            if end := (_END if self.number else _NO_ROWS).match(self._left, at):
                break
            self._left, at = self._left[at:], 0
            self._more(LONGEST_ROW)
        self._left = self._left[end.end() :]
        while self._filled(_LONGEST_FRAME):
            pass
        whole = b"%b%b]%b" % (frame, json.dumps(_ROWS).encode(), self._left)
        self.variables, bindings = _table(read_document(whole))
        if bindings != [_ROWS]:
            raise _no_result()

    def _more(self, most: int) -> None:
        """Have at least twice of what is left, so that a long row is not gone through often."""
        wanted = 2 * len(self._left)
        if not self._filled(most):
            raise _no_result()
        while len(self._left) < wanted and self._filled(most):
            pass

    def _filled(self, most: int) -> bool:
        if len(self._left) > most:
            raise RemoteError(
                f"the database's answer has more than {most:,} bytes in a row, or around all rows"
            )
        part = next(self._parts, b"")
        self._left += part
        return bool(part)


def _no_result() -> RemoteError:
    return RemoteError("the database's answer is no result of SELECT in SPARQL 1.1 JSON")


def _table(document: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Any]]:
    try:
        variables, bindings = document["head"]["vars"], document["results"]["bindings"]
    except (KeyError, TypeError):
        raise _no_result() from None
    if not (_are_texts(variables) and isinstance(bindings, list)):
        raise _no_result()
    return variables, bindings


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(map(_is_term, row.values()))


def _is_term(term: object) -> bool:
    if not isinstance(term, dict):
        return False
    if term.get("type") == "triple":  # how it is made matters to nobody who asks for few rows
        return True
    return "type" in term and "value" in term and _are_texts([*term.values()])


def _are_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(text, str) for text in found)
