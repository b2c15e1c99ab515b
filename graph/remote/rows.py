"""Results of SELECT in SPARQL 1.1 JSON, read in little memory: equal terms are kept once.

They are read in the process that answers, which has no limit of memory, and a term takes ten times
the bytes there that it has in a database's answer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

from graph.remote.errors import RemoteError

Term = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A result of SELECT: its variables, and each row as SPARQL 1.1 JSON has it.

    Terms that are equal are the same object.
    """

    variables: Sequence[str]
    bindings: Sequence[Mapping[str, Term]]

    def values(self, name: str) -> list[str]:
        """The values of one variable, in order, where it has one; a triple is none."""
        terms = (row[name] for row in self.bindings if name in row)
        return [term["value"] for term in terms if term["type"] != "triple"]


def read_rows(body: bytes) -> Rows:
    """Return the rows of a result. Raises RemoteError."""
    terms = _Terms()
    document = read_document(body, terms)
    try:
        variables, bindings = document["head"]["vars"], document["results"]["bindings"]
    except (KeyError, TypeError):
        raise RemoteError("the database's answer is no result of SELECT") from None
    if not (_are_texts(variables) and isinstance(bindings, list)):
        raise RemoteError("the database's answer is no result of SELECT")
    if not all(map(terms.are_of, bindings)):
        raise RemoteError("the database's answer has a row that SPARQL 1.1 JSON does not have")
    return Rows(variables, bindings)


def read_document(body: bytes, terms: "_Terms | None" = None) -> Mapping[str, Any]:
    """Return what a result of a query says. Raises RemoteError."""
    try:
        document = json.loads(body, object_hook=terms)
    except (ValueError, RecursionError):
        raise RemoteError("the database's answer is not JSON") from None
    if not isinstance(document, dict):
        raise RemoteError("the database's answer is no result of a query")
    return document


class _Terms:
    """The terms of one document: what is found in it is exchanged for what was found before."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], dict[str, Any]] = {}
        self._triples: list[dict[str, Any]] = []
        self._kept: set[int] = set()

    def __call__(self, found: dict[str, Any]) -> dict[str, Any]:
        kind = found.get("type")
        if kind == "triple":  # how it is made is left to the parser
            self._triples.append(found)
        elif "value" in found and isinstance(kind, str) and _are_texts([*found.values()]):
            key = (*found, *found.values())
            if key not in self._known:
                self._known[key] = {n: t if n == "value" else intern(t) for n, t in found.items()}
            found = self._known[key]
        else:
            return found
        self._kept.add(id(found))
        return found

    def are_of(self, row: object) -> bool:
        """Whether a row has these terms and nothing else."""
        return isinstance(row, dict) and all(id(term) in self._kept for term in row.values())


def _are_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(text, str) for text in found)
