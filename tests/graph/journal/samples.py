"""Entries to append, and a look at what a journal holds."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, serialize

from graph.delta import Delta
from graph.journal import Author, Entry, Journal

ROOT = Path(__file__).parents[3]
AUTHOR = Author("lab", "request-1")
GRAPH = NamedNode("https://example.org/graph/mine")
P = NamedNode("https://example.org/p")


def statement(number: int, word: str = "", size: int = 0) -> Quad:
    return Quad(BlankNode(f"b{number}"), P, Literal(f"{word}{number}" + "x" * size), GRAPH)


def text(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def insert(number: int, word: str = "", size: int = 0) -> Delta:
    return Delta(inserted=text([statement(number, word, size)]))


def filled(folder: Path, number: int) -> Journal:
    """A journal with entries 1 … number."""
    journal = Journal(folder)
    for i in range(number):
        journal.append(AUTHOR, "update", insert(i + 1), after=i)
    return journal


def numbers(entries: Iterable[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def file(journal: Journal) -> Path:
    return journal.folder / "entries.jsonl"
