"""Which columns of a result a picture is made of, unless its reader says so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ontology.vocabulary import expand
from service.bodies import Parameters
from service.pages.results import leads_to
from service.results import Rows, Term, number_columns, short

#: What a reader may choose, as the address has it.
FIRST, SECOND, VALUE = "first", "second", "value"
#: Chosen where a column is to be left out.
NONE = "-"

_TIMES = frozenset(expand(f"xsd:{name}") for name in ("gYear", "gYearMonth", "date", "dateTime"))
_YEAR = re.compile(r"-?[0-9]{4}")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of columns: two that name something, and one that is told of them.

    `second` is None where there is none, `value` where rows are counted.
    """

    first: int
    second: int | None
    value: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A result as pictures read it: `names` are those of things, by IRI.

    `release` is the one that the address names; empty where it names none.
    """

    rows: Rows
    names: Mapping[str, str]
    base: str
    release: str = ""

    def href(self, term: Term | None) -> str | None:
        """Return where a term leads; None for what is no IRI."""
        return leads_to(term.value, self.release) if term and term.kind == "iri" else None

    def text(self, term: Term | None) -> str:
        """Return what a picture writes for a term; a dash where there is none."""
        if term is None:
            return "\u2013"
        if term.kind == "iri":
            return self.names.get(term.value) or short(term.value, self.base).strip("<>")
        return f"_:{term.value}" if term.kind == "blank" else term.value

    @property
    def numeric(self) -> Sequence[bool]:
        """Tell for each column whether it holds numbers only."""
        return tuple(number_columns(self.rows.rows)) or (False,) * len(self.rows.columns)

    @property
    def timed(self) -> Sequence[bool]:
        """Tell for each column whether it holds points in time only: dates, or years."""
        return [bool(column) and all(_is_time(term) for term in column) for column in self._bound()]

    @property
    def linked(self) -> Sequence[bool]:
        """Tell for each column whether it holds IRIs or blank nodes only."""
        return [
            bool(column) and all(term.kind in ("iri", "blank") for term in column)
            for column in self._bound()
        ]

    def _bound(self) -> list[list[Term]]:
        width = range(len(self.rows.columns))
        return [[t for row in self.rows.rows if (t := row[at]) is not None] for at in width]


def time_of(term: Term) -> float | None:
    """Return a point in time, or a number, as a number of years; None where it is neither."""
    if not _is_time(term):
        return None
    year = _YEAR.match(term.value)
    if year is None:
        return None
    month, day = [
        *(int(part) for part in re.findall("-([0-9]{2})", term.value[year.end() :])),
        1,
        1,
    ][:2]
    # A year as such stands at its own tick, and so does its first day.
    return int(year[0]) + (month - 1) / 12 + (day - 1) / 372


def for_matrix(told: Told, given: Parameters) -> Columns:
    """Return the columns of a matrix: rows, columns, and what stands in the cells."""
    value = _value(told, given)
    first, second = _keys(told, given, [at for at in _all(told) if at != value])
    return Columns(first, second, value)


def for_network(told: Told, given: Parameters) -> Columns:
    """Return the columns of a network: where its links begin, and where they end."""
    first, second = _keys(told, given, [at for at in _all(told) if told.linked[at]])
    return Columns(first, second, None)


def for_chart(told: Told, given: Parameters) -> Columns:
    """Return the columns of a chart: along the axis, series, and height."""
    value = _value(told, given)
    left = [at for at in _all(told) if at != value]
    along = [at for at in left if told.timed[at]]
    first = _given(FIRST, told, given)
    if first is None:
        first = (along or left or [0])[0]
    second = _given(SECOND, told, given)
    # Where something comes twice, another column says which is which.
    plain = len({row[first] for row in told.rows.rows}) == len(told.rows.rows)
    if second is None and given.get(SECOND) != [NONE] and (told.timed[first] or not plain):
        texts = [at for at in left if at != first and not told.numeric[at]]
        second = texts[0] if texts else None
    return Columns(first, None if second == first else second, value)


def _keys(told: Told, given: Parameters, likely: list[int]) -> tuple[int, int | None]:
    first = _given(FIRST, told, given)
    second = _given(SECOND, told, given)
    rest = [at for at in likely if at not in (first, second)]
    if first is None:
        first = rest.pop(0) if rest else 0
    if second is None:
        second = rest.pop(0) if rest else None
    return first, second


def _value(told: Told, given: Parameters) -> int | None:
    if given.get(VALUE) == [NONE]:
        return None
    chosen = _given(VALUE, told, given)
    if chosen is not None:
        return chosen
    numeric, timed = told.numeric, told.timed
    taken = (_given(FIRST, told, given), _given(SECOND, told, given))
    found = [at for at in _all(told) if numeric[at] and not timed[at] and at not in taken]
    return found[-1] if found else None


def _given(name: str, told: Told, given: Parameters) -> int | None:
    """The column that the address names; None for one that the result does not have."""
    values = given.get(name, ())
    columns = told.rows.columns
    return columns.index(values[0]) if values and values[0] in columns else None


def _all(told: Told) -> range:
    return range(len(told.rows.columns))


def _is_time(term: Term) -> bool:
    if term.datatype in _TIMES:
        return True
    return term.is_number and term.value.isdecimal() and int(term.value[:9]) in _YEARS
