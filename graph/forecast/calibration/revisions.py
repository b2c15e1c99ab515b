"""Older editions held against later claims: a list of cases, never a coverage.

What one edition of a data group said for a year is set beside what a later edition of the same
group, or of another one, prints for that year. Years between two printed ones of the older edition
are read off its path (linear in the log) and marked as interpolated; nothing is extrapolated.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.figures.model import Figure, Publication, Published, Scope
from graph.figures.units import amount, scale

Whose = Literal["own", "other"]

NOTE = (
    "A list of cases, not a coverage: few editions can be had, those of one group hang together, "
    "and a later claim is no truth."
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What one publication with a date prints of a scope: values by year, all above zero.

    `amounts` are in ones of what is `counted` (a currency, cases); `relation` is that of
    its scope to the market's.
    """

    publication: Publication
    scope: Scope
    counted: str
    measure: str
    relation: str
    amounts: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class RevisionCase:
    """What an older edition said for a year, and what a later one prints.

    `said` and `printed` are in ones of what is `counted`. `ratio` is printed / said, and
    `log_difference` its natural logarithm. `whose` is *own* if both are of one data group.
    """

    scope: Scope
    group: str
    older: str
    older_edition: str
    later_group: str
    later: str
    later_edition: str
    whose: Whose
    year: int
    counted: str
    measure: str
    said: float
    printed: float
    ratio: float
    log_difference: float
    interpolated: bool


@dataclass(frozen=True, slots=True)
class Revisions:
    """The cases, how many there are, of how many older data groups, and what was left out."""

    cases: tuple[RevisionCase, ...]
    notices: tuple[str, ...]
    note: str = NOTE

    @property
    def n(self) -> int:
        """How many cases there are. They are not independent."""
        return len(self.cases)

    @property
    def groups(self) -> int:
        """How many data groups have an older edition among the cases."""
        return len({case.group for case in self.cases})


def revisions(published: Published, groups: Mapping[str, str] | None = None) -> Revisions:
    """Every older edition against every later claim of the same scope, measure, unit and year.

    `groups` leads from the key of a publication to its data group, where a decision was made that
    differs from `Publication.group`. An edition is later if it begins after the other has ended, so
    of two with overlapping dates neither is. Claims of others count only where neither scope is
    known to differ from that of the market; those of the group itself where the relation is alike.
    """
    grouped = dict(groups or {})
    notices: list[str] = []
    editions = _editions(published.figures, notices)
    cases = [
        case
        for alike in _by_subject(editions).values()
        for older in alike
        for later in alike
        for case in _cases(older, later, grouped)
    ]
    cases.sort(key=_order)
    return Revisions(tuple(cases), tuple(dict.fromkeys(notices)))


def value_on_path(amounts: Mapping[int, float], year: int) -> tuple[float, bool] | None:
    """The value of a path in a year, and whether it lies between printed years; None outside."""
    if year in amounts:
        return amounts[year], False
    years = sorted(amounts)
    after = bisect_left(years, year)
    if not 0 < after < len(years):
        return None
    first, last = years[after - 1], years[after]
    weight = (year - first) / (last - first)
    log = (1 - weight) * math.log(amounts[first]) + weight * math.log(amounts[last])
    return math.exp(log), True


def _cases(older: Edition, later: Edition, groups: Mapping[str, str]) -> Iterator[RevisionCase]:
    one, other = older.publication, later.publication
    if not _precedes(one, other):
        return
    group, later_group = (groups.get(p.key, p.group) for p in (one, other))
    own = group == later_group
    if not _comparable(older.relation, later.relation, own=own):
        return
    for year, printed in later.amounts.items():
        found = value_on_path(older.amounts, year)
        if found is None:
            continue
        said, interpolated = found
        yield RevisionCase(
            scope=older.scope,
            group=group,
            older=one.key,
            older_edition=one.edition.form if one.edition else "",
            later_group=later_group,
            later=other.key,
            later_edition=other.edition.form if other.edition else "",
            whose="own" if own else "other",
            year=year,
            counted=older.counted,
            measure=older.measure,
            said=said,
            printed=printed,
            ratio=printed / said,
            log_difference=math.log(printed) - math.log(said),
            interpolated=interpolated,
        )


def _precedes(one: Publication, other: Publication) -> bool:
    """Whether the one edition is older for certain."""
    if one.edition is None or other.edition is None:
        return False
    end, begin = one.edition.latest, other.edition.earliest
    return end is not None and begin is not None and end < begin


def _comparable(one: str, other: str, *, own: bool) -> bool:
    if own:
        return one == other
    return not {one, other} & {"narrower", "broader"}


def _editions(figures: Iterable[Figure], notices: list[str]) -> list[Edition]:
    """What each publication prints of each scope; notices say what cannot be used."""
    by_edition = defaultdict[tuple[str, Scope, str, str, str], list[Figure]](list)
    for figure in figures:
        counted = scale(figure.unit)[0]
        if reason := _unusable(figure):
            notices.append(f"{figure.publication.title}: {reason}")
            continue
        subject = (figure.publication.key, figure.scope, counted, figure.measure, figure.relation)
        by_edition[subject].append(figure)
    return [
        Edition(told[0].publication, *subject[1:], _amounts(told, notices))
        for subject, told in by_edition.items()
    ]


def _unusable(figure: Figure) -> str:
    """Why a figure cannot be in a case, or nothing."""
    if figure.publication.edition is None:
        return "its edition has no date, so it is neither older nor later"
    if figure.year is None or figure.value is None:
        return "a figure without year or value is in no case"
    if not figure.unit:
        return "a figure without unit is in no case"
    if figure.value.value <= 0:
        return "a value that is not above zero has no logarithm"
    return ""


def _amounts(figures: Sequence[Figure], notices: list[str]) -> dict[int, float]:
    """Values by year; years with several different ones are left out, and said so."""
    by_year = defaultdict[int, set[float]](set)
    for figure in figures:
        assert figure.year is not None
        assert figure.value is not None
        by_year[figure.year].add(float(amount(figure.value.value, figure.unit)))
    for year, values in sorted(by_year.items()):
        if len(values) > 1:
            title = figures[0].publication.title
            notices.append(f"{title}: prints {len(values)} different values for {year}")
    return {year: min(values) for year, values in sorted(by_year.items()) if len(values) == 1}


def _by_subject(
    editions: Iterable[Edition],
) -> dict[tuple[Scope, str, str], list[Edition]]:
    found = defaultdict[tuple[Scope, str, str], list[Edition]](list)
    for edition in editions:
        found[edition.scope, edition.counted, edition.measure].append(edition)
    return found


def _order(case: RevisionCase) -> tuple[object, ...]:
    scope = case.scope
    return (
        (scope.market, scope.segment, scope.place, case.counted, case.measure),
        (case.group, case.older, case.later_group, case.later, case.year),
    )
