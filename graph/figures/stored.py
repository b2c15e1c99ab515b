"""What publishers print, read from statements: a release, a running service, an export."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from graph.dates import StatedDate, parse_date
from graph.figures.model import (
    Figure,
    Publication,
    Published,
    Rate,
    Scope,
    ScopeRelation,
    Share,
    Superlative,
)
from graph.numbers import Measure, parse_measure
from graph.terms import Iris
from ontology.vocabulary import prefixes

Binding = Mapping[str, str]
Select = Callable[[str], Iterable[Binding]]
"""Runs a SELECT: IRIs and lexical forms by variable; a variable that is not bound is not there."""

_RELATIONS: Mapping[str, ScopeRelation] = {
    "scope-same": "same",
    "scope-narrower": "narrower",
    "scope-broader": "broader",
}
_FASTEST = "fastest-growing"


def merged(statements: Iterable[Quad]) -> Store:
    """Statements of all graphs as one, for `selecting`."""
    store = Store()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in statements)
    return store


def selecting(store: Store, iris: Iris) -> Select:
    """Queries of a store in this process, with the prefixes that an engine knows."""
    declared = {"": iris.base, **prefixes()}

    def select(query: str) -> Iterable[Binding]:
        solutions = store.query(query, prefixes=declared, base_iri=iris.base)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            bound = {name: solution[name] for name in names}
            yield {
                name: term.value
                for name, term in bound.items()
                if isinstance(term, NamedNode | BlankNode | Literal)
            }

    return select


def read_published(select: Select) -> Published:
    """Everything that publishers print in numbers on markets, in the order of ids.

    A number whose printed digits or whose publication are missing or cannot be read is left out;
    a notice says which.
    """
    return _Reader(select).read()


@cache
def _query(name: str) -> str:
    return files("graph.figures").joinpath("queries", f"{name}.rq").read_text("utf-8")


class _Reader:
    def __init__(self, select: Select) -> None:
        self.select = select
        self.notices: list[str] = []
        self.names: dict[str, str] = {}

    def read(self) -> Published:
        self._name(self._rows("names"), "thing", "name")
        self.publications = self._publications()
        self.mentions = self._mentions()
        return Published(
            figures=list(filter(None, map(self._figure, self._facts("figures")))),
            rates=list(filter(None, map(self._rate, self._facts("rates")))),
            shares=list(filter(None, map(self._share, self._facts("shares")))),
            superlatives=[
                Superlative(row["fact"], self.publications[row["publication"]], _scope(row))
                for row in self._facts("superlatives")
                if slug(row["ranking"]).endswith(_FASTEST)
            ],
            names=self.names,
            parents={row["market"]: row["parent"] for row in self._rows("parents")},
            nested=frozenset(row["part"] for row in self._rows("nested")),
            notices=self.notices,
        )

    def _rows(self, query: str) -> list[Binding]:
        """Rows in an order of their own, so that nothing depends on that of the engine."""
        return sorted(self.select(_query(query)), key=lambda row: sorted(row.items()))

    def _facts(self, query: str) -> list[Binding]:
        """One row for each fact, publication and segment, of publications that are known."""
        rows: dict[tuple[str, str, str], Binding] = {}
        for row in self._rows(query):
            if row["publication"] in self.publications:
                rows.setdefault((row["publication"], row["fact"], row.get("segment", "")), row)
        return [rows[key] for key in sorted(rows)]

    def _name(self, rows: Iterable[Binding], thing: str, name: str) -> None:
        for row in rows:
            if thing in row and name in row:
                known = self.names.setdefault(row[thing], row[name])
                self.names[row[thing]] = min(known, row[name])

    def _publications(self) -> dict[str, Publication]:
        found: dict[str, Publication] = {}
        rows = self._rows("publications")
        self._name(rows, "publication", "title")
        self._name(rows, "publisher", "publisherName")
        self._name(rows, "group", "groupName")
        for row in rows:
            publisher = row.get("publisher", row["publication"])
            found.setdefault(
                row["publication"],
                Publication(
                    key=row["publication"],
                    title=self.names[row["publication"]],
                    publisher=publisher,
                    group=row.get("group", publisher),
                    group_reason=row.get("reason", ""),
                    edition=_edition(row),
                    url=row.get("page", ""),
                ),
            )
        return found

    def _mentions(self) -> Mapping[str, Binding]:
        """The first mention of each fact; the word that blurs it may stand at another one."""
        found: dict[str, dict[str, str]] = {}
        for row in sorted(self._rows("mentions"), key=lambda row: (row["fact"], _number(row))):
            first = found.setdefault(row["fact"], dict(row))
            first.setdefault("approximation", row.get("approximation", ""))
            first["approximation"] = first["approximation"] or row.get("approximation", "")
        return found

    def _figure(self, row: Binding) -> Figure | None:
        value = self._measure(row)
        if value is None:
            return None
        mention = self.mentions.get(row["fact"], {})
        return Figure(
            key=row["fact"],
            publication=self.publications[row["publication"]],
            scope=_scope(row),
            year=_year(row.get("year")),
            value=value,
            unit=slug(row.get("unit", "")),
            measure=row.get("measure", ""),
            manner=mention.get("manner", ""),
            approximation=mention.get("approximation", ""),
            relation=_RELATIONS.get(slug(row.get("relation", "")), "unknown"),
            place_in_text=_place_in_text(mention),
        )

    def _rate(self, row: Binding) -> Rate | None:
        value = self._measure(row)
        if value is None:
            return None
        mention = self.mentions.get(row["fact"], {})
        return Rate(
            key=row["fact"],
            publication=self.publications[row["publication"]],
            scope=_scope(row),
            from_year=_year(row.get("from")),
            to_year=_year(row.get("to")),
            value=value,
            kind=slug(row.get("kind", "")),
            place_in_text=_place_in_text(mention),
            approximation=mention.get("approximation", ""),
        )

    def _share(self, row: Binding) -> Share | None:
        value = self._measure(row)
        if value is None:
            return None
        mention = self.mentions.get(row["fact"], {})
        return Share(
            key=row["fact"],
            publication=self.publications[row["publication"]],
            scope=_scope(row),
            year=_year(row.get("year")),
            value=value,
            dimension=row.get("dimension", ""),
            approximation=mention.get("approximation", ""),
            place_in_text=_place_in_text(mention),
        )

    def _measure(self, row: Binding) -> Measure | None:
        try:
            return parse_measure(row.get("printed", ""))
        except ValueError:
            self.notices.append(f"{row['fact']} has no printed digits that can be read: left out")
            return None


def slug(iri: str) -> str:
    """The last part of the IRI of a concept."""
    return iri.rstrip("/").rsplit("/", 1)[-1]


def _scope(row: Binding) -> Scope:
    return Scope(row["market"], row.get("segment", ""), row.get("place", ""))


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _number(row: Binding) -> tuple[int, str]:
    """Mentions are numbered at the end of their IRIs."""
    digits = row["mention"].rsplit("#m", 1)[-1]
    return (int(digits), "") if digits.isascii() and digits.isdigit() else (0, row["mention"])


def _place_in_text(mention: Binding) -> str:
    section, paragraph = mention.get("section", ""), mention.get("paragraph", "")
    return f"{section}, {paragraph}" if section and paragraph else section


def _edition(row: Binding) -> StatedDate | None:
    """The later of when it was published and when it was updated."""
    dates = []
    for name in ("issued", "modified"):
        try:
            dates.append(parse_date(row.get(name, "")))
        except ValueError:
            continue
    return max(dates, key=lambda d: str(d.latest or d.earliest), default=None)
