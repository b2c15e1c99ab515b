"""What reports tell for the ties of the landscape: one item for each telling of each fact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from graph.description.fragment import at_text
from graph.landscape import Evidence
from graph.landscape.tellings import Telling
from graph.landscape.ties import PlayerPlace
from service.pages.landscape_model import Model, Row, family_of
from service.resources.addresses import here_or_there


@dataclass(frozen=True, slots=True)
class Item:
    """One telling of one fact for one tie."""

    tie: PlayerPlace
    evidence: Evidence
    telling: Telling

    @property
    def family(self) -> str:
        """The group of its kind of evidence."""
        return family_of(self.evidence.kind)

    @property
    def href(self) -> str | None:
        """Where the claim is opened."""
        return here_or_there(self.telling.claim.iri)

    @property
    def why(self) -> str | None:
        """Where the derived tie is explained."""
        return here_or_there(self.evidence.statement)

    @property
    def publisher(self) -> str | None:
        """The page of the publisher at these words; None where its address is not known."""
        return at_text(self.telling.address, max(self.telling.printed, key=len, default=""))

    @property
    def row(self) -> Mapping[str, Any]:
        """The item as data."""
        told = self.telling
        return {
            "player": self.tie.player,
            "place": self.tie.place,
            "kind": self.evidence.kind,
            "tie": self.evidence.tie,
            "claim": told.claim,
            "report": told.report,
            "section": told.section,
            "line": told.line,
            "manner": told.manner,
            "printed": told.printed,
            "publisher_page": self.publisher or "",
            "statement": self.evidence.statement,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """One telling as a page shows it, whatever it is evidence of."""

    telling: Telling
    evidence: None = None
    why: None = None

    @property
    def href(self) -> str | None:
        """Where the claim is opened."""
        return here_or_there(self.telling.claim.iri)

    @property
    def publisher(self) -> str | None:
        """The page of the publisher at these words; None where its address is not known."""
        return at_text(self.telling.address, max(self.telling.printed, key=len, default=""))

    @property
    def row(self) -> dict[str, Any]:
        """The telling as data."""
        told = self.telling
        shared = {name: getattr(told, name) for name in ("claim", "report", "section", "line")}
        page = self.publisher or ""
        return {**shared, "manner": told.manner, "printed": told.printed, "publisher_page": page}


@dataclass(frozen=True, slots=True)
class Behind:
    """The evidence of one player, for a page that has all of it within; `anchor` leads to it."""

    anchor: str
    player: str
    ties: tuple[tuple[str, tuple[Item, ...]], ...]


def items_of(
    ties: Sequence[PlayerPlace], told: Mapping[str, tuple[Telling, ...]]
) -> Iterator[Item]:
    """Yield what is told for ties; `told` has the tellings of each fact."""
    for tie in ties:
        seen = set()
        for evidence in tie.evidence:
            for fact in evidence.facts:
                for telling in told.get(fact, ()):
                    # Two statements of one kind may rest on one mention.
                    if (evidence.kind, telling) not in seen:
                        seen.add((evidence.kind, telling))
                        yield Item(tie, evidence, telling)


def within(
    model: Model, ties: Sequence[PlayerPlace], told: Mapping[str, tuple[Telling, ...]]
) -> tuple[Model, tuple[Behind, ...]]:
    """Return the matrix with links to its own evidence, and that evidence, in the order of rows."""
    of_player: dict[tuple[str, str | None], list[PlayerPlace]] = {}
    for tie in ties:
        player = tie.player.label, here_or_there(tie.player.iri)
        of_player.setdefault(player, []).append(tie)
    behind, rows = [], []
    for at, row in enumerate(model.rows, 1):
        items = items_of(of_player.get((row.label, row.href), ()), told)
        groups = groupby(items, key=lambda item: item.tie.place.label)
        anchor = f"behind-{at}"
        behind.append(Behind(anchor, row.label, tuple((p, tuple(of)) for p, of in groups)))
        rows.append(_leading_to(row, f"#{anchor}"))
    return replace(model, rows=tuple(rows)), tuple(behind)


def _leading_to(row: Row, href: str) -> Row:
    cells = tuple(replace(cell, href=href) if cell.number else cell for cell in row.cells)
    return replace(row, cells=cells, evidence=href)
