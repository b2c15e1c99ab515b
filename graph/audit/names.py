"""Same words, other scope: regions and segments that two sources call alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import TypeVar

from graph.audit.finding import Finding
from graph.figures.stored import Binding, Select

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A region as a source draws it. A residual group is what its region has but for `members`."""

    source: str
    label: str
    residual: bool
    members: frozenset[str]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment as a source has it; names of what it is mapped to and divided into."""

    key: str
    source: str
    name: str
    dimension: tuple[str, str]
    concept: tuple[str, str]
    parts: frozenset[str]


def same_names(select: Select) -> Iterator[Finding]:
    """Findings on names, from statements that `select` asks."""
    titles = {row["source"]: row["title"] for row in _rows(select, "sources")}
    yield from _places(titles, _rows(select, "regions"))
    yield from _segments(_rows(select, "segments"))


@cache
def _query(name: str) -> str:
    return files("graph.audit").joinpath("queries", f"{name}.rq").read_text("utf-8")


def _rows(select: Select, query: str) -> list[Binding]:
    """Rows in an order of their own, so that nothing depends on that of the engine."""
    return sorted(
        select(_query(query)), key=lambda row: (row["source"], row.get("claim", ""), *row.values())
    )


def _alike(things: Iterable[_T], key: Callable[[_T], object]) -> Iterator[tuple[_T, _T]]:
    """Any two things with one key, the earlier first; others are never looked at together."""
    groups = defaultdict[object, list[_T]](list)
    for thing in things:
        groups[key(thing)].append(thing)
    for group in groups.values():
        yield from combinations(group, 2)


def _places(titles: Mapping[str, str], rows: Iterable[Binding]) -> Iterator[Finding]:
    """Regions of one name in two sources, with the places that only one of them counts there."""
    for one, other in _alike(
        _regions(rows), lambda region: (region.residual, region.label.casefold())
    ):
        if one.source == other.source:
            continue
        verb = "leaves out" if one.residual else "counts"
        only = [
            f"only {titles[this.source]} {verb} {_listed(this.members - that.members)}"
            for this, that in ((one, other), (other, one))
            if this.members - that.members
        ]
        yield Finding(
            kind="region-of-same-name",
            text=f"{one.label}: {'; '.join(only) or 'drawn alike in both'}",
            rests_on=(*one.rests_on, *other.rests_on),
            publications=(one.source, other.source),
            agrees=not only,
        )


def _regions(rows: Iterable[Binding]) -> Iterator[_Drawn]:
    inside = defaultdict[tuple[str, str], dict[str, Binding]](dict)
    for row in rows:
        inside[row["source"], row["region"]].setdefault(row["claim"], row)
    for (source, _), by_claim in inside.items():
        counted = list(by_claim.values())
        rests = [row for row in counted if row["rest"] == "true"]
        named = [row for row in counted if row["rest"] != "true"]
        members = frozenset(row["memberName"] for row in named)
        label = counted[0]["regionName"]
        # What a finding is about comes first; without a named member a rest is the whole region.
        yield _Drawn(source, label, False, members, _claims(*named, *rests))
        for rest in rests if named else ():
            yield _Drawn(source, rest["memberName"], True, members, _claims(rest, *named))


def _claims(*rows: Binding) -> tuple[str, ...]:
    return tuple(row["claim"] for row in rows)


def _segments(rows: Iterable[Binding]) -> Iterator[Finding]:
    """Segments of one name in two sources: whether they are mapped alike and divided alike.

    Residual classes ("Others"), mapped to nothing in both, have only their name in common.
    """
    for one, other in _alike(_read(rows), lambda segment: segment.name.casefold()):
        if one.source == other.source or not (one.concept[0] or other.concept[0]):
            continue
        differences = []
        if one.concept != other.concept:
            differences.append(f"mapped to {one.concept[1]} and to {other.concept[1]}")
        if one.dimension != other.dimension:
            pair = (one.dimension[1].lower(), other.dimension[1].lower())
            differences.append(f"by {' and by '.join(pair)}")
        if one.parts != other.parts:
            divided = (_listed(s.parts) if s.parts else "nothing" for s in (one, other))
            differences.append(f"divided into {' and into '.join(divided)}")
        yield Finding(
            kind="segment-of-same-name",
            text=f"{one.name}: {'; '.join(differences) or 'the same in both'}",
            rests_on=(one.key, other.key),
            publications=(one.source, other.source),
            agrees=not differences,
        )


def _read(rows: Iterable[Binding]) -> list[_Segment]:
    found = dict[tuple[str, str], Binding]()
    for row in rows:
        found.setdefault((row["source"], row["segment"]), row)
    parts = defaultdict[str, set[str]](set)
    for row in found.values():
        if "parent" in row:
            parts[row["parent"]].add(row["name"].casefold())
    return [
        _Segment(
            key=row["segment"],
            source=row["source"],
            name=row["name"],
            dimension=(row["dimension"], row["dimensionName"]),
            concept=(row.get("concept", ""), row.get("conceptName", "nothing")),
            parts=frozenset(parts[row["segment"]]),
        )
        for _, row in sorted(found.items())
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
