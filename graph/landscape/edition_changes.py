"""What differs between two editions: pure functions on what each of them says."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.landscape.answers import No

About = Literal["figure", "rate", "share", "player", "segment", "scope", "event"]
ABOUT: tuple[About, ...] = ("figure", "rate", "share", "player", "segment", "scope", "event")
#: What nobody says of an edition that is silent in the weakest of its ways.
_SILENT: No = "not stated"


@dataclass(frozen=True, slots=True)
class Told:
    """Something that one edition says, in one or more facts.

    What both editions tell is found by `key`; of several with one key, those with the same `period`
    belong together. `said` is what is compared, as printed; `amount` is the same as a number where
    that tells whether other digits mean another value. `cls` is the class of the facts. What is
    only `beside` something else is told where both editions have it, and is no news by itself.
    """

    about: About
    cls: str
    key: Hashable
    what: str
    said: str = ""
    period: Hashable = None
    amount: Hashable = None
    thing: str = ""
    facts: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference: what each edition says, None where it says nothing; then `no` tells why."""

    about: About
    change: str
    what: str
    older: Told | None
    newer: Told | None
    no: No | None = None


def changes(
    older: Iterable[Told],
    newer: Iterable[Told],
    silence: Mapping[Literal["older", "newer"], Mapping[str, No]],
) -> Iterator[Changed]:
    """Yield what differs, in the order of kinds, then of what they are about.

    `silence` has for each edition and class what its silence means; of a class that an edition was
    not read for at all, nothing is compared.
    """
    before, after = _by_key(older), _by_key(newer)
    asked = {name for name in silence["older"] if name in silence["newer"]}
    found = []
    for key in dict.fromkeys((*before, *after)):
        for old, new in _paired(before.get(key, ()), after.get(key, ())):
            either = old or new
            if either is not None and either.cls in asked:
                found += list(_changed(either, old, new, silence))
    yield from sorted(found, key=lambda one: (ABOUT.index(one.about), one.what, one.change))


def _by_key(told: Iterable[Told]) -> Mapping[tuple[str, Hashable], Sequence[Told]]:
    found = defaultdict[tuple[str, Hashable], list[Told]](list)
    for one in told:
        found[f"{one.about} {one.cls}", one.key].append(one)
    return found


def _paired(
    older: Sequence[Told], newer: Sequence[Told]
) -> Iterator[tuple[Told | None, Told | None]]:
    """What belongs together: of one period, then what is left, if that is one on each side."""
    left = {one.period: one for one in newer}
    alone = []
    for one in older:
        if one.period in left:
            yield one, left.pop(one.period)
        else:
            alone.append(one)
    if len(alone) == len(left) == 1:
        yield alone[0], next(iter(left.values()))
        return
    yield from ((one, None) for one in alone)
    yield from ((None, one) for one in left.values())


def _changed(
    either: Told,
    old: Told | None,
    new: Told | None,
    silence: Mapping[Literal["older", "newer"], Mapping[str, No]],
) -> Iterator[Changed]:
    if old is not None and new is not None:
        if change := _revised(old, new):
            yield Changed(either.about, change, new.what, old, new)
        return
    if either.beside:
        return
    side: Literal["older", "newer"] = "newer" if new is None else "older"
    no = silence[side][either.cls]
    word = "dropped" if new is None else "added"
    change = f"{either.about} {word}" if no == _SILENT else no
    yield Changed(either.about, change, either.what, old, new, no)


def _revised(old: Told, new: Told) -> str:
    """How two sayings differ; empty where they do not."""
    if (old.said, old.period) == (new.said, new.period):
        return ""
    if old.about == "scope":
        return "scope changed"
    same = old.amount is not None and old.amount == new.amount and old.period == new.period
    return f"{old.about} {'printed otherwise' if same else 'revised'}"
