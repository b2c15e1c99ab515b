"""What reports say differently of one and the same thing, side by side; nothing is corrected."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.description.facts import Fact

_SCOPE = ("kg:market", "kg:segment", "kg:place", "sdmx-attribute:unitMeasure")
# For each class: what must be the same, and what of it may differ.
_COMPARED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("kg:MarketFigure", (*_SCOPE, "sdmx-dimension:refPeriod", "kg:measure"), "kg:valueAsPrinted"),
    ("kg:MarketShare", (*_SCOPE, "sdmx-dimension:refPeriod"), "kg:valueAsPrinted"),
    (
        "kg:GrowthRate",
        (*_SCOPE, "dct:type", "kg:fromYear", "kg:toYear"),
        "kg:valueAsPrinted",
    ),
    ("kg:OrganisationProfile", ("kg:organisation",), "kg:country"),
    ("kg:TherapyProfile", ("kg:therapy",), "kg:developer"),
    ("kg:TherapyProfile", ("kg:therapy",), "kg:genericName"),
    ("kg:TherapyProfile", ("kg:therapy",), "kg:cellSource"),
    ("kg:TechnologyProfile", ("kg:technology",), "kg:organisation"),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that give one property of one thing differently; `facts` are in the order of reports.

    `about` is the thing and the scope in words, `property` the contracted name of what differs.
    """

    about: str
    property: str
    facts: tuple[Fact, ...]


def conflicts(facts: Iterable[Fact]) -> tuple[Conflict, ...]:
    """Return where facts differ in what can only be one, in a fixed order."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    return tuple(
        conflict
        for kind, same, differing in _COMPARED
        for conflict in _of(by_kind.get(kind, ()), same, differing)
    )


def _of(facts: Iterable[Fact], same: tuple[str, ...], differing: str) -> Iterable[Conflict]:
    alike: dict[tuple[tuple[str, ...], ...], list[Fact]] = {}
    for fact in facts:
        if fact.values.get(differing):
            key = tuple(
                tuple(sorted(v.iri or v.text for v in fact.values.get(p, ()))) for p in same
            )
            alike.setdefault(key, []).append(fact)
    for key in sorted(alike):
        found = sorted(alike[key], key=lambda fact: ([r.text for r in fact.reports], fact.iri))
        said = [frozenset(value.text for value in fact.values[differing]) for fact in found]
        # One that says less than another does not differ from it.
        if any(not (one <= other or other <= one) for one in said for other in said):
            about = [fact_text(found[0], name) for name in same]
            yield Conflict(", ".join(text for text in about if text), differing, tuple(found))


def fact_text(fact: Fact, name: str) -> str:
    """Return all that a property of a fact says, in words."""
    return ", ".join(value.text for value in fact.values.get(name, ()))
