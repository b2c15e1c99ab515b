"""Which things were decided to be one, or to be several, between two releases.

Told by what the registers say: `dct:isReplacedBy` (a row of retired.csv) that came or went, and
names that moved from one thing to another that came or went with them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.diff.statements import Statement
from ontology.namespaces import DCT, KG, RDFS
from ontology.vocabulary import expand

_REPLACED = DCT.isReplacedBy.value
_NAMES = (RDFS.label.value, expand("skos:altLabel"))
#: What a merge or a split changes of a thing that stays.
_OF_NAMES = (*_NAMES, KG.mergeDecision.value)
_GROUPING = (KG.group.value, KG.groupDecision.value)


@dataclass(frozen=True, slots=True)
class Decisions:
    """`merged` and `split` have the thing that went or came, and the one that stays."""

    merged: dict[str, str] = field(default_factory=dict)
    split: dict[str, str] = field(default_factory=dict)

    def of_register(self, thing: str, node: str, predicate: str) -> str | None:
        """`merged` or `split`, where such a decision is why a register says something else."""
        for name, pairs in (("merged", self.merged), ("split", self.split)):
            if thing in pairs or (node in pairs.values() and predicate in _OF_NAMES):
                return name
        return None

    def of_values(self, before: set[str], after: set[str], all_after: set[str]) -> str | None:
        """`merged` or `split`, where values differ for such a decision alone.

        `before` are the things that went and `after` those that came; `all_after` has what was
        there already too, since one value may stand for two that were.
        """
        if not before and not after:
            return None
        for name, pairs in (("merged", self.merged), ("split", self.split)):
            ways = set(pairs.items())
            if name == "split":  # the thing that stayed gives its place to the one that came
                ways = {(stays, came) for came, stays in ways} | ways
            went = all(any((old, new) in ways for new in all_after) for old in before)
            came = all(any((old, new) in ways for old in before) for new in after)
            if before and went and came:
                return name
        return None


def decisions(removed: Iterable[Statement], added: Iterable[Statement]) -> Decisions:
    """Read the decisions from what the registers do not say any more, and say newly."""
    gone, come = list(removed), list(added)
    found = Decisions()
    for one in come:
        if one.predicate == _REPLACED and one.thing:
            found.merged[one.subject] = one.thing
    for one in gone:
        if one.predicate == _REPLACED and one.thing and one.subject not in found.merged:
            found.split[one.subject] = one.thing
    for old, new in _moved(gone, come):
        found.merged.setdefault(old, new)
    for new, old in _moved(come, gone):
        if old not in found.merged and new not in found.merged.values():
            found.split.setdefault(new, old)
    return found


def of_group(thing: str, predicate: str, after: Iterable[str]) -> str | None:
    """Whether a decision on the group of an organisation puts it with others, or by itself."""
    if predicate not in _GROUPING:
        return None
    if predicate == _GROUPING[0]:
        return "split" if f"<{thing}>" in set(after) else "merged"
    return "merged" if list(after) else "split"


def _moved(gone: list[Statement], come: list[Statement]) -> Iterable[tuple[str, str]]:
    """Pairs of a thing whose label is gone, and another one that has come to be called so."""
    labels = {one.subject: one.object for one in gone if one.predicate == _NAMES[0]}
    relabelled = {one.subject for one in come if one.predicate == _NAMES[0]}
    called = defaultdict[str, set[str]](set)
    for one in come:
        if one.predicate in _NAMES:
            called[one.object].add(one.subject)
    for thing, label in sorted(labels.items()):
        others = called[label] - {thing}
        if thing not in relabelled and len(others) == 1:
            yield thing, next(iter(others))
