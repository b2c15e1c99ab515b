"""What a search finds: things, and where in a sentence they are named."""

from dataclasses import dataclass
from typing import Literal

How = Literal["exact", "prefix", "word", "typo"]
"""How a name matched: as a whole, by its beginning, by its words, or by words nearly so spelt."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found.

    `kind` is the kind of its IRI (agent, place, source …), `matched` the name that matched, as it
    is in the data: the label, another name or a code. `score` is from 0 to 1, and falls with
    `how` and with `edits`, the number of letters to change. `type_label` says in words what it is:
    `Country`, `Biotechnology company`, the name of a concept's list.
    """

    iri: str
    label: str
    kind: str
    matched: str
    score: float
    type_label: str
    how: How = "exact"
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a sentence that name something: `text[start:end]`, and whose name they are.

    All hits of a span match the same way: `how` is exact or typo.
    """

    start: int
    end: int
    hits: tuple[Hit, ...]

    @property
    def how(self) -> How:
        """Exact: a name or an alias as a whole; typo: all of its words, nearly so spelt."""
        return self.hits[0].how
