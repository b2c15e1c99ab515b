"""The cause of a difference in what is claimed, registered or written; the computed ones follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.diff.decisions import Decisions, of_group
from graph.diff.model import CAUSES, Cause
from graph.diff.scope import HISTORY, Scope
from graph.diff.statements import About
from ontology.namespaces import DCT, KG, RDF

_QUALITY = "quality"
_ORDER = {cause: position for position, cause in enumerate(CAUSES)}
_TYPE, _EVENT, _STATES = RDF.type.value, f"<{KG.Event.value}>", KG.states.value


@dataclass(frozen=True, slots=True)
class Difference:
    """Values of one property of a node that went and came, in a graph; terms of N-Triples."""

    thing: str
    node: str
    predicate: str
    graph: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """What both releases say about the things that differ, and about those next to them."""

    before: About
    after: About

    def is_new(self, thing: str, graph: str) -> bool:
        """Whether the release before says nothing of a thing in this graph."""
        return not any(one.graph == graph for one in self.before.of(thing))

    def is_gone(self, thing: str, graph: str) -> bool:
        """Whether the release after says nothing of a thing in this graph."""
        return not any(one.graph == graph for one in self.after.of(thing))


class Causes:
    """Finds causes. `withdrawn_events` are pairs of a source graph and the class of an event."""

    def __init__(self, scope: Scope, sides: Sides, made: Decisions) -> None:
        self._scope = scope
        self._sides = sides
        self._made = made
        self._withdrawn: set[tuple[str, str]] = set()

    def withdraw(self, claims: Sequence[tuple[str, str]]) -> None:
        """Tell which claims (with their graphs) are gone: an event in their place is no news."""
        for claim, graph in claims:
            for event in self._sides.before.things(claim, _STATES, graph):
                for one in self._sides.before.values(event, _TYPE, graph):
                    self._withdrawn.add((graph, one.object))

    def of(self, difference: Difference) -> Cause:
        """The cause of a difference that is not computed from others."""
        name = self._scope.name(difference.graph)
        if name == "ontology":
            return "rule-or-code-changed"
        if name == "reference":
            return self._of_register(difference)
        if name in (_QUALITY, HISTORY):
            name = self._source_of_note(difference)
        if not self._scope.is_source(name):
            return "register-changed" if name == _QUALITY else "written"
        return self._of_source(difference, name)

    def _of_register(self, difference: Difference) -> Cause:
        thing, predicate = difference.thing, difference.predicate
        decided = self._made.of_register(thing, difference.node, predicate)
        # Whoever comes or goes counts to a group from or up to then: that is no decision on it.
        graph = difference.graph
        stays = not (self._sides.is_new(thing, graph) or self._sides.is_gone(thing, graph))
        if decided is None and stays:
            decided = of_group(thing, predicate, difference.after)
        return _named(decided) or self._of_values(difference) or "register-changed"

    def _of_source(self, difference: Difference, slug: str) -> Cause:
        scope, sides = self._scope, self._sides
        thing, graph = difference.thing, difference.graph
        if slug not in scope.after:
            return "new-edition" if scope.is_revised(slug, sides.after) else "source-removed"
        is_new, is_gone = sides.is_new(thing, graph), sides.is_gone(thing, graph)
        if is_new and self._tells_news(thing, graph):
            return "event-reported"
        if slug not in scope.before:
            return "new-edition" if scope.revises(slug, sides.after) else "source-added"
        if scope.is_another_edition(slug):
            return "new-edition"
        return self._of_transcription(difference, is_new=is_new, is_gone=is_gone)

    def _of_transcription(self, difference: Difference, *, is_new: bool, is_gone: bool) -> Cause:
        """Why a source is told otherwise, though it is the one that it was."""
        known = self._made.merged
        stands_for_another = difference.thing in known or difference.thing in known.values()
        if (is_new or is_gone) and not stands_for_another:
            return "recorded" if is_new else "withdrawn"
        return self._of_values(difference) or "transcription-corrected"

    def _of_values(self, difference: Difference) -> Cause | None:
        """Merged or split, where each value that differs stands for such a thing."""
        before, after = _things(difference.before), _things(difference.after)
        if len(before) != len(difference.before) or len(after) != len(difference.after):
            return None
        now = self._sides.after.values(difference.node, difference.predicate, difference.graph)
        return _named(self._made.of_values(before, after, _things([one.object for one in now])))

    def _tells_news(self, claim: str, graph: str) -> bool:
        """Whether a claim tells an event that nobody told before, under this or another name.

        Where the same source has withdrawn an event of the kind and its edition is the same, the
        event may be that one, written anew.
        """
        sides, same = self._sides, not self._scope.is_another_edition(self._scope.name(graph))
        for event in sides.after.things(claim, _STATES, graph):
            types = {one.object for one in sides.after.values(event, _TYPE, graph)}
            known = any(True for _ in sides.before.of(event))
            stands_for = event in self._made.merged.values() or event in self._made.split
            rewritten = same and any((graph, one) in self._withdrawn for one in types)
            if _EVENT in types and not (known or stands_for or rewritten):
                return True
        return False

    def _source_of_note(self, difference: Difference) -> str:
        """The source of which a note doubts something; `quality` where it names none."""
        prefix = f"{self._scope.iris.base}source/"
        for about in (self._sides.after, self._sides.before):
            for source in about.things(difference.thing, DCT.source.value, difference.graph):
                if source.startswith(prefix):
                    return source.removeprefix(prefix)
        return _QUALITY


def foremost(causes: Sequence[Cause]) -> Cause:
    """The one that comes first in CAUSES."""
    return min(causes, key=_ORDER.__getitem__)


def order_of(cause: Cause) -> int:
    """Its place in CAUSES."""
    return _ORDER[cause]


def _named(decided: str | None) -> Cause | None:
    if decided == "merged":
        return "merged"
    return "split" if decided == "split" else None


def _things(terms: Sequence[str]) -> set[str]:
    return {term[1:-1] for term in terms if term.startswith("<")}
