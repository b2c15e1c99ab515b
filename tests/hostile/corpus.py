"""The attacks: queries that a service without protection does not survive, or not soon.

`queries/index.toml` says of each what it attacks, what a protected service may answer, and what
became of it in an engine without protection. The text is a file beside it, or made by `generated`
where it is long.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.hostile.generated import MADE

QUERIES = Path(__file__).with_name("queries")
ANSWER = "answer"  # the outcome of a complete 200
JSON_RESULTS = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Attack:
    """One query, as it is sent.

    `outcomes` are names of problems, and ANSWER where a complete answer is right. `unprotected` is
    what was seen without protection: `runs`, `answers`, `dies` or `refused`, with figures.
    """

    name: str
    query: str
    attacks: str
    outcomes: frozenset[str]
    unprotected: str
    accept: str = f"{JSON_RESULTS}, text/turtle"
    coding: str = "identity"

    @property
    def text(self) -> str:
        """The query."""
        return text(self.query)

    @property
    def is_work(self) -> bool:
        """Whether only a protection ends it: no answer is right."""
        ends = {"deadline-exceeded", "memory-exceeded"}
        return bool(self.outcomes & ends) and not self.outcomes & {ANSWER, "query-syntax"}


@cache
def text(name: str) -> str:
    """Return the text of a query by name."""
    made = MADE.get(name)
    return made() if made else (QUERIES / f"{name}.rq").read_text("utf-8")


@cache
def attacks() -> tuple[Attack, ...]:
    """Every attack, in the order of the index."""
    rows = tomllib.loads((QUERIES / "index.toml").read_text("utf-8"))
    return tuple(
        Attack(name, row.pop("query", name), outcomes=frozenset(row.pop("outcomes")), **row)
        for name, row in rows.items()
    )
