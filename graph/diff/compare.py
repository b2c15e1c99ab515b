"""Two releases compared: which things differ, how, and why."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from graph.diff.causes import Causes, Difference, Sides, foremost, order_of
from graph.diff.decisions import decisions
from graph.diff.errors import DifferentBases
from graph.diff.explaining import Explaining
from graph.diff.model import Cause, Change, Comparison, Kind, PropertyChange
from graph.diff.patch import Patch, patch_between
from graph.diff.scope import HISTORY, Scope
from graph.diff.statements import About, Statement, literal_of, read_statement
from graph.release import Release
from ontology.namespaces import KG, RDFS

_MENTION, _LABEL = KG.mention.value, RDFS.label.value
_Key = tuple[str, str, Cause, str]


def compare(before: Release, after: Release, *, most: int | None = None) -> Comparison:
    """Return what differs, each with its cause; computed differences under what explains them.

    Each file is read a few times, and only what differs, with what lies next to it, is kept.
    Raises DifferentBases, and the errors of `patch_between`.
    """
    if before.iris.base != after.iris.base:
        raise DifferentBases(
            f"the IRIs of release {before.id[:12]} begin with {before.iris.base}, those of "
            f"{after.id[:12]} with {after.iris.base}: they can only be compared as triples"
        )
    patch = patch_between(before, after, most=most)
    gone = [read_statement(line) for line in patch.removed]
    come = [read_statement(line) for line in patch.added]
    scope = Scope(before, after)
    sides = Sides(_about(before, gone + come, scope), _about(after, gone + come, scope))
    found = _differences(gone, come, scope, sides)
    moved = _moved(gone, come, scope)
    follow = [one for one in found if scope.is_computed(one.graph, one.node) or moved(one)]
    primary = _primary([one for one in found if one not in follow], gone, come, scope, sides)
    changes = _with_computed(primary, follow, moved, scope, sides)
    return Comparison(patch, changes, _labels(sides, patch))


def _about(release: Release, touched: Sequence[Statement], scope: Scope) -> About:
    """What the release says about all that differs, and about what that leads to.

    Two steps: from a forecast to the activity that made it, and to the figures that it used.
    """
    about = About()
    wanted = {one.subject for one in touched} | {one.thing for one in touched if one.thing}
    wanted |= {scope.iris.source(slug).value for slug in (*scope.before, *scope.after)}
    wanted |= {_unmentioned(subject) for subject in wanted}
    for _ in range(2):
        about.read(release, wanted)
        wanted = {one.thing for one in about.all() if one.thing}
        wanted |= {_unmentioned(thing) for thing in wanted}
    about.read(release, wanted)
    return about


def _differences(
    gone: Iterable[Statement], come: Iterable[Statement], scope: Scope, sides: Sides
) -> list[Difference]:
    values = defaultdict[tuple[str, str, str], tuple[list[str], list[str]]](lambda: ([], []))
    for side, statements in enumerate((gone, come)):
        for one in statements:
            values[one.graph, one.subject, one.predicate][side].append(one.object)
    return [
        Difference(
            _thing(node, graph, scope, sides), node, predicate, graph, tuple(old), tuple(new)
        )
        for (graph, node, predicate), (old, new) in sorted(values.items())
    ]


def _thing(node: str, graph: str, scope: Scope, sides: Sides) -> str:
    """What a node belongs to: a mention to its claim, an event or a segment to who tells it."""
    told = tuple(f"{scope.iris.base}id/{kind}/" for kind in ("event", "segment"))
    if node.startswith(told):
        for about in (sides.after, sides.before):
            if mentions := about.things(node, _MENTION, graph):
                return _unmentioned(min(mentions))
    return _unmentioned(node)


def _unmentioned(iri: str) -> str:
    return re.sub(r"#m[0-9]+$", "", iri) if "/id/claim/" in iri else iri


def _moved(
    gone: Iterable[Statement], come: Iterable[Statement], scope: Scope
) -> Callable[[Difference], bool]:
    """What only changed its place, into the history of editions or out of it.

    It is said as before, of an edition that another one replaces in one release only.
    """
    sides = [
        {(one.subject, one.predicate, one.object): one for one in side} for side in (gone, come)
    ]
    there = {
        triple
        for triple in sides[0].keys() & sides[1].keys()
        if HISTORY in (scope.name(sides[0][triple].graph), scope.name(sides[1][triple].graph))
    }

    def moved(difference: Difference) -> bool:
        values = (*difference.before, *difference.after)
        return all((difference.node, difference.predicate, value) in there for value in values)

    return moved


def _primary(
    own: Sequence[Difference],
    gone: Iterable[Statement],
    come: Iterable[Statement],
    scope: Scope,
    sides: Sides,
) -> list[Change]:
    """The changes that are computed from nothing."""
    reference = scope.iris.graph("reference").value
    made = decisions(
        (one for one in gone if one.graph == reference),
        (one for one in come if one.graph == reference),
    )
    causes = Causes(scope, sides, made)
    causes.withdraw([(d.thing, d.graph) for d in own if sides.is_gone(d.thing, d.graph)])
    grouped = defaultdict[_Key, list[Difference]](list)
    shown = defaultdict[tuple[str, str], list[Difference]](list)
    for one in own:
        stays = not (sides.is_new(one.thing, one.graph) or sides.is_gone(one.thing, one.graph))
        if one.predicate == _LABEL and stays and scope.is_source(scope.name(one.graph)):
            shown[one.thing, one.graph].append(one)
        else:
            grouped[one.thing, one.graph, causes.of(one), ""].append(one)
    by_thing = defaultdict[str, list[tuple[Cause, str]]](list)
    for thing, _, cause, _ in grouped:
        by_thing[thing].append((cause, thing))
    for (thing, graph), labels in shown.items():
        cause, because = _of_label(labels, by_thing, sides, causes)
        grouped[thing, graph, cause, because].extend(labels)
    changes = [_change(key, group, scope, sides) for key, group in grouped.items()]
    return sorted(changes, key=_place)


def _of_label(
    labels: Sequence[Difference],
    by_thing: Mapping[str, list[tuple[Cause, str]]],
    sides: Sides,
    causes: Causes,
) -> tuple[Cause, str]:
    """Why the label of a fact differs: it is made of its values, and of their names."""
    first = labels[0]
    if own := by_thing.get(first.thing):
        return foremost([cause for cause, _ in own]), ""
    named = [
        found
        for about in (sides.after, sides.before)
        for label in labels
        for one in about.of(label.node)
        if one.thing and one.graph == label.graph and one.predicate != _MENTION
        for found in by_thing.get(one.thing, ())
        if found[1] != first.thing
    ]
    if named:
        return min(named, key=lambda one: (order_of(one[0]), one[1]))
    return causes.of(first), ""


def _with_computed(
    primary: Sequence[Change],
    follow: Sequence[Difference],
    moved: Callable[[Difference], bool],
    scope: Scope,
    sides: Sides,
) -> tuple[Change, ...]:
    explaining = Explaining(scope, sides, primary)
    grouped = defaultdict[_Key, list[Difference]](list)
    parents: dict[_Key, Change] = {}
    for one in follow:
        parent = None if moved(one) else explaining.explain(one)
        # Also what compared one edition with another report, as long as it was the last.
        parent = parent or explaining.superseding(one)
        alone: Cause = "new-edition" if moved(one) else "rule-or-code-changed"
        cause = parent.cause if parent else alone
        key = (one.thing, one.graph, cause, parent.thing if parent else "")
        grouped[key].append(one)
        if parent:
            parents[key] = parent
    follows = defaultdict[int, list[Change]](list)
    unexplained = []
    for key, group in sorted(grouped.items()):
        change = _change(key, group, scope, sides)
        if key in parents:
            follows[id(parents[key])].append(change)
        else:
            unexplained.append(change)
    folded = [replace(one, follows=tuple(follows[id(one)])) for one in primary]
    return tuple(sorted([*folded, *unexplained], key=_place))


def _change(key: _Key, group: Sequence[Difference], scope: Scope, sides: Sides) -> Change:
    thing, graph, cause, because = key
    kind: Kind = "changed"
    if sides.is_new(thing, graph):
        kind = "added"
    elif sides.is_gone(thing, graph):
        kind = "removed"
    name = scope.name(graph)
    return Change(
        thing=thing,
        label=_label(thing, sides)
        or next(filter(None, (_label(one.node, sides) for one in group)), thing),
        graph=graph,
        kind=kind,
        cause=cause,
        properties=tuple(
            PropertyChange(one.node, one.predicate, one.before, one.after) for one in group
        ),
        source=scope.title(name) if scope.is_source(name) else None,
        because=because or None,
    )


def _label(thing: str, sides: Sides) -> str:
    for about in (sides.after, sides.before):
        for one in about.values(thing, _LABEL):
            if not one.thing:
                return literal_of(one.object)
    return ""


def _labels(sides: Sides, patch: Patch) -> Mapping[str, str]:
    """Names of what the differences mention."""
    things = set()
    for line in (*patch.removed, *patch.added):
        one = read_statement(line)
        things |= {one.subject, one.predicate, *([one.thing] if one.thing else [])}
    named = ((thing, _label(thing, sides)) for thing in sorted(things))
    return {thing: label for thing, label in named if label}


def _place(change: Change) -> tuple[int, str, str, str]:
    return order_of(change.cause), change.graph, change.label, change.thing
