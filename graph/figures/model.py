"""What publishers print on markets in numbers, wherever it was read from.

A number is a `graph.numbers.Measure`: its value, its digits as printed, and half a unit of the last
one. Things are named by a key: the IRI where they come from a release, words of a table else;
`names` of `Published` has what people call them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph.dates import StatedDate
from graph.numbers import Measure

ScopeRelation = Literal["same", "narrower", "broader", "unknown"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a number is of: a market, or a segment or a place in it; keys, empty where none."""

    market: str
    segment: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """A page or a report. `edition` is when it was published or updated, None if it has no date.

    `group` is the data group: publications whose numbers are one series of data, told once or
    often, have the same; `group_reason` says why it is another than the publisher itself.
    """

    key: str
    title: str
    publisher: str
    group: str
    group_reason: str = ""
    edition: StatedDate | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of a scope in a year; None where the publication gives none that can be read.

    `unit` is `<currency>-<magnitude>` as in the list of units (`usd-billion`), `measure` what is
    measured, `manner` how it is put ("actual", "estimated", "projected": words of the publisher),
    `approximation` a word that blurs it ("nearly"). `relation` is how the scope that the publisher
    means relates to that of the market. `place_in_text` is where it stands, for people.
    """

    key: str
    publication: Publication
    scope: Scope
    year: int | None
    value: Measure | None
    unit: str
    measure: str = ""
    manner: str = ""
    approximation: str = ""
    relation: ScopeRelation = "unknown"
    place_in_text: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A stated rate of growth in percent a year; a year is None where it is not stated."""

    key: str
    publication: Publication
    scope: Scope
    from_year: int | None
    to_year: int | None
    value: Measure
    kind: str = ""
    place_in_text: str = ""
    approximation: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """The share, in percent, of a segment or a place in its market."""

    key: str
    publication: Publication
    scope: Scope
    year: int | None
    value: Measure
    dimension: str = ""
    approximation: str = ""
    place_in_text: str = ""


@dataclass(frozen=True, slots=True)
class Superlative:
    """What is called the fastest-growing of its market, with or without a number."""

    key: str
    publication: Publication
    scope: Scope


@dataclass(frozen=True, slots=True)
class Published:
    """All that was read. `parents` leads from a market to the one that it is a part of.

    `nested` has the segments that divide another segment, and the places that lie in another one
    with a share. `notices` says what was read and cannot
    be counted with, and why.
    """

    figures: Sequence[Figure] = ()
    rates: Sequence[Rate] = ()
    shares: Sequence[Share] = ()
    superlatives: Sequence[Superlative] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    nested: frozenset[str] = frozenset()
    notices: Sequence[str] = ()

    def name(self, key: str) -> str:
        """What people call a thing."""
        return self.names.get(key, key)

    def scope_name(self, scope: Scope) -> str:
        """A scope in words, narrowest first."""
        parts = (scope.segment, scope.place, scope.market)
        return ", ".join(self.name(part) for part in parts if part)
