"""What a market fact says, for the questions that lead to one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.landscape.answers import Completeness
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.completeness import completeness

MARKET_FACTS = ("GrowthRate", "MarketFigure", "MarketShare", "Ranking")
"""The classes of facts that say something of a market in numbers or ranks."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A market value, a share, a growth rate or a ranking, as it is printed.

    `value` are the printed digits with their unit, empty for a ranking; `period` is a year, or
    the first and last of a period, if both are given; `fit` says how well its segment fits the
    shared concept. `implied` holds if the report only implies its market.
    """

    kind: str
    value: str
    period: str
    fit: str
    implied: bool


def completeness_with_figures(
    asking: Asking, classes: Sequence[str], reports: Iterable[str] = ()
) -> tuple[Completeness, ...]:
    """Return what each report's silence means on some classes and on market facts together.

    Figures that a report announces for its full report do not hide that one of the other classes
    was not read completely: then it is not yet recorded. Raises the errors of graph.query.
    """
    reports = tuple(reports)
    together = completeness(asking, (*MARKET_FACTS, *classes), reports)
    alone = completeness(asking, classes, reports) if classes else ()
    partly = {part.report.iri: part for part in alone if part.no == "not yet recorded"}
    return tuple(partly.get(whole.report.iri, whole) for whole in together)


def figures(asking: Asking, iris: Iterable[str]) -> dict[str, Figure]:
    """Return what market facts say, by IRI; other IRIs are left out."""
    nodes = [NamedNode(iri) for iri in dict.fromkeys(iris)]
    found: dict[str, Figure] = {}
    for first in range(0, len(nodes), _AT_ONCE):
        query = filled(stored_query("figures"), figures=nodes[first : first + _AT_ONCE])
        found.update((str(row["figure"]), _figure(row)) for row in asking.rows(query))
    return found


def _figure(row: Row) -> Figure:
    printed, unit = str(row.get("printed", "")), str(row.get("unit", ""))
    return Figure(
        kind=str(row["kind"]),
        value=f"{printed} {unit}".strip() if printed else "",
        period=_period(row),
        fit=str(row.get("fit", "")).lower(),
        implied=bool(row["implied"]),
    )


def _period(row: Row) -> str:
    if "year" in row:
        return str(row["year"])
    if "from" in row and "to" in row:
        return f"{row['from']} to {row['to']}"
    return next((f"{word} {row[word]}" for word in ("from", "to") if word in row), "")
