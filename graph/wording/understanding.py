"""How a question in words was understood, and what is offered while it is being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from graph.search import Hit, Span

Status = Literal["understood", "unsure", "not understood"]
"""What is not understood is not answered, and so is never a "not stated"."""


class Names(Protocol):
    """What the grammar asks of a search; `graph.search.Search` is one."""

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 10) -> tuple[Hit, ...]:
        """Return what is called so or nearly so, best first."""

    def complete(self, prefix: str, kinds: Sequence[str] = (), limit: int = 10) -> tuple[Hit, ...]:
        """Return what a name that is being typed may become, best first."""

    def thing(self, text: str) -> Hit | None:
        """Return the thing with this IRI or this `kind/slug`, if it has a name."""

    def spans(self, text: str, kinds: Sequence[str] = ()) -> tuple[Span, ...]:
        """Return the longest runs of words that name something, in the order of the text."""


@dataclass(frozen=True, slots=True)
class Use:
    """What words were used for: `text[start:end]` of Understanding.text.

    `purpose` is `question` for the words that ask, the name of a parameter for a value, `part` for
    the words around one, `function word`, and `left over` for a word that has no place.
    """

    start: int
    end: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to understand a text: a question with a name and its arguments.

    `arguments` are as `graph.landscape.read_arguments` takes them, entities as IRIs, what is the
    default left out. `sentence` says the same in canonical words and is itself understood so.
    `uses` are in the order of the text. `score` is from 0 to 1: the share of the words with a
    place, less where a name is only nearly so spelt.
    """

    question: str
    arguments: Mapping[str, list[str]]
    sentence: str
    uses: tuple[Use, ...]
    score: float

    @property
    def left_over(self) -> tuple[Use, ...]:
        """The words that have no place in this reading."""
        return tuple(use for use in self.uses if use.purpose == "left over")


@dataclass(frozen=True, slots=True)
class UnknownWords:
    """Words that nothing is called and that ask nothing: `text[start:end]`; `near` are names."""

    start: int
    end: int
    text: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a text was understood, `text` being it in composed form and trimmed.

    `understood` has exactly one reading with no word left over; `unsure` has one or more, the best
    first, none of which is to be answered unasked; `not understood` has none. `reason` says why it
    is not understood or unsure, else it is empty.
    """

    text: str
    status: Status
    readings: tuple[Reading, ...] = ()
    unknown: tuple[UnknownWords, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text that is being typed may become: a question, or an entity.

    A question has its `arguments`; while a value is missing (`complete` is false) its place in
    `text` is an ellipsis. An entity has its `iri` and says in `type_label` what it is.
    """

    text: str
    kind: Literal["question", "entity"]
    question: str = ""
    arguments: Mapping[str, list[str]] | None = None
    complete: bool = True
    iri: str = ""
    type_label: str = ""
