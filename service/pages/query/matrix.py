"""A result as a matrix: one column gives the rows, one the columns, one what is in the cells."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from service.pages.query.columns import Columns, Told
from service.results import Term

MOST_ROWS, MOST_COLUMNS = 200, 40
_LEVELS = 3


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What a cell says, and how dark its ground is: 0 to 3."""

    text: str
    level: int


Head = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Heads are of a text and where it leads, None where nowhere.

    `levels` are what the grounds 1 to 3 mean; empty where cells are not numbers. `cut` says what is
    left out, in words.
    """

    rows_are: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Head, tuple[MatrixCell | None, ...]], ...]
    levels: tuple[str, ...]
    cut: str


def matrix_of(told: Told, chosen: Columns) -> Matrix | None:
    """Return the matrix, in the order of the result; None where it has no two columns."""
    if chosen.second is None:
        return None
    # By terms, not by what they are called: two things may have one name.
    cells: defaultdict[tuple[Term | None, Term | None], list[str]] = defaultdict(list)
    for row in told.rows.rows:
        key = row[chosen.first], row[chosen.second]
        cells[key].append(told.text(row[chosen.value]) if chosen.value is not None else "")
    down = list(dict.fromkeys(row for row, _ in cells))
    across = list(dict.fromkeys(column for _, column in cells))
    texts = {key: _joined(values, chosen) for key, values in cells.items()}
    largest = _largest(list(texts.values()))
    return Matrix(
        rows_are=told.rows.columns[chosen.first],
        columns=tuple((told.text(term), told.href(term)) for term in across[:MOST_COLUMNS]),
        rows=tuple(
            (
                (told.text(row), told.href(row)),
                tuple(_cell(texts.get((row, one)), largest) for one in across[:MOST_COLUMNS]),
            )
            for row in down[:MOST_ROWS]
        ),
        levels=_key(list(texts.values()), largest),
        cut=_cut(len(down), len(across)),
    )


def _joined(values: list[str], chosen: Columns) -> str:
    if chosen.value is None:
        return str(len(values))
    return "; ".join(dict.fromkeys(values))


def _cell(text: str | None, largest: Decimal | None) -> MatrixCell | None:
    if text is None:
        return None
    number = _number(text) if largest else None
    if number is None or not largest:
        return MatrixCell(text, 0)
    return MatrixCell(text, _level(number, largest))


def _level(number: Decimal, largest: Decimal) -> int:
    return min(_LEVELS, 1 + int(number * _LEVELS / largest))


def _largest(texts: list[str]) -> Decimal | None:
    """The largest of the cells; None unless all are numbers and none is below zero."""
    found = [_number(text) for text in texts]
    numbers = [number for number in found if number is not None]
    if not numbers or len(numbers) < len(found) or min(numbers) < 0 or max(numbers) <= 0:
        return None
    return max(numbers)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 100 else None


def _key(texts: list[str], largest: Decimal | None) -> tuple[str, ...]:
    """What each level means: the least and the greatest number that has it, as they stand there."""
    if not largest:
        return ()
    found: dict[int, list[Decimal]] = {level: [] for level in range(1, _LEVELS + 1)}
    for text in texts:
        if (number := _number(text)) is not None:
            found[_level(number, largest)].append(number)
    return tuple(_span(numbers) for numbers in found.values())


def _span(numbers: list[Decimal]) -> str:
    if not numbers:
        return "no cell"
    least, greatest = min(numbers), max(numbers)
    return f"{least}" if least == greatest else f"{least} to {greatest}"


def _cut(rows: int, columns: int) -> str:
    said = []
    if rows > MOST_ROWS:
        said.append(f"the first {MOST_ROWS:,} of {rows:,} rows")
    if columns > MOST_COLUMNS:
        said.append(f"the first {MOST_COLUMNS:,} of {columns:,} columns")
    return " and ".join(said)
