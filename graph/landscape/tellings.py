"""Where facts are told: which claim says so, in which report, section and line, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking, Iri, Row, filled, stored_query

#: Facts in one query; each is one IRI of its text.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Telling:
    """One mention of a fact. `claim` is what can be opened, and labelled as the fact is.

    `line` is that of the section with text on it, where it is kept: 0 is its heading. `printed`
    are words of the report, `address` is the page of its publisher, empty where none is known.
    """

    fact: str
    claim: Thing
    report: Thing
    section: str = ""
    line: int | None = None
    manner: str = ""
    printed: tuple[str, ...] = ()
    address: str = ""


def tellings(
    asking: Asking, facts: Iterable[str], reports: Iterable[str] = ()
) -> dict[str, tuple[Telling, ...]]:
    """Return where each fact is told, by its IRI, in the order of reports and of their text.

    `reports` are IRIs; without any, every report is asked. A fact that nothing is said of is left
    out. Raises the errors of graph.query.
    """
    found: dict[str, list[Telling]] = {}
    nodes = [NamedNode(fact) for fact in dict.fromkeys(facts)]
    among = [NamedNode(report) for report in reports] or None
    for first in range(0, len(nodes), _AT_ONCE):
        some = nodes[first : first + _AT_ONCE]
        query = filled(stored_query("tellings"), facts=some, reports=among)
        by_mention: dict[tuple[str, str], list[Row]] = {}
        for row in asking.rows(query):
            by_mention.setdefault((str(row["fact"]), str(row["mention"])), []).append(row)
        for (fact, _), rows in by_mention.items():
            found.setdefault(fact, []).append(_telling(fact, rows))
    return {fact: tuple(of) for fact, of in found.items()}


def _telling(fact: str, rows: list[Row]) -> Telling:
    first = rows[0]
    line, address = first.get("line"), first.get("address", "")
    return Telling(
        fact=fact,
        claim=Thing(str(first["claim"]), str(first["label"]), "claim"),
        report=Thing(str(first["report"]), str(first["reportLabel"]), "source"),
        section=str(first.get("section", "")),
        line=line if isinstance(line, int) else None,
        manner=str(first.get("manner", "")).lower(),
        printed=tuple(dict.fromkeys(str(row["printed"]) for row in rows if "printed" in row)),
        address=str(address) if isinstance(address, Iri) else "",
    )
