"""Tables for a terminal. Text is shown whole; what could steer the terminal is shown escaped."""

from collections.abc import Iterable, Sequence
from typing import IO, NoReturn

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.results import Rows, Term, number_columns, short
from service.text import visible

_UNLIMITED = 1_000_000


class _Terminal(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Whoever reads has enough; the command line says so, and rich would end with 1."""
        raise BrokenPipeError


def terminal(*, error: bool = False, file: IO[str] | None = None) -> Console:
    """Return a console on standard output or error; in a pipe or a file its lines have no end."""
    console = _Terminal(stderr=error, file=file, highlight=False)
    if not console.is_terminal:
        console.width = _UNLIMITED
    return console


def print_rows(console: Console, rows: Rows, base: str) -> None:
    """Print the rows of a result; IRIs as a query may write them, unbound cells empty."""
    numeric = tuple(number_columns(rows.rows)) or (False,) * len(rows.columns)
    cells = ([_text(term, base) for term in row] for row in rows.rows)
    print_table(console, rows.columns, cells, numeric)
    console.print(Text(f"{rows.total:,} {'row' if rows.total == 1 else 'rows'}", "dim"))


def print_table(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Sequence[bool] = (),
) -> None:
    """Print a table; nothing is cut: long cells wrap where lines have an end."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, name in enumerate(columns):
        right = number < len(numeric) and numeric[number]
        table.add_column(Text(visible(name)), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    console.print(table)


def _text(term: Term | None, base: str) -> str:
    if term is None:
        return ""
    if term.kind == "iri":
        return short(term.value, base)
    return f"_:{term.value}" if term.kind == "blank" else term.value
