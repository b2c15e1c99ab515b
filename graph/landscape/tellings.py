"""The tellings of facts, as evidence is shown: each mention with things that can be opened."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking
from graph.landscape.mentions import Mention, mentions

#: Facts in one query; each is one IRI of its text.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Telling:
    """One mention of a fact. `claim` is what can be opened, and labelled as the fact is.

    `line` is that of the section with text on it, where it is kept: 0 is its heading. `printed`
    are words of the report, `address` is the page of its publisher, empty where none is known.
    """

    fact: str
    claim: Thing
    report: Thing
    section: str = ""
    line: int | None = None
    manner: str = ""
    printed: tuple[str, ...] = ()
    address: str = ""


def tellings(
    asking: Asking, facts: Iterable[str], reports: Iterable[str] = ()
) -> dict[str, tuple[Telling, ...]]:
    """Return where each fact is told, by its IRI, in the order of reports and of their text.

    `reports` are IRIs; without any, every report is asked. A fact that nothing is said of is left
    out. Raises the errors of graph.query.
    """
    found: dict[str, list[Telling]] = {}
    nodes = [NamedNode(fact) for fact in dict.fromkeys(facts)]
    among = [NamedNode(report) for report in reports] or None
    for first in range(0, len(nodes), _AT_ONCE):
        for fact, mention in mentions(asking, nodes[first : first + _AT_ONCE], reports=among):
            found.setdefault(fact, []).append(_telling(fact, mention))
    return {fact: tuple(of) for fact, of in found.items()}


def _telling(fact: str, mention: Mention) -> Telling:
    return Telling(
        fact=fact,
        claim=Thing(mention.claim, mention.label, "claim"),
        report=Thing(mention.report.iri, mention.report.text, "source"),
        section=mention.section.text,
        line=mention.line,
        manner=mention.manner.lower(),
        printed=mention.printed,
        address=mention.page,
    )
