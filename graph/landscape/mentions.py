"""Where facts are told: the claim, its report, section and line, the words and what is implied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.landscape.asking import Asking, Row, filled, stored_query


@dataclass(frozen=True, slots=True)
class Value:
    """What a property leads to: `iri` is empty for a literal."""

    text: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a report tells a fact; `page` is the address of the report, where it is known.

    `line` counts lines with text in the section, from 1; 0 is the heading, None where none are
    counted. `printed` are the words and figures that the fact rests on there, `implied` what the
    report does not say. `label` is what the fact is called. `label` is what the fact is called.
    """

    id: str
    claim: str
    report: Value
    section: Value
    line: int | None = None
    manner: str = ""
    approximation: str = ""
    printed: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    page: str = ""
    label: str = ""


def mentions(
    asking: Asking,
    facts: Sequence[NamedNode] | None = None,
    places: Sequence[NamedNode] | None = None,
    reports: Sequence[NamedNode] | None = None,
) -> Iterator[tuple[str, Mention]]:
    """Yield mentions with their facts, of some facts or by their own IRIs, in order of the text.

    Without `reports`, every report is asked. Raises the errors of graph.query.
    """
    query = filled(stored_query("mentions"), facts=facts, mentions=places, reports=reports)
    for row in asking.rows(query):
        yield str(row["fact"]), _mention(row)


def _mention(row: Row) -> Mention:
    line = row.get("line")
    return Mention(
        id=str(row["mention"]),
        claim=str(row["claim"]),
        report=Value(str(row.get("reportLabel", row["report"])), str(row["report"])),
        section=Value(str(row.get("sectionLabel", row["section"])), str(row["section"])),
        line=line if isinstance(line, int) else None,
        manner=str(row.get("manner", "")),
        approximation=str(row.get("approximation", "")),
        printed=_lines(row["printed"]),
        implied=_lines(row["implied"]),
        page=str(row.get("page", "")),
        label=str(row.get("label", "")),
    )


def _lines(text: object) -> tuple[str, ...]:
    return tuple(sorted(line for line in str(text).split("\n") if line))
