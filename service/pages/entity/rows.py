"""Facts as rows of tables: what stands in the cells, and where each is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.description.facts import Fact
from graph.description.fragment import at_text, text_of
from graph.landscape.mentions import Mention, Value
from service.pages.dates import date_in_words
from service.pages.entity.tables import DATES, NUMBERS, TABLES, Column
from service.resources.addresses import here_or_there

#: Rows of one table on a page; the rest is an address away.
SHOWN = 50
_FEW = 3


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere, or does not."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """Who states something and where: `href` is the claim here, `publisher` the page there.

    `more` are places beside this one where the same report says it.
    """

    report: str
    section: str
    line: int | None
    href: str | None
    publisher: str | None
    manner: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: cells, who states it, and the fact that a problem would be reported of."""

    cells: tuple[tuple[Link, ...], ...]
    stated: tuple[Stated, ...]
    about: str = ""
    label: str = ""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `number` is of all rows there are, `more` leads to the rest where some are left."""

    id: str
    title: str
    lead: str
    columns: tuple[str | tuple[str, str], ...]
    rows: tuple[Row, ...]
    number: int
    more: str | None = None
    statedless: bool = False


def fact_table(
    facts: Sequence[Fact], kind: str, number: int, own: str = "", more: str | None = None
) -> Table:
    """Return the table of facts of a class; columns that say nothing here are left out.

    `own` is the thing whose page this is: a column with nothing but that says nothing.
    """
    spec = TABLES[kind]
    columns = [column for column in spec.columns if _says(column, facts, own)] or [spec.columns[0]]
    rows = tuple(_row(fact, columns) for fact in facts)
    names = tuple((title, "number") if title in NUMBERS else title for title, _ in columns)
    return Table(_anchor(kind), spec.title, spec.lead, names, rows, number, more)


def stated_by(fact: Fact) -> tuple[Stated, ...]:
    """Return who states a fact: for each claim of it, the first place, and how many more."""
    by_claim: dict[str, list[Mention]] = {}
    for mention in fact.mentions:
        by_claim.setdefault(mention.claim, []).append(mention)
    if by_claim:
        return tuple(stated(fact, of[0], len(of) - 1) for of in by_claim.values())
    # A doubt of ours has no place in a report, only a report that it is about.
    sources = fact.values.get("dct:source", ())
    return tuple(
        Stated(value.text, "", None, here_or_there(fact.iri), None, "") for value in sources
    )


def stated(fact: Fact, mention: Mention, more: int = 0) -> Stated:
    """Return who states a fact in one place."""
    manner = "" if mention.manner == "Stated" else mention.manner.lower()
    implied = f"implied: {', '.join(mention.implied)}" if mention.implied else ""
    return Stated(
        report=mention.report.text,
        section=mention.section.text,
        line=mention.line,
        href=here_or_there(mention.claim),
        publisher=at_text(mention.page, text_of(fact, mention)) if mention.page else None,
        manner="; ".join(part for part in (manner, implied) if part),
        more=more,
    )


def links(values: Iterable[Value]) -> tuple[Link, ...]:
    """Return values as text that leads on."""
    return tuple(Link(v.text, here_or_there(v.iri) if v.iri else None) for v in values)


def first_column(fact: Fact) -> Link:
    """Return what a fact is called, leading to it."""
    return Link(fact.label, here_or_there(fact.iri))


def _row(fact: Fact, columns: Sequence[Column]) -> Row:
    cells = [cell(fact, properties) for _, properties in columns]
    if not cells[0]:
        cells[0] = (first_column(fact),)
    elif not cells[0][0].href:
        cells[0] = (Link(", ".join(part.text for part in cells[0]), here_or_there(fact.iri)),)
    return Row(tuple(cells), stated_by(fact), fact.iri, fact.label)


def cell(fact: Fact, properties: Sequence[str]) -> tuple[Link, ...]:
    """Return what stands in a cell: the values of all its properties, each text once."""
    found: dict[str, Link] = {}
    for name in properties:
        for one in shown(name, fact.values.get(name, ())):
            found.setdefault(one.text, one)
    return tuple(found.values())


def shown(name: str, values: Iterable[Value]) -> tuple[Link, ...]:
    """Return the values of a property as people read them: dates in words."""
    found = links(values)
    return tuple(Link(date_in_words(one.text)) for one in found) if name in DATES else found


def _says(column: Column, facts: Iterable[Fact], own: str) -> bool:
    values = {v.iri or v.text for f in facts for p in column[1] for v in f.values.get(p, ())}
    return bool(values - {own})


def _anchor(kind: str) -> str:
    return f"_{kind.partition(':')[2].lower()}"


def by_kind(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    """Return facts by class, in the order of the tables; those without a table are left out."""
    found: dict[str, list[Fact]] = {kind: [] for kind in TABLES}
    for fact in facts:
        if fact.kind in found:
            found[fact.kind].append(fact)
    return {kind: of for kind, of in found.items() if of}
