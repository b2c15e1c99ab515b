"""Every claim of a report, in the order of its text: section and line, parts of it at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.description.reading import Reading, limited
from graph.landscape.mentions import Mention, Value, mentions


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are wanted: of a section, of a class, with a text in what they say; or all."""

    section: NamedNode | None = None
    kind: NamedNode | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many places of a section make claims of a class."""

    section: Value
    kind: Value
    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is claimed in a place of a report: the fact, the name of its class, and the place."""

    fact: Value
    kind: str
    mention: Mention


def claims_counted(
    reading: Reading, source: NamedNode, wanted: Wanted | None = None
) -> tuple[Counted, ...]:
    """Return how often a report claims what is wanted, by section and class.

    Raises the errors of graph.query.
    """
    return tuple(
        Counted(
            Value(str(row["sectionLabel"]), str(row["section"])),
            Value(str(row["classLabel"]), str(row["class"])),
            int(str(row["number"])),
        )
        for row in reading.rows("claims-count", node=[source], **_slots(wanted or Wanted()))
    )


def claims_of(
    reading: Reading, source: NamedNode, wanted: Wanted, most: int, offset: int = 0
) -> tuple[Told, ...]:
    """Return some of the places where a report claims what is wanted, in the order of its text.

    Raises the errors of graph.query.
    """
    rows = reading.rows("claims-of", limited(most, offset), node=[source], **_slots(wanted))
    places = [NamedNode(str(row["mention"])) for row in rows]
    told = dict(_by_place(reading, places)) if places else {}
    return tuple(
        Told(
            Value(str(row["label"]), str(row["fact"])),
            str(row["classLabel"]),
            told[str(row["mention"])],
        )
        for row in rows
        if str(row["mention"]) in told
    )


def _by_place(reading: Reading, places: Sequence[NamedNode]) -> list[tuple[str, Mention]]:
    return [(mention.id, mention) for _, mention in mentions(reading.asking, places=places)]


def _slots(wanted: Wanted) -> dict[str, list[NamedNode] | list[Literal] | None]:
    return {
        "section": None if wanted.section is None else [wanted.section],
        "class": None if wanted.kind is None else [wanted.kind],
        "text": [Literal(wanted.text)] if wanted.text else None,
    }
