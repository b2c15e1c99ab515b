"""What is drawn: things, lines between them, and what each says of itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.landscape import Evidence

#: What a reader calls the kinds of things, one and several; the first is a shape of pages, too.
WORDS = {
    "company": ("company", "companies"),
    "therapy": ("therapy", "therapies"),
    "therapy-type": ("therapy type", "therapy types"),
    "indication": ("indication", "indications"),
    "region": ("region", "regions"),
    "event": ("event", "events"),
    "statement": ("fact", "facts"),
}
#: The shape of a thing and what it is called, by the kind of its IRI, where no column says more.
OF_IRI = {
    "agent": ("company", "organisation"),
    "therapy": ("therapy", "therapy"),
    "technology": ("therapy", "technology"),
    "place": ("region", "place"),
    "concept": ("therapy-type", "concept"),
    "event": ("event", "event"),
    "market": ("indication", "market"),
    "segment": ("indication", "segment"),
    "claim": ("statement", "fact"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a picture. `kind` is a shape and a key of WORDS, `what` a word for it.

    `href` is where it leads in the picture, `page` what is said of it.
    """

    iri: str
    label: str
    kind: str
    href: str
    page: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Two things that stand together, by their IRIs.

    `about` says it in words, `href` is where its evidence is.
    """

    start: str
    end: str
    stated: bool
    about: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of a picture. `left_out` is how many more things would stand in it."""

    kind: str
    nodes: Sequence[Node]
    left_out: int = 0

    @property
    def title(self) -> str:
        """How many there are, in words."""
        return counted(len(self.nodes) + self.left_out, self.kind)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Columns and what leads from each to the next. `focus` is an IRI, `path` those on its way."""

    lanes: Sequence[Lane]
    lines: Sequence[Line]
    focus: str = ""
    path: frozenset[str] = frozenset()

    def on_path(self, line: Line) -> bool:
        """Whether a line is on the way through what is in focus."""
        return line.start in self.path and line.end in self.path

    def beside(self, iri: str) -> list[str]:
        """Return the names of what a thing is tied to in the columns beside it, by name."""
        names = {node.iri: node.label for lane in self.lanes for node in lane.nodes}
        met = {line.end for line in self.lines if line.start == iri}
        met |= {line.start for line in self.lines if line.end == iri}
        return sorted((names[one] for one in met), key=lambda name: (name.casefold(), name))


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing in a network. `more` counts what is beside it and not drawn, `unfold` shows that.

    A hub has more ties than anybody could read, so it is not passed through.
    """

    node: Node
    more: int = 0
    unfold: str = ""
    hub: bool = False
    pinned: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """One edge of a network in words. `why` is where a derived one is explained, else empty."""

    start: Node
    words: str
    end: Node
    key: str = ""
    evidence: tuple[Evidence, ...] = ()
    why: str = ""

    @property
    def stated(self) -> bool:
        """Whether it is more than implied; an edge of a fact or a register is."""
        return not self.evidence or any(one.tie == "stated" for one in self.evidence)


@dataclass(frozen=True, slots=True)
class Network:
    """Things around one, or of a selection, with the ties among them.

    `left_out` counts what is around them and not drawn; `kinds` are triples of a kind of tie, as
    the address has it, its words, and how many there are.
    """

    nodes: Sequence[Placed]
    ties: Sequence[Tie]
    focus: str = ""
    left_out: int = 0
    kinds: Sequence[tuple[str, str, int]] = field(default=())

    @property
    def lines(self) -> list[Line]:
        """What is drawn: one line for all ties of the same two things."""
        found: dict[frozenset[str], list[Tie]] = {}
        for tie in self.ties:
            found.setdefault(frozenset((tie.start.iri, tie.end.iri)), []).append(tie)
        return [_line(of) for of in found.values()]


def _line(of: Sequence[Tie]) -> Line:
    said = "; ".join(dict.fromkeys(f"{tie.start.label}: {tie.words} {tie.end.label}" for tie in of))
    stated = any(tie.stated for tie in of)
    why = next((tie.why for tie in of if tie.why), "")
    about = said if stated else f"{said} (only implied)"
    first = of[0]
    return Line(first.start.iri, first.end.iri, stated, f"{about}. Why?" if why else about, why)


def counted(number: int, kind: str) -> str:
    """Return how many of a kind there are, in words."""
    one, several = WORDS.get(kind, ("thing", "things"))
    return f"{number:,} {one if number == 1 else several}"
