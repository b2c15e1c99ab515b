"""What is wrong in the seeds: every finding names file, line, column and remedy."""

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from graph.errors import GraphError

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `line` is 1-based; None where the whole file is meant."""

    file: str
    line: int | None
    column: str | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        column = f"{self.column}: " if self.column else ""
        return f"{place}: {column}{self.message.rstrip('.')}. {self.remedy}".rstrip()

    def as_dict(self) -> dict[str, str | int | None]:
        """The fields by name, for JSON."""
        return asdict(self)


class InvalidSeeds(GraphError):
    """The seeds have problems; nothing was built and the current release is untouched."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=_place))
        super().__init__("\n".join(map(str, self.problems)))


def _place(problem: Problem) -> tuple[str, int, str, str, str]:
    line, column = problem.line or 0, problem.column or ""
    return problem.file, line, column, problem.message, problem.remedy


def candidates(name: str, known: Iterable[str], limit: int = 3) -> str:
    """`Did you mean …?` with the nearest known names, or an empty string."""
    if len(name) > _LONGEST_NAME:
        return ""
    near = difflib.get_close_matches(name, sorted(known), n=limit, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def shown(text: str) -> str:
    """Text of unknown origin for a message: in quotes, escaped, and no longer than a line."""
    short = text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"
    return repr(short)
