"""Expected answers, written from the reports, and how an answer is held against them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, Store, parse

from ontology.vocabulary import prefixes

HERE = Path(__file__).parent
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question must answer.

    `sections` are locators such as `T:japan`; where `headings` has any, short headings, each of the
    label of a section that stands for all that is in it.
    """

    id: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    sections: frozenset[str]
    headings: Mapping[str, str]

    @property
    def ordered(self) -> bool:
        """Whether the order of the rows counts."""
        return self.columns[0] == "order"


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of an answer in the order given: by name of the variable, unbound ones left out."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def only(self, columns: Sequence[str]) -> list[Row]:
        """These columns of every row."""
        return [tuple(row.get(column, "") for column in columns) for row in self.rows]

    def sections(self) -> set[str]:
        """Every section that a row names in `section` or `sections`."""
        named = (row.get("sections", row.get("section", "")) for row in self.rows)
        return {section for cell in named for section in cell.split("; ") if section}


@cache
def expectations() -> Mapping[str, Expected]:
    """Every expectation, by id."""
    found = [
        Expected(
            question["id"],
            tuple(question["columns"]),
            tuple(tuple(row) for row in question["rows"]),
            frozenset(question["sections"]),
            {label: short for short, label in file.get("headings", {}).items()},
        )
        for path in sorted((HERE / "expected").glob("*.toml"))
        for file in (tomllib.loads(path.read_text("utf-8")),)
        for question in file["question"]
    ]
    assert len({expected.id for expected in found}) == len(found), "an id stands there twice"
    return {expected.id: expected for expected in found}


def answer(store: Store, query: str) -> Answered:
    """Evaluate a SELECT with the predefined prefixes, as the service does."""
    found = store.query(query, prefixes=prefixes())
    assert isinstance(found, QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    rows = tuple(
        {name: value.value for name in names if (value := solution[name]) is not None}
        for solution in found
    )
    return Answered(names, rows)


def holds(store: Store, query: str) -> bool:
    """Evaluate an ASK with the predefined prefixes."""
    found = store.query(query, prefixes=prefixes())
    assert isinstance(found, QueryBoolean)
    return bool(found)


def differences(expected: Expected, found: Sequence[Row]) -> list[str]:
    """What is missing and what is too much; empty when the answer is right."""
    if expected.ordered:
        pairs = zip(expected.rows, found, strict=False)
        wrong = [f"expected {e}, found {f}" for e, f in pairs if not _fits(e, f)]
        if len(found) != len(expected.rows):
            wrong.append(f"expected {len(expected.rows)} rows, found {len(found)}")
        return wrong
    rows = sorted(set(found))
    missing = [e for e in expected.rows if sum(_fits(e, row) for row in rows) != 1]
    extra = [row for row in rows if sum(_fits(e, row) for e in expected.rows) != 1]
    return [f"missing, or not once: {e}" for e in missing] + [f"not expected: {r}" for r in extra]


def _fits(expected: Row, found: Row) -> bool:
    return len(expected) == len(found) and all(map(_cell_fits, expected, found))


def _cell_fits(expected: str, found: str) -> bool:
    if not expected.startswith("~"):
        return expected == found
    return all(word in found.lower() for word in expected[1:].lower().split())


@contextmanager
def told(store: Store, turtle: str) -> Iterator[None]:
    """The store with further statements; `turtle` needs no declaration of predefined prefixes."""
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    triples = parse(declared + turtle, format=RdfFormat.TURTLE)
    quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in triples]
    assert all(isinstance(quad.subject, NamedNode) for quad in quads), "blank nodes are not of ours"
    new = [quad for quad in quads if quad not in store]
    assert new, "the store has all of this already"
    store.extend(new)
    try:
        yield
    finally:
        for quad in new:
            store.remove(quad)


def paragraphs(turtle: str) -> list[tuple[str, str]]:
    """The paragraphs of a Turtle file, each with the line of comment that it begins with.

    What stands before the first comment, such as a base, belongs to all of them.
    """
    head, *rest = turtle.split("\n\n")
    assert not head.startswith("#"), "begin with the base"
    found = [(part.strip().split("\n")[0].removeprefix("# "), f"{head}\n{part}") for part in rest]
    assert found
    assert all(part.strip().startswith("# ") for part in rest), "begin a paragraph with a comment"
    return found
