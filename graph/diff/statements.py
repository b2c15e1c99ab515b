"""Statements by their text, as the lines of a release have them, and those about chosen things."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, RdfFormat, parse

from graph.diff.patch import read_lines
from graph.release import Release

_IRI = re.compile(r"<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of a release. IRIs without brackets; `object` is a term of N-Triples."""

    subject: str
    predicate: str
    object: str
    graph: str

    @property
    def thing(self) -> str | None:
        """The IRI in the place of the object; None for a literal."""
        return self.object[1:-1] if self.object.startswith("<") else None


def read_statement(line: str) -> Statement:
    """Read a line as `graph.release.canonical` writes it."""
    rest, _, graph = line.removesuffix(" .").rpartition(" ")
    subject, predicate, object_ = rest.split(" ", 2)
    return Statement(subject[1:-1], predicate[1:-1], object_, graph[1:-1])


class About:
    """Statements about chosen subjects in one release, by subject."""

    def __init__(self) -> None:
        self._by_subject: defaultdict[str, list[Statement]] = defaultdict(list)

    def read(self, release: Release, subjects: Collection[str]) -> None:
        """Add what the release says about these subjects; one pass over its file."""
        wanted = {subject for subject in subjects if subject not in self._by_subject}
        for line in read_lines(release.nquads):
            if line[1 : line.index(">")] in wanted:
                statement = read_statement(line)
                self._by_subject[statement.subject].append(statement)
        for subject in wanted:
            self._by_subject[subject]  # known to have none

    def of(self, subject: str) -> Iterable[Statement]:
        """What is said about a subject; nothing for one that was not read."""
        return self._by_subject.get(subject, ())

    def values(self, subject: str, predicate: str, graph: str | None = None) -> Iterator[Statement]:
        """The statements with this property, in one graph or in all."""
        for one in self.of(subject):
            if one.predicate == predicate and graph in (None, one.graph):
                yield one

    def things(self, subject: str, predicate: str, graph: str | None = None) -> list[str]:
        """The IRIs that a property leads to, in order."""
        found = (one.thing for one in self.values(subject, predicate, graph))
        return [thing for thing in found if thing is not None]

    def all(self) -> Iterator[Statement]:
        """Every statement that was read."""
        for found in self._by_subject.values():
            yield from found


def text_of(term: str, labels: Mapping[str, str]) -> str:
    """What a term is for people: the name of a thing, or its IRI; the text of a literal."""
    if found := _IRI.fullmatch(term):
        return labels.get(found[1], found[1])
    return literal_of(term)


def literal_of(term: str) -> str:
    """The text of a literal in N-Triples."""
    (triple,) = parse(f"<urn:s> <urn:p> {term} .".encode(), format=RdfFormat.N_TRIPLES)
    assert isinstance(triple.object, Literal)
    return triple.object.value
