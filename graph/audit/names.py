"""Same words, other scope: regions and segments that two sources call alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.audit.facts import Facts, alike
from graph.audit.finding import Finding
from graph.sources.records import Record, Reference


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A region as a source draws it. A residual group is what its region has but for `members`."""

    source: str
    label: str
    residual: bool
    members: frozenset[str]
    rests_on: tuple[Record, ...]


def names_of_places(facts: Facts) -> Iterator[Finding]:
    """Regions of one name in two sources, with the places that only one of them counts there."""
    for one, other in alike(
        _regions(facts), lambda region: (region.residual, region.label.casefold())
    ):
        if one.source == other.source:
            continue
        verb = "leaves out" if one.residual else "counts"
        only = [
            f"only {facts.titles[this.source]} {verb} {_listed(this.members - that.members)}"
            for this, that in ((one, other), (other, one))
            if this.members - that.members
        ]
        yield Finding(
            kind="region-of-same-name",
            text=f"{one.label}: {'; '.join(only) or 'drawn alike in both'}",
            rests_on=(*one.rests_on, *other.rests_on),
            agrees=not only,
        )


def _regions(facts: Facts) -> Iterator[_Drawn]:
    inside = defaultdict[tuple[str, Reference], list[Record]](list)
    for record in facts.memberships:
        inside[str(record.source), record.reference("region")].append(record)
    for (source, region), records in inside.items():
        rests = [r for r in records if _is_rest(facts, r.reference("member"))]
        named = [r for r in records if r not in rests]
        members = frozenset(facts.names[r.reference("member")] for r in named)
        # What a finding is about comes first; without a named member a rest is the whole region.
        yield _Drawn(source, facts.names[region], False, members, (*named, *rests))
        for rest in rests if named else ():
            label = facts.names[rest.reference("member")]
            yield _Drawn(source, label, True, members, (rest, *named))


def _is_rest(facts: Facts, place: Reference) -> bool:
    type_ = facts.registers[place].one("type") if place in facts.registers else None
    return type_ == Reference("concept", "place-report-rest")


def names_of_segments(facts: Facts) -> Iterator[Finding]:
    """Segments of one name in two sources: whether they are mapped alike and divided alike.

    Residual classes ("Others"), mapped to nothing in both, have only their name in common.
    """
    children = _children(facts.segments)
    for one, other in alike(facts.segments, lambda segment: segment.text("name").casefold()):
        residual = not (one.one("concept") or other.one("concept"))
        if one.source == other.source or residual:
            continue
        differences = []
        if one.one("concept") != other.one("concept"):
            differences.append(f"mapped to {_concept(facts, one)} and to {_concept(facts, other)}")
        if one.one("dimension") != other.one("dimension"):
            pair = (facts.names[r.reference("dimension")].lower() for r in (one, other))
            differences.append(f"by {' and by '.join(pair)}")
        parts = [children.get(record.subject, frozenset()) for record in (one, other)]
        if parts[0] != parts[1]:
            divided = (_listed(names) if names else "nothing" for names in parts)
            differences.append(f"divided into {' and into '.join(divided)}")
        yield Finding(
            kind="segment-of-same-name",
            text=f"{one.text('name')}: {'; '.join(differences) or 'the same in both'}",
            rests_on=(one, other),
            agrees=not differences,
        )


def _children(segments: Iterable[Record]) -> Mapping[Reference, frozenset[str]]:
    found = defaultdict[Reference, set[str]](set)
    for record in segments:
        parent = record.one("parent")
        if isinstance(parent, Reference):
            found[parent].add(record.text("name").casefold())
    return {parent: frozenset(names) for parent, names in found.items()}


def _concept(facts: Facts, segment: Record) -> str:
    concept = segment.one("concept")
    return facts.names[concept] if isinstance(concept, Reference) else "nothing"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
