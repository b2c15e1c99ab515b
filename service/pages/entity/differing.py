"""Claims that differ, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.description.conflicts import Conflict, fact_text
from graph.description.facts import iri_of
from service.pages.entity.rows import stated_by
from service.resources.addresses import here_or_there


@dataclass(frozen=True, slots=True)
class Differing:
    """A conflict: each of `rows` has `value`, `report`, `place` and `href`, as the macro takes."""

    title: str
    rows: tuple[Mapping[str, str | None], ...]


def differing(conflict: Conflict, names: Mapping[str, str]) -> Differing:
    """Return a conflict as a page shows it; `names` are those of properties, by IRI."""
    own = conflict.facts[0].names.get(conflict.property, conflict.property)
    called = names.get(iri_of(conflict.property), own)
    rows = []
    for fact in conflict.facts:
        told = stated_by(fact)
        value = fact_text(fact, conflict.property)
        first = told[0] if told else None
        rows.append(
            {
                "value": value,
                "report": first.report if first else fact.label,
                "place": _place(first.section, first.line) if first else "",
                "href": here_or_there(fact.iri),
            }
        )
    # Of a figure, the scope says what it is.
    words = [conflict.about, "" if conflict.property == "kg:valueAsPrinted" else called]
    return Differing(": ".join(word for word in words if word), tuple(rows))


def _place(section: str, line: int | None) -> str:
    return section if line is None else f"{section}, line {line}"
