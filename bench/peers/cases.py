"""The queries: a file each, with its class and its title in the first lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

_QUERIES = Path(__file__).with_name("queries")


@dataclass(frozen=True, slots=True)
class Case:
    """A query. `graph`: its answer is a graph and not rows."""

    name: str
    kind: str
    title: str
    text: str

    @property
    def graph(self) -> bool:
        """Whether it is a CONSTRUCT or DESCRIBE."""
        return not any(line.startswith("SELECT") for line in self.text.splitlines())


def cases(words: Iterable[str] = ()) -> list[Case]:
    """All queries in order, or those whose name or class has one of the words.

    Raises ValueError for a word that none has, with those that there are.
    """
    found = [_read(path) for path in sorted(_QUERIES.glob("*.rq"))]
    words = list(words)
    for word in words:
        if not any(word in case.name or word in case.kind for case in found):
            names = ", ".join(case.name for case in found)
            kinds = ", ".join(sorted({case.kind for case in found}))
            raise ValueError(f"{word!r} is in no name ({names}) and in no class ({kinds})")
    return [c for c in found if not words or any(w in c.name or w in c.kind for w in words)]


def mixed(players: Iterable[str]) -> list[Case]:
    """The small queries of a mixed load, for each of some players (IRIs)."""
    shapes = [_read(path) for path in sorted((_QUERIES / "mix").glob("*.rq"))]
    return [
        Case(shape.name, shape.kind, shape.title, Template(shape.text).substitute(player=player))
        for player in players
        for shape in shapes
    ]


def players() -> Case:
    """The query for the players of a mixed load."""
    return _read(_QUERIES / "players.sparql")


def _read(path: Path) -> Case:
    kind, title, text = path.read_text("utf-8").split("\n", 2)
    return Case(path.stem, kind.removeprefix("# class: "), title.removeprefix("# title: "), text)
